//! Compound changes by name: those that drizzle-kit gets wrong, and those that once failed here.

mod checked;
mod columns;
mod defaults;
mod enum_casts;
mod enums;
mod keys;
mod moves;
mod objects_comments;
mod objects_composites;
mod objects_domains;
mod objects_functions;
mod objects_keys;
mod objects_order;
mod objects_partitions;
mod objects_readers;
mod objects_renames;
mod objects_schemas;
mod objects_statistics;
mod objects_tables;
mod objects_triggers;
mod objects_types;
mod objects_views;
mod parts;
mod policies;
mod roles;
mod sequences;
mod snapshots;
mod swaps;
mod views;
mod whole_rows;

use kit::rename::Answer;
use schema::Schema;
use schema::build::{self, Object};

use crate::support::{Case, Database, Failure};

/// One change, as a sentence that says what is reached.
struct Named {
    sentence: &'static str,
    case: Case,
    keeps_rows: bool,
    /// The major version that it holds from.
    since: u32,
}

fn case(
    sentence: &'static str,
    previous: impl IntoIterator<Item = Object>,
    next: impl IntoIterator<Item = Object>,
    renames: &[&str],
) -> Named {
    let answers = renames.iter().map(|rename| Answer::rename(rename).unwrap()).collect();
    let [previous, next] = [build::schema(previous), build::schema(next)].map(|schema| schema.expect(sentence));
    Named { sentence, case: Case { previous, next, answers, ..Case::default() }, keeps_rows: true, since: 0 }
}

impl Named {
    /// Changes both schemas into what the builder does not write, and a snapshot may have.
    fn with(mut self, change: impl FnOnce(&mut Schema, &mut Schema)) -> Self {
        change(&mut self.case.previous, &mut self.case.next);
        self
    }

    /// SQL that both schemas need and neither declares.
    fn after(mut self, precondition: &str) -> Self {
        self.case.precondition.push(precondition.to_owned());
        self
    }

    /// It holds from that major version.
    fn since(mut self, major: u32) -> Self {
        self.since = major;
        self
    }

    /// What differs in its name alone is renamed.
    fn renaming_parts(mut self) -> Self {
        self.case.renames_parts = true;
        self
    }

    /// PostgreSQL knows no way back.
    fn one_way(mut self) -> Self {
        self.case.is_one_way = true;
        self
    }

    /// Rows that are there stand in the way, rightly.
    fn without_rows(mut self) -> Self {
        self.keeps_rows = false;
        self
    }
}

/// What a comparison of the database that was reached with the schema would change. What neither declares has no place
/// in it.
fn disagreement(database: &Database, sentence: &str, case: &Case) -> Option<String> {
    if !case.precondition.is_empty() {
        return None;
    }
    let declared = case.reached(database);
    let statements = crate::introspect::disagreement(database, &declared);
    (!statements.is_empty()).then(|| format!("{sentence}: it is not what was declared:\n{}", statements.join("\n")))
}

fn check(cases: Vec<Named>) {
    let database = Database::new();
    let mut failures = Vec::new();
    for Named { sentence, case, keeps_rows, since } in cases {
        if database.is_before(since) {
            continue;
        }
        match case.check(&database) {
            Ok(report) if report.kept_rows == keeps_rows => {
                failures.extend(disagreement(&database, sentence, &case));
                // The comparison has emptied the database.
                let back = case.check(&database).and_then(|report| report.go_back(&database));
                if let Err(Failure::Fixture(why) | Failure::Migration(why)) = back {
                    failures.push(format!("{sentence}: {why}"));
                }
            }
            Ok(_) if keeps_rows => failures.push(format!("{sentence}: no row was there or could stay")),
            Ok(_) => failures.push(format!("{sentence}: it holds with rows too")),
            Err(Failure::Fixture(why) | Failure::Migration(why)) => failures.push(format!("{sentence}: {why}")),
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
}
