//! A writer of compact JSON, whose objects leave out what is not set.

use std::fmt::Write;

/// An object under construction.
pub(crate) struct Json(String);

impl Json {
    pub(crate) fn object() -> Self {
        Json("{".to_owned())
    }

    fn separate(&mut self) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
    }

    /// A member whose value is JSON already.
    pub(crate) fn raw(&mut self, key: &str, value: &str) -> &mut Self {
        self.separate();
        self.0.push_str(&quoted(key));
        self.0.push(':');
        self.0.push_str(value);
        self
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.raw(key, &quoted(value))
    }

    pub(crate) fn some_text(&mut self, key: &str, value: Option<impl Into<String>>) -> &mut Self {
        match value {
            Some(value) => self.text(key, &value.into()),
            None => self,
        }
    }

    /// `true`, where it is true.
    pub(crate) fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        if value { self.raw(key, "true") } else { self }
    }

    /// An array, where it has elements.
    pub(crate) fn list(&mut self, key: &str, elements: Vec<String>) -> &mut Self {
        if elements.is_empty() { self } else { self.raw(key, &list(&elements)) }
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An array of JSON texts.
pub(crate) fn list(elements: &[String]) -> String {
    format!("[{}]", elements.join(","))
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if u32::from(control) < 0x20 => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
