use schema::Table;
use schema::quote::{ident, idents};

use super::{column, constraint};
use crate::step::{Name, TableStep};

pub(super) fn statement(step: &TableStep) -> String {
    match step {
        TableStep::Create(table) => create(table),
        TableStep::EnableRls { table } => format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"),
        TableStep::DisableRls { table } => format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"),
        TableStep::Drop { table } => format!("DROP TABLE {} CASCADE;", Name::of(table)),
        TableStep::SetSchema { table, to, carried: _, leg: _ } => {
            format!("ALTER TABLE {table} SET SCHEMA {};\n", ident(to))
        }
        TableStep::Rename { table, to, leg: _ } => format!("ALTER TABLE {table} RENAME TO {};", ident(to)),
    }
}

/// One line a column, then the keys, unique and check constraints.
fn create(table: &Table) -> String {
    let columns = table.columns.values().map(|c| column::definition(c, column::IdentityAt::InsteadOfNotNull));
    let keys = table
        .composite_primary_keys
        .values()
        .map(|key| format!("CONSTRAINT {} PRIMARY KEY({})", ident(&key.name), idents(&key.columns)));
    let uniques = table.unique_constraints.values().map(constraint::unique);
    let checks = table.check_constraints.values().map(constraint::check);
    let lines: Vec<String> = columns.chain(keys).chain(uniques).chain(checks).map(|line| format!("\t{line}")).collect();
    format!("CREATE TABLE {} (\n{}\n);\n", Name::of(table), lines.join(",\n"))
}
