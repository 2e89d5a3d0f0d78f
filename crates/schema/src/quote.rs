//! The one place where a name becomes an SQL identifier and a text an SQL literal.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// An identifier, always quoted: `user` becomes `"user"`.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// An identifier, bare where PostgreSQL reads it as it stands: `gin`, but `"My Ops"`. For names that
/// are written bare by habit, as those of access methods, operator classes and storage parameters;
/// a reserved word stays bare, since none of them has that name.
pub fn ident_if_needed(name: &str) -> Cow<'_, str> {
    let is_bare = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_bare { Cow::Borrowed(name) } else { Cow::Owned(ident(name)) }
}

/// PostgreSQL's reserved words, which name nothing without quotes.
static RESERVED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint \
     create current_catalog current_date current_role current_time current_timestamp current_user default \
     deferrable desc distinct do else end except false fetch for foreign from grant group having in initially \
     intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing \
     primary references returning select session_user some symmetric system_user table then to trailing true \
     union unique user using variadic when where window with"
        .split(' ')
        .collect()
});

/// Whether the word, in lower case, is one that PostgreSQL reserves.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(word)
}

/// A name of any kind, bare where PostgreSQL reads it as that name: `reader`, but `"My Role"` and `"user"`.
pub fn ident_unless_plain(name: &str) -> Cow<'_, str> {
    if is_reserved(name) { Cow::Owned(ident(name)) } else { ident_if_needed(name) }
}

/// A string literal: `it's` becomes `'it''s'`. Backslashes stand for themselves, since
/// `standard_conforming_strings` has been on by default since PostgreSQL 9.1.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An element in the text of an array, always quoted: `a"b` becomes `"a\"b"`.
pub fn array_element(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The length of the quoted run at the start of `text`, its quotes included; a doubled quote does
/// not end it. All of `text` where nothing ends it.
pub fn quoted_length(text: &str, quote: char) -> usize {
    let mut from = quote.len_utf8();
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(quote)) {
        let end = from + at + quote.len_utf8();
        if !text[end..].starts_with(quote) {
            return end;
        }
        from = end + quote.len_utf8();
    }
    text.len()
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
    fn only_a_lower_case_word_needs_no_quotes() {
        for bare in ["gin", "_x", "text_pattern_ops", "int4_ops"] {
            assert_eq!(ident_if_needed(bare), bare);
        }
        assert_eq!(ident_if_needed("My Ops"), "\"My Ops\"");
        assert_eq!(ident_if_needed("Gin"), "\"Gin\"");
        assert_eq!(ident_if_needed("1a"), "\"1a\"");
        assert_eq!(ident_if_needed(""), "\"\"");
    }

    #[test]
    fn a_reserved_word_is_quoted_where_it_is_a_name() {
        assert_eq!(ident_unless_plain("reader"), "reader");
        assert_eq!(ident_unless_plain("user"), "\"user\"");
        assert_eq!(ident_unless_plain("My Role"), "\"My Role\"");
        assert!(is_reserved("all") && is_reserved("with") && !is_reserved(""));
    }

    #[test]
    fn a_quoted_run_ends_at_a_quote_that_is_not_doubled() {
        assert_eq!(quoted_length("'it''s' x", '\''), 7);
        assert_eq!(quoted_length("'open", '\''), 5);
    }

    #[test]
    fn a_backslash_and_a_semicolon_stand_for_themselves() {
        assert_eq!(literal(r"a\'; DROP TABLE x; --"), r"'a\''; DROP TABLE x; --'");
    }
}
