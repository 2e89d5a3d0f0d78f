use std::collections::HashMap;

use schema::{ColumnObjects, Exclusion, Index, IndexObjects, Map, Table, TableObjects};

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
    let Indexes { indexes, exclusion_constraints, of_indexes } = indexes(relation, parts, notes);
    let (foreign_keys, of_foreign_keys) = with_objects(constraints.foreign_keys, |key| &key.name);
    let (composite_primary_keys, of_primary_key) = with_objects(constraints.primary_key, |key| &key.name);
    let (unique_constraints, of_uniques) = with_objects(constraints.uniques, |unique| &unique.name);
    let (check_constraints, of_checks) = with_objects(constraints.checks, |check| &check.name);
    let table = Table {
        name: relation.name.clone(),
        schema: unless_public(&relation.schema).unwrap_or_default(),
        columns,
        indexes,
        foreign_keys,
        composite_primary_keys,
        unique_constraints,
        policies: named(policies.into_iter().map(policy::policy), |policy| &policy.name),
        check_constraints,
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
        indexes: of_indexes,
        foreign_keys: of_foreign_keys,
        composite_primary_keys: of_primary_key,
        unique_constraints: of_uniques,
        check_constraints: of_checks,
    };
    (table, objects)
}

/// The indexes of a table or materialized view that no key brings.
pub(super) struct Indexes {
    pub(super) indexes: Map<Index>,
    pub(super) exclusion_constraints: Map<Exclusion>,
    pub(super) of_indexes: Map<IndexObjects>,
}

pub(super) fn indexes(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> Indexes {
    let rows = parts.indexes.remove(&relation.oid).unwrap_or_default();
    let (mut indexes, mut exclusion_constraints) = (Vec::new(), Map::new());
    for keys in rows.chunk_by(|one, next| one.name == next.name) {
        let name = keys[0].name.clone();
        notes.extras(&keys[0].extras, &part(&name, relation));
        if keys[0].operator.is_some() {
            exclusion_constraints.insert(name, exclusion::exclusion(keys, relation, notes));
        } else {
            indexes.push((index::index(keys), index::objects(keys)));
        }
    }
    let (indexes, of_indexes) = with_objects(indexes, |index| &index.name);
    Indexes { indexes, exclusion_constraints, of_indexes }
}

/// Named parts of a table, and what those among them have that no snapshot holds.
fn with_objects<T, O: Default + PartialEq>(
    parts: impl IntoIterator<Item = (T, O)>,
    name: impl Fn(&T) -> &String,
) -> (Map<T>, Map<O>) {
    let (mut of_snapshot, mut beside) = (Map::new(), Map::new());
    for (part, objects) in parts {
        let name = name(&part).clone();
        if objects != O::default() {
            beside.insert(name.clone(), objects);
        }
        of_snapshot.insert(name, part);
    }
    (of_snapshot, beside)
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
