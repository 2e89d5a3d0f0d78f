//! A database's schema and another one, in the words of PostgreSQL both.

use schema::Schema;
use tokio_postgres::Client;

use super::canonical::canonical;
use super::differing::{differing, with_part};
use super::error::Error;
use super::filter::Filter;
use super::surroundings::Surroundings;
use crate::difference::{Change, differences};

/// What was found in a database, and what the filter leaves of another schema, in the same form: what means the same in
/// both is equal. PostgreSQL may print what it reads from its own words in other words once more, as it has when the
/// database was restored from a dump; then each is brought into the form that such a text ends in.
///
/// `client` is connected to an empty database, as for [`canonical`]. Where that is enough, only what differs is built.
///
/// # Errors
/// PostgreSQL refuses a statement of `given`, or is gone.
pub async fn in_same_form(
    client: &mut Client,
    found: Schema,
    given: &Schema,
    filter: &Filter,
    surroundings: &Surroundings,
) -> Result<(Schema, Schema), Error> {
    let narrow = |mut schema: Schema| {
        filter.narrow(&mut schema);
        schema
    };
    if let Some(both) = by_part(client, &found, &narrow(given.clone()), surroundings).await? {
        return Ok(both);
    }
    // All of the other is built, and then what the filter leaves of it compared: that may stand on the rest.
    let whole = canonical(client, given, surroundings).await?;
    let given = narrow(whole.clone());
    if !may_differ_in_words(&found, &given) {
        return Ok((found, given));
    }
    match canonical(client, &found, surroundings).await {
        Ok(found) => Ok((found, narrow(canonical(client, &whole, surroundings).await?))),
        // What the database has may stand on what cannot be made again: it is compared as it is.
        Err(Error::Build { .. }) => Ok((found, given)),
        Err(error) => Err(error),
    }
}

/// The same, where it is enough to build what differs. Most of a large schema is the same as it stands.
async fn by_part(
    client: &mut Client,
    found: &Schema,
    given: &Schema,
    surroundings: &Surroundings,
) -> Result<Option<(Schema, Schema)>, Error> {
    let Some(given) = apart_from(client, given, found, surroundings).await? else { return Ok(None) };
    if !may_differ_in_words(found, &given) {
        return Ok(Some((found.clone(), given)));
    }
    let Some(found) = apart_from(client, found, &given, surroundings).await? else { return Ok(None) };
    let given = apart_from(client, &given, &found, surroundings).await?;
    Ok(given.map(|given| (found, given)))
}

/// Whether the two say something of one thing in different texts. What only one of them has, such as a column that is
/// new, is a difference in whatever words it is said.
fn may_differ_in_words(found: &Schema, given: &Schema) -> bool {
    differences(found, given).iter().any(|difference| match &difference.change {
        Change::OnlyPrevious | Change::OnlyNext => false,
        Change::Changed(properties) => properties.iter().any(|it| it.previous.is_some() && it.next.is_some()),
    })
}

/// A schema in which what differs from the other is in canonical form; none where only the whole of it can be.
async fn apart_from(
    client: &mut Client,
    schema: &Schema,
    other: &Schema,
    surroundings: &Surroundings,
) -> Result<Option<Schema>, Error> {
    let Some(part) = differing(other, schema) else { return Ok(None) };
    match canonical(client, &part, surroundings).await {
        Ok(part) => Ok(with_part(schema, part)),
        // It stands on what is no part of it: then the whole says what is wrong, if anything is.
        Err(Error::Build { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
