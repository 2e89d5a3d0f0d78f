//! A schema by what a person calls it: `empty`, `code`, a migration's tag, a snapshot file.

use std::path::Path;

use schema::Schema;

use crate::config::Config;
use crate::declared;
use crate::error::Error;
use crate::folder::{self, Folder};

/// The schema that `name` stands for.
pub(crate) fn schema(name: &str, config: impl Fn() -> Result<Config, Error>) -> Result<Schema, Error> {
    let path = Path::new(name);
    match name {
        "empty" => Ok(Schema::default()),
        "code" => Ok(declared::schema(&config()?)?),
        "db" => Err(Error::NoIntrospection),
        _ if path.is_file() => Ok(folder::read_snapshot(path)?.schema),
        tag => {
            let config = config()?;
            Ok(Folder::open(&config.out, &config.file())?.snapshot_of(tag)?.schema)
        }
    }
}
