//! The schema that the derives declare, gathered from everything that is linked into the program.
//!
//! A derive leaves one [`Declaration`] in the program: most of it as a literal, and beside it what
//! only the compiler can resolve, such as a type behind an alias or a default behind a constant.
//! The literals are read when [`declared`] is called.

mod column;
mod default;
mod literal;
pub mod sql;
mod types;
mod values;

use std::collections::HashMap;
use std::fmt;

pub use default::{DefaultValue, HasDefault};
pub use types::{ColumnType, PgType, References, Stores, references};
pub use values::{Interval, Json, Line, Point, UnknownLabel, Vector};

use crate::build::{self, Object};
use crate::model::{Enum, PUBLIC, Schema, key};
use crate::validate;

/// The name of a declared table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The schema, with `public` written out.
    pub schema: &'static str,
    /// The name in that schema.
    pub name: &'static str,
}

/// A struct that declares a table. Derive it with [`PgTable`](macro@crate::PgTable).
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no table",
    label = "not a table",
    note = "derive `PgTable` for `{Self}`, and name its table: #[table(\"…\")]"
)]
pub trait PgTable {
    /// The table's name.
    const NAME: TableName;
}

/// A struct that declares a group of columns for several tables. Derive it with
/// [`PgColumns`](macro@crate::PgColumns).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no group of columns",
    label = "cannot be flattened",
    note = "derive `PgColumns` for `{Self}`"
)]
pub trait PgColumns {
    /// What the derive has read.
    const DECLARATION: &'static Declaration;
}

/// What a derive has read of one struct.
#[doc(hidden)]
pub struct Declaration {
    /// The declaration in JSON, as [`literal`] reads it. Its numbers are positions in the lists below.
    pub literal: &'static str,
    /// The type of each column that is not in a group, in order.
    pub types: &'static [&'static ColumnType],
    /// Defaults that are Rust values.
    pub defaults: &'static [&'static (dyn DefaultValue + Sync)],
    /// Lengths and precisions that are constants.
    pub sizes: &'static [u32],
    /// Referenced tables.
    pub references: &'static [TableName],
    /// Flattened groups.
    pub groups: &'static [&'static Declaration],
    /// The file of the struct.
    pub file: &'static str,
    /// The line of the derive.
    pub line: u32,
}

/// What a derive has read of one enum.
#[doc(hidden)]
pub struct EnumDeclaration {
    pub name: &'static str,
    pub schema: &'static str,
    pub values: &'static [&'static str],
    pub file: &'static str,
    pub line: u32,
}

/// Every declared table of the program, in no order that means anything.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static TABLES: [&'static Declaration];

/// Every declared enum type of the program.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static ENUMS: [EnumDeclaration];

/// One thing that is wrong with the declared schema, with the places that declare it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// What is wrong.
    pub problem: validate::Problem,
    /// Where it is declared, as `file:line`; two places where a name is declared twice.
    pub locations: Vec<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.locations.is_empty() {
            write!(f, "{}: ", self.locations.join(", "))?;
        }
        self.problem.fmt(f)
    }
}

/// The schema of all tables and enums in the program, in the order of their names.
///
/// # Errors
/// Everything that is wrong with it at once, each with the place of its declaration.
pub fn declared() -> Result<Schema, Vec<Problem>> {
    with_objects([])
}

/// The declared schema together with objects that have no derive: sequences, roles, views, policies.
///
/// # Errors
/// As [`declared`].
pub fn with_objects(objects: impl IntoIterator<Item = Object>) -> Result<Schema, Vec<Problem>> {
    gather(&TABLES, &ENUMS, objects)
}

fn gather(
    tables: &[&'static Declaration],
    enums: &[EnumDeclaration],
    objects: impl IntoIterator<Item = Object>,
) -> Result<Schema, Vec<Problem>> {
    let mut read = Vec::with_capacity(tables.len());
    let mut problems = Vec::new();
    for &declaration in tables {
        match literal::Table::read(declaration) {
            Ok(table) => read.push((table, declaration)),
            Err(error) => problems.push(unreadable(declaration, &error)),
        }
    }
    let fields: literal::Fields = read.iter().map(|(table, _)| (table.key(), table.fields())).collect();
    let mut places = Places::default();
    let mut declared: Vec<Object> = objects.into_iter().collect();
    for (table, declaration) in &read {
        places.add(table.key(), declaration.file, declaration.line);
        match table.build(declaration, &fields) {
            Ok(table) => declared.push(table.into()),
            Err(message) => {
                let problem = validate::Problem { object: format!("table \"{}\"", table.key()), message };
                problems.push(places.locate(problem));
            }
        }
    }
    for declaration in enums {
        let EnumDeclaration { name, schema, values, file, line } = declaration;
        places.add(key(schema, name), file, *line);
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        declared.push(Enum { name: (*name).to_owned(), schema: (*schema).to_owned(), values }.into());
    }
    match build::schema(declared) {
        Ok(schema) if problems.is_empty() => Ok(schema),
        Ok(_) => Err(problems),
        Err(others) => {
            problems.extend(others.into_iter().map(|problem| places.locate(problem)));
            Err(problems)
        }
    }
}

fn unreadable(declaration: &Declaration, error: &serde_json::Error) -> Problem {
    let problem = validate::Problem {
        object: "a declared table".to_owned(),
        message: format!(
            "its declaration is not understood ({error}); build `schema` and `schema-macros` of one version"
        ),
    };
    Problem { problem, locations: vec![format!("{}:{}", declaration.file, declaration.line)] }
}

/// Where each object is declared, by its key.
#[derive(Default)]
struct Places(HashMap<String, Vec<(String, u32)>>);

impl Places {
    fn add(&mut self, key: String, file: &str, line: u32) {
        let places = self.0.entry(key).or_default();
        places.push((file.to_owned(), line));
        // The linker's order means nothing, and a message must not depend on it.
        places.sort();
    }

    /// A problem names its object with the key in quotes: `table "public.users"`.
    fn locate(&self, problem: validate::Problem) -> Problem {
        let quoted = problem.object.split('"').skip(1).step_by(2);
        let places = quoted.filter_map(|key| self.0.get(key)).next();
        let locations = places.into_iter().flatten().map(|(file, line)| format!("{file}:{line}")).collect();
        Problem { problem, locations }
    }
}

impl TableName {
    /// The key of this table in [`Schema::tables`].
    pub fn key(&self) -> String {
        key(if self.schema.is_empty() { PUBLIC } else { self.schema }, self.name)
    }
}

#[cfg(test)]
mod tests;
