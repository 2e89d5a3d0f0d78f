//! From two schemas to reviewed SQL.
//!
//! Data goes one way: [`rename::resolve`] brings the previous schema under the next one's names,
//! [`plan::plan`] finds typed steps in the order in which they can run, [`sql::statements`] writes
//! each of them. No module here reads a file, asks a question or knows the time.
//!
//! ```
//! use kit::rename::Answers;
//! use schema::build::{Column, Table, types};
//!
//! let column = |name| Column::new(name, types::text());
//! let previous = schema::build::schema([Table::new("users").column(column("name")).into()]).unwrap();
//! let next = schema::build::schema([Table::new("users").column(column("name")).column(column("bio")).into()]).unwrap();
//!
//! let resolved = kit::rename::resolve(&previous, &next, &Answers::default());
//! assert!(resolved.questions.is_empty());
//! let migration = kit::Migration::new(kit::plan::plan(&resolved, &next));
//! assert_eq!(migration.statements(), [r#"ALTER TABLE "users" ADD COLUMN "bio" text;"#]);
//! ```

pub mod codegen;
pub mod diff;
pub mod difference;
pub mod export;
pub mod hazard;
#[cfg(feature = "introspect")]
pub mod introspect;
pub mod merge;
mod migration;
pub mod plan;
pub mod prove;
mod refusal;
pub mod rename;
mod safer;
pub mod sql;
pub mod step;
pub mod tag;

pub use migration::{BREAKPOINT, Migration, PlannedStep};
pub use refusal::{Refusal, refusals};
