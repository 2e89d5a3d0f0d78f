//! A table as SQL: what the toolkit itself would write to make it.

use kit::introspect::{Filter, Patterns, read};
use kit::rename::{self, Answers};
use schema::Schema;
use tokio_postgres::Client;

use crate::catalog::Name;
use crate::error::Error;

/// The statements that make a table, its types and indexes.
pub(crate) async fn definition(client: &mut Client, name: &Name) -> Result<String, Error> {
    let filter = Filter {
        schemas: Patterns::exactly([name.schema.as_str()]),
        tables: Patterns::exactly([name.table.as_str()]),
        ..Filter::default()
    };
    let found = read(client, &filter).await?;
    let mut next = found.schema;
    next.schemas.clear();
    let previous = Schema::default();
    let resolved = rename::resolve(&previous, &next, &Answers::default());
    let migration = kit::Migration::new(kit::plan::plan(&resolved, &next));
    Ok(migration.statements().join("\n\n"))
}
