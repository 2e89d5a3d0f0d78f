//! `up`: a folder of an older drizzle-kit becomes one of today's. SQL files stay as they are, and with them their hashes.

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use migrator::{JOURNAL_PATH, Journal};
use schema::Snapshot;

use crate::config::Config;
use crate::error::Error;
use crate::folder;
use crate::output::{self, GREEN, paint};

/// Brings journal and snapshots to version 7, all of them or none.
pub(crate) fn run(config: &Config) -> Result<ExitCode, Error> {
    let journal_file = config.out.join(JOURNAL_PATH);
    let text = fs::read_to_string(&journal_file).map_err(folder::io("read", &journal_file))?;
    let (journal, journal_was_older) =
        Journal::parse_any(&text, &journal_file.display().to_string()).map_err(folder::Error::from)?;
    let mut files = folder::files(&config.out)?;
    let upgraded = upgrade(&mut files, config)?;
    if upgraded.is_empty() && !journal_was_older {
        output::line("Nothing to do: journal and snapshots are of version 7.");
        return Ok(ExitCode::SUCCESS);
    }
    folder::replace(&config.out, &config.file(), files, journal)?;
    let journal = journal_was_older.then(|| JOURNAL_PATH.to_owned());
    for name in journal.into_iter().chain(upgraded) {
        output::line(format!("{} {name}", paint(GREEN, "upgraded")));
    }
    output::line("next: `cargo xtask check --offline`, and commit");
    Ok(ExitCode::SUCCESS)
}

/// Upgrades the snapshots among the files. Returns the names of those that were older.
fn upgrade(files: &mut BTreeMap<String, String>, config: &Config) -> Result<Vec<String>, folder::Error> {
    let mut upgraded = Vec::new();
    for (name, text) in files.iter_mut().filter(|(name, _)| name.ends_with("_snapshot.json")) {
        let path = config.out.join(name);
        let (snapshot, was_older) =
            Snapshot::parse_any(text).map_err(|source| folder::Error::Snapshot { path, source })?;
        if was_older {
            *text = snapshot.to_json();
            upgraded.push(name.clone());
        }
    }
    Ok(upgraded)
}
