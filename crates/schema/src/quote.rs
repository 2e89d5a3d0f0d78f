//! The one place where a name becomes an SQL identifier and a text an SQL literal.

/// An identifier, always quoted: `user` becomes `"user"`.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string literal: `it's` becomes `'it''s'`. Backslashes stand for themselves, since
/// `standard_conforming_strings` has been on by default since PostgreSQL 9.1.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Identifiers in a list, as in an index or a key: `"a","b"`.
pub fn idents<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    names.into_iter().map(|name| ident(name.as_ref())).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_quote_is_doubled() {
        assert_eq!(ident(r#"a"b"#), r#""a""b""#);
        assert_eq!(literal("it's"), "'it''s'");
    }

    #[test]
    fn a_backslash_and_a_semicolon_stand_for_themselves() {
        assert_eq!(literal(r"a\'; DROP TABLE x; --"), r"'a\''; DROP TABLE x; --'");
    }
}
