//! How several files change as one, which no file system does.
//!
//! What is written waits in a staging folder with the names of what is removed. The renaming of that folder from
//! [`UNFINISHED`] to [`STAGED`] is the moment at which the change is made; moving the files into place can be finished by
//! anyone, at any time. Whoever opens the folder of migrations does so first. A lock keeps two commands from doing
//! either at once.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use migrator::{JOURNAL_PATH, Journal};

use super::{Error, io};

/// Where files are written; whatever is left here was never a change.
const UNFINISHED: &str = ".staging.unfinished";
/// Where a change waits to be moved into place.
const STAGED: &str = ".staging";
/// The file with the paths that a change removes, a line each.
const REMOVED: &str = "removed";

/// Makes a change of files, with paths inside the folder, and of the journal.
pub(super) fn stage(
    folder: &Path,
    written: &[(String, String)],
    removed: &[String],
    journal: &Journal,
) -> Result<(), Error> {
    let unfinished = folder.join(UNFINISHED);
    let meta = unfinished.join("meta");
    fs::create_dir_all(&meta).map_err(io("create", &meta))?;
    let write = |name: &str, text: &str| {
        let path = unfinished.join(name);
        write_durably(&path, text).map_err(io("write", &path))
    };
    for (name, text) in written {
        write(name, text)?;
    }
    write(JOURNAL_PATH, &journal.to_json())?;
    if !removed.is_empty() {
        write(REMOVED, &removed.join("\n"))?;
    }
    let staged = folder.join(STAGED);
    fs::rename(&unfinished, &staged).map_err(io("create", &staged))
}

fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Moves what is staged into place, and removes what never was.
pub(super) fn recover(folder: &Path) -> Result<(), Error> {
    let staged = folder.join(STAGED);
    if staged.is_dir() {
        let meta = folder.join("meta");
        fs::create_dir_all(&meta).map_err(io("create", &meta))?;
        let removed = read_removed(&staged)?;
        move_files(&staged, folder)?;
        move_files(&staged.join("meta"), &meta)?;
        // Only now, when the journal does not list them any more.
        for path in removed.lines() {
            remove(&folder.join(path))?;
        }
        fs::remove_dir_all(&staged).map_err(io("remove", &staged))?;
    }
    let unfinished = folder.join(UNFINISHED);
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io("remove", &unfinished)(error)),
        _ => Ok(()),
    }
}

fn read_removed(staged: &Path) -> Result<String, Error> {
    let path = staged.join(REMOVED);
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(io("read", &path)),
    }
}

/// Removes a file, which may be gone already.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Moves every file of one folder to another, the journal last: until then nobody looks for the rest.
fn move_files(from: &Path, to: &Path) -> Result<(), Error> {
    let listing = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        listing => listing.map_err(io("read", from))?,
    };
    let mut files = Vec::new();
    for item in listing {
        let path = item.map_err(io("read", from))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.retain(|path| !path.ends_with(REMOVED));
    files.sort_by_key(|path| path.ends_with(Path::new(JOURNAL_PATH)));
    for file in files {
        let target = to.join(file.file_name().unwrap_or_default());
        fs::rename(&file, &target).map_err(io("create", &target))?;
    }
    Ok(())
}
