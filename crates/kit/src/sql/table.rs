use schema::quote::ident;
use schema::{Map, Table, TableObjects};

use super::{column, constraint, parameter, partition};
use crate::step::{Name, TableStep};

pub(super) fn statement(step: &TableStep) -> String {
    match step {
        TableStep::Create { table, objects } => create(table, objects),
        TableStep::EnableRls { table, is_on: _ } => format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"),
        TableStep::DisableRls { table } => format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"),
        TableStep::SetRlsForced { table, is_forced } => {
            let no = if *is_forced { "" } else { "NO " };
            format!("ALTER TABLE {table} {no}FORCE ROW LEVEL SECURITY;")
        }
        TableStep::SetUnlogged { table, is_unlogged, references: _ } => {
            format!("ALTER TABLE {table} SET {};", if *is_unlogged { "UNLOGGED" } else { "LOGGED" })
        }
        TableStep::SetParameters { table, parameters } => {
            format!("ALTER TABLE {table} SET ({});", parameter::list(parameters))
        }
        TableStep::ResetParameters { table, parameters } => {
            let names: Vec<String> = parameters.iter().map(|name| parameter::name(name)).collect();
            format!("ALTER TABLE {table} RESET ({});", names.join(", "))
        }
        TableStep::Drop { table, with: _ } => format!("DROP TABLE {} CASCADE;", Name::of(table)),
        TableStep::SetSchema { table, to, carried: _, leg: _ } => {
            format!("ALTER TABLE {} SET SCHEMA {};\n", table.qualified(), ident(to))
        }
        TableStep::Rename { table, to, leg: _ } => format!("ALTER TABLE {table} RENAME TO {};", ident(to)),
    }
}

/// One line a column, then the keys, unique and check constraints.
fn create(table: &Table, objects: &TableObjects) -> String {
    let columns = table.columns.values().map(|column| {
        let beside = objects.columns.get(&column.name);
        let collation = beside.and_then(|beside| beside.collation.as_ref());
        let is_virtual = beside.is_some_and(|beside| beside.is_virtual);
        column::definition(column, collation, is_virtual, column::IdentityAt::InsteadOfNotNull)
    });
    let keys = table.composite_primary_keys.values();
    let keys = keys.map(|key| constraint::primary_key(key, &of(&objects.composite_primary_keys, &key.name)));
    let uniques = table.unique_constraints.values();
    let uniques = uniques.map(|unique| constraint::unique(unique, &of(&objects.unique_constraints, &unique.name)));
    let checks = table.check_constraints.values();
    let checks = checks.map(|check| constraint::check(check, &of(&objects.check_constraints, &check.name)));
    let lines: Vec<String> = columns.chain(keys).chain(uniques).chain(checks).map(|line| format!("\t{line}")).collect();
    let unlogged = if objects.is_unlogged { "UNLOGGED " } else { "" };
    let end = partition::end(objects.partition_by.as_ref(), &objects.storage_parameters);
    format!("CREATE {unlogged}TABLE {} (\n{}\n){end};\n", Name::of(table), lines.join(",\n"))
}

/// What a constraint has that no snapshot holds.
fn of<T: Clone + Default>(objects: &Map<T>, name: &str) -> T {
    objects.get(name).cloned().unwrap_or_default()
}
