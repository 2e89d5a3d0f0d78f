//! SQL as words: enough to see where a statement ends and which one it is.

use std::ops::Range;

use squawk_lexer::TokenKind;

/// A token that is neither white space nor a comment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    kind: TokenKind,
    /// Where it begins in the text that was split, in bytes.
    start: usize,
    text: &'a str,
}

/// One SQL statement of a text.
#[derive(Clone, Debug)]
pub(crate) struct SqlStatement<'a> {
    /// From its first token to its semicolon, in bytes.
    pub(crate) range: Range<usize>,
    tokens: Vec<Token<'a>>,
}

/// The statements of a text, by their semicolons: not those in literals, comments, parentheses
/// (`CREATE RULE ... DO (a; b)`) or a function's body (`BEGIN ATOMIC a; b; END`).
pub(crate) fn statements(text: &str) -> Vec<SqlStatement<'_>> {
    let mut statements = Vec::new();
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut nesting = Nesting::default();
    for token in significant(text) {
        if token.kind == TokenKind::Semi && nesting.is_outside() {
            statements.extend(SqlStatement::of(std::mem::take(&mut tokens), token.end()));
            continue;
        }
        nesting.enter_or_leave(tokens.last(), &token);
        tokens.push(token);
    }
    // A no-break space is white space to Rust, and part of a name to PostgreSQL.
    let end = tokens.last().map_or(0, Token::end).max(text.trim_end().len());
    statements.extend(SqlStatement::of(tokens, end));
    statements
}

/// The comments that begin with `--`, each with where it begins in bytes.
pub(crate) fn line_comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let comments = tokens(text).filter(|token| token.kind == TokenKind::LineComment);
    comments.map(|token| (token.start, token.text))
}

fn significant(text: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(text).filter(|token| {
        let blank = matches!(token.kind, TokenKind::Whitespace | TokenKind::Eof);
        !blank && !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment { .. })
    })
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut end = 0;
    squawk_lexer::tokenize(text).map(move |token| {
        let start = end;
        end += token.len as usize;
        Token { kind: token.kind, start, text: &text[start..end] }
    })
}

/// What a semicolon may stand in without ending a statement.
#[derive(Default)]
struct Nesting {
    parentheses: usize,
    /// `BEGIN ATOMIC` and each `CASE` in it, which end with `END`.
    blocks: usize,
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn enter_or_leave(&mut self, before: Option<&Token<'_>>, token: &Token<'_>) {
        match token.kind {
            TokenKind::OpenParen => self.parentheses += 1,
            TokenKind::CloseParen => self.parentheses = self.parentheses.saturating_sub(1),
            _ if token.is("ATOMIC") && before.is_some_and(|before| before.is("BEGIN")) => self.blocks += 1,
            _ if self.blocks > 0 && token.is("CASE") => self.blocks += 1,
            _ if self.blocks > 0 && token.is("END") => self.blocks -= 1,
            _ => {}
        }
    }
}

impl<'a> Token<'a> {
    fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Ident && self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// A string literal's content as it stands between its quotes.
    fn content(&self) -> Option<&'a str> {
        if !matches!(self.kind, TokenKind::Literal { .. }) {
            return None;
        }
        let dollar = || {
            let tag = self.text.find('$').filter(|at| *at == 0).and_then(|_| self.text[1..].find('$'))? + 2;
            self.text.get(tag..self.text.len().checked_sub(tag)?)
        };
        let quoted = || self.text.split_once('\'')?.1.strip_suffix('\'');
        dollar().or_else(quoted)
    }
}

impl<'a> SqlStatement<'a> {
    fn of(tokens: Vec<Token<'a>>, end: usize) -> Option<Self> {
        let start = tokens.first()?.start;
        Some(Self { range: start..end, tokens })
    }

    /// The first word in upper case; empty where the statement begins with none.
    pub(crate) fn first_word(&self) -> String {
        let word = self.tokens.first().filter(|token| token.kind == TokenKind::Ident);
        word.map_or_else(String::new, |token| token.text.to_ascii_uppercase())
    }

    /// The statement's words, from the first.
    pub(crate) fn words(&self) -> Words<'a, '_> {
        Words { tokens: &self.tokens }
    }

    /// Whether a literal of the statement is `value`, an array with it, or code that has it as a
    /// literal. `value` is as it stands between its quotes.
    pub(crate) fn has_literal(&self, value: &str) -> bool {
        let quoted = format!("'{value}'");
        self.tokens.iter().filter_map(Token::content).any(|content| {
            content == value
                || content.contains(&quoted)
                || (content.starts_with('{') && content.split(['{', '}', ',', '"', ' ']).any(|item| item == value))
        })
    }
}

/// The words of a statement that are still to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'a, 's> {
    tokens: &'s [Token<'a>],
}

impl<'a> Words<'a, '_> {
    /// Reads these keywords, if they are what follows.
    pub(crate) fn eat(&mut self, keywords: &str) -> bool {
        let mut rest = self.tokens;
        for keyword in keywords.split(' ') {
            match rest.split_first() {
                Some((token, after)) if token.is(keyword) => rest = after,
                _ => return false,
            }
        }
        self.tokens = rest;
        true
    }

    /// Whether nothing follows.
    pub(crate) fn is_at_end(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether one of the keywords follows, however far away.
    pub(crate) fn contain(&self, keywords: &[&str]) -> bool {
        self.tokens.iter().any(|token| keywords.iter().any(|keyword| token.is(keyword)))
    }

    /// Passes over a list in parentheses, if one follows.
    pub(crate) fn skip_parentheses(&mut self) {
        if self.tokens.first().is_some_and(|token| token.kind == TokenKind::OpenParen) {
            let close = self.tokens.iter().position(|token| token.kind == TokenKind::CloseParen);
            self.tokens = close.map_or(&[], |close| &self.tokens[close + 1..]);
        }
    }

    /// Reads a name with its qualifiers, as it is written: what PostgreSQL's `to_regclass` takes.
    pub(crate) fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        loop {
            let (part, rest) = self.tokens.split_first()?;
            if !matches!(part.kind, TokenKind::Ident | TokenKind::QuotedIdent { uescape: false, .. }) {
                return None;
            }
            name.push_str(part.text);
            self.tokens = rest;
            match rest.split_first() {
                Some((dot, rest)) if dot.kind == TokenKind::Dot => self.tokens = rest,
                _ => return Some(name),
            }
            name.push('.');
        }
    }

    /// Reads a string literal, as it stands between its quotes.
    pub(crate) fn literal(&mut self) -> Option<&'a str> {
        let (token, rest) = self.tokens.split_first()?;
        let content = token.content()?;
        self.tokens = rest;
        Some(content)
    }
}

#[cfg(test)]
#[path = "sql_tests.rs"]
mod tests;
