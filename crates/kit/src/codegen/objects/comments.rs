//! Comments by their builder.

use schema::{Comment, CommentKind, CommentTarget};

use super::super::chain::{Chain, code};
use super::{in_schema, sql_type};

pub(super) fn comment(comment: &Comment) -> Chain {
    // Only functions have arguments.
    let Comment { on: CommentTarget { kind, schema, owner, name, arguments: _ }, text } = comment;
    let word = match kind {
        CommentKind::Schema => "Schema",
        CommentKind::Extension => "Extension",
        CommentKind::Collation => "Collation",
        CommentKind::Type => "Type",
        CommentKind::Domain => "Domain",
        CommentKind::DomainConstraint => "DomainConstraint",
        CommentKind::Function | CommentKind::Procedure => return on_function(comment),
        CommentKind::Sequence => "Sequence",
        CommentKind::Table => "Table",
        CommentKind::Column => "Column",
        CommentKind::Constraint => "Constraint",
        CommentKind::Index => "Index",
        CommentKind::View => "View",
        CommentKind::MaterializedView => "MaterializedView",
        CommentKind::Policy => "Policy",
        CommentKind::Trigger => "Trigger",
        CommentKind::Statistics => "Statistics",
    };
    let kind = code(format!("schema::CommentKind::{word}"));
    let Some(schema) = schema else {
        return Chain::new("build::Comment::on", [kind, name.into(), text.into()]);
    };
    let chain = match owner {
        Some(owner) => Chain::new("build::Comment::on_part", [kind, owner.into(), name.into(), text.into()]),
        None => Chain::new("build::Comment::on_object", [kind, name.into(), text.into()]),
    };
    in_schema(chain, schema)
}

fn on_function(comment: &Comment) -> Chain {
    let CommentTarget { kind, schema, owner: _, name, arguments } = &comment.on;
    let types: Vec<String> = arguments.iter().flatten().map(|argument| sql_type(argument).line()).collect();
    let types = code(format!("[{}]", types.join(", ")));
    let chain = Chain::new("build::Comment::on_function", [name.into(), types, (&comment.text).into()]);
    let chain = chain.flag("procedure", *kind == CommentKind::Procedure);
    in_schema(chain, schema.as_deref().unwrap_or(schema::PUBLIC))
}
