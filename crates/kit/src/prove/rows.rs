//! What must be left of the rows that are there.

use schema::mentions::Mentions;
use schema::quote::ident;
use schema::{Column, Objects, Partition, Schema, Table};

use crate::diff::Matched;
use crate::rename::Resolved;
use crate::step::Name;

/// What a migration must leave as it is: one query before it and another after it, of one answer.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The table's key in the previous schema.
    pub table: String,
    /// The query before the migration.
    pub before: String,
    /// The query after it, with the names that are new then.
    pub after: String,
}

/// What a migration from one schema to another must keep of the rows of the tables that stay.
pub fn kept(previous: &Schema, resolved: &Resolved, next: &Schema) -> Vec<Kept> {
    let reshaped = reshaped(&resolved.previous.objects, &next.objects);
    // Renames change names and keep the order.
    let tables = previous.tables.iter().zip(resolved.previous.tables.values());
    let staying = tables
        .filter(|(_, renamed)| !loses_partition(&resolved.previous.objects, &next.objects, &renamed.key()))
        .filter_map(|((key, old), renamed)| Some((key, old, renamed, next.tables.get(&renamed.key())?)));
    staying.flat_map(|(key, old, renamed, next)| kept_of(key, [old, renamed, next], &reshaped)).collect()
}

/// Whether a partition of the table goes, or becomes one of another table, and its rows with it.
fn loses_partition(previous: &Objects, next: &Objects, table: &str) -> bool {
    let mut was = previous.partitions.values().filter(|partition| partitioned(previous, partition) == table);
    was.any(|was| {
        let mut is = next.partitions.values().filter(|partition| partitioned(next, partition) == table);
        let is_renamed = |is: &Partition| is.bounds == was.bounds && !previous.partitions.contains_key(&is.key());
        !is.any(|is| is.key() == was.key() || is_renamed(is))
    })
}

/// The key of the table that a partition is one of in the end.
fn partitioned(objects: &Objects, partition: &Partition) -> String {
    let mut parent = partition.parent_key();
    while let Some(partition) = objects.partitions.get(&parent) {
        parent = partition.parent_key();
    }
    parent
}

/// The types whose values have another text than before.
fn reshaped(previous: &Objects, next: &Objects) -> Vec<Name> {
    let composites = Matched::new(&previous.composites, &next.composites);
    let composites = composites.changed(|was, is| was == is).map(|pair| Name::new(&pair.next.schema, &pair.next.name));
    let domains = Matched::new(&previous.domains, &next.domains);
    let domains = domains.changed(|was, is| was.base == is.base);
    composites.chain(domains.map(|pair| Name::new(&pair.next.schema, &pair.next.name))).collect()
}

fn kept_of(key: &str, [old, renamed, next]: [&Table; 3], reshaped: &[Name]) -> Vec<Kept> {
    let (old_table, new_table) = (name(old), name(next));
    let mut kept = Vec::new();
    let mut keep = |before, after| kept.push(Kept { table: key.to_owned(), before, after });
    let count = |table: &str| format!("SELECT count(*) FROM {table}");
    keep(count(&old_table), count(&new_table));
    let is_reshaped = |column: &Column| {
        let mut reshaped = reshaped.iter().peekable();
        reshaped.peek().is_some() && {
            let mentions = Mentions::of(&column.sql_type);
            reshaped.any(|name| mentions.has_type(&name.schema, &name.name))
        }
    };
    for (was, renamed) in old.columns.values().zip(renamed.columns.values()) {
        let Some(next) = next.columns.get(&renamed.name) else { continue };
        let (old_column, new_column) = (ident(&was.name), ident(&next.name));
        if next.generated.is_some() {
            // Computed anew.
        } else if renamed.sql_type == next.sql_type && renamed.type_schema == next.type_schema && !is_reshaped(next) {
            let values = |column: &str, table: &str| format!("SELECT {column}::text FROM {table} ORDER BY 1");
            keep(values(&old_column, &old_table), values(&new_column, &new_table));
        } else {
            let values = |column: &str, table: &str| format!("SELECT count({column}) FROM {table}");
            keep(values(&old_column, &old_table), values(&new_column, &new_table));
        }
    }
    kept
}

fn name(table: &Table) -> String {
    format!("{}.{}", ident(table.schema_name()), ident(&table.name))
}
