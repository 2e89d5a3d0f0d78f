//! Roles, sequences, partitions, statistics and policies by their builders.

use schema::{Partition, Policy, PolicyCommand, PolicyKind, Role, Sequence, Statistics, StatisticsKind};

use super::super::additions::{list, partition_key};
use super::super::chain::{Chain, code};
use super::super::table::Numbers;
use super::{in_schema, storage_parameters};

pub(super) fn role(role: &Role) -> Chain {
    let Role { name, create_db, create_role, inherit } = role;
    Chain::new("build::Role::new", [name.into()])
        .flag("create_db", *create_db)
        .flag("create_role", *create_role)
        .flag("no_inherit", !inherit)
}

pub(super) fn sequence(sequence: &Sequence) -> Chain {
    let Sequence { name, schema, increment, start_with, min_value, max_value, cache, cycle } = sequence;
    let chain = in_schema(Chain::new("build::Sequence::new", [name.into()]), schema);
    let numbers = Numbers { increment, start_with, min_value, max_value, cache };
    let given = numbers.other_than_default(i64::MIN, i64::MAX);
    given.fold(chain, |chain, (option, number)| chain.with(option, code(number))).flag("cycle", *cycle == Some(true))
}

pub(super) fn partition(partition: &Partition) -> Chain {
    let Partition {
        name,
        schema,
        parent_schema,
        parent,
        bounds,
        partition_by,
        storage_parameters: parameters,
        is_unlogged,
    } = partition;
    let mut chain = in_schema(Chain::new("build::Partition::new", [name.into(), parent.into()]), schema);
    if parent_schema != schema::PUBLIC {
        chain = chain.with("parent_schema", parent_schema);
    }
    let range = bounds.strip_prefix("FOR VALUES FROM (").and_then(|rest| rest.strip_suffix(')'));
    let values = bounds.strip_prefix("FOR VALUES IN (").and_then(|rest| rest.strip_suffix(')'));
    chain = match (range.and_then(|range| range.split_once(") TO (")), values) {
        (Some((from, to)), _) => chain.call("from_to", [from.into(), to.into()]),
        (None, Some(values)) => chain.with("values", values),
        (None, None) if bounds == "DEFAULT" => chain,
        (None, None) => chain.with("bounds", bounds),
    };
    if let Some(key) = partition_by {
        chain = chain.with("partition_by", partition_key(key));
    }
    storage_parameters(chain, parameters).flag("unlogged", *is_unlogged)
}

pub(super) fn statistics(statistics: &Statistics) -> Chain {
    let Statistics { name, schema, table_schema, table, kinds, columns, expressions, target } = statistics;
    let mut chain = in_schema(Chain::new("build::Statistics::new", [name.into(), table.into()]), schema);
    if table_schema != schema::PUBLIC {
        chain = chain.with("table_schema", table_schema);
    }
    for kind in kinds {
        let kind = match kind {
            StatisticsKind::Ndistinct => "Ndistinct",
            StatisticsKind::Dependencies => "Dependencies",
            StatisticsKind::Mcv => "Mcv",
        };
        chain = chain.with("kind", code(format!("schema::StatisticsKind::{kind}")));
    }
    if !columns.is_empty() {
        chain = chain.with("columns", list(columns));
    }
    chain = expressions.iter().fold(chain, |chain, sql| chain.with("expression", sql));
    match target {
        Some(target) => chain.with("target", code(target.to_string())),
        None => chain,
    }
}

/// A policy on a table that is declared elsewhere.
pub(super) fn policy(policy: &Policy) -> Chain {
    let Policy { name, kind, command, roles: _, using, with_check, schema: _, on: _ } = policy;
    let mut chain = Chain::new("build::Policy::new", [name.into()]);
    chain = chain.flag("restrictive", *kind == Some(PolicyKind::Restrictive));
    let command = match command.unwrap_or_default() {
        PolicyCommand::All => None,
        PolicyCommand::Select => Some("Select"),
        PolicyCommand::Insert => Some("Insert"),
        PolicyCommand::Update => Some("Update"),
        PolicyCommand::Delete => Some("Delete"),
    };
    if let Some(command) = command {
        chain = chain.with("for_command", code(format!("schema::PolicyCommand::{command}")));
    }
    let roles = policy.role_names();
    if roles != ["public"] {
        chain = chain.with("to", list(&roles));
    }
    chain = chain.some("using", using.as_ref()).some("with_check", with_check.as_ref());
    let (schema, table) = policy.linked_table().unwrap_or_default();
    chain.call("on", [(&schema).into(), (&table).into()])
}
