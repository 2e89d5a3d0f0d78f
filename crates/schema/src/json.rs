//! JSON as the files of a schema are written: an indent of two spaces, and no newline at the end.

use serde::Serialize;

/// A value in one line. Its keys are strings and its values plain, so that it always serializes.
pub(crate) fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("maps with string keys and plain values always serialize")
}

/// The same JSON with a line for each member and item; what is empty stays on one line. The model is serialized in one
/// way only, since the code for a second one takes as long to compile as that for the first.
pub(crate) fn indented(line: &str) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let mut depth = 0;
    let mut rest = line;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ',', ':']) {
        let (scalar, found) = rest.split_at(at);
        text.push_str(scalar);
        let mut length = 1;
        match &found[..1] {
            "\"" => {
                length = string_length(found);
                text.push_str(&found[..length]);
            }
            open @ ("{" | "[") => {
                text.push_str(open);
                if found[1..].starts_with(['}', ']']) {
                    text.push_str(&found[1..2]);
                    length = 2;
                } else {
                    depth += 1;
                    break_line(&mut text, depth);
                }
            }
            close @ ("}" | "]") => {
                depth -= 1;
                break_line(&mut text, depth);
                text.push_str(close);
            }
            "," => {
                text.push(',');
                break_line(&mut text, depth);
            }
            _ => text.push_str(": "),
        }
        rest = &found[length..];
    }
    text.push_str(rest);
    text
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// The bytes of the string that a text begins with, its quotes with them.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
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
