//! drizzle-kit's own SQL, observed: pairs of snapshots with the statements that drizzle-kit 0.31 writes for them, and
//! whether PostgreSQL 15 accepted those. `generate.jsonl` has 164 of its own test cases; `observed.jsonl` others, small
//! changes of every kind that drizzle-kit gets right.

use kit::rename::{Answer, Answers};
use schema::Snapshot;
use serde::Deserialize;

use crate::support::{self, Database, Failure};

#[derive(Deserialize)]
struct Case {
    id: String,
    title: String,
    from: serde_json::Value,
    to: serde_json::Value,
    renames: Vec<String>,
    sql: Vec<String>,
    kit_status: String,
    precondition: Vec<String>,
}

fn cases() -> Vec<Case> {
    let lines = [include_str!("../corpus/generate.jsonl"), include_str!("../corpus/observed.jsonl")];
    lines.into_iter().flat_map(str::lines).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn snapshot(value: &serde_json::Value) -> schema::Schema {
    Snapshot::parse(&value.to_string()).unwrap().schema
}

fn statements(case: &Case) -> Vec<String> {
    let answers = case.renames.iter().map(|rename| Answer::rename(rename).unwrap());
    let answers = Answers::new(answers).create_the_rest();
    let (previous, next) = (snapshot(&case.from), snapshot(&case.to));
    let resolved = kit::rename::resolve(&previous, &next, &answers);
    kit::plan::plan(&resolved, &next).iter().flat_map(kit::sql::statements).collect()
}

/// The statements as tokens: white space and the case of what is not quoted do not count.
fn tokens(statements: &[String]) -> Vec<Vec<String>> {
    let parts = statements.iter().flat_map(|sql| sql.split("--> statement-breakpoint"));
    parts.map(tokens_of).collect()
}

fn tokens_of(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut quote = None;
    let mut token = String::new();
    for c in sql.chars() {
        match quote {
            Some(q) => {
                token.push(c);
                if c == q {
                    quote = None;
                }
            }
            None if c.is_whitespace() => tokens.push(std::mem::take(&mut token)),
            None if "(),;.[]".contains(c) => {
                tokens.push(std::mem::take(&mut token));
                tokens.push(c.to_string());
            }
            None => {
                if c == '"' || c == '\'' {
                    quote = Some(c);
                }
                token.extend(c.to_lowercase());
            }
        }
    }
    tokens.push(token);
    tokens.retain(|token| !token.is_empty());
    tokens
}

#[test]
fn every_case_that_drizzle_kit_gets_right_has_its_statements() {
    let mut differing = Vec::new();
    for case in cases().iter().filter(|case| case.kit_status == "ok") {
        let ours = statements(case);
        if tokens(&ours) != tokens(&case.sql) {
            differing.push(format!("{} {}\n  kit  {:#?}\n  ours {ours:#?}", case.id, case.title, case.sql));
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

/// Cases whose `to` no PostgreSQL takes, or none without PostGIS: a condition `select 1`, an operator
/// class `test`, a type `geometry`, a `fillfactor` of 1.
fn is_invalid(case: &Case) -> bool {
    ["g000", "g001", "g089", "g111"].contains(&case.id.as_str())
}

/// Makes the tablespace, if the statement asks for one. It stays for the cases and runs to come, since
/// it belongs to the whole cluster.
fn creates_tablespace(database: &Database, statement: &str) -> bool {
    let is_tablespace = statement.starts_with("CREATE TABLESPACE");
    if is_tablespace {
        database.run("SET allow_in_place_tablespaces = on").unwrap();
        let made = database.run(&format!("{statement} LOCATION ''"));
        assert!(made.is_ok() || made.is_err_and(|refusal| refusal.code == "42710"), "{statement}");
    }
    is_tablespace
}

#[test]
fn every_case_applies_and_ends_where_it_should() {
    let database = Database::new();
    let mut failures = Vec::new();
    let cases = cases();
    for case in &cases {
        let answers = case.renames.iter().map(|rename| Answer::rename(rename).unwrap()).collect();
        let (previous, next) = (snapshot(&case.from), snapshot(&case.to));
        let precondition = case.precondition.iter().filter(|sql| !creates_tablespace(&database, sql));
        let precondition = precondition.cloned().collect();
        let checked = support::Case { previous, next, answers, precondition, ..support::Case::default() };
        match checked.check(&database).and_then(|report| report.go_back(&database)) {
            Ok(()) => {}
            Err(Failure::Fixture(_)) if case.kit_status == "from-does-not-apply" || is_invalid(case) => {}
            Err(Failure::Fixture(why) | Failure::Migration(why)) => {
                failures.push(format!("{} {}: {why}", case.id, case.title));
            }
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
}
