//! JSON as the files of a schema are written: an indent of two spaces, and no newline at the end.

use serde::Serialize;

/// A value in one line. Its keys are strings and its values plain, so that it always serializes.
pub(crate) fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("maps with string keys and plain values always serialize")
}

/// The same JSON with a line for each member and item; what is empty stays on one line. The model is serialized in one
/// way only, since the code for a second one takes as long to compile as that for the first.
pub(crate) fn indented(line: &str) -> String {
    let bytes = line.as_bytes();
    let mut text = String::with_capacity(line.len() * 2);
    let mut margin = String::from("\n");
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        let is_open = matches!(bytes[at], b'{' | b'[');
        let is_empty = is_open && matches!(bytes.get(at + 1), Some(b'}' | b']'));
        match bytes[at] {
            b'"' => {
                at += string_length(&line[at..]);
                continue;
            }
            _ if is_empty => {
                at += 2;
                continue;
            }
            b'}' | b']' => {
                text.push_str(&line[copied..at]);
                margin.truncate(margin.len() - MARGIN.len());
                text.push_str(&margin);
                copied = at;
            }
            b'{' | b'[' | b',' => {
                text.push_str(&line[copied..=at]);
                margin.push_str(if is_open { MARGIN } else { "" });
                text.push_str(&margin);
                copied = at + 1;
            }
            b':' => {
                text.push_str(&line[copied..=at]);
                text.push(' ');
                copied = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    text.push_str(&line[copied..]);
    text
}

/// What a level of nesting adds to the beginning of a line.
const MARGIN: &str = "  ";

/// The bytes of the string that a text begins with, its quotes with them.
fn string_length(text: &str) -> usize {
    let mut end = 1;
    while let Some(quote) = text[end..].find('"') {
        let content = &text[1..end + quote];
        end += quote + 1;
        let backslashes = content.len() - content.trim_end_matches('\\').len();
        if backslashes.is_multiple_of(2) {
            return end;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_text_is_indented_as_serde_json_indents_it() {
        let value: Value = json!({
            "empty": [{}, [], "", null], "nested": {"a": [1, -2.5e3, true], "": {"{": "}"}},
            "in strings": ["{\"a\":[1,2]}", "\\", "\\\"", "ä\u{1F600}\n", "a, b: c"], "last": [[["x"]], {"y": [0]}],
        });
        for value in [value, json!([]), json!({}), json!("a,b"), json!(1)] {
            assert_eq!(indented(&line(&value)), serde_json::to_string_pretty(&value).unwrap());
        }
    }
}
