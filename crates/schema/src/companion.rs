//! The file beside a snapshot, with the objects that drizzle-kit has no word for.
//!
//! It is called `_NNNN_objects.json` and lies in `meta/` beside `NNNN_snapshot.json`: drizzle-kit passes over
//! a file there whose name begins with an underscore, and stops at every other one. Only a migration that
//! changes objects has one, so that a migration by drizzle-kit leaves them as they are: the objects of a
//! migration are those of the newest such file that is not newer.
//!
//! It is JSON with an indent of two spaces and no newline at the end, as a snapshot is, and read as
//! strictly. What has PostgreSQL's default is left out of it.

#[cfg(feature = "read")]
mod read;

use std::borrow::Cow;

#[cfg(feature = "read")]
pub use read::{Error, PrintedError, read_printed};
use serde::Serialize;

use crate::json;
use crate::model::{
    Collation, Comment, Composite, Domain, Extension, Function, Map, Objects, Partition, Range, Schema, Statistics,
    TableObjects, Trigger, ViewObjects,
};
use crate::snapshot::{DIALECT, ORIGIN_ID, Snapshot};

/// The version of the file that is read and written.
pub const VERSION: &str = "1";

/// The keys of the file, in its order.
#[derive(Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
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
    views: Cow<'a, Map<ViewObjects>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    partitions: Cow<'a, Map<Partition>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    statistics: Cow<'a, Map<Statistics>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    comments: Cow<'a, Map<Comment>>,
}

fn is_empty<T: Clone>(map: &Map<T>) -> bool {
    map.is_empty()
}

impl Objects {
    /// The text of the file.
    pub fn to_json(&self) -> String {
        json::indented(&self.to_line())
    }

    /// The same in one line, for a program to read.
    fn to_line(&self) -> String {
        json::line(&self.file())
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
            views,
            partitions,
            statistics,
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
            views: Cow::Borrowed(views),
            partitions: Cow::Borrowed(partitions),
            statistics: Cow::Borrowed(statistics),
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

#[cfg(test)]
#[cfg(feature = "read")]
mod tests;
