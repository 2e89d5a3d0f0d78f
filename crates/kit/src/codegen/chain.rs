//! Calls of a builder, on one line where they fit and a call a line where they do not: as rustfmt leaves them.

use super::text::{WIDTH, long_literal};

/// `build::Role::new("member").no_inherit()`.
pub(super) struct Chain {
    head: Call,
    calls: Vec<Call>,
}

struct Call {
    name: String,
    arguments: Vec<Argument>,
}

/// What a builder is given.
pub(super) enum Argument {
    /// Code, on one line.
    Code(String),
    /// A text.
    Text(String),
    /// What another builder gives.
    Chain(Chain),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Argument::Text(text.to_owned())
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Argument::Text(text.clone())
    }
}

impl From<Chain> for Argument {
    fn from(chain: Chain) -> Self {
        Argument::Chain(chain)
    }
}

/// An argument that is code.
pub(super) fn code(code: impl Into<String>) -> Argument {
    Argument::Code(code.into())
}

impl Chain {
    /// Begins with the call of a function by its path.
    pub(super) fn new(path: &str, arguments: impl IntoIterator<Item = Argument>) -> Self {
        Chain { head: Call { name: path.to_owned(), arguments: arguments.into_iter().collect() }, calls: Vec::new() }
    }

    /// Adds a call.
    #[must_use]
    pub(super) fn call(mut self, name: &str, arguments: impl IntoIterator<Item = Argument>) -> Self {
        self.calls.push(Call { name: format!(".{name}"), arguments: arguments.into_iter().collect() });
        self
    }

    /// Adds a call with one argument.
    #[must_use]
    pub(super) fn with(self, name: &str, argument: impl Into<Argument>) -> Self {
        self.call(name, [argument.into()])
    }

    /// Adds a call without arguments, if it is to be there.
    #[must_use]
    pub(super) fn flag(self, name: &str, is_given: bool) -> Self {
        if is_given { self.call(name, []) } else { self }
    }

    /// Adds a call with the text, if there is one.
    #[must_use]
    pub(super) fn some(self, name: &str, text: Option<&String>) -> Self {
        match text {
            Some(text) => self.with(name, text),
            None => self,
        }
    }

    /// How many calls follow the first.
    pub(super) fn count(&self) -> usize {
        self.calls.len()
    }

    /// The code on one line, whatever its length.
    pub(super) fn line(&self) -> String {
        let mut line = self.head.line();
        self.calls.iter().for_each(|call| line.push_str(&call.line()));
        line
    }

    /// The code at an indent, without it before the first line; `after` columns follow the last.
    pub(super) fn render(&self, indent: usize, after: usize) -> String {
        let line = self.line();
        if !line.contains('\n') && indent + line.chars().count() + after <= WIDTH {
            return line;
        }
        let mut text = self.head.render(indent);
        for call in &self.calls {
            text.push_str(&format!("\n{}{}", " ".repeat(indent + 4), call.render(indent + 4)));
        }
        text
    }
}

impl Call {
    fn line(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(Argument::line).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }

    fn render(&self, indent: usize) -> String {
        let line = self.line();
        if !line.contains('\n') && indent + line.chars().count() < WIDTH {
            return line;
        }
        let inner = " ".repeat(indent + 4);
        let arguments = self.arguments.iter().map(|argument| format!("{inner}{},\n", argument.render(indent + 4)));
        format!("{}(\n{}{})", self.name, arguments.collect::<String>(), " ".repeat(indent))
    }
}

impl Argument {
    pub(super) fn line(&self) -> String {
        match self {
            Argument::Chain(chain) => chain.line(),
            other => other.render(0),
        }
    }

    fn render(&self, at: usize) -> String {
        match self {
            Argument::Code(code) => code.clone(),
            Argument::Text(text) => long_literal(text, at),
            Argument::Chain(chain) => chain.render(at, 1),
        }
    }
}
