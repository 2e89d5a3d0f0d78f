//! `drop`: the newest migration is taken out of the folder, whole, as long as it is applied nowhere.

use std::process::ExitCode;

use migrator::State;

use super::{block_on, migrate};
use crate::cli::DropArgs;
use crate::config::Config;
use crate::folder::{self, Folder};
use crate::output::{self, GREEN, paint};

/// Why it stays.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "{tag} is applied, and without its files nobody could tell what it did; nothing was changed. \
         `cargo xtask rollback` takes it back first"
    )]
    Applied { tag: String },
    #[error(
        "{tag} stands for the migrations before it, and without it nothing would make their tables; nothing was changed. \
         Restore them from version control instead"
    )]
    Squashed { tag: String },
}

/// Removes the newest migration, where the database does not have it.
pub(crate) fn run(args: &DropArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let mut folder = Folder::open(&config.out, &config.file())?;
    let newest = folder.journal().entries().last().ok_or(folder::Error::Empty)?.tag.clone();
    let migrations = migrator::Migrations::from_folder(&config.out)?;
    if migrations.iter().any(|migration| migration.tag() == newest && !migration.replaces().is_empty()) {
        return Err(Error::Squashed { tag: newest }.into());
    }
    if !args.offline {
        let status = block_on(migrate::migrator(args.database.url.as_deref(), config)?.status())??;
        let newest = status.migrations.last();
        if newest.is_some_and(|newest| {
            !matches!(newest.state, State::Pending | State::Future { .. } | State::OutOfOrder { .. })
        }) {
            return Err(
                Error::Applied { tag: newest.map(|it| it.migration.tag().to_owned()).unwrap_or_default() }.into()
            );
        }
    }
    folder.remove_newest()?;
    output::line(format!("{} {newest}", paint(GREEN, "dropped")));
    output::line("next: the change is still in the code; take it back there, or `cargo xtask generate` writes it anew");
    Ok(ExitCode::SUCCESS)
}
