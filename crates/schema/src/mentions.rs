//! Which columns an SQL expression names, and which functions it calls. There is no SQL parser
//! behind it: it reads words and what stands beside them. A word that is called, or qualifies what
//! follows it, is no column; a column is still found in every other word that equals it, an alias
//! or a keyword say. Whoever asks pays for such a word with needless work, and never with a
//! mention that is missed.

use crate::quote::quoted_length;

/// Whether `expression` has `name` as a column, outside of string literals.
pub fn mentions(expression: &str, name: &str) -> bool {
    words(expression).any(|word| !word.is_called && !word.is_qualifier && word.is(name))
}

/// The functions that `expression` calls, by their bare names in lower case, in the order in which
/// they stand there. The length of a type in a cast (`::numeric(5, 2)`) is no call.
pub fn calls(expression: &str) -> impl Iterator<Item = String> {
    words(expression).filter(|word| word.is_called && !word.is_type).map(|word| word.name())
}

/// One identifier or keyword.
struct Word<'a> {
    /// As it is written, with its quotes.
    text: &'a str,
    /// Whether arguments follow. A quoted name is taken for a column even so.
    is_called: bool,
    /// Whether a dot follows, so that it is a table or schema.
    is_qualifier: bool,
    /// Whether `::` stands before it.
    is_type: bool,
}

impl Word<'_> {
    fn is(&self, name: &str) -> bool {
        self.name() == name
    }

    /// The name that PostgreSQL reads: it folds a bare identifier to lower case.
    fn name(&self) -> String {
        match self.text.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
            None => self.text.to_lowercase(),
        }
    }
}

fn words(expression: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(first) = expression[at..].chars().next() {
            let (before, rest) = expression.split_at(at);
            let length = match first {
                '\'' | '"' => quoted_length(rest, first),
                c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            at += length;
            if first == '"' || is_word(first) {
                let after = rest[length..].trim_start();
                return Some(Word {
                    text: &rest[..length],
                    is_called: first != '"' && after.starts_with('('),
                    is_qualifier: after.starts_with('.'),
                    is_type: before.trim_end().ends_with("::"),
                });
            }
        }
        None
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::{calls, mentions};

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
}
