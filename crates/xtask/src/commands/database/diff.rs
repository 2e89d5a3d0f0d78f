//! `diff` where a database is one of the two: its catalog is read, and the other schema is brought into the form that
//! the catalog has, so that what means the same is the same.

use std::process::ExitCode;

use kit::introspect::{Filter, Introspected, Ledger, Patterns, Roles, Scratch, Surroundings, canonical, read};
use migrator::Server;
use schema::{PUBLIC, Schema};

use super::block_on;
use super::connection::{self, Role};
use crate::cli::DiffArgs;
use crate::commands::diff::print;
use crate::config::Config;
use crate::error::Error;
use crate::output::{self, YELLOW, paint};
use crate::source::{DatabaseSource, FileSource, Source};

/// What the sessions are for, as the server shows them.
const PURPOSE: &str = "diff";

/// Prints the SQL between two schemas of which at least one is a database's.
pub(crate) fn run(args: &DiffArgs, from: Source, to: Source) -> Result<ExitCode, Error> {
    let config = crate::config()?;
    let (previous, next) = match (from, to) {
        (Source::Database(from), Source::Database(to)) => {
            let (from, to) = (server(&from, &config)?, server(&to, &config)?);
            block_on(async { Ok::<_, Error>((alone(&from, &config).await?, alone(&to, &config).await?)) })??
        }
        (Source::Database(from), Source::File(to)) => block_on(beside(&server(&from, &config)?, &to, &config))??,
        (Source::File(from), Source::Database(to)) => {
            let (found, given) = block_on(beside(&server(&to, &config)?, &from, &config))??;
            (given, found)
        }
        (Source::File(from), Source::File(to)) => (from.schema(crate::config)?, to.schema(crate::config)?),
    };
    print(args, &previous, &next)
}

fn server(source: &DatabaseSource, config: &Config) -> Result<Server, Error> {
    let url = match source {
        DatabaseSource::Configured => connection::url(None, Role::Migration, config)?,
        DatabaseSource::Url(url) => url.clone(),
    };
    Ok(Server::from_url(&url)?)
}

/// The whole of a database.
async fn alone(server: &Server, config: &Config) -> Result<Schema, Error> {
    let mut client = server.client(PURPOSE).await?;
    Ok(note_the_rest(read(&mut client, &everything(config)).await?))
}

/// What is in a database of the schemas and roles of another schema, and that one in the same form.
async fn beside(server: &Server, other: &FileSource, config: &Config) -> Result<(Schema, Schema), Error> {
    let given = other.schema(crate::config)?;
    if matches!(other, FileSource::Empty) {
        return Ok((alone(server, config).await?, given));
    }
    let mut client = server.client(PURPOSE).await?;
    let mut found = note_the_rest(read(&mut client, &what_is_in(&given, config)).await?);
    take_linked_policies(&mut found, &given);
    if found == given {
        return Ok((found, given));
    }
    let surroundings = Surroundings::read(&mut client).await?;
    let scratch = Scratch::create(&client).await?;
    let compared = in_same_form(server, &scratch, found, &given, &surroundings).await;
    scratch.drop(&client).await?;
    compared
}

/// Both schemas in canonical form. PostgreSQL may print what it reads from its own words in other words once more, as
/// it has when the database was restored from a dump; then each is brought into the form that such a text ends in.
async fn in_same_form(
    server: &Server,
    scratch: &Scratch,
    found: Schema,
    given: &Schema,
    surroundings: &Surroundings,
) -> Result<(Schema, Schema), Error> {
    let mut inside = server.with_database(scratch.name()).client(PURPOSE).await?;
    let given = canonical(&mut inside, given, surroundings).await?;
    if found == given {
        return Ok((found, given));
    }
    match canonical(&mut inside, &found, surroundings).await {
        Ok(found) => Ok((found, canonical(&mut inside, &given, surroundings).await?)),
        // What the database has may stand on what cannot be made again: it is compared as it is.
        Err(kit::introspect::Error::Build { .. }) => Ok((found, given)),
        Err(error) => Err(error.into()),
    }
}

fn everything(config: &Config) -> Filter {
    let ledger = Ledger { schema: config.ledger_schema.clone(), table: config.ledger_table.clone() };
    Filter { ledger, ..Filter::default() }
}

/// The schemas and roles that a schema has, and `public`. Others in the database are somebody else's.
fn what_is_in(schema: &Schema, config: &Config) -> Filter {
    Filter {
        schemas: Patterns::exactly(schema.schemas.keys().map(String::as_str).chain([PUBLIC])),
        roles: if schema.roles.is_empty() {
            Roles::None
        } else {
            Roles::Matching(Patterns::exactly(schema.roles.keys()))
        },
        ..everything(config)
    }
}

/// A policy on a table that is declared elsewhere cannot be told from one that belongs to that table.
fn take_linked_policies(found: &mut Schema, given: &Schema) {
    for policy in given.policies.values() {
        let table = policy.on.as_deref().unwrap_or_default();
        let name = schema::quote::ident_if_needed(&policy.name);
        output::note(format!("{} not compared: policy {name} on {table}, declared elsewhere", paint(YELLOW, "note:")));
    }
    found.policies.clone_from(&given.policies);
}

/// The schema; what is there beside it is said, since the SQL does not touch it.
fn note_the_rest(introspected: Introspected) -> Schema {
    let Introspected { schema, not_modelled } = introspected;
    for kind in not_modelled.chunk_by(|one, next| one.kind == next.kind) {
        let names: Vec<&str> = kind.iter().map(|found| found.name.as_str()).collect();
        output::note(format!("{} not compared: {} {}", paint(YELLOW, "note:"), kind[0].kind, names.join(", ")));
    }
    schema
}
