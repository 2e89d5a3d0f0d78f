//! A schema by what a person calls it: `empty`, `code`, a migration's tag, a snapshot file.

use std::path::{Path, PathBuf};
use std::{fs, io};

use schema::{Schema, Snapshot};

use crate::config::Config;
use crate::declared;
use crate::folder::Folder;

/// Why a schema cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot read the snapshot {}", path.display())]
    Snapshot {
        path: PathBuf,
        #[source]
        source: schema::snapshot::Error,
    },
}

/// The schema that `name` stands for.
pub(crate) fn schema(name: &str, config: impl Fn() -> Result<Config, crate::Error>) -> Result<Schema, crate::Error> {
    let path = Path::new(name);
    match name {
        "empty" => Ok(Schema::default()),
        "code" => Ok(declared::schema(&config()?)?),
        _ if path.is_file() => Ok(read(path)?),
        tag => Ok(Folder::open(&config()?.out)?.snapshot_of(tag)?.schema),
    }
}

fn read(path: &Path) -> Result<Schema, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let snapshot = Snapshot::parse(&text).map_err(|source| Error::Snapshot { path: path.to_owned(), source })?;
    Ok(snapshot.schema)
}
