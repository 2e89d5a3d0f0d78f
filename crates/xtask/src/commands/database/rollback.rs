//! `rollback`: applied migrations are taken back, the newest first.
//!
//! The way back is the SQL between two snapshots, in the other direction. What was written by hand beside a migration,
//! `NNNN_tag.down.sql`, is taken instead of it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use kit::hazard::Loss;
use kit::{BREAKPOINT, Migration};
use migrator::{LedgerRow, MigrationStatus, Outside, Server, State, Status};

use super::connection::{self, Role};
use super::consent::agree;
use super::environment::{Environment, refuse_production};
use super::{block_on, execute, ledger, migrate};
use crate::cli::RollbackArgs;
use crate::commands::{refuse, show};
use crate::config::Config;
use crate::folder::Folder;
use crate::hints;
use crate::output::{self, BOLD, GREEN, paint};

const COMMAND: &str = "rollback";

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no migration of this folder is applied, so there is nothing to take back")]
    Nothing,
    #[error("{tag} is not applied; --to names the last migration that is to stay")]
    NotApplied { tag: String },
    #[error(
        "{tag} changes nothing that a snapshot holds, so its way back is not known; write it to {}, statements parted \
         by `{BREAKPOINT}`",
        file.display()
    )]
    ByHand { tag: String, file: PathBuf },
    #[error(
        "{tag} stands for migrations that this database has applied one by one, whose files are gone; nothing was \
         changed. Go back by a new migration, or begin again with `cargo xtask reset`"
    )]
    Squashed { tag: String },
    #[error("{tag} is not applied whole; finish it first: `cargo xtask migrate` goes on where it stopped")]
    Half { tag: String },
    #[error(
        "{}:{line}: this statement cannot be in a transaction with others, and a way back is one, with the ledger; \
         nothing was changed. Take it out and run it by itself; an index is dropped in a transaction without \
         CONCURRENTLY\n  {statement}",
        file.display()
    )]
    Outside { file: PathBuf, line: usize, statement: String },
    #[error("cannot read {}", file.display())]
    Read {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// A migration that is taken back.
struct Back {
    tag: String,
    row: LedgerRow,
    statements: Vec<String>,
    losses: BTreeMap<Loss, Vec<String>>,
    /// Whether a person wrote it, so that nothing is known of what it loses.
    by_hand: bool,
}

/// Shows the way back, has what it loses agreed to, and goes it in one transaction.
pub(crate) fn run(args: &RollbackArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    if !args.production {
        refuse_production(&server, block_on(Environment::of(&server))??, COMMAND)?;
    }
    let migrator = migrate::migrator(Some(&url), config)?;
    // What must not be touched going forward is not touched going back either.
    block_on(migrator.pending())??;
    let status = block_on(migrator.status())??;
    let to_take_back = to_take_back(&status, &folder, args)?;
    if to_take_back.is_empty() {
        output::line("Nothing to take back: no newer migration is applied.");
        return Ok(ExitCode::SUCCESS);
    }
    let mut backs = Vec::new();
    for migration in to_take_back {
        backs.push(back(migration, &folder, args, config)?);
    }
    if args.dry_run {
        output::line("Nothing was changed (--dry-run).");
        return Ok(ExitCode::SUCCESS);
    }
    let by_hand = backs.iter().any(|back| back.by_hand) && !args.yes;
    agree(
        losses(&backs),
        &args.allow_loss,
        by_hand.then_some("a way back that was written by hand may lose anything"),
    )?;
    block_on(execute::run(
        &server,
        COMMAND,
        &statements(&backs, config).iter().map(String::as_str).collect::<Vec<_>>(),
    ))??;
    for back in &backs {
        output::line(format!("{} {}", paint(GREEN, "rolled back"), back.tag));
    }
    let (it, is) = if backs.len() == 1 { ("it", "is") } else { ("they", "are") };
    output::line(format!(
        "next: {it} {is} pending again; correct, or remove by `cargo xtask drop`, before the next `migrate`"
    ));
    Ok(ExitCode::SUCCESS)
}

/// The applied migrations after the one that stays, the newest first.
fn to_take_back<'a>(
    status: &'a Status,
    folder: &Folder,
    args: &RollbackArgs,
) -> Result<Vec<&'a MigrationStatus>, crate::Error> {
    if let Some(half) = status.migrations.iter().find(|one| matches!(one.state, State::HalfApplied(_))) {
        return Err(Error::Half { tag: half.migration.tag().to_owned() }.into());
    }
    let applied: Vec<&MigrationStatus> = status.migrations.iter().filter(|one| one.state == State::Applied).collect();
    let stays = match &args.to {
        Some(tag) => {
            let tag = &folder.entry(tag)?.tag;
            let at = applied.iter().position(|one| one.migration.tag() == tag);
            at.ok_or_else(|| Error::NotApplied { tag: tag.clone() })? + 1
        }
        None if args.all => 0,
        None => applied.len().saturating_sub(1),
    };
    if applied.is_empty() {
        return Err(Error::Nothing.into());
    }
    Ok(applied.into_iter().skip(stays).rev().collect())
}

/// Finds and prints the way back of one migration.
fn back(status: &MigrationStatus, folder: &Folder, args: &RollbackArgs, config: &Config) -> Result<Back, crate::Error> {
    let tag = status.migration.tag().to_owned();
    let row = status.row.clone().expect("an applied migration has a row");
    if status.replaced.contains(&row) {
        return Err(Error::Squashed { tag }.into());
    }
    output::line(paint(BOLD, &tag));
    let file = config.out.join(format!("{tag}.down.sql"));
    if file.exists() {
        let text = fs::read_to_string(&file).map_err(|source| Error::Read { file: file.clone(), source })?;
        if let Some(Outside { line, text }) = migrator::outside_transaction(&text) {
            let file = config.relative(&file).to_owned();
            return Err(Error::Outside { file, line, statement: text.to_owned() }.into());
        }
        text.lines().for_each(|line| output::line(format!("  {line}")));
        let statements = text.split(BREAKPOINT).map(str::to_owned).collect();
        return Ok(Back { tag, row, statements, losses: BTreeMap::new(), by_hand: true });
    }
    let (before, after) = (folder.schema_before(folder.entry(&tag)?)?, folder.snapshot_of(&tag)?.schema);
    if before == after {
        return Err(Error::ByHand { file: config.relative(&file).to_owned(), tag }.into());
    }
    let resolved = hints::settle(&after, &before, hints::read(&args.answers)?)?;
    refuse(&resolved.previous, &before)?;
    let migration = Migration::new(kit::plan::plan(&resolved, &execute::in_one_transaction(&before)));
    show::steps(&migration);
    let statements = migration.statements().into_iter().map(str::to_owned).collect();
    Ok(Back { tag, row, statements, losses: migration.losses(), by_hand: false })
}

fn losses(backs: &[Back]) -> BTreeMap<Loss, Vec<String>> {
    let mut losses: BTreeMap<Loss, Vec<String>> = BTreeMap::new();
    for (loss, statements) in backs.iter().flat_map(|back| &back.losses) {
        losses.entry(*loss).or_default().extend(statements.iter().cloned());
    }
    losses
}

/// Everything that is run: with each way back its row goes, and who would migrate meanwhile waits for the ledger.
fn statements(backs: &[Back], config: &Config) -> Vec<String> {
    let ledger = ledger(config).qualified();
    let mut statements = vec![format!("LOCK TABLE {ledger} IN EXCLUSIVE MODE")];
    for back in backs {
        statements.extend(back.statements.iter().cloned());
        statements.push(format!("DELETE FROM {ledger} WHERE id = {}", back.row.id));
    }
    statements
}
