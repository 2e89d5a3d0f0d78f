//! Drift: is the database what its ledger says? Asked before a migration is applied to it, and when one fails because
//! of what is there.

use kit::difference::{Difference, differences};
use migrator::{Cause, Server, Status};

use crate::commands::database::block_on;
use crate::commands::database::compare::{compare, undo_or_keep};
use crate::config::{Config, Drift};
use crate::folder::Folder;
use crate::output::{self, YELLOW, paint};

/// The SQLSTATEs of an object that is there already.
const EXISTS: [&str; 4] = ["42P06", "42P07", "42701", "42710"];

/// Why nothing is migrated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the database is not what its newest applied migration makes, and drizzle.toml says `drift = \"refuse\"`; \
         nothing was changed\n{}\nnext: {}",
        lines(differences, tag),
        undo_or_keep(tag)
    )]
    Drifted { tag: String, differences: Vec<Difference> },
    /// A failed migration, and what the database that it failed on is.
    #[error("{failure}\n{advice}")]
    Exists { failure: Box<migrator::Failure>, advice: String },
}

fn lines(differences: &[Difference], tag: &str) -> String {
    let lines = differences.iter().flat_map(|difference| difference.lines("the database", tag));
    lines.map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Compares a database on which something is pending with what is applied, and warns or refuses as is set.
pub(crate) fn before(url: &str, status: &Status, config: &Config) -> Result<(), crate::Error> {
    let Some(tag) = status.applied().last().map(|migration| migration.tag().to_owned()) else { return Ok(()) };
    if config.drift == Drift::Off {
        return Ok(());
    }
    let differences = match between(url, &tag, config) {
        Ok(differences) => differences,
        // A warning is worth no refusal: whoever migrates need not be allowed to make a scratch database, nor have the
        // snapshots, which applying does not need.
        Err(error) if config.drift == Drift::Warn => {
            output::note(format!("{} drift was not looked for: {error}", paint(YELLOW, "note:")));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if differences.is_empty() {
        return Ok(());
    }
    if config.drift == Drift::Refuse {
        return Err(Error::Drifted { tag, differences }.into());
    }
    output::note(format!("{} the database is not what {tag} makes:", paint(YELLOW, "drift:")));
    output::note(lines(&differences, &tag));
    Ok(())
}

/// A failure with what the database is, where that is why it failed.
pub(crate) fn explain(error: migrator::Error, url: &str, config: &Config) -> crate::Error {
    let failure = match error {
        migrator::Error::Failed(failure) => failure,
        other => return other.into(),
    };
    let is_there = match &failure.cause {
        Cause::Database(error) => error.sqlstate().is_some_and(|code| EXISTS.contains(&code)),
        Cause::EndedTransaction | Cause::InvalidIndex { .. } => false,
    };
    match is_there.then(|| nearest(url, &failure.tag, config)).flatten() {
        None => migrator::Error::Failed(failure).into(),
        Some((tag, differences)) => Error::Exists { advice: advice(&failure.tag, &tag, &differences), failure }.into(),
    }
}

/// What to do about the migration `failed`, where the database differs in this from what `tag` makes.
fn advice(failed: &str, tag: &str, differences: &[Difference]) -> String {
    match differences {
        [] if tag == failed => format!(
            "The database is what {tag} makes already: `cargo xtask baseline --to {tag}` records that. Where only this \
             one was run by hand, `cargo xtask resolve --applied {tag}` does."
        ),
        [] => {
            format!("The database is what {tag} makes already, as after a push: `cargo xtask baseline` records that.")
        }
        differences => format!(
            "It is not what {tag} makes either, so `cargo xtask baseline` does not fit:\n{}\n`cargo xtask reset` \
             begins again where its rows may be lost; `cargo xtask diff --from db --to {tag}` prints what is missing.",
            lines(differences, tag)
        ),
    }
}

/// Of the migration that failed and the newest, the one whose result the database is nearer to, with the differences; none
/// where that cannot be found out, which is not worth another error than the one that is there.
fn nearest(url: &str, failed: &str, config: &Config) -> Option<(String, Vec<Difference>)> {
    let folder = Folder::open(&config.out, &config.file()).ok()?;
    let newest = folder.journal().entries().last()?.tag.clone();
    let of = |tag: String| between(url, &tag, config).ok().map(|differences| (tag, differences));
    let others = (newest != failed).then_some(newest);
    let compared = [failed.to_owned()].into_iter().chain(others).filter_map(of);
    compared.min_by_key(|(_, differences)| differences.len())
}

/// How the database differs from what a migration makes.
fn between(url: &str, tag: &str, config: &Config) -> Result<Vec<Difference>, crate::Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let made = folder.snapshot_of(tag)?.schema;
    let compared = block_on(compare(&Server::from_url(url)?, made, config))??;
    Ok(differences(&compared.found, &compared.given))
}
