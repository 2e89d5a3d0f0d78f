//! A migration that is proven before it is written.

use kit::Migration;
use schema::Schema;

use super::proof::{NO_SERVER, say_unproven};
use crate::commands::database::{self, ScratchError, prove};
use crate::config::{Config, Prove};

/// Runs the migration in scratch databases before it is written: where it does not hold, there is nothing to take back.
pub(super) fn run(
    proves: Prove,
    name: &str,
    (previous, next, resolved): (Schema, Schema, kit::rename::Resolved),
    migration: &Migration,
    config: &Config,
) -> Result<(), crate::Error> {
    let server = match proves {
        Prove::Never => return Ok(()),
        Prove::Always => prove::server(config)?,
        Prove::Auto => match prove::server_at_hand(config)? {
            Some(server) => server,
            None => {
                say_unproven(NO_SERVER);
                return Ok(());
            }
        },
    };
    let migrations = migrator::Migrations::from_folder(&config.out)?;
    let subject = prove::Subject {
        tag: name.to_owned(),
        earlier: migrations.len(),
        migrations,
        ledger: database::ledger(config),
        previous,
        next,
        resolved,
        statements: migration.statements().into_iter().map(str::to_owned).collect(),
    };
    match prove::prove(&subject, server) {
        Ok(true) => Ok(()),
        Ok(false) => Err(super::Error::NotProven.into()),
        Err(crate::Error::Scratch(ScratchError::Make(_))) if proves == Prove::Auto => {
            say_unproven("the server for tests lets no database be made");
            Ok(())
        }
        Err(error) => Err(error),
    }
}
