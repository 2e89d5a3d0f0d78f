use schema::quote::ident_if_needed;
use schema::{Map, Policy, PolicyCommand, PolicyKind};

use super::Notes;
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

/// Policies on tables that are not read, as those on tables that are declared elsewhere. A schema has them by their bare
/// name, so one of two that share a name is noted.
pub(super) fn linked(rows: Vec<PolicyRow>, notes: &mut Notes) -> Map<Policy> {
    let mut policies: Map<Policy> = Map::new();
    for row in rows {
        let (schema, table) = (row.schema.clone(), row.table_name.clone());
        let mut policy = policy(row);
        if policies.contains_key(&policy.name) {
            let name = format!("{} on {}", ident_if_needed(&policy.name), super::path(&schema, &table));
            notes.add("policy whose name is another's too, on a table that is not read", name);
            continue;
        }
        policy.link(&schema, &table);
        policies.insert(policy.name.clone(), policy);
    }
    policies
}
