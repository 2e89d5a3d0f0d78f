//! Reading a snapshot, and what is wrong with one that cannot be read.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::{DIALECT, File, Layout, Snapshot, VERSION};
use crate::model::{Objects, Schema};

/// Why a text is not a snapshot that can be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON, or cut off.
    #[error("it is not valid JSON: restore the file from version control")]
    Syntax(#[source] serde_json::Error),
    /// Another version of the format.
    #[error("its version is {found:?}, and only version \"7\" is read: `cargo xtask up` brings older folders to it")]
    Version {
        /// What the file says.
        found: String,
    },
    /// A snapshot of another database.
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

/// What must be looked at before anything else can be understood.
#[derive(Deserialize)]
pub(crate) struct Header {
    #[serde(default)]
    pub(crate) version: Value,
    #[serde(default)]
    pub(crate) dialect: Value,
}

impl Snapshot {
    /// Reads the text of a snapshot file.
    ///
    /// # Errors
    /// When the text is not JSON, is of another version or dialect, or has a key that is
    /// unknown, missing or of the wrong kind.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file = match serde_json::from_str::<File>(text) {
            Ok(file) if file.version == VERSION && file.dialect == DIALECT => file,
            _ => return Err(diagnose(text)),
        };
        Ok(Self {
            id: file.id.into_owned(),
            prev_id: file.prev_id.into_owned(),
            schema: Schema {
                tables: file.tables.into_owned(),
                enums: file.enums.into_owned(),
                schemas: file.schemas.into_owned(),
                sequences: file.sequences.into_owned(),
                roles: file.roles.into_owned(),
                policies: file.policies.into_owned(),
                views: file.views.into_owned(),
                objects: Objects::default(),
            },
            meta: file.meta.into_owned(),
            internal: file.internal.map(Cow::into_owned),
            layout: Layout::of(text),
        })
    }
}

/// Why a text was not read. It is read again, with the path of keys kept: most texts are read, and keeping it takes
/// longer than all the rest.
fn diagnose(text: &str) -> Error {
    let header: Header = match serde_json::from_str(text) {
        Ok(header) => header,
        Err(error) => return Error::Syntax(error),
    };
    if header.version != VERSION {
        return Error::Version { found: plain(&header.version) };
    }
    if header.dialect != DIALECT {
        return Error::Dialect { found: plain(&header.dialect) };
    }
    let read = serde_path_to_error::deserialize::<_, File>(&mut serde_json::Deserializer::from_str(text));
    let error = read.err().expect("with this version and dialect, it was refused for its content");
    Error::Content { path: error.path().to_string(), source: error.into_inner() }
}

/// A JSON value as a message shows it: a string without its quotes.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
