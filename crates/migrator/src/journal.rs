//! Drizzle's journal: `meta/_journal.json`, the ordered list of a folder's migrations.
//!
//! Reading is strict. The journal decides what is run on a database, so a key that is not
//! understood, a number used twice or a hole in the numbering stops the run before any connection
//! is opened. Whether the listed files exist is decided in [`crate::migrations`].

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::journal_error::JournalError;

/// The path of the journal inside a migrations folder.
pub const JOURNAL_PATH: &str = "meta/_journal.json";

/// The journal format that this crate reads, which drizzle-kit has written since 0.22.
const JOURNAL_VERSION: &str = "7";

/// The formats an entry may name: the one it was generated with, which drizzle-kit never rewrites,
/// so that a folder brought up from an older format keeps its older numbers.
const ENTRY_VERSIONS: [&str; 3] = ["5", "6", JOURNAL_VERSION];

const DIALECT: &str = "postgresql";

/// One migration as the journal lists it, its keys in drizzle-kit's order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The number, counted from 0, or from that of a first migration that replaces earlier ones.
    pub idx: u32,
    /// The format that the migration was generated with.
    version: String,
    /// When the migration was generated, in milliseconds since 1970; the ledger's `created_at`.
    pub when: i64,
    /// The file's name without `.sql`.
    pub tag: String,
    /// Whether the statements were separated when the file was written. drizzle-kit splits the file
    /// at the separators either way, and so does this crate.
    pub breakpoints: bool,
}

/// The journal: every migration of a folder, in the order in which they apply.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    version: String,
    dialect: String,
    entries: Vec<Entry>,
}

impl Default for Journal {
    /// The journal of a folder without migrations.
    fn default() -> Self {
        Self { version: JOURNAL_VERSION.to_owned(), dialect: DIALECT.to_owned(), entries: Vec::new() }
    }
}

impl Journal {
    /// Reads a journal's text; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// Every rule named by a variant of [`JournalError`]; the first that is broken is reported.
    pub fn parse(text: &str, file: &str) -> Result<Self, JournalError> {
        let head: Head = serde_json::from_str(text).map_err(|source| JournalError::malformed(source, file))?;
        if let Some(found) = head.version
            && found != JOURNAL_VERSION
        {
            return Err(JournalError::Version { file: file.into(), found });
        }
        let journal: Journal = serde_json::from_str(text).map_err(|source| JournalError::malformed(source, file))?;
        if journal.dialect != DIALECT {
            return Err(JournalError::Dialect { file: file.into(), found: journal.dialect });
        }
        for entry in &journal.entries {
            check_entry(entry, file)?;
        }
        check_unique(&journal.entries, file)?;
        check_order(&journal.entries, file)?;
        Ok(journal)
    }

    /// Reads a journal of version 5, 6 or 7 as one of version 7; tells whether it was an older one. Its entries keep
    /// theirs, as in a folder that drizzle-kit has brought up.
    ///
    /// # Errors
    ///
    /// As [`Journal::parse`].
    pub fn parse_any(text: &str, file: &str) -> Result<(Self, bool), JournalError> {
        let mut value: serde_json::Value =
            serde_json::from_str(text).map_err(|source| JournalError::malformed(source, file))?;
        let is_older =
            value.get("version").and_then(serde_json::Value::as_str).is_some_and(|it| it == "5" || it == "6");
        let Some(journal) = value.as_object_mut().filter(|_| is_older) else {
            return Ok((Self::parse(text, file)?, false));
        };
        journal.insert("version".to_owned(), JOURNAL_VERSION.into());
        journal.insert("dialect".to_owned(), DIALECT.into());
        Ok((Self::parse(&value.to_string(), file)?, true))
    }

    /// The migrations in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a migration at the end. Its `when` is `now`, or one millisecond after the one before
    /// where the clock has gone back, since a `when` must be later than every earlier one.
    pub fn push(&mut self, tag: String, now: i64, breakpoints: bool) {
        let when = self.entries.last().map_or(now, |last| now.max(last.when + 1));
        let idx = self.entries.last().map_or(0, |last| last.idx + 1);
        self.entries.push(Entry { idx, version: JOURNAL_VERSION.to_owned(), when, tag, breakpoints });
    }

    /// Puts one migration in the place of the first `count`, with the number and the `when` of the last of them, so that
    /// what compares these, as drizzle-kit does, holds it to be applied where they are.
    pub fn squash(&mut self, count: usize, tag: String) {
        if let Some(last) = self.entries[..count].last().cloned() {
            let squashed = Entry { version: JOURNAL_VERSION.to_owned(), tag, breakpoints: true, ..last };
            self.entries.splice(..count, [squashed]);
        }
    }

    /// Takes the last migration out, if there is one.
    pub fn pop(&mut self) -> Option<Entry> {
        self.entries.pop()
    }

    /// The file's text, byte for byte as drizzle-kit writes it: two spaces of indent, no newline at the end.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers always serialize")
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

/// The journal's version alone: it is judged first, since another version explains every other
/// surprise in the file.
#[derive(Deserialize)]
struct Head {
    version: Option<String>,
}

fn check_entry(entry: &Entry, file: &str) -> Result<(), JournalError> {
    if !ENTRY_VERSIONS.contains(&entry.version.as_str()) {
        return Err(JournalError::EntryVersion {
            file: file.into(),
            tag: entry.tag.clone(),
            found: entry.version.clone(),
        });
    }
    // A tag becomes part of a path: it must stay inside the folder.
    if entry.tag.is_empty() || entry.tag.contains(['/', '\\', '\0']) {
        return Err(JournalError::Tag { file: file.into(), idx: entry.idx, tag: entry.tag.clone() });
    }
    Ok(())
}

fn check_unique(entries: &[Entry], file: &str) -> Result<(), JournalError> {
    let mut tags = HashMap::new();
    let mut numbers = HashMap::new();
    for entry in entries {
        if let Some(first) = tags.insert(entry.tag.as_str(), entry.idx) {
            return Err(JournalError::DuplicateTag {
                file: file.into(),
                tag: entry.tag.clone(),
                first,
                second: entry.idx,
            });
        }
        if let Some(first) = numbers.insert(entry.idx, entry.tag.as_str()) {
            return Err(JournalError::DuplicateIdx {
                file: file.into(),
                idx: entry.idx,
                first: first.to_owned(),
                second: entry.tag.clone(),
            });
        }
    }
    Ok(())
}

fn check_order(entries: &[Entry], file: &str) -> Result<(), JournalError> {
    for pair in entries.windows(2) {
        let [previous, next] = pair else { continue };
        if next.idx < previous.idx {
            return Err(JournalError::NotSorted {
                file: file.into(),
                tag: next.tag.clone(),
                idx: next.idx,
                previous: previous.tag.clone(),
                previous_idx: previous.idx,
            });
        }
    }
    // Whether the first may have another number than 0, its file says.
    let first = entries.first().map_or(0, |entry| entry.idx);
    for (expected, entry) in (first..).zip(entries) {
        if entry.idx != expected {
            return Err(JournalError::Gap { file: file.into(), tag: entry.tag.clone(), expected, found: entry.idx });
        }
    }
    for pair in entries.windows(2) {
        let [previous, next] = pair else { continue };
        if next.when <= previous.when {
            return Err(JournalError::WhenNotIncreasing {
                file: file.into(),
                tag: next.tag.clone(),
                when: next.when,
                previous: previous.tag.clone(),
                previous_when: previous.when,
            });
        }
    }
    Ok(())
}

/// The entries of a journal's text.
#[cfg(test)]
fn parse(text: &str, file: &str) -> Result<Vec<Entry>, JournalError> {
    Journal::parse(text, file).map(Journal::into_entries)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
