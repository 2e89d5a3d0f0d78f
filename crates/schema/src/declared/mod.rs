//! The schema that the derives declare, gathered from everything that is linked into the program.
//!
//! A derive leaves one [`Declaration`] in the program ([`registry`]): most of it as a literal, and beside it what
//! only the compiler can resolve ([`resolved`]), such as a type behind an alias or a default behind a constant.
//! The literals are read ([`literal`], [`column`]) when [`declared`] is called.

mod column;
mod default;
mod enumeration;
mod literal;
mod names;
pub(crate) mod registry;
pub(crate) mod resolved;
pub mod sql;
mod types;
mod values;

use std::collections::HashMap;
use std::fmt;

pub use default::{DefaultValue, HasDefault, written};
pub use types::{ColumnType, PgType, References, Stores, references};
pub use values::{Interval, Json, Line, Point, UnknownLabel, Vector};

use crate::build::{self, Object};
use crate::model::{Schema, key};
use crate::validate;
use enumeration::Enums;
use names::Tables;
use registry::{Declaration, ENUMS, EnumDeclaration, TABLES};

/// A struct that declares a table. Derive it with [`PgTable`](macro@crate::PgTable).
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no table",
    label = "not a table",
    note = "derive `PgTable` for `{Self}`, and name its table: #[table(\"…\")]"
)]
pub trait PgTable: 'static {}

/// A struct that declares a group of columns for several tables. Derive it with
/// [`PgColumns`](macro@crate::PgColumns).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no group of columns",
    label = "cannot be flattened",
    note = "derive `PgColumns` for `{Self}`"
)]
pub trait PgColumns: 'static {
    /// What the derive has read.
    const DECLARATION: &'static Declaration;
}

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
    tables: &'static [Declaration],
    enums: &'static [EnumDeclaration],
    objects: impl IntoIterator<Item = Object>,
) -> Result<Schema, Vec<Problem>> {
    let mut read = Vec::with_capacity(tables.len());
    let mut problems = Vec::new();
    for declaration in tables {
        match literal::Table::read(declaration) {
            Ok(table) => read.push(table),
            Err(error) => problems.push(unreadable(declaration, &error)),
        }
    }
    let known = (Tables::of(&read), Enums::of(enums));
    let mut places = Places::default();
    let mut declared: Vec<Object> = objects.into_iter().collect();
    for table in &read {
        places.add(table.key(), table.place());
        match table.build(&known.0, &known.1) {
            Ok(table) => declared.push(table.into()),
            Err(message) => {
                let problem = validate::Problem { object: format!("table \"{}\"", table.key()), message };
                problems.push(places.locate(problem));
            }
        }
    }
    for declaration in enums {
        places.add(key(declaration.schema, declaration.name), declaration.place);
        declared.push(enumeration::build(declaration).into());
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
    Problem { problem, locations: vec![declaration.place.to_owned()] }
}

/// Where each object is declared, by its key.
#[derive(Default)]
struct Places(HashMap<String, Vec<&'static str>>);

impl Places {
    fn add(&mut self, key: String, place: &'static str) {
        let places = self.0.entry(key).or_default();
        places.push(place);
        // The linker's order means nothing, and a message must not depend on it.
        places.sort_unstable();
    }

    /// A problem names its object with the key in quotes: `table "public.users"`.
    fn locate(&self, problem: validate::Problem) -> Problem {
        let quoted = problem.object.split('"').skip(1).step_by(2);
        let places = quoted.filter_map(|key| self.0.get(key)).next();
        let locations = places.into_iter().flatten().map(|place| (*place).to_owned()).collect();
        Problem { problem, locations }
    }
}

#[cfg(test)]
mod tests;
