//! How many rows a foreign key brings together.

use schema::{ForeignKey, Schema, Table};

/// What a foreign key says of the rows on both sides.
pub(super) struct Relation {
    /// Whether at most one row references a row, since the columns are unique.
    pub(super) is_one_to_one: bool,
    /// Whether a row may reference none.
    pub(super) is_optional: bool,
}

impl Relation {
    pub(super) fn of(key: &ForeignKey, table: &Table) -> Self {
        let same = |columns: &[&str]| {
            columns.len() == key.columns_from.len()
                && key.columns_from.iter().all(|column| columns.contains(&column.as_str()))
        };
        let by_unique = table
            .unique_constraints
            .values()
            .any(|unique| same(&unique.columns.iter().map(String::as_str).collect::<Vec<_>>()));
        let by_index = table.indexes.values().any(|index| {
            index.is_unique
                && index.predicate.is_none()
                && index.columns.iter().all(|column| !column.is_expression)
                && same(&index.columns.iter().map(|column| column.expression.as_str()).collect::<Vec<_>>())
        });
        let primary_key = table.primary_key_columns();
        let columns = key.columns_from.iter().filter(|column| !primary_key.contains(&column.as_str()));
        let mut columns = columns.filter_map(|column| table.columns.get(column));
        Relation {
            is_one_to_one: same(&table.primary_key_columns()) || by_unique || by_index,
            is_optional: columns.any(|column| !column.not_null),
        }
    }
}

/// The foreign keys between tables of the schema, with both of them.
pub(super) fn all(schema: &Schema) -> impl Iterator<Item = (&ForeignKey, &Table, &Table)> {
    schema.tables.values().flat_map(move |table| {
        let keys = table.foreign_keys.values();
        keys.filter_map(move |key| schema.tables.get(&key.references()).map(|target| (key, table, target)))
    })
}
