use schema::quote::{ident, literal};
use schema::{CommentKind, CommentTarget};

use crate::step::{CommentStep, Name};

pub(super) fn statement(CommentStep { on, text }: &CommentStep) -> String {
    let text = text.as_ref().map_or_else(|| "NULL".to_owned(), |text| literal(text));
    format!("COMMENT ON {} IS {text};", target(on))
}

fn target(on: &CommentTarget) -> String {
    let CommentTarget { kind, schema, owner, name, arguments } = on;
    let qualified = |name: &str| Name::new(schema.as_deref().unwrap_or_default(), name).qualified();
    let owner = owner.as_deref().map(qualified).unwrap_or_default();
    let word = kind.word().to_uppercase();
    match kind {
        CommentKind::Schema | CommentKind::Extension => format!("{word} {}", ident(name)),
        CommentKind::Column => format!("{word} {owner}.{}", ident(name)),
        CommentKind::DomainConstraint => format!("CONSTRAINT {} ON DOMAIN {owner}", ident(name)),
        CommentKind::Constraint | CommentKind::Policy | CommentKind::Trigger => {
            format!("{word} {} ON {owner}", ident(name))
        }
        CommentKind::Function | CommentKind::Procedure => {
            format!("{word} {}({})", qualified(name), arguments.as_deref().unwrap_or_default().join(", "))
        }
        CommentKind::Collation
        | CommentKind::Type
        | CommentKind::Domain
        | CommentKind::Sequence
        | CommentKind::Table
        | CommentKind::Index
        | CommentKind::Statistics
        | CommentKind::View
        | CommentKind::MaterializedView => format!("{word} {}", qualified(name)),
    }
}
