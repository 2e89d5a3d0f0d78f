//! Foreign keys, once every table is known.

use schema::build::ForeignKey;
use schema::{ReferentialAction, names};

use super::{BuiltColumn, BuiltTable, cut_off};
use crate::random::spec::{Choice, ForeignKeySpec};
use crate::random::types::Kind;

pub(super) fn foreign_key(
    spec: &ForeignKeySpec,
    own: usize,
    tables: &[Option<BuiltTable>],
) -> Option<(String, ForeignKey)> {
    const ACTIONS: [ReferentialAction; 5] = [
        ReferentialAction::NoAction,
        ReferentialAction::Restrict,
        ReferentialAction::Cascade,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
    ];
    let (table, target) = (tables[own].as_ref()?, tables[usize::from(spec.table) % tables.len()].as_ref()?);
    if target.is_unlogged && !table.is_unlogged {
        return None;
    }
    let key = (!target.keys.is_empty()).then(|| &target.keys[usize::from(spec.key) % target.keys.len()])?;
    let mut from: Vec<&BuiltColumn> = Vec::new();
    let mut to = Vec::new();
    for at in key {
        let referenced = target.columns[*at].as_ref()?;
        let own = (0..table.columns.len()).map(|offset| (offset + usize::from(spec.own)) % table.columns.len());
        let mut own = own.filter_map(|at| table.columns[at].as_ref());
        // PostgreSQL compares no domain over an enum.
        let is_comparable = !referenced.is_domain || referenced.kind != Kind::Ordered;
        let fits = |column: &&BuiltColumn| {
            is_comparable
                && column.comparable == referenced.comparable
                && !column.is_array
                && !column.is_generated
                && from.iter().all(|chosen| chosen.name != column.name)
        };
        let column = own.find(fits)?;
        from.push(column);
        to.push(referenced.name.clone());
    }
    let from: Vec<String> = from.into_iter().map(|column| column.name.clone()).collect();
    let name = match spec.name {
        Some(choice) => format!("fk_{}", choice % 4),
        None => names::foreign_key(&table.name, &from, &target.name, &to),
    };
    let action = |choice: Choice| ACTIONS[usize::from(choice) % ACTIONS.len()];
    let key = ForeignKey::new(from).references(&target.name, to).in_schema(&target.schema).name(&name);
    let mut key = key.on_delete(action(spec.actions.0)).on_update(action(spec.actions.1));
    if spec.beside.match_full {
        key = key.match_full();
    }
    let key = match spec.beside.deferral % 3 {
        0 => key,
        1 => key.deferrable(),
        _ => key.initially_deferred(),
    };
    Some((cut_off(&name), key))
}
