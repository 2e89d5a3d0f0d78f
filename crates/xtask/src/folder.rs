//! The migrations folder: reading its journal and snapshots, adding a migration whole, and taking one back.

mod staging;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use migrator::{Entry, JOURNAL_PATH, Journal, JournalError, Migrations, MigrationsError};
use schema::{Objects, Schema, Snapshot};

/// A migrations folder, with nothing half done in it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The file whose lock guards the folder.
    guard: PathBuf,
    journal: Journal,
}

/// A migration to be added.
pub(crate) struct NewMigration<'a> {
    /// The file's name without `.sql`.
    pub(crate) tag: String,
    /// The part of the tag that names the snapshot.
    pub(crate) prefix: String,
    /// The text of the file.
    pub(crate) sql: String,
    /// The schema after it.
    pub(crate) snapshot: &'a Snapshot,
    /// The objects after it that no snapshot holds, where it changes them.
    pub(crate) objects: Option<&'a Objects>,
    /// The journal with the migration as its last entry.
    pub(crate) journal: Journal,
}

impl NewMigration<'_> {
    /// The files, the SQL first, and the journal.
    fn into_files(self) -> (Vec<(String, String)>, Journal) {
        let NewMigration { tag, prefix, sql, snapshot, objects, journal } = self;
        let mut files = vec![(format!("{tag}.sql"), sql), (snapshot_path(&prefix), snapshot.to_json())];
        files.extend(objects.map(|objects| (format!("meta/{}", objects_name(&prefix)), objects.to_json())));
        (files, journal)
    }
}

/// Why the folder cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot {operation} {}", path.display())]
    Io {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    #[error("cannot read the snapshot {}", path.display())]
    Snapshot {
        path: PathBuf,
        #[source]
        source: schema::snapshot::Error,
    },
    #[error("cannot read the objects {}", path.display())]
    Objects {
        path: PathBuf,
        #[source]
        source: schema::companion::Error,
    },
    #[error(
        "the snapshot of {tag} is missing: there is no {}; restore it from version control",
        path.display()
    )]
    NoSnapshot { tag: String, path: PathBuf },
    #[error(
        "{} exists already, and the journal does not list it; move it away, or restore the journal from version control",
        path.display()
    )]
    Exists { path: PathBuf },
    #[error("another command added a migration meanwhile; nothing was written: run this one again")]
    Changed,
    #[cfg(feature = "database")]
    #[error("there is no migration yet; `cargo xtask generate` writes the first")]
    Empty,
    #[error("there is no migration {tag}; {}", known(tags))]
    UnknownTag { tag: String, tags: Vec<String> },
}

fn known(tags: &[String]) -> String {
    if tags.is_empty() { "the folder has none yet".to_owned() } else { format!("there are {}", tags.join(", ")) }
}

pub(crate) fn io(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { operation, path, source }
}

impl Folder {
    /// Opens a folder, which need not exist, and finishes what an interrupted command left. `guard`
    /// is a file that is always there; its lock is held for a moment.
    pub(crate) fn open(path: &Path, guard: &Path) -> Result<Self, Error> {
        let _lock = lock(guard)?;
        staging::recover(path)?;
        // The journal and the files that it lists must agree, or what is added would be on sand.
        Migrations::from_folder(path)?;
        Ok(Folder { path: path.to_owned(), guard: guard.to_owned(), journal: read_journal(path)? })
    }

    /// The journal.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The snapshot of the newest migration, if there is one.
    pub(crate) fn newest_snapshot(&self) -> Result<Option<Snapshot>, Error> {
        self.journal.entries().last().map(|entry| self.snapshot(entry)).transpose()
    }

    /// The snapshot of a migration by its tag, or by the number or name that its tag begins with.
    pub(crate) fn snapshot_of(&self, tag: &str) -> Result<Snapshot, Error> {
        self.snapshot(self.entry(tag)?)
    }

    /// The schema before a migration, which is empty before the first one.
    #[cfg(feature = "database")]
    pub(crate) fn schema_before(&self, entry: &Entry) -> Result<Schema, Error> {
        let before = self.journal.entries().iter().take_while(|before| before.idx < entry.idx).last();
        before.map_or_else(|| Ok(Schema::default()), |before| Ok(self.snapshot(before)?.schema))
    }

    /// The journal's entry of a migration, likewise.
    pub(crate) fn entry(&self, tag: &str) -> Result<&Entry, Error> {
        let entries = self.journal.entries();
        let found = matching(tag, entries.iter().map(|entry| entry.tag.as_str()));
        entries.iter().find(|entry| Some(entry.tag.as_str()) == found).ok_or_else(|| {
            let tags = entries.iter().map(|entry| entry.tag.clone()).collect();
            Error::UnknownTag { tag: tag.to_owned(), tags }
        })
    }

    /// The snapshot of a migration, with the objects that no snapshot holds.
    fn snapshot(&self, entry: &Entry) -> Result<Snapshot, Error> {
        let Some(path) = snapshot_file(&self.path, entry) else {
            let [_, by_idx] = prefixes(entry);
            return Err(Error::NoSnapshot { tag: entry.tag.clone(), path: self.path.join(snapshot_path(&by_idx)) });
        };
        let mut snapshot = read_snapshot_alone(&path)?;
        snapshot.schema.objects = self.objects_of(entry)?;
        Ok(snapshot)
    }

    /// The objects after a migration that no snapshot holds.
    pub(crate) fn objects_of(&self, entry: &Entry) -> Result<Objects, Error> {
        objects_of(&self.path.join("meta"), self.journal.entries(), entry)
    }

    /// Whether a snapshot with that prefix exists.
    pub(crate) fn has_snapshot(&self, prefix: &str) -> bool {
        self.path.join(snapshot_path(prefix)).exists()
    }

    /// Adds a migration: all of its files or none. Returns the path of the SQL file.
    pub(crate) fn add(&mut self, migration: NewMigration) -> Result<PathBuf, Error> {
        let _lock = self.unchanged()?;
        let (files, journal) = migration.into_files();
        for (name, _) in &files {
            let path = self.path.join(name);
            if path.exists() {
                return Err(Error::Exists { path });
            }
        }
        self.change(&files, &[], journal)?;
        Ok(self.path.join(&files[0].0))
    }

    #[cfg(feature = "database")]
    /// Puts a migration in the place of the first `count`, with everything that belongs to these, all of it or nothing.
    /// Returns the path of its SQL file.
    pub(crate) fn squash(&mut self, count: usize, squashed: NewMigration) -> Result<PathBuf, Error> {
        let _lock = self.unchanged()?;
        let (files, journal) = squashed.into_files();
        let name = files[0].0.clone();
        let removed = self.files_of(&self.journal.entries()[..count], &journal);
        let removed: Vec<String> =
            removed.into_iter().filter(|path| files.iter().all(|(written, _)| written != path)).collect();
        self.change(&files, &removed, journal)?;
        Ok(self.path.join(name))
    }

    #[cfg(feature = "database")]
    /// Removes the newest migration with everything that belongs to it, all of it or none. Returns its tag.
    pub(crate) fn remove_newest(&mut self) -> Result<String, Error> {
        let _lock = self.unchanged()?;
        let mut journal = self.journal.clone();
        let entry = journal.pop().ok_or(Error::Empty)?;
        let removed = self.files_of(std::slice::from_ref(&entry), &journal);
        self.change(&[], &removed, journal)?;
        Ok(entry.tag)
    }

    #[cfg(feature = "database")]
    /// The paths of everything that belongs to migrations, and to none that stay in the journal.
    fn files_of(&self, entries: &[Entry], staying: &Journal) -> Vec<String> {
        let mut files = Vec::new();
        for entry in entries {
            files.extend([format!("{}.sql", entry.tag), format!("{}.down.sql", entry.tag)]);
            for prefix in prefixes(entry) {
                // With the prefix `none`, a number may be what another tag begins with.
                if !staying.entries().iter().any(|other| prefixes(other).contains(&prefix)) {
                    files.extend([snapshot_path(&prefix), format!("meta/{}", objects_name(&prefix))]);
                }
            }
        }
        files
    }

    /// Locks the folder for a change, if it is as it was when it was opened.
    fn unchanged(&self) -> Result<File, Error> {
        let lock = lock(&self.guard)?;
        staging::recover(&self.path)?;
        if read_journal(&self.path)? == self.journal { Ok(lock) } else { Err(Error::Changed) }
    }

    /// Writes and removes files as one change with the journal.
    fn change(&mut self, written: &[(String, String)], removed: &[String], journal: Journal) -> Result<(), Error> {
        staging::stage(&self.path, written, removed, &journal)?;
        staging::recover(&self.path)?;
        self.journal = journal;
        Ok(())
    }
}

/// Every file of a migrations folder but the journal, by its path inside.
pub(crate) fn files(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for (prefix, folder) in [("", folder.to_owned()), ("meta/", folder.join("meta"))] {
        for path in paths(&folder)? {
            let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if name != JOURNAL_PATH {
                files.insert(name, fs::read_to_string(&path).map_err(io("read", &path))?);
            }
        }
    }
    Ok(files)
}

pub(crate) fn paths(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = Vec::new();
    if folder.is_dir() {
        for item in fs::read_dir(folder).map_err(io("read", folder))? {
            let path = item.map_err(io("read", folder))?.path();
            paths.extend(path.is_file().then_some(path));
        }
    }
    Ok(paths)
}

/// Gives a folder other files and another journal, all of it as one change; files that are not among these go. What is
/// there may be anything, as the conflict of a merge.
pub(crate) fn replace(
    path: &Path,
    guard: &Path,
    files: BTreeMap<String, String>,
    journal: Journal,
) -> Result<(), Error> {
    let _lock = lock(guard)?;
    staging::recover(path)?;
    let is_of_a_migration = |name: &String| name.ends_with(".sql") || name.ends_with(".json");
    let there = self::files(path)?.into_keys();
    let removed: Vec<String> = there.filter(|name| is_of_a_migration(name) && !files.contains_key(name)).collect();
    let files: Vec<(String, String)> = files.into_iter().collect();
    staging::stage(path, &files, &removed, &journal)?;
    staging::recover(path)
}

/// The tag that a person names: by itself, or by the number or name that it begins with.
pub(crate) fn matching<'a>(name: &str, tags: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let begins = |tag: &&str| tag.split_once('_').is_some_and(|(prefix, _)| prefix == name);
    tags.clone().find(|tag| *tag == name).or_else(|| tags.clone().find(begins))
}

/// Waits until no other command reads or writes the folder.
fn lock(guard: &Path) -> Result<File, Error> {
    let locked = File::open(guard).and_then(|file| file.lock().map(|()| file));
    locked.map_err(io("lock", guard))
}

fn read_journal(folder: &Path) -> Result<Journal, Error> {
    read_journal_file(&folder.join(JOURNAL_PATH))
}

fn read_journal_file(file: &Path) -> Result<Journal, Error> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Journal::parse(&text, &file.display().to_string())?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Journal::default()),
        Err(source) => Err(io("read", file)(source)),
    }
}

/// Reads the schema of a file: a snapshot, or what `export --format json` prints, which has the objects behind it.
pub(crate) fn read_schema(path: &Path) -> Result<Schema, Error> {
    let text = fs::read_to_string(path).map_err(io("read", path))?;
    let mut texts = serde_json::Deserializer::from_str(&text).into_iter::<serde::de::IgnoredAny>();
    let is_json = matches!(texts.next(), Some(Ok(_)));
    let (snapshot, behind) = text.split_at(texts.byte_offset());
    if !is_json || behind.trim().is_empty() {
        return Ok(read_snapshot(path)?.schema);
    }
    let path = || path.to_owned();
    let snapshot = Snapshot::parse(snapshot).map_err(|source| Error::Snapshot { path: path(), source })?;
    let objects = Objects::parse(behind).map_err(|source| Error::Objects { path: path(), source })?;
    Ok(Schema { objects, ..snapshot.schema })
}

/// Reads a snapshot file by its path, with the objects that belong to it: where a journal lies beside it,
/// those of the migration, and elsewhere those of the file that is named after it.
pub(crate) fn read_snapshot(path: &Path) -> Result<Snapshot, Error> {
    let mut snapshot = read_snapshot_alone(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = ["_snapshot.json", ".json"].into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let meta = path.parent().unwrap_or(Path::new(""));
    let journal = read_journal_file(&meta.join("_journal.json"))?;
    let entry = journal.entries().iter().find(|entry| prefixes(entry).iter().any(|of_entry| of_entry == prefix));
    snapshot.schema.objects = match entry {
        Some(entry) => objects_of(meta, journal.entries(), entry)?,
        None => read_objects(&meta.join(objects_name(prefix)))?.unwrap_or_default(),
    };
    Ok(snapshot)
}

/// What the names of a migration's snapshot and objects may begin with: what its tag begins with, or its
/// number, since with the prefix `none` a tag begins with none.
pub(crate) fn prefixes(entry: &Entry) -> [String; 2] {
    let by_tag = entry.tag.split('_').next().unwrap_or_default().to_owned();
    [by_tag, format!("{:04}", entry.idx)]
}

/// The objects after a migration: those of the newest file that is not newer. One that changes none has
/// no file, nor has one by drizzle-kit.
fn objects_of(meta: &Path, entries: &[Entry], entry: &Entry) -> Result<Objects, Error> {
    let up_to = entries.iter().position(|other| other.idx == entry.idx).map_or(0, |at| at + 1);
    for entry in entries[..up_to].iter().rev() {
        for prefix in prefixes(entry) {
            if let Some(objects) = read_objects(&meta.join(objects_name(&prefix)))? {
                return Ok(objects);
            }
        }
    }
    Ok(Objects::default())
}

/// Reads a file of objects, if it is there.
fn read_objects(path: &Path) -> Result<Option<Objects>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let objects = Objects::parse(&text);
            objects.map(Some).map_err(|source| Error::Objects { path: path.to_owned(), source })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io("read", path)(source)),
    }
}

fn read_snapshot_alone(path: &Path) -> Result<Snapshot, Error> {
    let text = fs::read_to_string(path).map_err(io("read", path))?;
    Snapshot::parse(&text).map_err(|source| Error::Snapshot { path: path.to_owned(), source })
}

/// The file of a migration's snapshot, where it is there.
pub(crate) fn snapshot_file(folder: &Path, entry: &Entry) -> Option<PathBuf> {
    let paths = prefixes(entry).map(|prefix| folder.join(snapshot_path(&prefix)));
    paths.into_iter().find(|path| path.is_file())
}

/// The path of a snapshot inside the folder.
pub(crate) fn snapshot_path(prefix: &str) -> String {
    format!("meta/{prefix}_snapshot.json")
}

/// The name of the objects' file beside the snapshot. drizzle-kit passes over names that begin like this.
pub(crate) fn objects_name(prefix: &str) -> String {
    format!("_{prefix}_objects.json")
}

#[cfg(test)]
mod tests;
