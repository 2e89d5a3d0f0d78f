use schema::{Comment, CommentKind, CommentTarget, Commentable, Schema};
use serde_json::Value;

use super::Notes;
use crate::introspect::rows::CommentRow;

/// Puts the comments into the schema whose objects they are on; the others are noted.
pub(super) fn add(rows: Vec<CommentRow>, schema: &mut Schema, notes: &mut Notes) {
    let commentable = Commentable::of(schema);
    let mut comments = Vec::new();
    for row in rows {
        let kind = row.kind.and_then(|word| serde_json::from_value::<CommentKind>(Value::String(word)).ok());
        let Some(kind) = kind else {
            notes.add("comment", row.other.unwrap_or(row.name));
            continue;
        };
        let on = CommentTarget {
            kind,
            schema: row.schema,
            owner: row.owner,
            name: row.name,
            arguments: row.arguments.filter(|_| matches!(kind, CommentKind::Function | CommentKind::Procedure)),
        };
        if on.is_in(&commentable) {
            comments.push((on.key(), Comment { on, text: row.text }));
        } else {
            notes.add("comment", on.key());
        }
    }
    schema.objects.comments.extend(comments);
}
