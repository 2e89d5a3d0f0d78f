//! Which lines of a catalog are about what a schema cannot say.

use std::collections::HashSet;

use kit::introspect::{NotModelled, Refused};
use schema::PUBLIC;
use schema::quote::ident_if_needed;

/// What is left alone, as the words by which lines are about it.
pub(super) struct Explained {
    /// Objects that a schema cannot say at all, and sequences that it cannot say so: every line that names one.
    objects: HashSet<String>,
    /// Tables, columns and sequences of which it cannot say all: their own line, and those of a table's indexes.
    tables: HashSet<String>,
    /// Parts of tables, with their table.
    parts: HashSet<(String, String)>,
    /// Comments, by what they are on.
    comments: HashSet<String>,
}

/// The kinds that are a property of a table, and no object of their own.
fn is_of_a_table(kind: &str) -> bool {
    kind == "partitioning" || kind == "storage parameters" || kind.starts_with(char::is_uppercase)
}

impl Explained {
    pub(super) fn new(not_modelled: &[NotModelled], refused: &[Refused], catalogs: [&[String]; 2]) -> Self {
        let mut explained = Explained {
            objects: HashSet::new(),
            tables: HashSet::new(),
            parts: HashSet::new(),
            comments: HashSet::new(),
        };
        for NotModelled { kind, name } in not_modelled {
            match name.split_once(" on ") {
                _ if kind == "comment" => {
                    explained.comments.insert(name.clone());
                }
                Some((part, owner)) => {
                    explained.parts.insert((part.to_owned(), without_arguments(owner).to_owned()));
                }
                None if is_of_a_table(kind) => {
                    explained.tables.insert(name.clone());
                }
                None => {
                    explained.objects.insert(without_arguments(name).to_owned());
                }
            }
        }
        explained.objects.extend(refused.iter().filter_map(|refused| made_by(&refused.statement)));
        explained.add_indexes(catalogs);
        explained.add_sequences(catalogs);
        explained
    }

    /// An index is stored as its table is.
    fn add_indexes(&mut self, catalogs: [&[String]; 2]) {
        for line in catalogs.into_iter().flatten().filter(|line| line.starts_with("index ")) {
            let Some((before, after)) = line.split_once(" ON ") else { continue };
            let table = words(after).find(|word| *word != "ONLY").unwrap_or_default();
            let name = before.rsplit(' ').next().unwrap_or_default();
            let part = (name.to_owned(), table.to_owned());
            if self.tables.contains(table) || self.objects.contains(table) || self.parts.contains(&part) {
                let schema = table.split_once('.').map_or("", |(schema, _)| schema);
                self.objects.insert(format!("{schema}.{name}"));
                self.parts.insert(part);
            }
        }
    }

    /// A column whose sequence is not what a schema would make has another one when it is built again.
    fn add_sequences(&mut self, catalogs: [&[String]; 2]) {
        let owned = |line: &String| {
            let (before, column) = line.strip_prefix("sequence ")?.split_once(" owned by ")?;
            Some((before.split(' ').next()?.to_owned(), column.to_owned()))
        };
        let sequences: Vec<(String, String)> = catalogs.into_iter().flatten().filter_map(owned).collect();
        let columns: HashSet<String> = sequences
            .iter()
            .filter(|(sequence, _)| self.objects.contains(sequence))
            .map(|(_, column)| column.clone())
            .collect();
        let others = sequences.into_iter().filter(|(_, column)| columns.contains(column)).map(|(sequence, _)| sequence);
        self.objects.extend(others);
    }

    /// Whether the line is about something that is left alone.
    pub(super) fn has(&self, line: &str) -> bool {
        if let Some(comment) = line.strip_prefix("comment on ") {
            let on = comment.split(": ").next().unwrap_or(comment);
            return self.comments.contains(on) || self.names_an_object(on);
        }
        let is_table = |prefix: &str| {
            let table = line.strip_prefix(prefix).and_then(|rest| words(rest).next());
            table.is_some_and(|table| self.tables.contains(table))
        };
        is_table("relation ")
            || is_table("partition key ")
            || is_table("partition ")
            || is_table("sequence ")
            || is_table("column ")
            || self.names_an_object(line)
            || self.is_part(line)
    }

    fn names_an_object(&self, line: &str) -> bool {
        let of_object = |word: &str| {
            self.objects.contains(word) || word.rsplit_once('.').is_some_and(|(owner, _)| self.objects.contains(owner))
        };
        words(line).any(of_object)
    }

    fn is_part(&self, line: &str) -> bool {
        let in_line: HashSet<&str> = words(line).collect();
        self.parts.iter().any(|(part, owner)| {
            let is_named = in_line.contains(part.as_str()) || (part.contains(' ') && line.contains(part.as_str()));
            is_named && in_line.contains(owner.as_str())
        })
    }
}

/// The table, view, index or function that a statement makes, with its schema.
fn made_by(statement: &str) -> Option<String> {
    let words = ["TABLE ", "VIEW ", "INDEX ", "FUNCTION ", "PROCEDURE "];
    let head = statement.find('"').map_or(statement, |at| &statement[..at]);
    let word = words.into_iter().find(|word| head.starts_with("CREATE ") && head.contains(word))?;
    let rest = &statement[head.len()..];
    let mut names = quoted(rest);
    let (first, second) = (names.next()?, names.next());
    let is_qualified = rest[first.len() + 2..].starts_with('.');
    let (schema, name) = match second {
        Some(second) if is_qualified => (first, second),
        // An index lives where its table does.
        Some(second) if word == "INDEX " && rest.contains(&format!(" ON \"{second}\".")) => (second, first),
        _ => (PUBLIC, first),
    };
    Some(format!("{}.{}", ident_if_needed(schema), ident_if_needed(name)))
}

/// The quoted names of a statement, as far as they have no quote in them.
fn quoted(sql: &str) -> impl Iterator<Item = &str> {
    sql.split('"').skip(1).step_by(2)
}

/// A function's name without the types of its arguments.
fn without_arguments(name: &str) -> &str {
    name.split('(').next().unwrap_or(name)
}

/// The names in a line, with their schemas.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\'' | ':' | ';' | '[' | ']'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(not_modelled: &[(&str, &str)], there: &[&str]) -> Explained {
        let not_modelled: Vec<NotModelled> = not_modelled
            .iter()
            .map(|(kind, name)| NotModelled { kind: (*kind).to_owned(), name: (*name).to_owned() })
            .collect();
        let there: Vec<String> = there.iter().map(|line| (*line).to_owned()).collect();
        Explained::new(&not_modelled, &[], [&there, &[]])
    }

    #[test]
    fn a_function_explains_its_own_line_and_what_calls_it() {
        let explained = explained(&[("function", "public.f(a integer)")], &[]);
        assert!(explained.has("function CREATE OR REPLACE FUNCTION public.f(a integer)\n RETURNS integer"));
        assert!(explained.has("comment on function public.f(integer): counts"));
        assert!(!explained.has("function CREATE OR REPLACE FUNCTION public.f2(a integer)"));
    }

    #[test]
    fn what_a_statement_would_have_made_is_known_by_its_name() {
        let made = |statement: &str| made_by(statement).unwrap();
        assert_eq!(made("CREATE VIEW \"public\".\"v\" AS (SELECT \"x\")"), "public.v");
        assert_eq!(made("CREATE UNIQUE INDEX \"i\" ON \"app\".\"t\" USING btree (\"a\")"), "app.i");
        assert_eq!(made("CREATE INDEX \"i\" ON \"t\" USING btree (\"a\")"), "public.i");
        assert_eq!(made("CREATE UNLOGGED TABLE \"t\" (\n\t\"a\" integer\n)"), "public.t");
        assert_eq!(made("CREATE FUNCTION \"app\".\"f\"() RETURNS \"app\".\"base\""), "app.f");
        assert_eq!(made_by("ALTER TABLE \"t\" ENABLE ROW LEVEL SECURITY"), None);
    }

    #[test]
    fn a_part_explains_its_own_line_and_no_other_of_its_table() {
        let explained = explained(&[("INCLUDE", "i on public.t")], &[]);
        assert!(explained.has("index CREATE INDEX i ON public.t USING btree (a) INCLUDE (b)"));
        assert!(!explained.has("index CREATE INDEX j ON public.t USING btree (a)"));
        assert!(!explained.has("column public.t.i integer"));
    }

    #[test]
    fn a_property_of_a_table_explains_its_line_and_those_of_its_indexes() {
        let index = "index CREATE INDEX i ON public.t USING btree (a)";
        let explained = explained(&[("UNLOGGED", "public.t")], &[index]);
        assert!(explained.has("relation public.t kind r persistence u"));
        assert!(explained.has("relation public.i kind i persistence u"));
        assert!(!explained.has("column public.t.a integer"));
    }

    #[test]
    fn a_table_that_inherits_explains_whom_it_inherits_from() {
        let explained = explained(&[("INHERITS", "public.child")], &[]);
        assert!(explained.has("partition public.child of public.base "));
        assert!(!explained.has("partition public.other of public.child FOR VALUES IN (1)"));
    }

    #[test]
    fn a_sequence_of_another_name_explains_the_one_that_is_made_again() {
        let there = [
            "sequence public.odd as integer owned by public.t.id",
            "sequence public.t_id_seq as integer owned by public.t.id",
        ];
        let explained =
            explained(&[("sequence of a serial column with a name or options of its own", "public.odd")], &there);
        assert!(explained.has("column public.t.id integer not null default nextval('public.odd'::regclass)"));
        assert!(explained.has("relation public.t_id_seq kind S persistence p"));
    }
}
