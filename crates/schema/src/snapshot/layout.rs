//! The order of keys in a snapshot file that somebody else wrote.
//!
//! drizzle-kit itself has several: `generate`, `generate --custom` and `pull` each order some keys
//! in a way of their own. A file that is read and written again must be the same file, so the order
//! is taken from the text that was read.

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::json;

/// The text that a snapshot was read from, if it was. How a snapshot is spelt is no part of what it
/// is: two layouts are always equal.
#[derive(Clone, Debug, Default)]
pub struct Layout(Option<Box<str>>);

impl PartialEq for Layout {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Layout {
    #[cfg(feature = "read")]
    pub(super) fn of(text: &str) -> Self {
        Layout(Some(text.into()))
    }

    /// JSON in one line with its keys in the order of the text that was read; keys that are new there keep their order
    /// and come last.
    pub(super) fn apply(&self, line: String) -> String {
        let Some(text) = &self.0 else { return line };
        match (Node::parse(&line), Node::parse(text)) {
            (Some(mut node), Some(like)) => {
                node.reorder(&like);
                let mut reordered = String::with_capacity(line.len());
                node.write(&mut reordered);
                reordered
            }
            _ => line,
        }
    }
}

/// JSON whose scalars stay as they are written.
enum Node {
    Object(IndexMap<String, Node>),
    Array(Vec<Node>),
    Scalar(String),
}

impl Node {
    fn parse(json: &str) -> Option<Self> {
        let json = json.trim();
        match json.as_bytes().first()? {
            b'{' => {
                let members: IndexMap<String, Box<RawValue>> = serde_json::from_str(json).ok()?;
                let members = members.into_iter().map(|(key, value)| Some((key, Node::parse(value.get())?)));
                members.collect::<Option<_>>().map(Node::Object)
            }
            b'[' => {
                let items: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
                items.iter().map(|item| Node::parse(item.get())).collect::<Option<_>>().map(Node::Array)
            }
            _ => Some(Node::Scalar(json.to_owned())),
        }
    }

    fn reorder(&mut self, like: &Node) {
        match (self, like) {
            (Node::Object(members), Node::Object(like)) => {
                members.sort_by_cached_key(|key, _| like.get_index_of(key).unwrap_or(usize::MAX));
                for (key, value) in members {
                    if let Some(like) = like.get(key) {
                        value.reorder(like);
                    }
                }
            }
            (Node::Array(items), Node::Array(like)) => {
                items.iter_mut().zip(like).for_each(|(item, like)| item.reorder(like));
            }
            _ => {}
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Node::Scalar(json) => out.push_str(json),
            Node::Object(members) => {
                for (at, (key, value)) in members.iter().enumerate() {
                    out.push(if at == 0 { '{' } else { ',' });
                    out.push_str(&json::line(key));
                    out.push(':');
                    value.write(out);
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
            Node::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push(if at == 0 { '[' } else { ',' });
                    item.write(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
        }
    }
}
