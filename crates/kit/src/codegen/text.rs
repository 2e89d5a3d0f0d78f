//! Texts as literals of Rust, each read back as the same text.

/// The width of a line.
pub(super) const WIDTH: usize = 120;

/// A literal on one line, raw where that spares escapes.
pub(super) fn literal(text: &str) -> String {
    if !text.contains(is_escaped)
        && !text.contains('\n')
        && let Some(raw) = raw(text)
    {
        return raw;
    }
    format!("\"{}\"", escaped(text))
}

/// A literal that may go over several lines, as an argument that begins at column `at`: a text of several lines stands
/// as it is, and one that is too long for a line is continued on the next.
pub(super) fn long_literal(text: &str, at: usize) -> String {
    let line = literal(text);
    if text.contains('\n') && !text.contains(is_escaped) {
        return raw(text).unwrap_or_else(|| format!("\"{text}\""));
    }
    // A comma follows.
    if at + line.chars().count() < WIDTH || text.contains('\n') { line } else { continued(text, at) }
}

/// A literal without escapes: plain where it needs none, else raw. What a raw literal cannot hold has been escaped
/// before.
fn raw(text: &str) -> Option<String> {
    if !text.contains(['"', '\\']) {
        return Some(format!("\"{text}\""));
    }
    let hashes = (0..8).map(|count| "#".repeat(count)).find(|hashes| !text.contains(&format!("\"{hashes}")))?;
    Some(format!("r{hashes}\"{text}\"{hashes}"))
}

/// What would not be read back, or is not seen: control characters, and those that turn the direction of writing.
fn is_escaped(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if is_escaped(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// Words before which a long query is broken.
const CLAUSES: &[&str] =
    &["cross", "from", "full", "group", "having", "inner", "join", "left", "limit", "order", "right", "union", "where"];

/// A literal over several lines, whose ends of lines are no part of the text.
fn continued(text: &str, at: usize) -> String {
    let indent = " ".repeat(at + 1);
    let room = WIDTH.saturating_sub(at + 4).max(40);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let begins = begins_clause(piece, &line) && line.chars().count() > room / 3;
        let piece = escaped(piece);
        let is_full = line.chars().count() + piece.chars().count() > room;
        if !line.is_empty() && (is_full || begins) {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(&piece);
    }
    lines.push(line);
    format!("\"{}\"", lines.join(&format!("\\\n{indent}")))
}

/// Whether a clause begins with the word; the JOIN of a LEFT JOIN does not.
fn begins_clause(word: &str, before: &str) -> bool {
    let word = word.trim_end().to_ascii_lowercase();
    let last = before.trim_end().rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    let goes_on = matches!(last.as_str(), "cross" | "full" | "inner" | "left" | "outer" | "right");
    CLAUSES.contains(&word.as_str()) && !(word == "join" && goes_on)
}

/// The words of a text, each with the one blank behind it. A quoted text, and more than one blank, is not parted.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut quote = None;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), byte) if *byte == open => quote = None,
            // The blank before a line's end is kept, and all white space behind it is not.
            (None, b' ') if bytes.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace()) => {
                pieces.push(&text[from..=at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[from..]);
    pieces
}

/// A comment of the database as the documentation of what it is on. Markdown would read brackets, indents and fences
/// in ways that were not meant, down to a test that is run.
pub(super) fn docs(comment: &str, indent: &str) -> String {
    let mut lines: Vec<String> = comment.trim().lines().map(|line| doc_line(line.trim())).collect();
    lines.dedup_by(|next, line| next.is_empty() && line.is_empty());
    lines.into_iter().map(|line| format!("{}\n", format!("{indent}/// {line}").trim_end())).collect()
}

/// Whether [`docs`] says a comment word by word, so that it is read from there as it is.
pub(super) fn says(comment: &str) -> bool {
    let is_said = |line: &str| line == line.trim() && line == doc_line(line);
    comment == comment.trim() && !comment.is_empty() && !comment.contains("\n\n\n") && comment.split('\n').all(is_said)
}

fn doc_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '[' | ']' | '<' | '>' | '`' | '*' | '_' | '\\' | '|' | '~' => {
                // An underscore in a word is one.
                if c != '_' {
                    out.push('\\');
                }
                out.push(c);
            }
            c if is_escaped(c) || c == '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    // The beginning of a list, of a heading or a quote.
    if out.starts_with(['-', '+', '#', '=']) {
        out.insert(0, '\\');
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(rust: &str, expected: Expect) {
        expected.assert_eq(rust);
    }

    #[test]
    fn a_literal_is_raw_where_that_spares_escapes() {
        check(&literal("plain"), expect![[r#""plain""#]]);
        check(&literal(r#"say "hi""#), expect![[r##"r#"say "hi""#"##]]);
        check(&literal(r"\d+"), expect![[r#"r"\d+""#]]);
        check(&literal("a\"#b"), expect![[r###"r##"a"#b"##"###]]);
    }

    #[test]
    fn what_is_not_seen_is_escaped() {
        check(&literal("a\r\nb"), expect![[r#""a\r\nb""#]]);
        check(&literal("\u{202e}abc\""), expect![[r#""\u{202e}abc\"""#]]);
    }

    #[test]
    fn a_long_query_is_broken_before_its_clauses_and_within_no_quotes() {
        let query = "SELECT users.id, users.name, 'a long text that is not to be broken at any of its blanks' AS note \
                     FROM users JOIN posts ON posts.author_id = users.id WHERE users.active AND \"posts\".\"is read\"";
        check(
            &long_literal(query, 12),
            expect![[r#"
                "SELECT users.id, users.name, 'a long text that is not to be broken at any of its blanks' AS note \
                             FROM users JOIN posts ON posts.author_id = users.id \
                             WHERE users.active AND \"posts\".\"is read\"""#]],
        );
    }

    #[test]
    fn several_lines_stand_as_they_are() {
        check(
            &long_literal("begin\n  return 'it''s';\nend", 0),
            expect![[r#"
            "begin
              return 'it''s';
            end""#]],
        );
    }

    #[test]
    fn a_comment_is_said_where_nothing_is_written_otherwise() {
        for said in ["The user's e-mail, as it was entered.", "One.\n\nTwo: a_b, 3 % of \"all\"."] {
            assert!(says(said), "{said}");
        }
        for not_said in ["", " a", "a\n", "`code`", "a\n  b", "a\n\n\nb", "a \nb", "- a", "a\r\nb", "a\tb"] {
            assert!(!says(not_said), "{not_said:?}");
        }
    }

    #[test]
    fn a_comment_is_no_markdown() {
        check(
            &format!(
                "{{\n{}}}",
                docs("  A [link](x) and `code`.\n\n\n    indented\n- a list\n```\nlet x = 1;\n```", "    ")
            ),
            expect![[r#"
                {
                    /// A \[link\](x) and \`code\`.
                    ///
                    /// indented
                    /// \- a list
                    /// \`\`\`
                    /// let x = 1;
                    /// \`\`\`
                }"#]],
        );
    }
}
