use schema::Schema;
use tokio_postgres::Client;

use super::canonical::{self, Refused, Tolerance};
use super::error::Error;
use super::surroundings::Surroundings;

/// Builds a schema in an empty database, such as a [`Scratch`](super::Scratch) one, by this crate's own SQL, and leaves
/// it there to be looked at. What PostgreSQL refuses, since it stands on something that no schema says, is left out and
/// returned; so is what belongs to the whole cluster or is not ours to make, but without a word, as by
/// [`canonical`](super::canonical()). A policy for a role that the server does not have is among what is refused.
///
/// # Errors
/// PostgreSQL refuses what comes before the schema, or is gone.
pub async fn rebuild(client: &mut Client, schema: &Schema, surroundings: &Surroundings) -> Result<Vec<Refused>, Error> {
    const OPERATION: &str = "build a schema in the scratch database";
    let transaction = client.transaction().await.map_err(Error::query(OPERATION))?;
    let mut tolerance = Tolerance::Noted(Vec::new());
    let own = canonical::own(schema, surroundings);
    canonical::build(&transaction, &own, surroundings, &mut tolerance).await?;
    transaction.commit().await.map_err(Error::query(OPERATION))?;
    match tolerance {
        Tolerance::Noted(refused) => Ok(refused),
        Tolerance::Nothing => Ok(Vec::new()),
    }
}
