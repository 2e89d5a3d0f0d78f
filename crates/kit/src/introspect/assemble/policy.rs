use schema::{Policy, PolicyCommand, PolicyKind};

use super::expression::without_parentheses;
use crate::introspect::rows::PolicyRow;

pub(super) fn policy(row: PolicyRow) -> Policy {
    let command = match row.command.as_str() {
        "r" => PolicyCommand::Select,
        "a" => PolicyCommand::Insert,
        "w" => PolicyCommand::Update,
        "d" => PolicyCommand::Delete,
        _ => PolicyCommand::All,
    };
    let condition = |sql: Option<String>| sql.map(|sql| without_parentheses(&sql).to_owned());
    Policy {
        name: row.name,
        kind: Some(if row.is_permissive { PolicyKind::Permissive } else { PolicyKind::Restrictive }),
        command: Some(command),
        roles: Some(row.roles),
        using: condition(row.using_expression),
        with_check: condition(row.with_check),
        schema: None,
        on: None,
    }
}
