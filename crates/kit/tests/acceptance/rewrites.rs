//! What a hazard says of a change of type, held against what PostgreSQL does.

use kit::Migration;
use kit::hazard::HazardKind;
use kit::rename::Answers;
use schema::Schema;
use schema::build::{self, Column, Table, types};

use crate::support::Database;

fn items(sql_type: &str) -> Schema {
    let table = Table::new("items").column(Column::new("a", types::custom(sql_type)));
    build::schema([table.into()]).unwrap()
}

fn migration(previous: &Schema, next: &Schema) -> Migration {
    let resolved = kit::rename::resolve(previous, next, &Answers::default());
    Migration::new(kit::plan::plan(&resolved, next))
}

/// The file that holds the rows: another one after a rewrite.
fn file(database: &Database) -> Vec<String> {
    database.texts("SELECT pg_relation_filenode('items')")
}

#[test]
fn a_table_is_rewritten_exactly_where_the_hazard_says_so() {
    let database = Database::new();
    // Anywhere else PostgreSQL need not rewrite a timestamp that gets a time zone.
    database.run("SET timezone = 'Europe/Berlin'").unwrap();
    let mut wrong = Vec::new();
    for (from, to) in [
        ("varchar(10)", "varchar(20)"),
        ("varchar(20)", "varchar(10)"),
        ("varchar(10)", "text"),
        ("text", "varchar"),
        ("text", "varchar(5)"),
        ("text", "char(5)"),
        ("char(5)", "char(9)"),
        ("char(5)", "text"),
        ("varchar(5)", "char(5)"),
        ("varchar(10)[]", "varchar(20)[]"),
        ("varchar(10)[]", "text[]"),
        ("text", "name"),
        ("name", "text"),
        ("smallint", "integer"),
        ("integer", "bigint"),
        ("integer", "text"),
        ("integer", "numeric"),
        ("integer", "numeric(12,2)"),
        ("bigint", "real"),
        ("real", "double precision"),
        ("numeric(5,2)", "numeric(7,2)"),
        ("numeric(5,2)", "numeric"),
        ("numeric(5,2)", "numeric(5,4)"),
        ("numeric(7,2)", "numeric(5,2)"),
        ("numeric", "numeric(5,2)"),
        ("numeric(5,2)[]", "numeric(7,2)[]"),
        ("boolean", "integer"),
        ("integer", "boolean"),
        ("integer", "integer[]"),
        ("json", "jsonb"),
        ("jsonb", "json"),
        ("inet", "cidr"),
        ("cidr", "inet"),
        ("macaddr", "macaddr8"),
        ("date", "timestamp"),
        ("timestamp", "timestamp with time zone"),
        ("timestamp", "date"),
        ("timestamp(3)", "timestamp(6)"),
        ("timestamp(6)", "timestamp(3)"),
        ("timestamp(3)", "timestamp"),
        ("time(0)", "time(3)"),
        ("time", "interval"),
        ("interval", "interval(3)"),
        ("interval day", "interval"),
        ("bit(3)", "bit(5)"),
        ("bytea", "text"),
        ("uuid", "text"),
        ("text", "uuid"),
    ] {
        database.clear();
        let (previous, next) = (items(from), items(to));
        for statement in migration(&Schema::default(), &previous).statements() {
            database.run(statement).unwrap();
        }
        let before = file(&database);
        let migration = migration(&previous, &next);
        for statement in migration.statements() {
            database.run(statement).unwrap();
        }
        let is_rewritten = file(&database) != before;
        let mut hazards = migration.steps().iter().flat_map(|step| &step.hazards);
        let is_said = hazards.any(|hazard| hazard.kind == HazardKind::Lock);
        if is_rewritten != is_said {
            wrong.push(format!("{from} to {to}: rewritten {is_rewritten}, said {is_said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
