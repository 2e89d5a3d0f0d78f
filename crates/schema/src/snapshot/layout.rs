//! The order of keys in a snapshot file that somebody else wrote.
//!
//! drizzle-kit itself has several: `generate`, `generate --custom` and `pull` each order some keys
//! in a way of their own. A file that is read and written again must be the same file, so the order
//! is taken from the text that was read.

use indexmap::IndexMap;
use serde_json::value::RawValue;

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

    /// `json` with its keys in the order of the text that was read; keys that are new there keep
    /// their order and come last.
    pub(super) fn apply(&self, json: String) -> String {
        let Some(text) = &self.0 else { return json };
        match (Node::parse(&json), Node::parse(text)) {
            (Some(mut node), Some(like)) => {
                node.reorder(&like);
                let mut pretty = String::with_capacity(json.len());
                node.write(0, &mut pretty);
                pretty
            }
            _ => json,
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

    /// Writes with an indent of two spaces, and what is empty on one line.
    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Node::Scalar(json) => out.push_str(json),
            Node::Object(members) if members.is_empty() => out.push_str("{}"),
            Node::Array(items) if items.is_empty() => out.push_str("[]"),
            Node::Object(members) => {
                let members = members.iter().map(|(key, value)| (Some(key.as_str()), value));
                write_members(members, '{', '}', depth, out);
            }
            Node::Array(items) => write_members(items.iter().map(|item| (None, item)), '[', ']', depth, out),
        }
    }
}

fn write_members<'a>(
    members: impl Iterator<Item = (Option<&'a str>, &'a Node)>,
    open: char,
    close: char,
    depth: usize,
    out: &mut String,
) {
    let indent = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    out.push(open);
    for (at, (key, value)) in members.enumerate() {
        if at > 0 {
            out.push(',');
        }
        indent(depth + 1, out);
        if let Some(key) = key {
            out.push_str(&serde_json::to_string(key).expect("a string always serializes"));
            out.push_str(": ");
        }
        value.write(depth + 1, out);
    }
    indent(depth, out);
    out.push(close);
}
