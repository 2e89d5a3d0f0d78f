//! What an expression asks of a column, if it is only whether that is NULL.

use super::unquoted;
use crate::lexer::{self, Kind};

/// Whether `expression` asks nothing of the column but whether it is NULL, which it is or is not whatever its type.
pub fn is_only_tested_for_null(expression: &str, column: &str) -> bool {
    let is_said = |token: &lexer::Token| !matches!(token.kind, Kind::Space | Kind::Comment);
    let tokens: Vec<_> = lexer::tokens(expression).filter(is_said).collect();
    let text = |at: usize| tokens.get(at).map_or("", |token| &expression[token.range.clone()]);
    let is_word = |at: usize, word: &str| text(at).eq_ignore_ascii_case(word);
    let names = |at: &usize| tokens[*at].kind == Kind::Word && unquoted(text(*at)) == column;
    (0..tokens.len()).filter(names).all(|at| {
        let mut first = at;
        while first >= 2 && text(first - 1) == "." {
            first -= 2;
        }
        let is_operand = first > 0 && !["(", "and", "or", "not"].iter().any(|before| is_word(first - 1, before));
        let negated = usize::from(is_word(at + 2, "not"));
        !is_operand && is_word(at + 1, "is") && is_word(at + 2 + negated, "null")
    })
}

#[cfg(test)]
mod tests {
    use super::is_only_tested_for_null;

    #[test]
    fn a_column_may_be_tested_for_null_and_no_more() {
        for expression in
            ["k is not null", "\"t\".\"k\" IS NULL and j > 0", "j = 1 or (not k /* k */ is null)", "j > 0", "j = 'k'"]
        {
            assert!(is_only_tested_for_null(expression, "k"), "{expression}");
        }
        for expression in ["k > 0", "j || k is null", "k is not null and k > 0", "k is true", "k.j is null", "(k)"] {
            assert!(!is_only_tested_for_null(expression, "k"), "{expression}");
        }
    }
}
