use std::collections::HashMap;

use schema::{Index, Map, Table};

use super::constraint::Constraints;
use super::sequence::Sequences;
use super::{Notes, column, index, named, part, path, policy, unless_public};
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

pub(super) fn table(relation: &RelationRow, parts: &mut Parts, sequences: &mut Sequences, notes: &mut Notes) -> Table {
    note_storage(relation, notes);
    let columns = parts.columns.remove(&relation.oid).unwrap_or_default();
    let columns = columns.iter().map(|row| column::column(row, relation, sequences, notes));
    let mut columns = named(columns, |column| &column.name);
    let constraints = parts.constraints.remove(&relation.oid).unwrap_or_default();
    let constraints = Constraints::new(constraints, relation, notes);
    if let Some(column) = constraints.unnamed_primary_key.and_then(|key| columns.get_mut(&key)) {
        column.primary_key = true;
    }
    let policies = parts.policies.remove(&relation.oid).unwrap_or_default();
    Table {
        name: relation.name.clone(),
        schema: unless_public(&relation.schema).unwrap_or_default(),
        columns,
        indexes: indexes(relation, parts, notes),
        foreign_keys: named(constraints.foreign_keys, |key| &key.name),
        composite_primary_keys: named(constraints.primary_key, |key| &key.name),
        unique_constraints: named(constraints.uniques, |unique| &unique.name),
        policies: named(policies.into_iter().map(policy::policy), |policy| &policy.name),
        check_constraints: named(constraints.checks, |check| &check.name),
        is_rls_enabled: relation.has_row_security,
    }
}

fn indexes(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> Map<Index> {
    let rows = parts.indexes.remove(&relation.oid).unwrap_or_default();
    let keys = rows.chunk_by(|one, next| one.name == next.name);
    let indexes = keys.map(|keys| {
        notes.extras(&keys[0].extras, &part(&keys[0].name, relation));
        index::index(keys)
    });
    named(indexes, |index| &index.name)
}

/// How a table is stored is nothing that a schema says.
fn note_storage(relation: &RelationRow, notes: &mut Notes) {
    let name = path(&relation.schema, &relation.name);
    notes.extras(&relation.extras, &name);
    if !relation.options.is_empty() {
        notes.add("storage parameters", &name);
    }
    if relation.tablespace.is_some() {
        notes.add("TABLESPACE", &name);
    }
    if relation.access_method.as_deref().is_some_and(|method| method != HEAP) {
        notes.add("access method", &name);
    }
}
