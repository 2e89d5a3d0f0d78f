//! The arrows of ARCHITECTURE.md, read off `cargo metadata`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The packages of this workspace that each package depends on, tests left out.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--no-deps"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let dependencies = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"] != "dev").map(name).filter(|name| ours.contains(name)).collect()
    };
    packages.iter().map(|package| (name(package), dependencies(package))).collect()
}

#[test]
fn no_crate_knows_what_it_must_not() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("schema-macros", [].as_slice()),
        ("schema", &["schema-macros"]),
        ("kit", &["schema"]),
        ("lint", &[]),
        ("migrator", &[]),
        ("devdb", &[]),
        ("studio", &["schema", "kit", "migrator"]),
        ("xtask", &["schema", "kit", "lint", "migrator", "devdb", "studio"]),
        ("api", &["schema", "migrator"]),
    ]);
    for (package, knows) in arrows() {
        let allowed = allowed.get(package.as_str()).unwrap_or_else(|| panic!("{package} is not in the map"));
        for other in knows {
            assert!(allowed.contains(&other.as_str()), "{package} must not depend on {other}");
        }
    }
}

/// The packages from elsewhere that a package of this workspace is always built with.
fn required(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--no-deps"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|found| found["name"] == package).unwrap();
    let dependencies = found["dependencies"].as_array().unwrap().iter();
    let required = dependencies.filter(|dependency| dependency["kind"] != "dev" && dependency["optional"] == false);
    required.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_tool_that_a_generate_waits_for_has_a_driver_in_it() {
    for package in ["schema", "kit", "migrator", "xtask"] {
        let required = required(package);
        assert!(!required.iter().any(|name| name.contains("postgres") || name == "tokio"), "{package}: {required:?}");
    }
}
