//! The schema of a live database, read from its catalog.
//!
//! [`read`] gives the same [`Schema`] value that a declaration or a snapshot gives, and names beside it what the
//! catalog holds and a schema cannot say. Whatever the number of tables, it asks the same queries, in one
//! transaction that sees one moment and changes nothing.
//!
//! The queries stand in `queries/*.sql` and return plain rows; the module `assemble` turns these into the model and knows
//! no connection. What belongs to an extension, to the system's schemas or to the ledger of migrations is left out.
//!
//! PostgreSQL keeps an expression parsed, and prints it in a way of its own: `a > 0` comes back as `(a > 0)`, `'x'`
//! as `'x'::text`. Two schemas of which one comes from a database are therefore compared in canonical form:
//! [`canonical`] builds the other in a database that is empty and thrown away ([`Scratch`]), and reads it back;
//! [`in_same_form`] does so with what of two schemas differs.
//! [`compared`] says what of a database is compared with a schema at all.

mod assemble;
mod canonical;
mod catalog;
mod compared;
mod differing;
mod error;
mod filter;
mod rebuild;
mod rows;
mod same_form;
mod scratch;
mod surroundings;

pub use canonical::{Refused, canonical};
pub use compared::{Compared, compared};
pub use error::{Cause, Error};
pub use filter::{Filter, InvalidPattern, Ledger, Patterns, Roles};
pub use rebuild::rebuild;
pub use same_form::in_same_form;
pub use scratch::Scratch;
pub use surroundings::Surroundings;

use schema::Schema;
use tokio_postgres::{Client, IsolationLevel, Transaction};

/// What was found in a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Introspected {
    /// Everything that a schema can say.
    pub schema: Schema,
    /// Everything else that is there, in the order of kinds and names.
    pub not_modelled: Vec<NotModelled>,
}

/// Something in the catalog that a schema cannot say, and that no command of this toolkit changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotModelled {
    /// What it is, as a person says it: `rule`, `aggregate`, `DEFERRABLE`.
    pub kind: String,
    /// Its name, as SQL writes it.
    pub name: String,
}

/// Reads the schema of the database that `client` is connected to, in a transaction of its own.
///
/// # Errors
/// The server is older than PostgreSQL 14, refuses a query, or is gone.
pub async fn read(client: &mut Client, filter: &Filter) -> Result<Introspected, Error> {
    let begin = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let transaction = begin.start().await.map_err(Error::query("begin reading the database"))?;
    let introspected = read_within(&transaction, filter).await?;
    transaction.commit().await.map_err(Error::query("finish reading the database"))?;
    Ok(introspected)
}

/// Reads the schema as `transaction` sees it. Settings that decide how PostgreSQL prints are changed until its end.
///
/// # Errors
/// As for [`read`].
pub async fn read_within(transaction: &Transaction<'_>, filter: &Filter) -> Result<Introspected, Error> {
    let catalog = catalog::Catalog::read(transaction, filter).await?;
    Ok(assemble::assemble(catalog, filter))
}
