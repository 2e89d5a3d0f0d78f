//! What the derives declare, against drizzle-kit's snapshot of the TypeScript twin and against the builder.
#![cfg(all(feature = "derive", feature = "chrono", feature = "uuid", feature = "rust_decimal"))]
#![allow(missing_docs, dead_code, unreachable_pub)]
// Two constraints may well be on the same columns.
#![allow(clippy::duplicated_attributes)]

#[path = "declared/tables.rs"]
mod tables;

use schema::build::{self, Check, Column, ForeignKey, PrimaryKey, Table, types};
use schema::{ReferentialAction, Snapshot};

const DRIZZLE: &str = include_str!("declared/drizzle.json");

fn declared() -> schema::Schema {
    schema::declared().unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn every_type_and_option_gives_drizzle_kits_snapshot() {
    let drizzle = Snapshot::parse(DRIZZLE).expect("drizzle-kit wrote it");
    let mut ours = Snapshot { schema: declared(), ..drizzle.clone() };
    // drizzle-kit orders objects by the names of the exported variables, and we by their own.
    let mut theirs = drizzle;
    for snapshot in [&mut ours, &mut theirs] {
        snapshot.schema.tables.sort_unstable_keys();
        snapshot.schema.enums.sort_unstable_keys();
        snapshot.schema.views.sort_unstable_keys();
        snapshot.schema.sequences.sort_unstable_keys();
        snapshot.schema.roles.sort_unstable_keys();
        snapshot.schema.schemas.sort_unstable_keys();
        for table in snapshot.schema.tables.values_mut() {
            table.foreign_keys.sort_unstable_keys();
            table.indexes.sort_unstable_keys();
            table.unique_constraints.sort_unstable_keys();
        }
    }
    similar(&ours.to_json(), &theirs.to_json());
}

/// Equality of texts that shows the first lines that differ.
fn similar(ours: &str, theirs: &str) {
    let differing: Vec<_> = ours.lines().zip(theirs.lines()).filter(|(ours, theirs)| ours != theirs).take(10).collect();
    assert!(differing.is_empty() && ours.len() == theirs.len(), "ours, theirs: {differing:#?}");
}

#[test]
fn the_builder_gives_the_same_tables() {
    let declared = declared();
    let id = || types::uuid();
    let members = Table::new("members")
        .column(
            Column::new("user_id", id()).not_null().references_as(
                ForeignKey::new(["user_id"])
                    .references("users", ["id"])
                    .on_delete(ReferentialAction::SetNull)
                    .on_update(ReferentialAction::Restrict),
            ),
        )
        .column(Column::new("team", types::integer()).not_null())
        .column(Column::new("parent_user_id", id()))
        .column(Column::new("parent_team", types::integer()))
        .primary_key(PrimaryKey::on(["user_id", "team"]))
        .foreign_key(
            ForeignKey::new(["parent_user_id", "parent_team"])
                .references("members", ["user_id", "team"])
                .name("parent")
                .on_delete(ReferentialAction::SetDefault)
                .on_update(ReferentialAction::Cascade),
        );
    let users = Table::new("users").column(Column::new("id", id()).primary_key()).check(Check::new("c", "true"));
    let built = build::schema([members.into(), users.into()]).expect("the tables are right");
    assert_eq!(declared.tables["public.members"], built.tables["public.members"]);
}

#[test]
fn a_referenced_field_stands_for_its_column_whatever_that_is_named() {
    let parent = &declared().tables["public.members"].foreign_keys["parent"];
    assert_eq!(parent.columns_to, ["user_id", "team"]);
}

#[test]
fn an_enum_reads_and_writes_its_labels() {
    use tables::{Mood, UserRole};
    assert_eq!(UserRole::SuperAdmin.to_string(), "super_admin");
    assert_eq!("b'c".parse::<Mood>(), Ok(Mood::B));
    assert_eq!(UserRole::VALUES, ["member", "super_admin"]);
    let unknown = "root".parse::<UserRole>().expect_err("there is no such label");
    assert_eq!(unknown.to_string(), "'root' is no value of the enum \"user_role\"");
}
