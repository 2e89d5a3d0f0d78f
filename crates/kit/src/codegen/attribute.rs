//! `#[attribute(…)]`, on one line where it fits and an argument a line where it does not: as rustfmt leaves it.

use super::text::{WIDTH, long_literal};

/// An attribute under construction.
pub(super) struct Attribute {
    name: &'static str,
    arguments: Vec<Argument>,
}

/// An argument: what stands before a text, and the text, which may be laid out over several lines.
struct Argument {
    before: String,
    text: Option<String>,
    after: &'static str,
}

impl Argument {
    fn render(&self, at: usize) -> String {
        let Argument { before, text, after } = self;
        let text = text.as_ref().map(|text| long_literal(text, at + before.chars().count())).unwrap_or_default();
        format!("{before}{text}{after}")
    }
}

impl Attribute {
    pub(super) fn new(name: &'static str) -> Self {
        Attribute { name, arguments: Vec::new() }
    }

    /// Adds an argument that is code.
    #[must_use]
    pub(super) fn argument(mut self, code: impl Into<String>) -> Self {
        self.arguments.push(Argument { before: code.into(), text: None, after: "" });
        self
    }

    /// Adds a text, which may be long.
    #[must_use]
    pub(super) fn text(mut self, before: &str, text: &str, after: &'static str) -> Self {
        self.arguments.push(Argument { before: before.to_owned(), text: Some(text.to_owned()), after });
        self
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.arguments.is_empty()
    }

    /// The attribute with its line's end.
    pub(super) fn render(&self, indent: &str) -> String {
        let Attribute { name, arguments } = self;
        // On one line a text is never continued: there is room for all of it, or the line is none.
        let line: Vec<String> = arguments.iter().map(|argument| argument.render(0)).collect();
        let line = format!("{indent}#[{name}({})]", line.join(", "));
        if !line.contains('\n') && line.chars().count() <= WIDTH {
            return line + "\n";
        }
        let at = indent.len() + 4;
        let lines: Vec<String> =
            arguments.iter().map(|argument| format!("{indent}    {}", argument.render(at))).collect();
        format!("{indent}#[{name}(\n{}\n{indent})]\n", lines.join(",\n"))
    }
}
