use std::collections::BTreeSet;

use schema::{PUBLIC, Schema, quote};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};

use super::compared::compared;
use super::error::{Cause, Error};
use super::filter::{Filter, Ledger, Patterns};
use super::surroundings::{self, Surroundings};
use crate::step::Step;
use crate::{prove, sql};

const OPERATION: &str = "build a schema in the scratch database";

/// A schema as the catalog would give it: built by this crate's own SQL in a transaction that is rolled back, and read
/// back, so that every expression is in PostgreSQL's words. Two schemas in this form differ where they mean different
/// things, and not where they say the same thing differently.
///
/// `client` is connected to an empty database, such as a [`Scratch`](super::Scratch) one. `surroundings` are made first.
/// Roles belong to the whole cluster, existing views are not ours to make, and not every role may make every extension:
/// they stay as they are declared, and so do policies on tables that are not among the surroundings.
///
/// # Errors
/// PostgreSQL refuses a statement, or is gone.
pub async fn canonical(client: &mut Client, schema: &Schema, surroundings: &Surroundings) -> Result<Schema, Error> {
    let transaction = client.transaction().await.map_err(Error::query(OPERATION))?;
    let own = own(schema, surroundings);
    make_roles(&transaction, &own).await?;
    build(&transaction, &own, surroundings, &mut Tolerance::Nothing).await?;
    let filter = Filter {
        schemas: Patterns::exactly(schema.schemas.keys().map(String::as_str).chain([PUBLIC])),
        linked_policies: true,
        ledger: Ledger { schema: String::new(), table: String::new(), progress: String::new() },
        ..Filter::default()
    };
    let found = super::read_within(&transaction, &filter).await?.schema;
    transaction.rollback().await.map_err(Error::query(OPERATION))?;
    let mut found = compared(found, schema).schema;
    found.tables.retain(|key, _| schema.tables.contains_key(key));
    Ok(with_the_rest(found, schema))
}

/// What can be built in an empty database.
pub(super) fn own(schema: &Schema, surroundings: &Surroundings) -> Schema {
    let mut own = schema.clone();
    own.roles.clear();
    own.policies.retain(|_, policy| surroundings.has_table_of(policy));
    own.views.retain(|_, view| !view.is_existing);
    own
}

/// What was read, with what was not built.
fn with_the_rest(found: Schema, declared: &Schema) -> Schema {
    let mut schema = found;
    schema.roles = declared.roles.clone();
    schema.objects.extensions = declared.objects.extensions.clone();
    for (name, policy) in &declared.policies {
        schema.policies.entry(name.clone()).or_insert_with(|| policy.clone());
    }
    let existing = declared.views.iter().filter(|(_, view)| view.is_existing);
    schema.views.extend(existing.map(|(key, view)| (key.clone(), view.clone())));
    schema
}

/// What becomes of a statement that PostgreSQL refuses.
pub(super) enum Tolerance {
    /// It is an error.
    Nothing,
    /// It is noted, and the rest is built without it.
    Noted(Vec<Refused>),
}

/// A statement that PostgreSQL refuses.
#[derive(Debug)]
pub struct Refused {
    /// The statement.
    pub statement: String,
    /// Why.
    pub cause: Cause,
}

/// Builds what [can be built](own) in an empty database.
pub(super) async fn build(
    transaction: &Transaction<'_>,
    schema: &Schema,
    surroundings: &Surroundings,
    tolerance: &mut Tolerance,
) -> Result<(), Error> {
    let settings = "SET LOCAL client_min_messages = warning; SET LOCAL check_function_bodies = off";
    transaction.batch_execute(settings).await.map_err(Error::query(OPERATION))?;
    for name in schema.schemas.keys() {
        run(transaction, &format!("CREATE SCHEMA IF NOT EXISTS {}", quote::ident(name))).await?;
    }
    let steps = prove::steps_from_empty(schema);
    let is_type = |step: &Step| matches!(step, Step::Enum(_) | Step::Type(_));
    let (extensions, steps): (Vec<Step>, Vec<Step>) = steps
        .into_iter()
        .filter(|step| !matches!(step, Step::Schema(_)))
        .partition(|step| matches!(step, Step::Extension(_)));
    // Some only an administrator may make; what needs one of those says so itself.
    for statement in extensions.iter().flat_map(sql::statements) {
        match tolerance {
            Tolerance::Nothing => drop(surroundings::attempt(transaction, &statement).await?),
            Tolerance::Noted(_) => run_or_note(transaction, statement, tolerance).await?,
        }
    }
    let (types, rest) = steps.split_at(steps.iter().take_while(|step| is_type(step)).count());
    // A function that is there may take a declared type, and a declared column may have a domain that is there.
    let left = surroundings.make(transaction).await?;
    let left = run_all(transaction, types, left, tolerance).await?;
    let left = left.make(transaction).await?;
    surroundings.make_tables(transaction).await?;
    run_all(transaction, rest, left, tolerance).await?;
    Ok(())
}

/// Runs the steps in one round trip; where a statement is refused, one by one, to know which. It may be that it needs
/// something of what is `left` of the surroundings, such as an aggregate, which needs a function of an earlier step.
async fn run_all(
    transaction: &Transaction<'_>,
    steps: &[Step],
    mut left: Surroundings,
    tolerance: &mut Tolerance,
) -> Result<Surroundings, Error> {
    let statements: Vec<String> = steps.iter().flat_map(sql::statements).collect();
    transaction.batch_execute("SAVEPOINT build").await.map_err(Error::query(OPERATION))?;
    if transaction.batch_execute(&statements.join("\n")).await.is_ok() {
        return Ok(left);
    }
    transaction.batch_execute("ROLLBACK TO build").await.map_err(Error::query(OPERATION))?;
    for statement in statements {
        if !left.is_made() {
            if surroundings::attempt(transaction, &statement).await? {
                continue;
            }
            left = left.make(transaction).await?;
        }
        run_or_note(transaction, statement, tolerance).await?;
    }
    Ok(left)
}

/// Runs a statement, and where it is refused does as is told.
async fn run_or_note(transaction: &Transaction<'_>, statement: String, tolerance: &mut Tolerance) -> Result<(), Error> {
    let Tolerance::Noted(refused) = tolerance else { return run(transaction, &statement).await };
    transaction.batch_execute("SAVEPOINT statement").await.map_err(Error::query(OPERATION))?;
    let end = match transaction.batch_execute(&statement).await {
        Ok(()) => "RELEASE statement",
        Err(error) => {
            refused.push(Refused { statement: statement.trim_end().to_owned(), cause: error.into() });
            "ROLLBACK TO statement; RELEASE statement"
        }
    };
    transaction.batch_execute(end).await.map_err(Error::query(OPERATION))
}

/// Makes the roles that policies name and the server does not have. They are the whole cluster's, and go only where the
/// transaction is rolled back.
async fn make_roles(transaction: &Transaction<'_>, schema: &Schema) -> Result<(), Error> {
    const OPERATION: &str = "ask for the roles that policies name";
    let policies = schema.tables.values().flat_map(|table| table.policies.values()).chain(schema.policies.values());
    let names: BTreeSet<&str> = policies.flat_map(|policy| policy.role_names()).filter(|name| !is_word(name)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        return Ok(());
    }
    let query = "SELECT name FROM unnest($1) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles) ORDER BY name";
    let missing = transaction.query_typed(query, &[(&names, Type::TEXT_ARRAY)]).await;
    for row in missing.map_err(Error::query(OPERATION))? {
        let name: String = row.try_get(0).map_err(Error::query(OPERATION))?;
        run(transaction, &format!("CREATE ROLE {}", quote::ident(&name))).await?;
    }
    Ok(())
}

/// Whether a policy's role is none, but one of PostgreSQL's words.
fn is_word(name: &str) -> bool {
    matches!(name, "public" | "current_role" | "current_user" | "session_user")
}

async fn run(transaction: &Transaction<'_>, statement: &str) -> Result<(), Error> {
    let done = transaction.batch_execute(statement).await;
    done.map_err(|error| Error::Build { statement: statement.trim_end().to_owned(), source: error.into() })
}
