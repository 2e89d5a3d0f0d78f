//! A schema by what a person calls it: `empty`, `code`, a migration's tag, a snapshot file, a database.

use std::path::{Path, PathBuf};

use schema::Schema;

use crate::config::Config;
use crate::declared;
use crate::error::Error;
use crate::folder::{self, Folder};

/// Where a schema comes from.
pub(crate) enum Source {
    /// A schema that is known without a database.
    File(FileSource),
    /// The catalog of a database.
    Database(DatabaseSource),
}

/// A schema that is known without a database.
pub(crate) enum FileSource {
    Empty,
    Code,
    Snapshot(PathBuf),
    Tag(String),
}

/// Which database.
#[cfg_attr(not(feature = "database"), expect(dead_code, reason = "the other binary reads it"))]
pub(crate) enum DatabaseSource {
    /// The one that `migrate` works on.
    Configured,
    /// The one of a URL, with its password.
    Url(String),
}

impl Source {
    /// What `name` stands for.
    pub(crate) fn parse(name: &str) -> Self {
        let path = Path::new(name);
        match name {
            "empty" => Source::File(FileSource::Empty),
            "code" => Source::File(FileSource::Code),
            "db" => Source::Database(DatabaseSource::Configured),
            // Nothing with a password in it, however it is mistyped, may become the name of a file in an error.
            url if url.contains("://") || (url.contains('=') && !path.exists()) => {
                Source::Database(DatabaseSource::Url(url.to_owned()))
            }
            // What no tag looks like is a path also where there is no such file, which the error then names.
            _ if path.is_file() || name.contains('/') || name.ends_with(".json") => {
                Source::File(FileSource::Snapshot(path.to_owned()))
            }
            tag => Source::File(FileSource::Tag(tag.to_owned())),
        }
    }
}

impl FileSource {
    /// The schema.
    pub(crate) fn schema(&self, config: impl Fn() -> Result<Config, Error>) -> Result<Schema, Error> {
        match self {
            FileSource::Empty => Ok(Schema::default()),
            FileSource::Code => Ok(declared::schema(&config()?)?),
            FileSource::Snapshot(path) => Ok(folder::read_schema(path)?),
            FileSource::Tag(tag) => {
                let config = config()?;
                Ok(Folder::open(&config.out, &config.file())?.snapshot_of(tag)?.schema)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_hold_a_password_is_a_database() {
        for url in ["postgresql://u:p@h/d", "Postgres://u:p@h/d", "postgress://u:p@h/d", "host=h password=p"] {
            assert!(matches!(Source::parse(url), Source::Database(DatabaseSource::Url(_))), "{url}");
        }
    }

    #[test]
    fn a_path_to_no_file_is_no_tag() {
        for path in ["missing.json", "meta/0001_snapshot", "/missing.json"] {
            assert!(matches!(Source::parse(path), Source::File(FileSource::Snapshot(_))), "{path}");
        }
        assert!(matches!(Source::parse("0001_add_users"), Source::File(FileSource::Tag(_))));
    }
}
