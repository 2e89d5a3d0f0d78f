use std::collections::HashMap;

use schema::{ColumnObjects, Exclusion, Index, Map, Table, TableObjects};

use super::constraint::Constraints;
use super::sequence::Sequences;
use super::{Notes, column, exclusion, index, named, options, part, partition, path, policy, unless_public};
use crate::introspect::rows::{ColumnRow, ConstraintRow, IndexRow, PolicyRow, RelationRow};

/// The parts of all relations, by the relation.
pub(super) struct Parts {
    pub(super) columns: HashMap<u32, Vec<ColumnRow>>,
    pub(super) constraints: HashMap<u32, Vec<ConstraintRow>>,
    pub(super) indexes: HashMap<u32, Vec<IndexRow>>,
    pub(super) policies: HashMap<u32, Vec<PolicyRow>>,
}

/// The access method of a table that names none.
pub(super) const HEAP: &str = "heap";

/// A table, and what it has that no snapshot holds.
pub(super) fn table(
    relation: &RelationRow,
    parts: &mut Parts,
    sequences: &mut Sequences,
    notes: &mut Notes,
) -> (Table, TableObjects) {
    note_storage(relation, notes);
    let rows = parts.columns.remove(&relation.oid).unwrap_or_default();
    let columns = rows.iter().map(|row| column::column(row, relation, sequences, notes));
    let mut columns = named(columns, |column| &column.name);
    let constraints = parts.constraints.remove(&relation.oid).unwrap_or_default();
    let constraints = Constraints::new(constraints, relation, notes);
    if let Some(column) = constraints.unnamed_primary_key.and_then(|key| columns.get_mut(&key)) {
        column.primary_key = true;
    }
    let policies = parts.policies.remove(&relation.oid).unwrap_or_default();
    let (indexes, exclusion_constraints) = indexes(relation, parts, notes);
    let table = Table {
        name: relation.name.clone(),
        schema: unless_public(&relation.schema).unwrap_or_default(),
        columns,
        indexes,
        foreign_keys: named(constraints.foreign_keys, |key| &key.name),
        composite_primary_keys: named(constraints.primary_key, |key| &key.name),
        unique_constraints: named(constraints.uniques, |unique| &unique.name),
        policies: named(policies.into_iter().map(policy::policy), |policy| &policy.name),
        check_constraints: named(constraints.checks, |check| &check.name),
        is_rls_enabled: relation.has_row_security,
    };
    let of_columns = rows.iter().map(|row| (row.name.clone(), column::objects(row)));
    let objects = TableObjects {
        partition_by: partition::key(relation),
        storage_parameters: relation.options.iter().map(|text| options::storage_parameter(text)).collect(),
        is_unlogged: relation.is_unlogged,
        is_rls_forced: relation.has_forced_row_security,
        exclusion_constraints,
        columns: of_columns.filter(|(_, objects)| *objects != ColumnObjects::default()).collect(),
    };
    (table, objects)
}

fn indexes(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> (Map<Index>, Map<Exclusion>) {
    let rows = parts.indexes.remove(&relation.oid).unwrap_or_default();
    let (mut indexes, mut exclusions) = (Map::new(), Map::new());
    for keys in rows.chunk_by(|one, next| one.name == next.name) {
        let name = keys[0].name.clone();
        notes.extras(&keys[0].extras, &part(&name, relation));
        if keys[0].operator.is_some() {
            exclusions.insert(name, exclusion::exclusion(keys, relation, notes));
        } else {
            indexes.insert(name, index::index(keys));
        }
    }
    (indexes, exclusions)
}

/// Where and by what a table is stored is nothing that a schema says.
fn note_storage(relation: &RelationRow, notes: &mut Notes) {
    let name = path(&relation.schema, &relation.name);
    notes.extras(&relation.extras, &name);
    if relation.tablespace.is_some() {
        notes.add("TABLESPACE", &name);
    }
    if relation.access_method.as_deref().is_some_and(|method| method != HEAP) {
        notes.add("access method", &name);
    }
}
