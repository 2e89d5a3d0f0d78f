//! Columns whose type changes without a cast, so that only a person knows what becomes of the values.

use std::fmt;

use schema::Schema;

use super::casts::Conversion;
use super::objects::Domains;
use crate::diff::Matched;
use crate::rename::{Answer, Resolved};

/// A column that gets a type to which its own has no cast, and for which no expression is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The column as `schema.table.column`, by its new name.
    pub column: String,
    /// The type that it has.
    pub from: String,
    /// The type that it gets.
    pub to: String,
    /// The expression that [`plan`](super::plan) takes for want of a better one: through text.
    pub expression: String,
}

impl Guess {
    /// The answer that takes the expression as it is.
    pub fn accept(&self) -> Answer {
        Answer::Using { column: self.column.clone(), expression: self.expression.clone() }
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Guess { column, from, to, expression: _ } = self;
        write!(f, "what becomes of the values of {column}, for which there is no cast from {from} to {to}?")
    }
}

/// Every guess that [`plan`](super::plan) would take, in the order of the tables.
pub fn guesses(resolved: &Resolved, next: &Schema) -> Vec<Guess> {
    let mut guesses = Vec::new();
    let domains = Domains::new(&resolved.previous, next);
    for table in Matched::new(&resolved.previous.tables, &next.tables).kept {
        for pair in Matched::new(&table.previous.columns, &table.next.columns).kept {
            let Conversion::Guess(expression) = domains.conversion(pair.previous, pair.next) else { continue };
            let column = format!("{}.{}", table.next.key(), pair.next.name);
            let is_computed = pair.next.generated.is_some();
            if !is_computed && !resolved.using.contains_key(&column) {
                let (from, to) = (pair.previous.sql_type.clone(), pair.next.sql_type.clone());
                guesses.push(Guess { column, from, to, expression });
            }
        }
    }
    guesses
}

#[cfg(test)]
mod tests {
    use schema::Schema;
    use schema::build::{Column, Table, Type, schema, types};

    use super::guesses;
    use crate::rename::{Answer, Answers, resolve};

    fn with(sql_type: Type) -> Schema {
        schema([Table::new("t").column(Column::new("c", sql_type)).into()]).unwrap()
    }

    #[test]
    fn a_change_without_a_cast_is_a_guess_until_somebody_says_how() {
        let (previous, next) = (with(types::integer()), with(types::uuid()));
        let open = |answers| guesses(&resolve(&previous, &next, &Answers::new(answers)), &next);
        let guess = &open(vec![])[0];
        assert_eq!(guess.accept().to_string(), r#"--using 'public.t.c="c"::text::uuid'"#);
        assert_eq!(open(vec![guess.accept()]), []);
        assert_eq!(open(vec![Answer::using("public.t.c=gen_random_uuid()").unwrap()]), []);
    }

    #[test]
    fn a_change_with_a_cast_is_none() {
        for (from, to) in [(types::text(), types::uuid()), (types::integer(), types::bigint())] {
            let (previous, next) = (with(from), with(to));
            assert_eq!(guesses(&resolve(&previous, &next, &Answers::default()), &next), []);
        }
    }

    #[test]
    fn an_expression_for_a_column_that_keeps_its_type_is_unused() {
        let answer = Answer::using("public.t.c=1").unwrap();
        let schema = with(types::uuid());
        assert_eq!(resolve(&schema, &schema, &Answers::new([answer.clone()])).unused, [answer]);
    }
}
