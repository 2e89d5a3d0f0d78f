//! The file beside a snapshot, with the objects that drizzle-kit has no word for.
//!
//! It is called `_NNNN_objects.json` and lies in `meta/` beside `NNNN_snapshot.json`: drizzle-kit passes over
//! a file there whose name begins with an underscore, and stops at every other one. Only a migration that
//! changes objects has one, so that a migration by drizzle-kit leaves them as they are: the objects of a
//! migration are those of the newest such file that is not newer.
//!
//! It is JSON with an indent of two spaces and no newline at the end, as a snapshot is, and read as
//! strictly. What has PostgreSQL's default is left out of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{
    Collation, Comment, Composite, Domain, Extension, Function, Map, Objects, Partition, Range, Schema, TableObjects,
    Trigger,
};
use crate::snapshot::{self, DIALECT, ORIGIN_ID, SERIALIZES, Snapshot};

/// The version of the file that is read and written.
pub const VERSION: &str = "1";

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

/// The keys of the file, in its order.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File<'a> {
    version: Cow<'a, str>,
    dialect: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "is_empty")]
    extensions: Cow<'a, Map<Extension>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    collations: Cow<'a, Map<Collation>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    domains: Cow<'a, Map<Domain>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    composites: Cow<'a, Map<Composite>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    ranges: Cow<'a, Map<Range>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    functions: Cow<'a, Map<Function>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    triggers: Cow<'a, Map<Trigger>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    tables: Cow<'a, Map<TableObjects>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    partitions: Cow<'a, Map<Partition>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    comments: Cow<'a, Map<Comment>>,
}

fn is_empty<T: Clone>(map: &Map<T>) -> bool {
    map.is_empty()
}

/// What must be looked at before anything else can be understood.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    version: Value,
    #[serde(default)]
    dialect: Value,
}

impl Objects {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// When the text is not JSON, is of another version or dialect, or has a key that is
    /// unknown, missing or of the wrong kind.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let header: Header = serde_json::from_str(text).map_err(Error::Syntax)?;
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
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
            partitions: file.partitions.into_owned(),
            comments: file.comments.into_owned(),
        })
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.file()).expect(SERIALIZES)
    }

    /// The same in one line, for a program to read.
    fn to_line(&self) -> String {
        serde_json::to_string(&self.file()).expect(SERIALIZES)
    }

    fn file(&self) -> File<'_> {
        let Objects {
            extensions,
            collations,
            domains,
            composites,
            ranges,
            functions,
            triggers,
            tables,
            partitions,
            comments,
        } = self;
        File {
            version: Cow::Borrowed(VERSION),
            dialect: Cow::Borrowed(DIALECT),
            extensions: Cow::Borrowed(extensions),
            collations: Cow::Borrowed(collations),
            domains: Cow::Borrowed(domains),
            composites: Cow::Borrowed(composites),
            ranges: Cow::Borrowed(ranges),
            functions: Cow::Borrowed(functions),
            triggers: Cow::Borrowed(triggers),
            tables: Cow::Borrowed(tables),
            partitions: Cow::Borrowed(partitions),
            comments: Cow::Borrowed(comments),
        }
    }
}

/// A schema as a program prints it: a snapshot in one line, and in a second one the objects, if there are any. Its
/// place in the chain of migrations is for the reader to give.
pub fn print(schema: &Schema) -> String {
    let mut text = Snapshot::new(ORIGIN_ID, ORIGIN_ID, schema.clone()).to_line();
    if !schema.objects.is_empty() {
        text.push('\n');
        text.push_str(&schema.objects.to_line());
    }
    text
}

/// Reads what [`print()`] has written.
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

#[cfg(test)]
mod tests;
