//! Drizzle's journal: `meta/_journal.json`, the ordered list of a folder's migrations.
//!
//! Reading is strict. The journal decides what is run on a database, so a key that is not
//! understood, a number used twice or a hole in the numbering stops the run before any connection
//! is opened. Whether the listed files exist is decided in [`crate::migrations`].

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

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
        let head: Head = serde_json::from_str(text).map_err(|source| malformed(source, file))?;
        if let Some(found) = head.version
            && found != JOURNAL_VERSION
        {
            return Err(JournalError::Version { file: file.into(), found });
        }
        let journal: Journal = serde_json::from_str(text).map_err(|source| malformed(source, file))?;
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
        let mut value: serde_json::Value = serde_json::from_str(text).map_err(|source| malformed(source, file))?;
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

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The text ends in the middle of a value.
    #[error(
        "{file} is cut short: the JSON ends at line {line}, column {column}. Restore it from \
         version control, or write it again with the command that generates migrations"
    )]
    Truncated {
        /// The journal.
        file: String,
        /// The line of the error, from 1.
        line: usize,
        /// The column of the error, from 1.
        column: usize,
        /// What the parser says.
        source: serde_json::Error,
    },

    /// The text is not JSON.
    #[error(
        "{file} is not valid JSON at line {line}, column {column}. In a merge that has stopped, `cargo xtask rebase` puts \
         one branch's migrations after the other's; else look for conflict markers or a missing comma there"
    )]
    NotJson {
        /// The journal.
        file: String,
        /// The line of the error, from 1.
        line: usize,
        /// The column of the error, from 1.
        column: usize,
        /// What the parser says.
        source: serde_json::Error,
    },

    /// A key is unknown, missing or given twice, or a value has the wrong type. The source names
    /// the key.
    #[error(
        "{file} is not a journal of version 7: see line {line}, column {column}. The journal has \
         the keys version, dialect and entries; an entry has idx, version, when, tag and \
         breakpoints. Correct the key, or update this tool if a newer drizzle-kit wrote it"
    )]
    NotAJournal {
        /// The journal.
        file: String,
        /// The line of the error, from 1.
        line: usize,
        /// The column of the error, from 1.
        column: usize,
        /// What the parser says, with the key's name.
        source: serde_json::Error,
    },

    /// The journal is of another format.
    #[error(
        "{file} has version \"{found}\", and this tool reads version \"7\". `cargo xtask up` \
         brings an older folder to it; update this tool for a newer one"
    )]
    Version {
        /// The journal.
        file: String,
        /// The version it names.
        found: String,
    },

    /// The journal is for another database.
    #[error(
        "{file} is for the dialect \"{found}\", and this tool migrates \"postgresql\". Point it at \
         the folder of the PostgreSQL migrations"
    )]
    Dialect {
        /// The journal.
        file: String,
        /// The dialect it names.
        found: String,
    },

    /// An entry is of another format.
    #[error(
        "{file}: the entry {tag} has version \"{found}\", and this tool knows \"5\", \"6\" and \
         \"7\". Update this tool, or generate the migration again"
    )]
    EntryVersion {
        /// The journal.
        file: String,
        /// The entry's tag.
        tag: String,
        /// The version it names.
        found: String,
    },

    /// A tag cannot be a file's name inside the folder.
    #[error(
        "{file}: the tag \"{tag}\" (idx {idx}) is no file name. A tag is the name of a .sql file \
         in the folder without the ending; rename the file and the tag alike"
    )]
    Tag {
        /// The journal.
        file: String,
        /// The entry's idx.
        idx: u32,
        /// The tag.
        tag: String,
    },

    /// Two entries have one idx, as after a merge of two branches.
    #[error(
        "{file}: {first} and {second} both have idx {idx}. Give the one that is applied nowhere \
         yet the next free idx and a later `when`, and move it to the end"
    )]
    DuplicateIdx {
        /// The journal.
        file: String,
        /// The idx.
        idx: u32,
        /// The tag of the first entry with it.
        first: String,
        /// The tag of the second entry with it.
        second: String,
    },

    /// Two entries have one tag.
    #[error(
        "{file}: the tag {tag} stands at idx {first} and at idx {second}. Remove the entry that \
         was added by mistake"
    )]
    DuplicateTag {
        /// The journal.
        file: String,
        /// The tag.
        tag: String,
        /// The idx of the first entry with it.
        first: u32,
        /// The idx of the second entry with it.
        second: u32,
    },

    /// A number is missing between two entries, or before the first.
    #[error(
        "{file}: {tag} has idx {found} where {expected} comes next. Restore the missing entry, or \
         number the entries 0, 1, 2 and so on without a gap"
    )]
    Gap {
        /// The journal.
        file: String,
        /// The entry after the gap.
        tag: String,
        /// The idx that is missing.
        expected: u32,
        /// The idx that stands there.
        found: u32,
    },

    /// The entries are not sorted by idx.
    #[error(
        "{file}: {tag} (idx {idx}) stands after {previous} (idx {previous_idx}). Sort the entries \
         by idx: they are applied in that order"
    )]
    NotSorted {
        /// The journal.
        file: String,
        /// The entry that stands too late.
        tag: String,
        /// Its idx.
        idx: u32,
        /// The entry before it.
        previous: String,
        /// The idx of the entry before it.
        previous_idx: u32,
    },

    /// A `when` repeats the one before it or is older, which makes drizzle-kit skip the migration
    /// in silence.
    #[error(
        "{file}: {tag} has `when` {when}, which is not later than {previous_when} of {previous} \
         before it. drizzle-kit would skip it. If {tag} is applied nowhere yet, set its `when` to \
         {} or more",
        previous_when + 1
    )]
    WhenNotIncreasing {
        /// The journal.
        file: String,
        /// The entry.
        tag: String,
        /// Its `when`, in milliseconds since 1970.
        when: i64,
        /// The entry before it.
        previous: String,
        /// The `when` of the entry before it.
        previous_when: i64,
    },
}

fn malformed(source: serde_json::Error, file: &str) -> JournalError {
    let (file, line, column) = (file.to_owned(), source.line(), source.column());
    if source.is_eof() {
        JournalError::Truncated { file, line, column, source }
    } else if source.is_syntax() {
        JournalError::NotJson { file, line, column, source }
    } else {
        JournalError::NotAJournal { file, line, column, source }
    }
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
