//! A database beside another schema: its catalog is read, and the other schema is brought into the form that the
//! catalog has, so that what means the same is the same.

use kit::introspect::{Filter, Introspected, Ledger, Patterns, Roles, Scratch, Surroundings, canonical, read};
use migrator::Server;
use schema::{PUBLIC, Schema};

use crate::config::Config;
use crate::error::Error;
use crate::output::{self, YELLOW, paint};

/// What the sessions are for, as the server shows them.
const PURPOSE: &str = "compare";

/// A database and another schema in the same form: they are equal where they mean the same.
pub(crate) struct Compared {
    /// What is in the database of the schemas and roles that the other has.
    pub(crate) found: Schema,
    /// The other.
    pub(crate) given: Schema,
    /// What is in the database and was not compared, a line a kind.
    pub(crate) not_compared: Vec<String>,
}

impl Compared {
    /// Says what was not compared.
    pub(crate) fn note_the_rest(&self) {
        note(&self.not_compared);
    }
}

fn note(not_compared: &[String]) {
    for line in not_compared {
        output::note(format!("{} not compared: {line}", paint(YELLOW, "note:")));
    }
}

/// The whole of a database. What a schema cannot say is said, since no command touches it.
pub(crate) async fn whole(server: &Server, config: &Config) -> Result<Schema, Error> {
    let mut client = server.client(PURPOSE).await?;
    let introspected = read(&mut client, &everything(config)).await?;
    note(&not_modelled(&introspected));
    Ok(introspected.schema)
}

/// What is in a database of the schemas and roles of another schema, and that one in the same form.
pub(crate) async fn compare(server: &Server, given: Schema, config: &Config) -> Result<Compared, Error> {
    let mut client = server.client(PURPOSE).await?;
    let introspected = read(&mut client, &what_is_in(&given, config)).await?;
    let mut not_compared = not_modelled(&introspected);
    let mut found = introspected.schema;
    not_compared.extend(take_linked_policies(&mut found, &given));
    if found == given {
        return Ok(Compared { found, given, not_compared });
    }
    let surroundings = Surroundings::read(&mut client).await?;
    let scratch = Scratch::create(&client).await?;
    let compared = in_same_form(server, &scratch, found, &given, &surroundings).await;
    scratch.drop(&client).await?;
    let (found, given) = compared?;
    Ok(Compared { found, given, not_compared })
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
pub(crate) fn what_is_in(schema: &Schema, config: &Config) -> Filter {
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
fn take_linked_policies(found: &mut Schema, given: &Schema) -> Vec<String> {
    found.policies.clone_from(&given.policies);
    let line = |policy: &schema::Policy| {
        let table = policy.on.as_deref().unwrap_or_default();
        format!("policy {} on {table}, declared elsewhere", schema::quote::ident_if_needed(&policy.name))
    };
    given.policies.values().map(line).collect()
}

/// What is there beside the schema, a line a kind.
fn not_modelled(introspected: &Introspected) -> Vec<String> {
    let kinds = introspected.not_modelled.chunk_by(|one, next| one.kind == next.kind);
    let line = |kind: &[kit::introspect::NotModelled]| {
        let names: Vec<&str> = kind.iter().map(|found| found.name.as_str()).collect();
        format!("{} {}", kind[0].kind, names.join(", "))
    };
    kinds.map(line).collect()
}
