//! What can be wrong with a journal.

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
        "{file}: {first} and {second} both have idx {idx}, as after a merge of two branches. While it has stopped, \
         `cargo xtask rebase` puts one behind the other. Afterwards, take the one that is applied nowhere yet out (its \
         entry, file and snapshot), and `cargo xtask generate` makes it anew"
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
         number the entries, and their snapshots with them, 0, 1, 2 and so on without a gap"
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

impl JournalError {
    /// What the parser's error means for a journal.
    pub(crate) fn malformed(source: serde_json::Error, file: &str) -> Self {
        let (file, line, column) = (file.to_owned(), source.line(), source.column());
        if source.is_eof() {
            Self::Truncated { file, line, column, source }
        } else if source.is_syntax() {
            Self::NotJson { file, line, column, source }
        } else {
            Self::NotAJournal { file, line, column, source }
        }
    }
}
