//! Schemas as Rust: compiled, run, and the same again.

mod fixed;
mod normal;
mod package;

use kit::codegen::Layout;
use kit::rename::{Answers, resolve};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use schema::{Schema, Snapshot};
use serde::Deserialize;

use self::normal::normal;
use self::package::Package;
use crate::random::{build, spec};

#[derive(Deserialize)]
struct Case {
    #[serde(alias = "expected")]
    to: serde_json::Value,
    id: String,
}

/// The schemas of a file of the corpus, each under the name of its case.
fn corpus(lines: &str) -> Vec<(String, Schema)> {
    let cases = lines.lines().map(|line| serde_json::from_str::<Case>(line).unwrap());
    let schemas = cases.map(|case| (case.id, Snapshot::parse(&case.to.to_string()).unwrap().schema));
    // Many cases end where another does, but for what nobody sees in a schema.
    let mut schemas: Vec<(String, Schema)> =
        schemas.filter(|(_, schema)| schema::validate::problems(schema).is_empty()).collect();
    let mut seen: Vec<Schema> = Vec::new();
    schemas.retain(|(_, schema)| {
        !seen.contains(schema) && {
            seen.push(schema.clone());
            true
        }
    });
    schemas
}

/// So many random schemas, the same ones each time.
fn random(count: u32) -> Vec<(String, Schema)> {
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(7), ..Config::default() });
    let strategy = spec::spec();
    let tree = |number| {
        let spec = strategy.new_tree(&mut runner).unwrap().current();
        (format!("random_{number}"), build::build(&spec).schema)
    };
    (0..count).map(tree).collect()
}

/// Compiles each schema's code and compares what it declares.
fn check(package: &str, schemas: &[(String, Schema)], layout: Layout) {
    let package = Package::new(package);
    for (name, schema) in schemas {
        package.add(name, &kit::codegen::rust(schema, layout));
    }
    package.build();
    let mut differing = Vec::new();
    for (name, schema) in schemas {
        let declared = match package.declared(name) {
            Ok(declared) => declared,
            Err(why) => {
                differing.push(format!("{name}: {why}"));
                continue;
            }
        };
        let (is, was) = (normal(&declared), normal(schema));
        if is != was {
            let [is, was] = [&is, &was].map(schema::companion::print);
            differing.push(format!("{name}: {}", first_difference(&was, &is)));
            continue;
        }
        for (previous, next) in [(&was, &is), (&is, &was)] {
            let resolved = resolve(previous, next, &Answers::default().create_the_rest());
            let steps = kit::plan::plan(&resolved, next);
            let statements: Vec<String> = steps.iter().flat_map(kit::sql::statements).collect();
            if !statements.is_empty() {
                differing.push(format!("{name}: {statements:#?}"));
            }
        }
        for (key, table) in &schema.tables {
            let columns = |schema: &Schema| schema.tables.get(key).map(|table| table.columns.keys().cloned().collect());
            assert_eq!(columns(&declared), Some(table.columns.keys().cloned().collect::<Vec<_>>()), "{name} {key}");
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

fn first_difference(was: &str, is: &str) -> String {
    let mut lines = was.lines().zip(is.lines());
    match lines.position(|(was, is)| was != is) {
        Some(at) => {
            let around = |text: &str| text.lines().skip(at.saturating_sub(6)).take(12).collect::<Vec<_>>().join("\n");
            format!("was\n{}\nis\n{}", around(was), around(is))
        }
        None => format!("one is longer\n{was}\n---\n{is}"),
    }
}

#[test]
fn what_is_generated_of_the_corpus_compiles_and_declares_it_again() {
    let mut schemas = corpus(include_str!("../../corpus/generate.jsonl"));
    schemas.extend(corpus(include_str!("../../corpus/introspect.jsonl")));
    assert!(schemas.len() > 100, "{}", schemas.len());
    check("codegen_corpus", &schemas, Layout::OneFile);
}

#[test]
fn what_is_generated_of_random_schemas_compiles_and_declares_them_again() {
    check("codegen_random", &random(40), Layout::FilePerSchema);
}

#[test]
fn what_is_generated_of_everything_compiles_and_declares_it_again() {
    let schemas = fixed::schemas();
    check("codegen_fixed", &schemas, Layout::OneFile);
}
