//! The part of a file that an error is about, with line numbers and a caret.

use std::fmt;

use serde::Serialize;

use crate::migrations::Statement;

/// How many lines are shown above and below the line with the error.
const CONTEXT: usize = 3;

/// How many lines of a statement are shown where the server names no position.
const HEAD: usize = 6;

/// How many characters of a line are shown: a terminal's usual width, less the line number.
const WIDTH: usize = 110;

/// What a tab is shown as, so that the caret stands under its character.
const TAB: &str = "    ";

/// Lines of a file, one of them perhaps marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The lines in order.
    pub lines: Vec<ExcerptLine>,
    /// Whether the statement goes on after the last line.
    pub truncated: bool,
}

/// A line of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExcerptLine {
    /// The number in the file, from 1.
    pub number: usize,
    /// The text, tabs expanded and overlong lines cut.
    pub text: String,
    /// The character of `text` at which the server found the error, from 0.
    pub caret: Option<usize>,
}

impl Excerpt {
    /// The lines of `statement` around the character `position` (from 1, as the server counts), or
    /// its first lines without one.
    pub(crate) fn of(statement: &Statement<'_>, position: Option<u32>) -> Self {
        let lines: Vec<&str> = statement.text.lines().collect();
        let at = position.map(|position| locate(statement.text, position as usize));
        let shown = match at {
            Some((line, _)) => line.saturating_sub(CONTEXT)..(line + CONTEXT + 1).min(lines.len()),
            None => 0..HEAD.min(lines.len()),
        };
        let truncated = shown.end < lines.len();
        let lines = shown
            .map(|index| {
                let column = at.filter(|(line, _)| *line == index).map(|(_, column)| column);
                let (text, caret) = fit(lines[index], column);
                ExcerptLine { number: statement.line + index, text, caret }
            })
            .collect();
        Self { lines, truncated }
    }

    /// The number of the marked line, or of the first.
    pub fn line(&self) -> Option<usize> {
        let marked = self.lines.iter().find(|line| line.caret.is_some());
        marked.or(self.lines.first()).map(|line| line.number)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lines.last().map_or(1, |line| line.number.to_string().len());
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{:>width$} | {}", line.number, line.text)?;
            if let Some(caret) = line.caret {
                write!(f, "\n{:>width$} | {:>caret$}^", "", "")?;
            }
        }
        if self.truncated {
            write!(f, "\n{:>width$} | ...", "")?;
        }
        Ok(())
    }
}

/// The line and the character within it, both from 0, of a position from 1.
fn locate(text: &str, position: usize) -> (usize, usize) {
    let before: String = text.chars().take(position.saturating_sub(1)).collect();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    // The end of the text ("at end of input") may be the start of a line that is not there.
    let last = text.lines().count().saturating_sub(1);
    if line > last { (last, text.lines().last().map_or(0, |l| l.chars().count())) } else { (line, column) }
}

/// Expands tabs and cuts the line to [`WIDTH`] around the column.
fn fit(line: &str, column: Option<usize>) -> (String, Option<usize>) {
    let expand = |text: &str| text.replace('\t', TAB).replace('\r', "");
    let caret = column.map(|column| expand(&line.chars().take(column).collect::<String>()).chars().count());
    let text = expand(line);
    let length = text.chars().count();
    if length <= WIDTH {
        return (text, caret);
    }
    let start = caret.unwrap_or(0).saturating_sub(WIDTH / 2).min(length - WIDTH);
    let mut cut: Vec<char> = text.chars().skip(start).take(WIDTH).collect();
    if start > 0 {
        cut[0] = '…';
    }
    if start + WIDTH < length {
        cut[WIDTH - 1] = '…';
    }
    (cut.into_iter().collect(), caret.map(|caret| caret - start))
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
