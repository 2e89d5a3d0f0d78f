//! The set of migrations: the journal and the SQL files it lists, from a folder or embedded.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use sha2::{Digest, Sha256};

use crate::journal::{Entry, JOURNAL_PATH, Journal};
use crate::journal_error::JournalError;
use crate::replaced::Replaced;

/// What drizzle-kit puts between two statements of a file.
const BREAKPOINT: &str = "--> statement-breakpoint";

/// One migration: an entry of the journal with the text of its file.
#[derive(Clone, Debug)]
pub struct Migration {
    idx: u32,
    tag: String,
    when: i64,
    file: String,
    text: Arc<str>,
    hash: String,
    replaces: Vec<Replaced>,
    /// The hashes with LF and with CRLF, made when first asked for.
    line_ending_hashes: OnceLock<[String; 2]>,
}

impl Migration {
    fn new(entry: Entry, file: String, text: String) -> Self {
        let hash = sha256_hex(&text);
        Self {
            idx: entry.idx,
            tag: entry.tag,
            when: entry.when,
            file,
            replaces: Replaced::read(&text),
            text: text.into(),
            hash,
            line_ending_hashes: OnceLock::new(),
        }
    }

    /// The number in the journal, from 0 or from where squashed migrations left off; refinery's version of this migration.
    pub fn idx(&self) -> u32 {
        self.idx
    }

    /// The tag: the file's name without `.sql`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// When it was generated, in milliseconds since 1970; becomes the ledger's `created_at`.
    pub fn when(&self) -> i64 {
        self.when
    }

    /// The file as messages name it: its path, or its name alone where it is embedded.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The file's whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The SHA-256 of the file's whole text in lower-case hex, as Drizzle's ledger keeps it.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Whether `recorded` is this file's hash, or would be with other line endings.
    ///
    /// Git may write one file with LF on one machine and CRLF on another. That is no edit.
    pub fn has_hash(&self, recorded: &str) -> bool {
        let variants = || line_ending_hashes(&self.text);
        recorded == self.hash || self.line_ending_hashes.get_or_init(variants).iter().any(|hash| hash == recorded)
    }

    /// The migrations that this one stands for, if it is a squashed one.
    pub fn replaces(&self) -> &[Replaced] {
        &self.replaces
    }

    /// The statements in the order in which they run: the text between Drizzle's breakpoints,
    /// without blank parts. A file without breakpoints is one statement, sent as it stands.
    pub fn statements(&self) -> Vec<Statement<'_>> {
        // An editor's byte order mark belongs to the file and its hash, not to the SQL.
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let mut line = 1;
        let mut statements = Vec::new();
        for part in text.split(BREAKPOINT) {
            let trimmed = part.trim_start();
            let blank = &part[..part.len() - trimmed.len()];
            if !trimmed.is_empty() {
                statements.push(Statement {
                    number: statements.len() + 1,
                    line: line + newlines(blank),
                    text: trimmed.trim_end(),
                });
            }
            line += newlines(part);
        }
        statements
    }
}

/// A part of a migration that is sent to the server in one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The number within the file, from 1, blank parts not counted.
    pub number: usize,
    /// The line of the file on which the text begins, from 1.
    pub line: usize,
    /// The text without surrounding white space.
    pub text: &'a str,
}

/// The migrations of one journal, in its order.
#[derive(Clone, Debug, Default)]
pub struct Migrations {
    migrations: Vec<Migration>,
}

impl Migrations {
    /// Reads a folder as drizzle-kit writes it: `NNNN_tag.sql` files and `meta/_journal.json`.
    ///
    /// A folder that does not exist or holds neither is an empty set: a project before its first
    /// migration. Files `*.down.sql` are reverses of a migration and stay out of the set.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, a broken journal, and any difference between the journal and
    /// the files; each variant of [`MigrationsError`] says what to do.
    pub fn from_folder(folder: &Path) -> Result<Self, MigrationsError> {
        let origin = Origin::Folder(folder.to_owned());
        let mut files = BTreeMap::new();
        let journal = folder.join(JOURNAL_PATH);
        if let Some(content) = optional(fs::read(&journal), &journal)? {
            files.insert(JOURNAL_PATH.to_owned(), Cow::Owned(content));
        }
        let Some(listing) = optional(fs::read_dir(folder), folder)? else {
            return Ok(Self::default());
        };
        for item in listing {
            let item = item.map_err(|source| MigrationsError::read(folder, source))?;
            // A name that is not Unicode cannot be a tag, since the journal is UTF-8.
            let Some(name) = item.file_name().to_str().map(str::to_owned) else { continue };
            if name.ends_with(".sql") {
                let content = fs::read(item.path()).map_err(|source| MigrationsError::read(&item.path(), source))?;
                files.insert(name, Cow::Owned(content));
            }
        }
        Self::from_files(&origin, files)
    }

    /// Reads migrations embedded in the program: each file's name, as in the folder, and its text.
    ///
    /// ```
    /// let migrations = migrator::Migrations::embedded(&[
    ///     ("0000_users.sql", "CREATE TABLE users (id int);"),
    ///     (
    ///         migrator::JOURNAL_PATH,
    ///         r#"{"version":"7","dialect":"postgresql","entries":[
    ///             {"idx":0,"version":"7","when":1,"tag":"0000_users","breakpoints":true}]}"#,
    ///     ),
    /// ])?;
    /// assert_eq!(migrations.len(), 1);
    /// # Ok::<_, migrator::MigrationsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Migrations::from_folder`], but for reading.
    pub fn embedded(files: &[(&str, &'static str)]) -> Result<Self, MigrationsError> {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), Cow::Borrowed(text.as_bytes()))).collect();
        Self::from_files(&Origin::Embedded, files)
    }

    fn from_files(origin: &Origin, mut files: BTreeMap<String, Cow<'static, [u8]>>) -> Result<Self, MigrationsError> {
        files.retain(|name, _| !name.ends_with(".down.sql"));
        let Some(journal) = files.remove(JOURNAL_PATH) else {
            return match files.into_keys().next() {
                None => Ok(Self::default()),
                Some(example) => Err(MigrationsError::NoJournal {
                    journal: origin.name(JOURNAL_PATH),
                    example: origin.name(&example),
                }),
            };
        };
        let journal_file = origin.name(JOURNAL_PATH);
        let entries = Journal::parse(&utf8(journal, &journal_file)?, &journal_file)?.into_entries();
        let migrations = entries
            .into_iter()
            .map(|entry| {
                let name = format!("{}.sql", entry.tag);
                let file = origin.name(&name);
                let Some(content) = files.remove(&name) else {
                    return Err(MigrationsError::MissingFile { file, journal: journal_file.clone() });
                };
                let text = utf8(content, &file)?;
                Ok(Migration::new(entry, file, text))
            })
            .collect::<Result<Vec<Migration>, MigrationsError>>()?;
        // Numbers go on where the squashed migrations left off.
        if let Some(first) = migrations.first().filter(|first| first.idx != 0 && first.replaces.is_empty()) {
            let (tag, found) = (first.tag.clone(), first.idx);
            return Err(JournalError::Gap { file: journal_file, tag, expected: 0, found }.into());
        }
        match files.into_keys().next() {
            None => Ok(Self { migrations }),
            Some(name) => Err(MigrationsError::UnlistedFile { file: origin.name(&name), journal: journal_file }),
        }
    }

    /// The migrations in the journal's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Migration> {
        self.migrations.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.migrations.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }
}

impl<'a> IntoIterator for &'a Migrations {
    type Item = &'a Migration;
    type IntoIter = std::slice::Iter<'a, Migration>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Why a set of migrations cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum MigrationsError {
    /// The operating system refuses to read something.
    #[error("cannot read {}. Check that the path and its permissions are right", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// A file is not text.
    #[error(
        "{file} is not UTF-8 text: the byte at offset {offset} is invalid. Save it as UTF-8; \
         if it is applied already, restore it from version control instead"
    )]
    NotUtf8 {
        /// The file.
        file: String,
        /// The offset of the first invalid byte, from 0.
        offset: usize,
    },

    /// There are SQL files but no journal.
    #[error(
        "{journal} is missing, but there are migrations such as {example}. Restore the journal \
         from version control: it says in which order the files apply"
    )]
    NoJournal {
        /// Where the journal should be.
        journal: String,
        /// One of the SQL files.
        example: String,
    },

    /// The journal is broken.
    #[error(transparent)]
    Journal(#[from] JournalError),

    /// The journal lists a file that is not there.
    #[error(
        "{journal} lists {file}, and it is not there; restore it from version control. If the migration was given up and \
         is applied nowhere, remove its entry too"
    )]
    MissingFile {
        /// Where the file should be.
        file: String,
        /// The journal.
        journal: String,
    },

    /// There is a SQL file that the journal does not list.
    #[error(
        "{file} is not in {journal}, so it is never applied. Move it out of the folder; `cargo xtask generate --custom` then \
         makes a migration to put its SQL into. If a merge lost its entry, restore the journal from version control"
    )]
    UnlistedFile {
        /// The file.
        file: String,
        /// The journal.
        journal: String,
    },
}

impl MigrationsError {
    fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}

/// Where files come from, which decides how messages name them.
enum Origin {
    Folder(PathBuf),
    Embedded,
}

impl Origin {
    fn name(&self, file: &str) -> String {
        match self {
            Self::Folder(folder) => folder.join(file).display().to_string(),
            Self::Embedded => format!("{file} (embedded)"),
        }
    }
}

fn optional<T>(result: io::Result<T>, path: &Path) -> Result<Option<T>, MigrationsError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(MigrationsError::read(path, error)),
    }
}

fn utf8(content: Cow<'static, [u8]>, file: &str) -> Result<String, MigrationsError> {
    String::from_utf8(content.into_owned())
        .map_err(|error| MigrationsError::NotUtf8 { file: file.to_owned(), offset: error.utf8_error().valid_up_to() })
}

/// The hashes of a text with LF and with CRLF.
pub(crate) fn line_ending_hashes(text: &str) -> [String; 2] {
    let unix = text.replace("\r\n", "\n");
    [sha256_hex(&unix), sha256_hex(&unix.replace('\n', "\r\n"))]
}

pub(crate) fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

pub(crate) fn sha256_hex(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A set with the given tags and texts, `when` counting up from 1000.
    pub(crate) fn migrations(files: &[(&str, &str)]) -> Migrations {
        let migrations = (0..)
            .zip(files)
            .map(|(idx, (tag, text))| Migration {
                idx,
                tag: (*tag).to_owned(),
                when: 1000 + i64::from(idx),
                file: format!("{tag}.sql"),
                text: (*text).into(),
                hash: sha256_hex(text),
                replaces: Replaced::read(text),
                line_ending_hashes: OnceLock::new(),
            })
            .collect();
        Migrations { migrations }
    }

    impl Migrations {
        #[cfg(feature = "database")]
        pub(crate) fn after_the_first(mut self) -> Self {
            self.migrations.remove(0);
            self
        }
    }
}

#[cfg(test)]
#[path = "migrations_tests.rs"]
mod tests;
