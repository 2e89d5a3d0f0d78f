//! Two rows for every table that takes them, and what must be left of them.

use schema::mentions::Mentions;
use schema::quote::{ident, literal};
use schema::{Column, Objects, PUBLIC, Partition, Schema, Table};

use crate::diff::Matched;
use crate::rename::Resolved;
use crate::step::Name;

/// A statement that puts rows into a table.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table's key in the schema.
    pub table: String,
    /// The statement. It fails where a foreign key needs the rows of another table first, and where
    /// the table refuses sample values.
    pub statement: String,
}

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

/// Rows for each table of a schema.
pub fn inserts(schema: &Schema) -> Vec<Insert> {
    let insert = |(key, table): (&String, &Table)| Insert { table: key.clone(), statement: insert_into(schema, table) };
    schema.tables.iter().map(insert).collect()
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
        !is.any(|is| is.key() == was.key() || is.bounds == was.bounds)
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

/// An INSERT of two rows, equal in every table, so that foreign keys find what they reference.
fn insert_into(schema: &Schema, table: &Table) -> String {
    let columns: Vec<&Column> =
        table.columns.values().filter(|c| c.generated.is_none() && value(schema, c, 0).is_some()).collect();
    if columns.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", name(table));
    }
    let names: Vec<String> = columns.iter().map(|column| ident(&column.name)).collect();
    let row = |at: usize| {
        let values: Vec<String> = columns.iter().filter_map(|column| value(schema, column, at)).collect();
        format!("({})", values.join(", "))
    };
    let (names, first, second) = (names.join(", "), row(0), row(1));
    format!("INSERT INTO {} ({names}) OVERRIDING SYSTEM VALUE VALUES {first}, {second}", name(table))
}

/// A value for the column in the first or second row, if one is known for its type.
fn value(schema: &Schema, column: &Column, at: usize) -> Option<String> {
    let (element, is_array) = match column.sql_type.split_once('[') {
        Some((element, _)) => (element, true),
        None => (column.sql_type.as_str(), false),
    };
    let text = match &column.type_schema {
        Some(in_schema) => {
            let values = &schema.enums.get(&schema::key(in_schema, element))?.values;
            values.get(at % values.len().max(1))?.clone()
        }
        None => text_of(schema, element, at)?,
    };
    Some(if is_array { literal(&format!("{{\"{}\"}}", text.replace('"', "\\\""))) } else { literal(&text) })
}

/// The text of a value, whose type may be one that the schema declares.
fn text_of(schema: &Schema, sql_type: &str, at: usize) -> Option<String> {
    let key = if sql_type.contains('.') { sql_type.to_owned() } else { schema::key(PUBLIC, sql_type) };
    let objects = &schema.objects;
    if let Some(domain) = objects.domains.get(&key) {
        return text_of(schema, &domain.base, at);
    }
    if let Some(range) = objects.ranges.get(&key) {
        return Some(format!("[{0},{0}]", text_of(schema, &range.subtype, at)?));
    }
    if let Some(composite) = objects.composites.get(&key) {
        let texts: Option<Vec<String>> =
            composite.attributes.values().map(|attribute| text_of(schema, &attribute.sql_type, at)).collect();
        return Some(format!("({})", texts?.join(",")));
    }
    Some(sample(sql_type)?[at].to_owned())
}

fn sample(sql_type: &str) -> Option<[&'static str; 2]> {
    let base = sql_type.split('(').next()?.trim();
    let has_zone = sql_type.ends_with("with time zone");
    Some(match base {
        "smallint" | "integer" | "bigint" | "serial" | "smallserial" | "bigserial" | "numeric" | "real"
        | "double precision" | "text" | "varchar" | "char" | "citext" => ["1", "2"],
        "boolean" => ["true", "false"],
        "json" | "jsonb" => ["1", "2"],
        "uuid" => ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"],
        "date" => ["2001-01-01", "2002-02-02"],
        "time" | "time with time zone" if has_zone => ["01:01:01+00", "02:02:02+00"],
        "time" => ["01:01:01", "02:02:02"],
        "timestamp" | "timestamp with time zone" if has_zone => ["2001-01-01 01:01:01+00", "2002-02-02 02:02:02+00"],
        "timestamp" => ["2001-01-01 01:01:01", "2002-02-02 02:02:02"],
        interval if interval.starts_with("interval") => ["1 day 00:00:01", "2 days 00:00:02"],
        "inet" | "cidr" => ["10.0.0.1", "10.0.0.2"],
        "macaddr" => ["08:00:2b:01:02:03", "08:00:2b:01:02:04"],
        "macaddr8" => ["08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:06"],
        "point" => ["(1,1)", "(2,2)"],
        "line" => ["{1,1,1}", "{2,1,1}"],
        "bytea" => ["\\x01", "\\x02"],
        _ => return None,
    })
}
