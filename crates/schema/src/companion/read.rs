//! Reading the file, and what a program prints of it.

use super::{File, VERSION};
use crate::model::{Objects, Schema};
use crate::snapshot::read::{Header, plain};
use crate::snapshot::{self, DIALECT, Snapshot};

/// Why a text is not such a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON, or cut off.
    #[error("it is not valid JSON: restore the file from version control")]
    Syntax(#[source] serde_json::Error),
    /// Another version of the format.
    #[error("its version is {found:?}, and only version \"{VERSION}\" is read: a newer toolkit has written it")]
    Version {
        /// What the file says.
        found: String,
    },
    /// The objects of another database.
    #[error("its dialect is {found:?}, and this is a tool for \"postgresql\"")]
    Dialect {
        /// What the file says.
        found: String,
    },
    /// A key is unknown, missing, or holds the wrong kind of value.
    #[error("at `{path}`: restore the file from version control, or correct that key")]
    Content {
        /// The path of keys to the place.
        path: String,
        /// What is wrong there, with line and column.
        #[source]
        source: serde_json::Error,
    },
}

/// Why what the binary `schema` printed is no schema.
#[derive(Debug, thiserror::Error)]
pub enum PrintedError {
    /// Its first line.
    #[error("the snapshot in it cannot be read")]
    Snapshot(#[from] snapshot::Error),
    /// Its second line.
    #[error("the objects in it cannot be read")]
    Objects(#[from] Error),
}

impl Objects {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// When the text is not JSON, is of another version or dialect, or has a key that is
    /// unknown, missing or of the wrong kind.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let header: Header = serde_json::from_str(text).map_err(Error::Syntax)?;
        if header.version != VERSION {
            return Err(Error::Version { found: plain(&header.version) });
        }
        if header.dialect != DIALECT {
            return Err(Error::Dialect { found: plain(&header.dialect) });
        }
        let file: File = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
            .map_err(|error| Error::Content { path: error.path().to_string(), source: error.into_inner() })?;
        Ok(Objects {
            extensions: file.extensions.into_owned(),
            collations: file.collations.into_owned(),
            domains: file.domains.into_owned(),
            composites: file.composites.into_owned(),
            ranges: file.ranges.into_owned(),
            functions: file.functions.into_owned(),
            triggers: file.triggers.into_owned(),
            tables: file.tables.into_owned(),
            views: file.views.into_owned(),
            partitions: file.partitions.into_owned(),
            statistics: file.statistics.into_owned(),
            comments: file.comments.into_owned(),
        })
    }
}

/// Reads what [`print`](super::print()) has written.
///
/// # Errors
/// When it is something else.
pub fn read_printed(text: &str) -> Result<Schema, PrintedError> {
    let (snapshot, objects) = text.trim_end().split_once('\n').unwrap_or((text, ""));
    let schema = Snapshot::parse(snapshot)?.schema;
    if objects.is_empty() {
        return Ok(schema);
    }
    Ok(Schema { objects: Objects::parse(objects)?, ..schema })
}
