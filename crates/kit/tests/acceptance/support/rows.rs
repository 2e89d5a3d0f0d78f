//! Two rows in every table that takes them, and what must be left of them.

use kit::rename::Resolved;
use schema::quote::{ident, literal};
use schema::{Column, Schema, Table};

use super::database::Database;

/// The rows of one table, before a migration.
#[derive(Debug)]
pub(crate) struct Kept {
    new_table: String,
    /// A query after the migration, and what it must give.
    queries: Vec<(String, Vec<String>)>,
}

impl Kept {
    pub(crate) fn check(&self, database: &Database) -> Result<(), String> {
        for (query, expected) in &self.queries {
            let found = database.texts(query);
            if found != *expected {
                let table = &self.new_table;
                return Err(format!("the rows of {table} changed: {query} gives {found:?} and not {expected:?}"));
            }
        }
        Ok(())
    }
}

/// Inserts rows into the tables of `previous`, and notes what `next` must have kept of them.
pub(crate) fn insert(database: &Database, previous: &Schema, resolved: &Resolved, next: &Schema) -> Vec<Kept> {
    let mut empty: Vec<&Table> = previous.tables.values().collect();
    // A foreign key may need the rows of another table first.
    loop {
        let before = empty.len();
        empty.retain(|table| database.run(&insert_into(previous, table)).is_err());
        if empty.len() == before {
            break;
        }
    }
    // Renames change names and keep the order.
    let tables = previous.tables.values().zip(resolved.previous.tables.values());
    let filled = tables.filter(|(old, _)| !empty.iter().any(|table| table.key() == old.key()));
    let kept = filled.filter_map(|(old, renamed)| Some(kept(database, old, renamed, next.tables.get(&renamed.key())?)));
    kept.collect()
}

fn kept(database: &Database, old: &Table, renamed: &Table, next: &Table) -> Kept {
    let (old_table, new_table) = (name(old), name(next));
    let mut queries = Vec::new();
    let mut expect = |old_query: String, new_query: String| queries.push((new_query, database.texts(&old_query)));
    let count = |table: &str| format!("SELECT count(*) FROM {table}");
    expect(count(&old_table), count(&new_table));
    for (was, renamed) in old.columns.values().zip(renamed.columns.values()) {
        let Some(next) = next.columns.get(&renamed.name) else { continue };
        let (old_column, new_column) = (ident(&was.name), ident(&next.name));
        if next.generated.is_some() {
            // Computed anew.
        } else if renamed.sql_type == next.sql_type && renamed.type_schema == next.type_schema {
            let values = |column: &str, table: &str| format!("SELECT {column}::text FROM {table} ORDER BY 1");
            expect(values(&old_column, &old_table), values(&new_column, &new_table));
        } else {
            let values = |column: &str, table: &str| format!("SELECT count({column}) FROM {table}");
            expect(values(&old_column, &old_table), values(&new_column, &new_table));
        }
    }
    Kept { new_table, queries }
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
        None => sample(element)?[at].to_owned(),
    };
    Some(if is_array { literal(&format!("{{\"{}\"}}", text.replace('"', "\\\""))) } else { literal(&text) })
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
