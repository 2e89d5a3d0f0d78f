//! The schema that derives and functions declare, gathered from everything that is linked into the program.
//!
//! A derive leaves one [`Declaration`] in the program ([`registry`]): most of it as a literal, and beside it what
//! only the compiler can resolve ([`resolved`]), such as a type behind an alias or a default behind a constant.
//! The literals are read ([`literal`], [`column`], [`view`]) and the functions called when [`declared`] is.

mod column;
mod default;
mod enumeration;
mod literal;
mod names;
mod places;
pub(crate) mod registry;
pub(crate) mod resolved;
pub mod sql;
mod types;
mod values;
mod view;

use std::fmt;

pub use default::{DefaultValue, HasDefault, written};
pub use types::{ColumnType, PgType, References, Stores, references};
pub use values::{Interval, Json, Line, Point, UnknownLabel, Vector};

use crate::build::{self, Object};
use crate::model::{Schema, key};
use crate::validate;
use enumeration::Enums;
use names::Tables;
use places::{Given, Places};
use registry::{Declaration, ENUMS, EnumDeclaration, OBJECTS, ObjectsDeclaration, TABLES, VIEWS, ViewDeclaration};
use view::View;

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

/// The schema of everything that the program declares, in the order of the objects' names.
///
/// # Errors
/// Everything that is wrong with it at once, each with the place of its declaration.
pub fn declared() -> Result<Schema, Vec<Problem>> {
    gather(&Registered { tables: &TABLES, enums: &ENUMS, views: &VIEWS, objects: &OBJECTS })
}

/// The lists of all declarations.
#[derive(Default)]
struct Registered {
    tables: &'static [Declaration],
    enums: &'static [EnumDeclaration],
    views: &'static [ViewDeclaration],
    objects: &'static [ObjectsDeclaration],
}

fn gather(registered: &Registered) -> Result<Schema, Vec<Problem>> {
    let mut derived = Derived::default();
    derived.read(registered);
    let Derived { objects, places, mut problems } = derived;
    let given = Given::by(registered.objects);
    match build::schema(places::all(&objects, &given)) {
        Ok(schema) if problems.is_empty() => Ok(schema),
        Ok(_) => Err(problems),
        Err(others) => {
            let mut others: Vec<Problem> = others.into_iter().map(|problem| places.locate(problem)).collect();
            places::blame(&mut others, &objects, &given);
            problems.extend(others);
            Err(problems)
        }
    }
}

/// What the derives declare, as far as it is read.
#[derive(Default)]
struct Derived {
    objects: Vec<Object>,
    places: Places,
    problems: Vec<Problem>,
}

impl Derived {
    fn read(&mut self, registered: &Registered) {
        let mut tables = Vec::with_capacity(registered.tables.len());
        for declaration in registered.tables {
            match literal::Table::read(declaration) {
                Ok(table) => tables.push(table),
                Err(error) => self.problems.push(unreadable("table", declaration.place, &error)),
            }
        }
        let (known, enums) = (Tables::of(&tables), Enums::of(registered.enums));
        for table in &tables {
            self.add("table", table.key(), table.place(), table.build(&known, &enums));
        }
        for declaration in registered.views {
            match View::read(declaration) {
                Ok(view) => self.add("view", view.key(), view.place(), view.build(&known, &enums)),
                Err(error) => self.problems.push(unreadable("view", declaration.columns.place, &error)),
            }
        }
        for declaration in registered.enums {
            self.places.add(key(declaration.schema, declaration.name), declaration.place);
            self.objects.push(enumeration::build(declaration).into());
            self.objects.extend(enumeration::comment(declaration).map(Object::from));
        }
    }

    fn add(&mut self, kind: &str, key: String, place: &'static str, built: Result<impl Into<Object>, String>) {
        let object = format!("{kind} \"{key}\"");
        self.places.add(key, place);
        match built {
            Ok(built) => self.objects.push(built.into()),
            Err(message) => self.problems.push(self.places.locate(validate::Problem { object, message })),
        }
    }
}

fn unreadable(kind: &str, place: &'static str, error: &serde_json::Error) -> Problem {
    let problem = validate::Problem {
        object: format!("a declared {kind}"),
        message: format!(
            "its declaration is not understood ({error}); build `schema` and `schema-macros` of one version"
        ),
    };
    Problem { problem, locations: vec![place.to_owned()] }
}

#[cfg(test)]
mod tests;
