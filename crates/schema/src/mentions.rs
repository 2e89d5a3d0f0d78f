//! Which columns and relations a text of SQL names, and which functions it calls. There is no SQL
//! parser behind it: it reads words and what stands beside them. A word that is called, or qualifies
//! what follows it, is no column, nor is a reserved word without quotes; a column is still found in every
//! other word that equals it, an alias say. Whoever asks pays for such a word with needless work, and never with a
//! mention that is missed.

mod null;

use std::collections::{HashMap, HashSet};

pub use self::null::is_only_tested_for_null;
use crate::lexer::{self, Kind, is_word};
use crate::model::PUBLIC;
use crate::quote::is_reserved;

/// Whether `expression` has `name` as a column, outside of string literals.
pub fn mentions(expression: &str, name: &str) -> bool {
    words(expression).any(|word| word.is(name) && word.is_column())
}

/// The functions that `expression` calls, by their bare names in lower case, in the order in which
/// they stand there. The length of a type in a cast (`::numeric(5, 2)`) is no call.
pub fn calls(expression: &str) -> impl Iterator<Item = String> {
    words(expression).filter(|word| word.is_called && !word.is_type).map(|word| word.name())
}

/// The names, as PostgreSQL reads them, of functions that `sql` may call: every name with arguments behind it,
/// be it quoted. Among them are the relations of an INSERT and the lengths of types.
pub fn may_call(sql: &str) -> impl Iterator<Item = String> {
    words(sql).filter(|word| word.has_arguments).map(|word| word.name())
}

/// The relations that literals in `expression` name, each with its schema, if it has one: the sequence in
/// `nextval('a')`, and whatever stands in `'a'::regclass`.
pub fn relations_in_literals(expression: &str) -> impl Iterator<Item = (Option<String>, String)> {
    lexer::tokens(expression).filter(|token| token.kind == Kind::Literal).filter_map(|token| {
        let (before, after) = (&expression[..token.range.start], &expression[token.range.end..]);
        let called = before.trim_end().strip_suffix('(').and_then(|before| words(before).last());
        let is_drawn_from = called.is_some_and(|word| word.is("nextval"));
        let is_cast = words(after).next().is_some_and(|word| word.is_type && word.is("regclass"));
        let text = expression[token.range].strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
        let relation = words(&text).last().map(|word| (word.qualifier.map(unquoted), word.name()));
        relation.filter(|_| is_drawn_from || is_cast)
    })
}

/// Everything that a query names, read once so that many objects can be looked up in it.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    columns: HashSet<String>,
    /// Words without a qualifier.
    bare: HashSet<String>,
    /// Those of them that stand where a table or view can stand.
    relations: HashSet<String>,
    /// Names with the qualifiers that stand before them.
    qualified: HashMap<String, HashSet<String>>,
    names_all_columns: bool,
    names_rows: bool,
}

impl Mentions {
    /// What `query` names.
    pub fn of(query: &str) -> Self {
        let mut mentions = Mentions { names_all_columns: names_all_columns(query), ..Mentions::default() };
        let mut place = Place::default();
        let (mut of_rows, mut values) = (HashSet::new(), HashSet::new());
        for word in words(query) {
            let name = word.name();
            let is_relation = place.is_relation(&word, &name);
            let is_alias = place.is_alias(&word, &name, is_relation);
            if word.is_column() {
                mentions.columns.insert(name.clone());
                if is_relation || is_alias { &mut of_rows } else { &mut values }.insert(name.clone());
            }
            if let Some(qualifier) = word.qualifier {
                mentions.qualified.entry(name).or_default().insert(unquoted(qualifier));
                continue;
            }
            if is_relation {
                mentions.relations.insert(name.clone());
            }
            mentions.bare.insert(name);
        }
        mentions.names_rows = values.iter().any(|name| of_rows.contains(name));
        mentions
    }

    /// Whether it may read the table or view of that name: with its schema, or bare where that is `public`,
    /// as the default `search_path` has it.
    pub fn has_relation(&self, schema: &str, name: &str) -> bool {
        (schema == PUBLIC && self.relations.contains(name)) || self.has_qualified(schema, name)
    }

    /// Whether it may name the type: with its schema, or bare where that is `public`, as the default `search_path`
    /// has it.
    pub fn has_type(&self, schema: &str, name: &str) -> bool {
        (schema == PUBLIC && self.bare.contains(name)) || self.has_qualified(schema, name)
    }

    /// Whether it has the name with that schema, or bare, where any schema may be in the `search_path`.
    pub fn has_name(&self, schema: &str, name: &str) -> bool {
        self.bare.contains(name) || self.has_qualified(schema, name)
    }

    fn has_qualified(&self, schema: &str, name: &str) -> bool {
        self.qualified.get(name).is_some_and(|qualifiers| qualifiers.contains(schema))
    }

    /// Whether it may read the column: by its name, or with all the others.
    pub fn has_column(&self, name: &str) -> bool {
        self.names_all_columns || self.columns.contains(name)
    }

    /// Every name that may be a relation's or a type's, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.bare.iter().chain(self.qualified.keys()).map(String::as_str)
    }

    /// Whether it names columns without saying which: `*`, `TABLE a`, or a NATURAL join.
    pub fn names_all_columns(&self) -> bool {
        self.names_all_columns
    }

    /// Whether it names a row as a whole: a table, a view or its alias, where a value stands.
    pub fn names_rows(&self) -> bool {
        self.names_rows
    }

    /// Whether it has the word, which is written in lower case.
    pub fn has_word(&self, word: &str) -> bool {
        self.bare.contains(word)
    }
}

/// Where in a query the reader is, as far as it tells tables from columns.
#[derive(Default)]
struct Place {
    /// Whether a FROM clause has begun, whose items are parted by commas.
    in_from: bool,
    /// Whether a table or view must follow.
    is_expected: bool,
    /// Whether an alias can follow.
    is_named: bool,
}

impl Place {
    /// Whether a table or view can stand where `word` stands; then moves behind it.
    fn is_relation(&mut self, word: &Word, name: &str) -> bool {
        if !word.text.starts_with('"') {
            match name {
                "from" | "join" => {
                    (self.in_from, self.is_expected) = (true, true);
                    return false;
                }
                "table" | "only" => {
                    self.is_expected = true;
                    return false;
                }
                "select" | "where" | "group" | "order" | "having" | "limit" | "union" | "intersect" | "except"
                | "window" => {
                    (self.in_from, self.is_expected) = (false, false);
                    return false;
                }
                _ => {}
            }
        }
        let is_item = self.in_from && matches!(word.behind, Some(',' | '('));
        // What qualifies a column is no mention of its own: it stands in FROM too, be it as an alias.
        std::mem::take(&mut self.is_expected) || is_item
    }

    /// Whether `word` is the alias of the table or view before it; then moves behind it.
    fn is_alias(&mut self, word: &Word, name: &str, is_relation: bool) -> bool {
        let can_be = std::mem::take(&mut self.is_named);
        self.is_named = is_relation || (can_be && (name == "as" || word.qualifier.is_some()));
        can_be && !self.is_named && word.behind.is_none_or(|c| is_word(c) || c == '"')
    }
}

/// Whether a `*` stands for columns. Elsewhere it multiplies, or is what `count` counts.
fn names_all_columns(query: &str) -> bool {
    let is_all = |at: usize| {
        let (before, after) = (query[..at].trim_end(), query[at + 1..].trim_start());
        let word = after.split(|c: char| !is_word(c)).next().unwrap_or_default();
        before.ends_with('.') || after.starts_with(',') || word.eq_ignore_ascii_case("from")
    };
    let is_all_of_it =
        |word: Word| word.text.eq_ignore_ascii_case("natural") || word.text.eq_ignore_ascii_case("table");
    query.match_indices('*').any(|(at, _)| is_all(at)) || words(query).any(is_all_of_it)
}

/// One identifier or keyword.
struct Word<'a> {
    /// As it is written, with its quotes.
    text: &'a str,
    /// Whether arguments follow. A quoted name is taken for a column even so.
    is_called: bool,
    /// Whether a parenthesis follows.
    has_arguments: bool,
    /// Whether a dot follows, so that it is a table or schema.
    is_qualifier: bool,
    /// The word before the dot in front of it, as it is written.
    qualifier: Option<&'a str>,
    /// Whether `::` stands before it.
    is_type: bool,
    /// The character before it, but for white space.
    behind: Option<char>,
}

impl Word<'_> {
    fn is(&self, name: &str) -> bool {
        self.name() == name
    }

    fn is_column(&self) -> bool {
        !self.is_called && !self.is_qualifier && !self.is_reserved()
    }

    /// Whether the word cannot be a name: behind a dot any word can.
    fn is_reserved(&self) -> bool {
        self.qualifier.is_none() && is_reserved(&self.text.to_lowercase())
    }

    fn name(&self) -> String {
        unquoted(self.text)
    }
}

/// The name that PostgreSQL reads: it folds a bare identifier to lower case.
fn unquoted(text: &str) -> String {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

fn words(sql: &str) -> impl Iterator<Item = Word<'_>> {
    let mut previous = "";
    lexer::tokens(sql).filter(|token| token.kind == Kind::Word).map(move |token| {
        let text = &sql[token.range.clone()];
        let (before, after) = (sql[..token.range.start].trim_end(), sql[token.range.end..].trim_start());
        let qualifier = before.ends_with('.').then_some(previous);
        previous = text;
        let has_arguments = after.starts_with('(');
        Word {
            text,
            is_called: !text.starts_with('"') && has_arguments,
            has_arguments,
            is_qualifier: after.starts_with('.'),
            qualifier,
            is_type: before.ends_with("::"),
            behind: before.chars().next_back(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Mentions, calls, may_call, mentions, relations_in_literals};

    #[test]
    fn a_bare_a_quoted_and_a_qualified_name_are_mentions() {
        assert!(mentions("lower(email)", "email"));
        assert!(mentions("lower(EMAIL)", "email"));
        assert!(mentions(r#""users"."email" <> ''"#, "email"));
        assert!(mentions(r#""a""b" > 1"#, "a\"b"));
        assert!(mentions("a in (1, 2)", "a"));
    }

    #[test]
    fn a_part_of_a_word_and_a_text_in_a_literal_are_not() {
        assert!(!mentions("email_address", "email"));
        assert!(!mentions("name = 'it''s email'", "email"));
        assert!(!mentions(r#""Email""#, "email"));
    }

    #[test]
    fn a_reserved_word_is_one_only_in_quotes_or_behind_a_dot() {
        let query = Mentions::of(r#"SELECT "to" FROM "select""#);
        assert!(query.has_column("to") && !query.has_column("from") && !query.names_rows());
        assert!(!mentions("a is null or user = 'x'", "user"));
        assert!(mentions("posts.from > 1", "from"));
        assert!(mentions(r#""from" > 1"#, "from"));
    }

    #[test]
    fn a_function_and_a_table_are_not() {
        assert!(!mentions("date(created_at) > now ()", "date"));
        assert!(!mentions("date(created_at) > now ()", "now"));
        assert!(!mentions(r#""users"."email" <> ''"#, "users"));
        assert!(mentions("date(date)", "date"));
    }

    #[test]
    fn a_call_is_a_word_with_arguments() {
        let called: Vec<String> = calls("coalesce(LOWER (a), 'f(x)')::varchar(3) || pg_catalog.now()").collect();
        assert_eq!(called, ["coalesce", "lower", "now"]);
    }

    #[test]
    fn a_quoted_name_may_be_called_too() {
        let called: Vec<String> = may_call(r#"public."F x" (a) + "b" + g(c) + 'h(d)'"#).collect();
        assert_eq!(called, ["F x", "g"]);
    }

    #[test]
    fn a_literal_names_a_relation_where_it_is_one_or_is_drawn_from() {
        let named = |expression: &str| -> Vec<(Option<String>, String)> { relations_in_literals(expression).collect() };
        let of = |schema: Option<&str>, name: &str| vec![(schema.map(str::to_owned), name.to_owned())];
        assert_eq!(named("nextval('a_id_seq'::regclass)"), of(None, "a_id_seq"));
        assert_eq!(named("1 + nextval ( 'App.A')"), of(Some("app"), "a"));
        assert_eq!(named(r#"f('"App"."It''s"'::regclass, 'b')"#), of(Some("App"), "It's"));
        assert_eq!(named("'a' || currval(b)::text || nextval(c) || 'd'::text"), []);
    }

    #[test]
    fn literals_and_comments_of_every_form_are_passed_over() {
        for text in [
            r"E'it\'s a' || b",
            "'it''s a' || b",
            "$$ it's a $$ || b",
            "$x$ a $$ a $x$ || b",
            "/* it's /* a */ a */ b",
            "-- it's a\nb",
        ] {
            assert!(!mentions(text, "a"), "{text}");
            assert!(mentions(text, "b"), "{text}");
        }
        assert!(mentions("name'x' || a", "a"));
        assert!(mentions("$1 + a", "a"));
    }

    #[test]
    fn a_relation_is_named_bare_or_with_its_schema() {
        let query = Mentions::of(r#"SELECT u.id, "Log".at, d::mood FROM app."users" u JOIN "Log" ON true, c, (e)"#);
        for name in ["Log", "c", "e"] {
            assert!(query.has_relation("public", name), "{name}");
        }
        assert!(query.has_relation("app", "users"));
        assert!(!query.has_relation("public", "users"));
        assert!(!query.has_relation("public", "u"));
        assert!(query.has_type("public", "mood"));
        assert!(!query.has_type("public", "other"));
    }

    #[test]
    fn a_bare_type_is_the_one_in_public() {
        let (bare, qualified) = (Mentions::of("\"Short text\"[]"), Mentions::of("app.mood"));
        assert!(bare.has_type("public", "Short text") && !bare.has_type("app", "Short text"));
        assert!(qualified.has_type("app", "mood") && !qualified.has_type("public", "mood"));
        assert!(bare.has_name("app", "Short text") && !qualified.has_name("public", "mood"));
    }

    #[test]
    fn a_column_and_a_keyword_are_no_relations() {
        let query = Mentions::of("select a, b from c where (d) in (select e from f) group by g, h");
        for name in ["a", "b", "d", "e", "g", "h", "group", "select"] {
            assert!(!query.has_relation("public", name), "{name}");
        }
        assert!(query.has_relation("public", "c"));
        assert!(query.has_relation("public", "f"));
    }

    #[test]
    fn a_table_or_its_alias_in_place_of_a_value_is_a_row() {
        for (query, is_row) in [
            ("select notes from notes", true),
            ("select n as note from app.notes as n", true),
            ("select count(\"N\") from notes \"N\" where true", true),
            ("select a from notes, others o join p on o is not null", true),
            ("select notes.id from notes", false),
            ("select n.id from notes n where n.id > 1", false),
            ("select id from app.notes where id > 1", false),
            ("select id from notes, others", false),
        ] {
            assert_eq!(Mentions::of(query).names_rows(), is_row, "{query}");
        }
    }

    #[test]
    fn a_star_and_a_table_name_every_column_and_a_product_none() {
        for (query, all) in [
            ("SELECT * FROM a", true),
            ("SELECT a.* FROM a", true),
            ("SELECT *, 1 FROM a", true),
            ("SELECT 1 FROM a NATURAL JOIN b", true),
            ("table a", true),
            ("SELECT \"table\", 'table' FROM a", false),
            ("SELECT count(*) FROM a", false),
            ("SELECT x * y FROM a", false),
            ("SELECT (x) * 2 FROM a", false),
        ] {
            assert_eq!(Mentions::of(query).names_all_columns(), all, "{query}");
        }
    }
}
