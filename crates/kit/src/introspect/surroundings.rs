//! What declared objects may stand on and do not make: what is in other schemas, and what the schema does not manage.

use schema::quote::ident;
use schema::{Column, Map, Objects, PUBLIC, Policy, Schema, Table, key};
use tokio_postgres::{Client, Transaction};

use super::catalog::SETTINGS;
use super::compared::named_only;
use super::error::Error;
use super::filter::{Filter, Ledger, Patterns};
use super::rows::UnmodelledRow;
use crate::step::Step;
use crate::{prove, sql};

/// What is in a database beside a declared schema, to be made again in another database.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    schemas: Vec<String>,
    statements: Vec<String>,
    /// The tables and views that the schema names and does not make, as tables with their keys.
    pub(super) tables: Map<Table>,
}

impl Surroundings {
    /// Reads those of a database.
    ///
    /// # Errors
    /// The server refuses the query, or is gone.
    pub async fn read(client: &mut Client, declared: &Schema) -> Result<Self, Error> {
        const OPERATION: &str = "read what the schema stands on";
        let transaction = client.transaction().await.map_err(Error::query(OPERATION))?;
        let named = named_only(declared);
        let filter = Filter {
            tables: Patterns::exactly(named.iter().map(|(_, name)| name)),
            ledger: Ledger { schema: String::new(), table: String::new(), progress: String::new() },
            ..Filter::default()
        };
        let mut found = super::read_within(&transaction, &filter).await?.schema;
        transaction.batch_execute(SETTINGS).await.map_err(Error::query(OPERATION))?;
        let query = include_str!("queries/unmodelled.sql");
        let rows = transaction.query_typed(query, &[]).await.map_err(Error::query(OPERATION))?;
        let rows = rows.iter().map(UnmodelledRow::try_from).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(Error::query(OPERATION))?;
        transaction.rollback().await.map_err(Error::query(OPERATION))?;
        let tables = named.iter().filter_map(|(schema, name)| as_table(&found, schema, name)).collect();
        leave_what_is_declared(&mut found, declared);
        let mut statements = statements(&found);
        statements.extend(rows.iter().map(|row| row.definition.clone()));
        let schemas = found.schemas.into_keys().chain(rows.into_iter().filter_map(|row| row.schema)).collect();
        Ok(Surroundings { schemas, statements, tables })
    }

    /// Makes them, as far as they can be made already, and gives those that cannot: they may need an enum, a table or a
    /// function first. What is never made is missed by the statement that needs it, and by nothing else.
    pub(super) async fn make(&self, transaction: &Transaction<'_>) -> Result<Surroundings, Error> {
        for schema in &self.schemas {
            attempt(transaction, &format!("CREATE SCHEMA IF NOT EXISTS {}", ident(schema))).await?;
        }
        let mut left = Surroundings { tables: self.tables.clone(), ..Surroundings::default() };
        for statement in &self.statements {
            if !attempt(transaction, statement).await? {
                left.statements.push(statement.clone());
            }
        }
        Ok(left)
    }

    /// Whether nothing is to be made, but tables.
    pub(super) fn is_made(&self) -> bool {
        self.statements.is_empty()
    }

    /// Makes the tables that the schema names; they may need its types.
    pub(super) async fn make_tables(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let tables = Schema { tables: self.tables.clone(), ..Schema::default() };
        for statement in statements(&tables) {
            attempt(transaction, &statement).await?;
        }
        Ok(())
    }

    /// Whether a policy is on one of the tables.
    pub(super) fn has_table_of(&self, policy: &Policy) -> bool {
        policy.linked_table().is_some_and(|(schema, table)| self.tables.contains_key(&key(&schema, &table)))
    }
}

/// Runs a statement that may fail and leave no trace.
pub(super) async fn attempt(transaction: &Transaction<'_>, statement: &str) -> Result<bool, Error> {
    const OPERATION: &str = "prepare the scratch database";
    transaction.batch_execute("SAVEPOINT surroundings").await.map_err(Error::query(OPERATION))?;
    let is_made = transaction.batch_execute(statement).await.is_ok();
    let end = if is_made { "RELEASE surroundings" } else { "ROLLBACK TO surroundings; RELEASE surroundings" };
    transaction.batch_execute(end).await.map_err(Error::query(OPERATION))?;
    Ok(is_made)
}

/// The statements that make a schema, without those of its schemas.
fn statements(schema: &Schema) -> Vec<String> {
    let steps = prove::steps_from_empty(schema).into_iter().filter(|step| !matches!(step, Step::Schema(_)));
    steps.flat_map(|step| sql::statements(&step)).collect()
}

/// Leaves enums and objects, but for those that the declared schema has a say in: enums in its schemas, extensions that
/// it declares, and kinds of object of which it declares any.
fn leave_what_is_declared(found: &mut Schema, declared: &Schema) {
    let is_declared = |schema: &str| schema == PUBLIC || declared.schemas.contains_key(schema);
    found.enums.retain(|_, found| !is_declared(&found.schema));
    found.tables.clear();
    found.views.clear();
    found.sequences.clear();
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
    } = &mut found.objects;
    let manages = &declared.objects;
    extensions.retain(|name, _| !manages.extensions.contains_key(name));
    // Another version may not be installed, and the words of an expression do not depend on it.
    extensions.values_mut().for_each(|extension| extension.version = None);
    collations.retain(|_, found| manages.collations.is_empty() || !is_declared(&found.schema));
    domains.retain(|_, found| manages.domains.is_empty() || !is_declared(&found.schema));
    composites.retain(|_, found| manages.composites.is_empty() || !is_declared(&found.schema));
    ranges.retain(|_, found| manages.ranges.is_empty() || !is_declared(&found.schema));
    functions.retain(|_, found| manages.functions.is_empty() || !is_declared(&found.schema));
    triggers.clear();
    tables.clear();
    views.clear();
    partitions.clear();
    statistics.clear();
    comments.clear();
}

/// A table or view of the database as a table that has its columns and its keys, and nothing that computes.
fn as_table(found: &Schema, schema: &str, name: &str) -> Option<(String, Table)> {
    let key = key(schema, name);
    let mut table = match (found.tables.get(&key), found.views.get(&key)) {
        (Some(table), _) => Table {
            composite_primary_keys: table.composite_primary_keys.clone(),
            unique_constraints: table.unique_constraints.clone(),
            columns: table.columns.clone(),
            ..Table::default()
        },
        (None, Some(view)) => Table { columns: view.columns.clone(), ..Table::default() },
        (None, None) => return None,
    };
    (table.schema, table.name) = (if schema == PUBLIC { String::new() } else { schema.to_owned() }, name.to_owned());
    for column in table.columns.values_mut() {
        *column = Column { default: None, generated: None, identity: None, ..column.clone() };
    }
    Some((key, table))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Column, Domain, Extension, Function, enumeration, schema, types};

    use super::*;

    #[test]
    fn what_the_schema_manages_itself_is_not_made_before_it() {
        let function = |name: &str| Function::new(name).returns("integer").sql("select 1");
        let found = [
            Extension::new("citext").in_schema("ext").into(),
            Extension::new("hstore").into(),
            enumeration("mood", ["ok"]).into(),
            schema::Enum { schema: "other".to_owned(), ..enumeration("mood", ["ok"]) }.into(),
            Domain::new("positive", types::integer()).check("positive_check", "VALUE > 0").into(),
            function("f").into(),
            function("g").in_schema("other").into(),
            schema::build::Table::new("t").column(Column::new("a", types::integer())).into(),
        ];
        let declared = [Extension::new("hstore").into(), function("f").into()];
        let mut found = schema(found).unwrap();
        leave_what_is_declared(&mut found, &schema(declared).unwrap());
        expect![[r#"
            CREATE EXTENSION IF NOT EXISTS "citext" WITH SCHEMA "ext";
            CREATE TYPE "other"."mood" AS ENUM('ok');
            CREATE DOMAIN "public"."positive" AS integer CONSTRAINT "positive_check" CHECK (VALUE > 0);
            CREATE FUNCTION "other"."g"() RETURNS integer
            	LANGUAGE "sql"
            	AS $$select 1$$;
        "#]]
        .assert_eq(&(statements(&found).join("\n") + "\n"));
    }
}
