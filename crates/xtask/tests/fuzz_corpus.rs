//! The corpus of the fuzz targets, without the fuzzer: what once was found stays mended, and the targets go on working.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "which text it was is seen where a target panics")]

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a crate of its own")]
mod targets;

/// Runs a target over its texts, and returns how many there are.
fn run(name: &str, target: impl Fn(&str)) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).collect();
    files.sort();
    for file in &files {
        println!("{}", file.display());
        target(&String::from_utf8_lossy(&fs::read(file).unwrap()));
    }
    files.len()
}

#[test]
fn journals_are_read_or_refused() {
    assert!(run("journal", targets::journal) > 3);
}

#[test]
fn snapshots_are_read_or_refused() {
    assert!(run("snapshot", targets::snapshot) > 3);
}

#[test]
fn sql_is_divided_without_loss() {
    assert!(run("splitter", targets::splitter) > 3);
}

#[test]
fn hints_are_read_or_refused() {
    assert!(run("hints", targets::hints) > 3);
}
