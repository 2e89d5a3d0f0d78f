//! Which columns an SQL expression names. There is no SQL parser behind it: it reads identifiers,
//! so it may take a function for a column of the same name, which costs a reordering and no
//! correctness.

/// Whether `expression` has `name` as an identifier, outside of string literals.
pub fn mentions(expression: &str, name: &str) -> bool {
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => quoted_length(rest, '\''),
            '"' => {
                let length = quoted_length(rest, '"');
                let inner = rest[..length].trim_matches('"');
                if inner == name || inner.replace("\"\"", "\"") == name {
                    return true;
                }
                length
            }
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                // PostgreSQL folds a bare identifier to lower case.
                if rest[..length].to_lowercase() == name {
                    return true;
                }
                length
            }
            c => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    false
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of the quoted run at the start of `text`, its quotes included; a doubled quote does not end it.
pub(crate) fn quoted_length(text: &str, quote: char) -> usize {
    let mut from = 1;
    while let Some(at) = text[from..].find(quote) {
        let end = from + at + 1;
        if !text[end..].starts_with(quote) {
            return end;
        }
        from = end + 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_bare_a_quoted_and_a_qualified_name_are_mentions() {
        assert!(mentions("lower(email)", "email"));
        assert!(mentions("lower(EMAIL)", "email"));
        assert!(mentions(r#""users"."email" <> ''"#, "email"));
        assert!(mentions(r#""a""b" > 1"#, "a\"b"));
    }

    #[test]
    fn a_part_of_a_word_and_a_text_in_a_literal_are_not() {
        assert!(!mentions("email_address", "email"));
        assert!(!mentions("name = 'it''s email'", "email"));
        assert!(!mentions(r#""Email""#, "email"));
    }
}
