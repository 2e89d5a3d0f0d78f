//! Mending the ledger where it says something else than a person knows to be true.

use tokio_postgres::Client;

use super::Migrator;
use crate::error::Error;
use crate::migrations::Migration;
use crate::state::Status;
use crate::unit_table::UnitTable;

/// What is done to a migration's row in the ledger. No statement of the migration is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Records it as applied: what it makes is there already.
    Applied,
    /// Forgets that it is applied: what it made was taken back by hand.
    Unapplied,
    /// Records the file's hash as it is now: the change to it makes no difference to what is there.
    Rehash,
}

impl Migrator {
    /// Mends the row of one migration, under the lock.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownMigration`], [`Error::NothingToResolve`] where the ledger says so already, and those of
    /// reaching the server, its lock and the ledger. Nothing is changed then.
    pub async fn resolve(&self, tag: &str, resolution: Resolution) -> Result<(), Error> {
        let migration = self.migrations.iter().find(|migration| migration.tag() == tag);
        let migration = migration.ok_or_else(|| Error::UnknownMigration { tag: tag.to_owned() })?;
        let session = self.server.connect(None).await?;
        let lock = self.lock(&session).await?;
        let resolved = self.mend(&session.client, migration, resolution).await;
        lock.release().await;
        resolved?;
        tracing::warn!(migration = tag, ?resolution, "ledger mended by hand");
        Ok(())
    }

    async fn mend(&self, client: &Client, migration: &Migration, resolution: Resolution) -> Result<(), Error> {
        let status = Status::of(&self.migrations, self.ledger.read(client).await?);
        let found = status.migrations.into_iter().find(|status| status.migration.idx() == migration.idx());
        let (row, replaced) = found.map(|status| (status.row, status.replaced)).unwrap_or_default();
        let nothing = |state| Error::NothingToResolve { tag: migration.tag().to_owned(), state };
        match (resolution, &row) {
            (Resolution::Applied, None) => {
                self.ledger.create_if_missing(client).await?;
                self.ledger.record(client, migration).await?;
                UnitTable::of(&self.ledger).restart(client, migration.tag()).await.map(drop)
            }
            (Resolution::Applied, Some(_)) => Err(nothing("it is recorded as applied already")),
            (Resolution::Unapplied, Some(row)) => {
                for row in replaced.iter().chain([row]) {
                    self.ledger.forget(client, row).await?;
                }
                Ok(())
            }
            (Resolution::Rehash, Some(row)) if replaced.contains(row) => {
                Err(nothing("it is applied by those that it replaces"))
            }
            (Resolution::Unapplied | Resolution::Rehash, None) => Err(nothing("it is not recorded as applied")),
            (Resolution::Rehash, Some(row)) if row.hash == migration.hash() => {
                Err(nothing("its hash is recorded as it is"))
            }
            (Resolution::Rehash, Some(row)) => self.ledger.rehash(client, row, migration).await,
        }
    }
}
