//! SQL as words, literals and comments: enough to tell a name from a text that looks like one. It follows
//! PostgreSQL's lexical structure (chapter 4.1 of its manual), with `standard_conforming_strings` on.

use std::ops::Range;

use crate::quote::quoted_length;

/// A piece of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Where it is, in bytes.
    pub(crate) range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier, quoted or not, a keyword or a number.
    Word,
    /// A string literal of any form.
    Literal,
    /// A comment.
    Comment,
    /// White space, one character.
    Space,
    /// Any other character.
    Sign,
}

/// The tokens of `sql`, which together are all of it. What is opened and never closed goes on to the end.
pub(crate) fn tokens(sql: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (before, rest) = sql.split_at(at);
        let first = rest.chars().next()?;
        let (kind, length) = token(before, rest, first);
        let range = at..at + length;
        at = range.end;
        Some(Token { kind, range })
    })
}

/// `sql` without what ends a statement, or stands behind its end: semicolons, comments and white space.
pub fn without_end(sql: &str) -> &str {
    let is_part = |token: &Token| match token.kind {
        Kind::Word | Kind::Literal => true,
        Kind::Sign => &sql[token.range.clone()] != ";",
        Kind::Comment | Kind::Space => false,
    };
    &sql[..tokens(sql).filter(is_part).last().map_or(0, |token| token.range.end)]
}

fn token(before: &str, rest: &str, first: char) -> (Kind, usize) {
    match first {
        '"' => (Kind::Word, quoted_length(rest, '"')),
        '\'' if ends_with_escape_prefix(before) => (Kind::Literal, escaped_length(rest)),
        '\'' => (Kind::Literal, quoted_length(rest, '\'')),
        '-' if rest.starts_with("--") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (Kind::Comment, comment_length(rest)),
        '$' if let Some(length) = dollar_quoted_length(rest) => (Kind::Literal, length),
        _ if is_word(first) => (Kind::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
        _ if first.is_whitespace() => (Kind::Space, first.len_utf8()),
        _ => (Kind::Sign, first.len_utf8()),
    }
}

/// Whether an `E` that is a word of its own stands right before a literal, in which a backslash escapes.
fn ends_with_escape_prefix(before: &str) -> bool {
    before.strip_suffix(['e', 'E']).is_some_and(|rest| !rest.ends_with(is_word))
}

/// The length of a literal in which a backslash escapes.
fn escaped_length(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'\'' if text[at + 1..].starts_with('\'') => {
                bytes.next();
            }
            b'\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a comment between `/*` and `*/`, which may hold others.
fn comment_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of a literal between `$tag$` and `$tag$`, if the text begins with one.
fn dollar_quoted_length(text: &str) -> Option<usize> {
    let tag = &text[..text[1..].find('$')? + 2];
    let is_tag = tag[1..tag.len() - 1].chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_parameter = tag[1..].starts_with(|c: char| c.is_ascii_digit());
    if !is_tag || is_parameter {
        return None;
    }
    let end = text[tag.len()..].find(tag).map_or(text.len(), |at| at + 2 * tag.len());
    Some(end)
}

/// Whether the character can be in a word that is not quoted.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::without_end;

    #[test]
    fn what_ends_a_statement_is_left_out() {
        for (sql, statement) in [
            ("select 1;\n-- all\n", "select 1"),
            ("select ';' ; ; /* ; */ ", "select ';'"),
            ("select 1 -- one\n, 2", "select 1 -- one\n, 2"),
            ("select $$;$$;", "select $$;$$"),
            ("(select 1)", "(select 1)"),
            ("-- nothing", ""),
        ] {
            assert_eq!(without_end(sql), statement);
        }
    }
}
