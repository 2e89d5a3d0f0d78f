//! What declared objects may stand on and a schema cannot say: extensions, domains, composite types, functions.

use schema::quote::{ident, idents};
use tokio_postgres::{Client, Transaction};

use super::catalog::SETTINGS;
use super::error::Error;
use super::rows::SurroundingRow;

/// The statements that make the surroundings of one database again in another.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    schemas: Vec<String>,
    statements: Vec<String>,
}

impl Surroundings {
    /// Reads those of a database.
    ///
    /// # Errors
    /// The server refuses the query, or is gone.
    pub async fn read(client: &mut Client) -> Result<Self, Error> {
        const OPERATION: &str = "read the extensions, types and functions";
        let transaction = client.transaction().await.map_err(Error::query(OPERATION))?;
        transaction.batch_execute(SETTINGS).await.map_err(Error::query(OPERATION))?;
        let query = include_str!("queries/surroundings.sql");
        let rows = transaction.query_typed(query, &[]).await.map_err(Error::query(OPERATION))?;
        let rows = rows.iter().map(SurroundingRow::try_from).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(Error::query(OPERATION))?;
        transaction.rollback().await.map_err(Error::query(OPERATION))?;
        Ok(Surroundings {
            schemas: rows.iter().map(|row| row.schema.clone()).collect(),
            statements: rows.iter().map(statement).collect(),
        })
    }

    /// Makes them, as far as they can be made already, and gives those that cannot: they may need an enum or a
    /// table first. What is never made is missed by the statement that needs it, and by nothing else.
    pub(super) async fn make(&self, transaction: &Transaction<'_>) -> Result<Surroundings, Error> {
        for schema in &self.schemas {
            let statement = format!("CREATE SCHEMA IF NOT EXISTS {}", ident(schema));
            attempt(transaction, &statement).await?;
        }
        let mut left = Surroundings::default();
        for statement in &self.statements {
            if !attempt(transaction, statement).await? {
                left.statements.push(statement.clone());
            }
        }
        Ok(left)
    }
}

/// Runs a statement that may fail and leave no trace.
async fn attempt(transaction: &Transaction<'_>, statement: &str) -> Result<bool, Error> {
    const OPERATION: &str = "prepare the scratch database";
    transaction.batch_execute("SAVEPOINT surroundings").await.map_err(Error::query(OPERATION))?;
    let is_made = transaction.batch_execute(statement).await.is_ok();
    let end = if is_made { "RELEASE surroundings" } else { "ROLLBACK TO surroundings; RELEASE surroundings" };
    transaction.batch_execute(end).await.map_err(Error::query(OPERATION))?;
    Ok(is_made)
}

fn statement(row: &SurroundingRow) -> String {
    let name = format!("{}.{}", ident(&row.schema), ident(&row.name));
    match row.kind.as_str() {
        "extension" => {
            format!("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE", ident(&row.name), ident(&row.schema))
        }
        "domain" => {
            let default = row.default_value.as_ref().map(|sql| format!(" DEFAULT {sql}")).unwrap_or_default();
            let not_null = if row.is_not_null { " NOT NULL" } else { "" };
            let constraints: String = row.constraints.iter().map(|sql| format!(" {sql}")).collect();
            let base = row.base_type.as_deref().unwrap_or_default();
            format!("CREATE DOMAIN {name} AS {base}{default}{not_null}{constraints}")
        }
        "composite type" => {
            let fields = row.fields.chunks_exact(2).map(|field| format!("{} {}", idents([&field[0]]), field[1]));
            format!("CREATE TYPE {name} AS ({})", fields.collect::<Vec<_>>().join(", "))
        }
        _ => row.definition.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn each_kind_has_its_statement() {
        let row = |kind: &str| SurroundingRow {
            kind: kind.to_owned(),
            schema: "app".to_owned(),
            name: "na\"me".to_owned(),
            base_type: Some("text".to_owned()),
            fields: ["a", "integer", "b c", "text[]"].map(str::to_owned).into(),
            default_value: Some("'x'::text".to_owned()),
            is_not_null: true,
            constraints: vec!["CHECK ((VALUE <> ''::text))".to_owned()],
            definition: Some("CREATE OR REPLACE FUNCTION …".to_owned()),
        };
        let statements = ["extension", "domain", "composite type", "function"].map(|kind| statement(&row(kind)));
        expect![[r#"
            CREATE EXTENSION IF NOT EXISTS "na""me" SCHEMA "app" CASCADE
            CREATE DOMAIN "app"."na""me" AS text DEFAULT 'x'::text NOT NULL CHECK ((VALUE <> ''::text))
            CREATE TYPE "app"."na""me" AS ("a" integer, "b c" text[])
            CREATE OR REPLACE FUNCTION …
        "#]]
        .assert_eq(&(statements.join("\n") + "\n"));
    }
}
