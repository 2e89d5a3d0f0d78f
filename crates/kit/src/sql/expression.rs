//! Where PostgreSQL wants parentheses around an expression, and where they would change it.

use std::borrow::Cow;

use schema::quote::quoted_length;

/// Words that go on with an expression, or begin one that is no column or function.
const OPERATORS: [&str; 18] = [
    "and", "array", "at", "between", "case", "exists", "ilike", "in", "is", "isnull", "like", "not", "notnull", "null",
    "or", "overlaps", "row", "similar",
];

/// An expression as a key of an index. A column, a function call and what stands in parentheses
/// go as they are, with `COLLATE`, operator class and order behind them; everything else needs
/// parentheses.
pub(super) fn in_index(expression: &str) -> Cow<'_, str> {
    let expression = expression.trim();
    let rest = &expression[primary_length(expression)..];
    let is_key = rest.len() < expression.len() && is_plain(expression, rest);
    if is_key { Cow::Borrowed(expression) } else { Cow::Owned(format!("({expression})")) }
}

/// Whether nothing but names follows a key, and no word is part of an operator.
fn is_plain(expression: &str, rest: &str) -> bool {
    let is_named = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_$.\"".contains(c);
    let names_only = rest.chars().all(is_named) && !rest.starts_with('.');
    let first = &expression[..word_length(expression)];
    let is_operator = |word: &str| OPERATORS.contains(&word.to_lowercase().as_str());
    names_only && !is_operator(first) && !rest.split_whitespace().any(is_operator)
}

/// The length of what an index key begins with: a column, a function call or a group in parentheses;
/// 0 for anything else.
fn primary_length(text: &str) -> usize {
    if text.starts_with('(') {
        return group_length(text);
    }
    let mut name = name_length(text);
    while name > 0 && text[name..].starts_with('.') && name_length(&text[name + 1..]) > 0 {
        name += 1 + name_length(&text[name + 1..]);
    }
    let spaces = text[name..].len() - text[name..].trim_start().len();
    let arguments = &text[name + spaces..];
    if name > 0 && arguments.starts_with('(') { name + spaces + group_length(arguments) } else { name_length(text) }
}

/// The length of a bare or quoted name at the start.
fn name_length(text: &str) -> usize {
    if text.starts_with('"') { quoted_length(text, '"') } else { word_length(text) }
}

fn word_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len())
}

/// The length of the parenthesis at the start with all that is in it.
pub(crate) fn group_length(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            '\'' | '"' => quoted_length(&text[at..], c),
            c => c.len_utf8(),
        };
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::in_index;

    #[test]
    fn a_column_a_call_and_a_group_stand_as_they_are() {
        for key in [
            "a",
            "\"a b\"",
            "lower(a)",
            "pg_catalog.lower (a)",
            "(a + 1)",
            "((a)::text)",
            "a COLLATE \"C\"",
            "lower(a) text_pattern_ops DESC NULLS LAST",
            "f(')', \"x)\")",
            "coalesce(a, b)",
        ] {
            assert_eq!(in_index(key), key);
        }
    }

    #[test]
    fn everything_else_is_put_in_parentheses() {
        for key in [
            "a + 1",
            "a || b",
            "a::text",
            "a IS NULL",
            "lower(a) || 'x'",
            "(a + 1) * (b + 1)",
            "lower(a) = lower(b)",
            "NOT a",
            "CASE WHEN a THEN b END",
            "'x' || a",
            "- a",
            "a -> 'b'",
            "\"t\".\"a\"",
            "a AT TIME ZONE 'UTC'",
        ] {
            assert_eq!(in_index(key), format!("({key})"));
        }
    }
}
