//! What is fuzzed: the texts that are read from files. No text may panic, and what is read must be what is written again.
//!
//! `crates/xtask/tests/fuzz_corpus.rs` runs the same functions over the corpus that is kept.

use migrator::Journal;
use schema::{Objects, Snapshot};

/// What drizzle-kit puts between two statements.
const BREAKPOINT: &str = "--> statement-breakpoint";

/// `meta/_journal.json`, of any version.
pub fn journal(text: &str) {
    let read = Journal::parse(text, "journal");
    if let Ok(journal) = &read {
        assert_eq!(Journal::parse(&journal.to_json(), "journal").as_ref().ok(), Some(journal));
    }
    if let Ok((journal, is_older)) = Journal::parse_any(text, "journal") {
        assert!(is_older || read.ok().as_ref() == Some(&journal));
    }
}

/// `meta/NNNN_snapshot.json`, and the objects beside it.
pub fn snapshot(text: &str) {
    if let Ok(snapshot) = Snapshot::parse(text) {
        let written = snapshot.to_json();
        let read = Snapshot::parse(&written).expect("what was written is read");
        assert_eq!(read.to_json(), written);
    }
    if let Ok(objects) = Objects::parse(text) {
        let written = objects.to_json();
        let read = Objects::parse(&written).expect("what was written is read");
        assert_eq!(read.to_json(), written);
    }
}

/// A migration's SQL, divided at breakpoints, statements and units: nothing is lost on the way, and nothing comes twice.
pub fn splitter(text: &str) {
    let ink = |text: &str| text.split_whitespace().collect::<String>();
    let parts = || text.split(BREAKPOINT).map(str::trim).filter(|part| !part.is_empty());
    let units = migrator::units(parts());
    let divided: String = units.iter().flat_map(|unit| &unit.statements).map(|statement| ink(statement.text)).collect();
    assert_eq!(divided, parts().map(ink).collect::<String>());
    assert!(units.iter().all(|unit| !unit.runs_alone() || unit.statements.len() == 1));

    let mut end = 0;
    for command in migrator::commands(text) {
        assert!(command.range.start >= end && command.range.end <= text.len());
        end = command.range.end;
    }
}

/// A file of `--hints`.
pub fn hints(text: &str) {
    if let Err(error) = xtask::read_hints(text) {
        assert!(!error.to_string().is_empty());
    }
}
