//! A database beside another schema: its catalog is read, and the other schema is brought into the form that the
//! catalog has, so that what means the same is the same.

use kit::introspect::{self, Filter, Ledger, Patterns, Roles, Scratch, Surroundings, compared, in_same_form, read};
use migrator::Server;
use schema::{PUBLIC, Schema};

use super::left_alone::{Named, by_kind, note};
use crate::config::Config;
use crate::config::filters::{Filters, RoleFilter};
use crate::error::Error;

/// What the sessions are for, as the server shows them.
const PURPOSE: &str = "compare";

/// A database and another schema in the same form: they are equal where they mean the same.
pub(crate) struct Compared {
    /// What is in the database of the schemas and roles that the other has.
    pub(crate) found: Schema,
    /// The other.
    pub(crate) given: Schema,
    /// What is in the database and no schema can say.
    pub(crate) not_compared: Vec<Named>,
    /// What is in the database and of a kind of which the other declares nothing.
    pub(crate) left_alone: Vec<Named>,
}

impl Compared {
    /// Says what was not compared.
    pub(crate) fn note_the_rest(&self) {
        note("not compared", &self.not_compared);
        note("not declared, and left alone", &self.left_alone);
    }
}

/// What to do with a database that is not what the migration `tag` makes.
pub(crate) fn undo_or_keep(tag: &str) -> String {
    format!(
        "`cargo xtask diff --from db --to {tag}` prints what would undo it; a change that is to stay belongs into the \
         code and a migration"
    )
}

/// The whole of a database. What a schema cannot say is said, since no command touches it.
pub(crate) async fn whole(server: &Server, config: &Config) -> Result<Schema, Error> {
    let mut client = server.client(PURPOSE).await?;
    let introspected = read(&mut client, &everything(config)?).await?;
    note("not compared", &by_kind(&introspected.not_modelled));
    Ok(introspected.schema)
}

/// What is in a database of the schemas and roles of another schema, and that one in the same form.
pub(crate) async fn compare(server: &Server, given: Schema, config: &Config) -> Result<Compared, Error> {
    let mut client = server.client(PURPOSE).await?;
    let filter = what_is_in(&given, config)?;
    let mut narrowed = given.clone();
    filter.narrow(&mut narrowed);
    let introspected = read(&mut client, &filter).await?;
    let not_compared = by_kind(&introspected.not_modelled);
    let introspect::Compared { schema: found, left_alone } = compared(introspected.schema, &narrowed);
    let left_alone = by_kind(&left_alone);
    // Beside nothing, no object is in one form and in another.
    if found == narrowed || found == Schema::default() {
        return Ok(Compared { found, given: narrowed, not_compared, left_alone });
    }
    let surroundings = Surroundings::read(&mut client, &given).await?;
    let scratch = Scratch::create(&client).await?;
    // Whatever comes of it, the scratch database goes.
    let compared = async {
        let mut inside = server.with_database(scratch.name()).client(PURPOSE).await?;
        Ok::<_, Error>(in_same_form(&mut inside, found, &given, &filter, &surroundings).await?)
    };
    let compared = compared.await;
    scratch.drop(&client).await?;
    let (found, given) = compared?;
    Ok(Compared { found, given, not_compared, left_alone })
}

/// Everything that the settings let in. Roles are the cluster's: none are, unless the settings say so.
pub(crate) fn everything(config: &Config) -> Result<Filter, Error> {
    let Filters { tables, schemas, roles } = &config.filters;
    let ledger = super::ledger(config);
    let (schema, table) = (config.ledger_schema.clone(), config.ledger_table.clone());
    Ok(Filter {
        schemas: Patterns::but(schemas.as_slice(), &[]),
        tables: Patterns::new(tables).map_err(Error::TablesFilter)?,
        roles: match roles {
            RoleFilter::Declared | RoleFilter::Off => Roles::None,
            RoleFilter::Managed { include, exclude } => Roles::Matching(Patterns::but(include, exclude)),
        },
        ledger: Ledger { schema, table, progress: ledger.progress_table() },
        ..Filter::default()
    })
}

/// What a schema has of that. Where the settings say nothing of schemas or roles it is those that it declares, and
/// `public`: others in the database are somebody else's.
pub(crate) fn what_is_in(schema: &Schema, config: &Config) -> Result<Filter, Error> {
    let mut filter = Filter { linked_policies: true, ..everything(config)? };
    if config.filters.schemas.is_empty() {
        filter.schemas = Patterns::exactly(schema.schemas.keys().map(String::as_str).chain([PUBLIC]));
    }
    if config.filters.roles == RoleFilter::Declared {
        filter.roles = Roles::Matching(Patterns::exactly(schema.roles.keys()));
    }
    Ok(filter)
}
