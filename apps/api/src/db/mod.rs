//! The database: the tables, and queries over a pool of connections.
//!
//! Every query is built with sea-query, so that values are bound and identifiers quoted, and every
//! row is read into a struct of [`schema`]. [`Database`] runs one query on a connection of its own;
//! several that belong together run in a transaction with the functions of [`query`]:
//!
//! ```no_run
//! # use api::db::{Database, Error, query, schema::{NewUser, User}};
//! # use sea_query::{ExprTrait, Query};
//! # async fn example(db: Database, id: uuid::Uuid, new: NewUser) -> Result<(), Error> {
//! let mut session = db.session().await?;
//! let transaction = session.transaction().await?;
//! query::execute(&transaction, &new.into_insert()).await?;
//! let rename = Query::update().table(User::TABLE).value(User::name, "Ann").and_where(User::id.eq(id)).take();
//! query::execute(&transaction, &rename).await?;
//! transaction.commit().await?;
//! # Ok(())
//! # }
//! ```

mod constraint;
mod error;
mod pool;
pub mod query;
pub mod schema;
mod session;

pub use constraint::{Rule, Violation};
pub use error::Error;
pub use pool::{ConnectError, Database};
pub use session::{Connection, Session, Transaction};
