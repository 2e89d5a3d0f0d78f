//! Expressions that PostgreSQL reads again when a column under them changes its type, and that say the same
//! afterwards as on a table that has had the new type from the start. It reads what it has made of the expression
//! so far, which for most of what SQL can say (`in (…)`, a literal cast to the column's type) is not what it makes of
//! the original; so here is what is known to come out the same, and everything else is made anew.

use schema::{Column, Table};

use super::casts;
use crate::diff::Pair;

/// Types among which operators and a few functions work alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Integers of any width.
    Integers,
    /// `text` and `varchar`.
    Texts,
}

impl Family {
    /// The family that a column stays in while its type changes.
    pub(super) fn of(column: Pair<&Column>) -> Option<Family> {
        let Pair { previous, next } = column;
        let is_text = |column: &Column| {
            column.type_schema.is_none()
                && !casts::is_array(column)
                && matches!(casts::base(column).as_str(), "text" | "varchar")
        };
        match () {
            () if casts::are_integers(previous, next) => Some(Family::Integers),
            () if is_text(previous) && is_text(next) => Some(Family::Texts),
            () => None,
        }
    }
}

/// Whether the expression has nothing but columns of the table, numbers, comparisons and the like. A text literal
/// takes the type of what it is compared with, and so keeps that of an integer as it was.
pub(super) fn is_plain(expression: &str, table: &Table, may_have_texts: bool) -> bool {
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => quoted(rest, '"').filter(|end| is_name(&rest[1..end - 1].replace("\"\"", "\""), table)),
            '\'' => quoted(rest, '\'').filter(|_| may_have_texts),
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let word = rest[..end].to_ascii_lowercase();
                let is_called = rest[end..].trim_start().starts_with('(');
                let is_known =
                    if is_called { may_be_called(&word) } else { is_keyword(&word) || is_name(&word, table) };
                is_known.then_some(end)
            }
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                (!rest[end..].starts_with(|c: char| c == '.' || c.is_alphabetic() || c == '_')).then_some(end)
            }
            '(' | ')' | '.' | '=' | '<' | '>' | '+' | '-' | '*' | '/' | '|' => Some(1),
            '!' if rest.starts_with("!=") => Some(2),
            _ => None,
        };
        let Some(end) = end else { return false };
        rest = rest[end..].trim_start();
    }
    true
}

/// Whether the expression has an `in (…)`, which PostgreSQL prints in other words each time that it reads it on a
/// `varchar`.
pub(super) fn has_list(expression: &str) -> bool {
    let mut words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.any(|word| word.eq_ignore_ascii_case("in"))
}

/// Where a quoted token ends.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text[at..].find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

fn is_name(name: &str, table: &Table) -> bool {
    table.columns.contains_key(name) || name == table.name || name == table.schema_name()
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "is" | "null" | "between" | "like" | "true" | "false")
}

/// Functions of both families, and words that may stand before a group.
fn may_be_called(word: &str) -> bool {
    matches!(word, "abs" | "lower" | "upper" | "length" | "char_length" | "and" | "or" | "not" | "between" | "like")
}

#[cfg(test)]
mod tests {
    use schema::build::{self, Column, types};

    use super::is_plain;

    fn check(expression: &str, may_have_texts: bool, expected: bool) {
        let column = Column::new("k", types::integer());
        let table = build::Table::new("t").column(column).column(Column::new("my \"name\"", types::text()));
        let schema = build::schema([table.into()]).unwrap();
        assert_eq!(is_plain(expression, &schema.tables["public.t"], may_have_texts), expected, "{expression}");
    }

    #[test]
    fn columns_numbers_and_comparisons_are_plain() {
        for expression in
            ["k > 0", "\"t\".\"k\" <> 5", "(k+1)*2 >= -3 AND NOT (k = 7)", "abs(k) > 1", "k between 1 and 5"]
        {
            check(expression, false, true);
        }
        check("lower(\"my \"\"name\"\"\") = 'it''s'", true, true);
    }

    #[test]
    fn what_postgresql_may_print_in_other_words_is_not() {
        for expression in [
            "k in (1, 2)",
            "k = '5'",
            "k::text = k",
            "k > 1.5",
            "k > 1e3",
            "coalesce(k, 0) > 1",
            "k % 2 = 0",
            "other > 1",
            "k = any (x)",
            "\"k",
        ] {
            check(expression, false, false);
        }
        check("\"my \"\"name\"\"\" = E'x'", true, false);
        check("\"my \"\"name\"\"\" in ('a')", true, false);
    }
}
