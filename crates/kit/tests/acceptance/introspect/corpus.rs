//! What drizzle-kit 0.31 reads back from PostgreSQL 15, observed: 20 databases as SQL, each with its snapshot.

use kit::introspect::{Filter, Patterns, Roles};
use schema::{Map, Schema, Snapshot};
use serde::Deserialize;

use super::{compare, read_after};
use crate::support::Database;

#[derive(Deserialize)]
struct Case {
    id: String,
    title: String,
    schemas: Vec<String>,
    seed: Vec<String>,
    expected: serde_json::Value,
}

impl Case {
    fn expected(&self) -> Schema {
        Snapshot::parse(&self.expected.to_string()).unwrap().schema
    }

    fn filter(&self) -> Filter {
        Filter {
            schemas: Patterns::exactly(&self.schemas),
            roles: Roles::Matching(Patterns::exactly(self.expected().roles.keys().chain([&"(none)".to_owned()]))),
            ..Filter::default()
        }
    }

    /// The seed, after the role that the database of the corpus belonged to.
    fn statements(&self) -> Vec<&str> {
        const OWNER: &str = "DO $$ BEGIN CREATE ROLE postgres; EXCEPTION WHEN duplicate_object THEN END $$";
        [OWNER].into_iter().chain(self.seed.iter().map(String::as_str)).collect()
    }
}

fn cases() -> Vec<Case> {
    let lines = include_str!("../../corpus/introspect.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Corrects what drizzle-kit gets wrong; docs/differences.md lists it.
fn correct(case: &Case, schema: &mut Schema) {
    for table in schema.tables.values_mut() {
        let parts = table.indexes.values_mut().flat_map(|index| &mut index.columns);
        parts.filter(|part| part.opclass.as_deref() == Some("text_ops")).for_each(|part| part.opclass = None);
        for column in table.columns.values_mut() {
            column.sql_type = column.sql_type.replace("timestamp(", "timestamp (");
        }
        if let (["i16" | "i17" | "i19"], Some(policy)) = ([case.id.as_str()], table.policies.get_mut("test")) {
            (policy.using, policy.with_check) = (Some("true".to_owned()), Some("true".to_owned()));
        }
    }
}

/// PostgreSQL 16 and later print a view's columns without their table where there is but one.
fn unqualify(views: &mut Map<schema::View>) {
    for view in views.values_mut() {
        view.definition = view.definition.take().map(|sql| sql.replace("users.", ""));
    }
}

#[test]
fn every_case_is_read_as_drizzle_kit_reads_it_but_for_its_mistakes() {
    let database = Database::new();
    let mut differing = Vec::new();
    for case in cases() {
        let mut expected = case.expected();
        correct(&case, &mut expected);
        let mut found = read_after(&database, &case.statements(), &case.filter());
        unqualify(&mut expected.views);
        unqualify(&mut found.schema.views);
        let differences = compare(&expected, &found.schema);
        if !differences.is_empty() {
            differing.push(format!("{} {}: {differences}", case.id, case.title));
        }
        assert_eq!(found.not_modelled, [], "{} {}", case.id, case.title);
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}
