//! The model of a PostgreSQL schema, and the two texts it comes from and goes to:
//! a declaration in Rust and drizzle-kit's snapshot file.
//!
//! A [`Schema`] is a value. It may have been declared in code, read from a
//! [`Snapshot`] or found in a database; whoever compares or renders it need not know which.
//!
//! ```
//! use schema::build::{Column, Table, types};
//!
//! let users = Table::new("users")
//!     .column(Column::new("id", types::uuid()).primary_key().default_random())
//!     .column(Column::new("email", types::varchar(255)).not_null().unique());
//! let schema = schema::build::schema([users.into()]).expect("the names are unique");
//! assert_eq!(schema.tables["public.users"].columns["email"].sql_type, "varchar(255)");
//! ```
//!
//! With the feature `derive`, tables and views are structs ([`PgTable`](macro@PgTable), [`PgView`]), functions give
//! everything else ([`macro@pg_objects`]), and [`declared`] gathers all of it; with `rows`, the same structs are the rows
//! of queries ([`rows`]). `docs/schema.md` shows all of it beside Drizzle. What drizzle-kit cannot model is in
//! [`Objects`] and its own file ([`companion`]); `docs/objects.md` shows that.
//!
//! This crate does no I/O, knows no database driver and writes no SQL.

pub mod build;
pub mod companion;
#[cfg(feature = "derive")]
mod declared;
mod json;
pub mod lexer;
pub mod mentions;
mod model;
pub mod names;
mod order;
pub mod quote;
#[cfg(feature = "rows")]
pub mod rows;
pub mod snapshot;
pub mod type_text;
pub mod validate;

#[cfg(feature = "derive")]
pub use declared::{
    ColumnType, DefaultValue, HasDefault, Interval, Json, Line, PgColumns, PgTable, PgType, Point, References, Stores,
    UnknownLabel, Vector, declared, sql,
};
pub use model::*;
#[cfg(feature = "rows")]
pub use rows::TableName;
#[cfg(feature = "derive")]
pub use schema_macros::{PgColumns, PgEnum, PgTable, PgType, PgView, pg_objects};
pub use snapshot::Snapshot;

/// What the derives expand into, and nobody else should name.
#[cfg(feature = "derive")]
#[doc(hidden)]
pub mod __private {
    pub use crate::declared::registry::{
        Declaration, ENUMS, EnumDeclaration, OBJECTS, ObjectsDeclaration, TABLES, VIEWS, ViewDeclaration, objects,
    };
    pub use crate::declared::resolved::*;
    pub use crate::declared::{references, written};
}

/// The examples of the documentation, compiled and run.
#[cfg(all(doctest, feature = "rows", feature = "chrono", feature = "uuid"))]
#[doc = include_str!("../../../docs/schema.md")]
struct Documentation;

/// The examples of what drizzle-kit cannot model.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/objects.md")]
struct ObjectsDocumentation;
