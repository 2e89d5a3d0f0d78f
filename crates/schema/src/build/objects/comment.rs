use super::type_text;
use crate::build::types::Type;
use crate::model::{self, CommentKind, CommentTarget, PUBLIC};

/// A comment on an object that is declared elsewhere. Tables, columns and views have their own
/// `comment` besides.
#[derive(Clone, Debug)]
pub struct Comment(model::Comment);

impl Comment {
    /// A comment on an object that lives in no schema: a schema or an extension.
    pub fn on(kind: CommentKind, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(kind, None, None, name.into(), text.into())
    }

    /// A comment on an object that lives in a schema, `public` unless [`in_schema`](Self::in_schema) says
    /// otherwise: a table, view, type, domain, index, sequence or collation.
    pub fn on_object(kind: CommentKind, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(kind, Some(PUBLIC), None, name.into(), text.into())
    }

    /// A comment on a part of a table, view, domain or composite type in `public`: a column, constraint,
    /// trigger or policy.
    pub fn on_part(
        kind: CommentKind,
        owner: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self::new(kind, Some(PUBLIC), Some(owner.into()), name.into(), text.into())
    }

    /// A comment on a function in `public`, told by the types of the arguments that a call gives.
    pub fn on_function(
        name: impl Into<String>,
        arguments: impl IntoIterator<Item = Type>,
        text: impl Into<String>,
    ) -> Self {
        let mut comment = Self::new(CommentKind::Function, Some(PUBLIC), None, name.into(), text.into());
        comment.0.on.arguments = Some(arguments.into_iter().map(|argument| type_text(&argument)).collect());
        comment
    }

    /// Takes the function for a procedure.
    #[must_use]
    pub fn procedure(mut self) -> Self {
        self.0.on.kind = CommentKind::Procedure;
        self
    }

    /// The schema of the object.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.on.schema = Some(schema.into());
        self
    }

    pub(in crate::build) fn new(
        kind: CommentKind,
        schema: Option<&str>,
        owner: Option<String>,
        name: String,
        text: String,
    ) -> Self {
        let schema = schema.map(|schema| model::or_public(schema).to_owned());
        Comment(model::Comment { on: CommentTarget { kind, schema, owner, name, arguments: None }, text })
    }

    pub(in crate::build) fn build(self) -> model::Comment {
        self.0
    }
}
