//! `push`: the database becomes what the code says, without a migration.

use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;

use kit::Migration;
use kit::hazard::Loss;
use migrator::Server;
use schema::Schema;

use super::compare::compare;
use super::connection::{self, Role};
use super::environment::{Environment, refuse_production};
use super::{block_on, execute, migrate};
use crate::cli::PushArgs;
use crate::commands::{refuse, show};
use crate::config::Config;
use crate::output::{self, GREEN, RED, YELLOW, paint};
use crate::{declared, hints};

const COMMAND: &str = "push";

/// Why nothing was pushed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the ledger has {applied} applied {}, and a push is not recorded: every other database would miss it. \
         `cargo xtask generate` and `cargo xtask migrate` bring it to all of them; --ignore-ledger pushes nevertheless",
        if *applied == 1 { "migration" } else { "migrations" }
    )]
    Ledger { applied: usize },
    #[error("cannot read the answer")]
    Prompt(#[source] dialoguer::Error),
    #[error("nothing was changed")]
    Declined,
}

/// What is lost, and nobody has agreed to it.
#[derive(Debug)]
pub(crate) struct Refused {
    losses: BTreeMap<Loss, Vec<String>>,
    /// Whether drizzle.toml asks before every push.
    must_confirm: bool,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "this push takes something away, and nobody is here to agree; nothing was changed")?;
        for (loss, statements) in &self.losses {
            writeln!(f, "\n  {loss}")?;
            for statement in statements {
                writeln!(f, "    {}", statement.lines().next().unwrap_or_default())?;
            }
        }
        let words: Vec<&str> = self.losses.keys().map(|loss| loss.word()).collect();
        let allow = if words.is_empty() { String::new() } else { format!(" --allow-loss {}", words.join(",")) };
        let yes = if self.must_confirm { " --yes" } else { "" };
        write!(f, "\nnext: rename what was renamed (--rename OLD=NEW), or agree with{allow}{yes}")
    }
}

/// Shows what would be done, has each kind of loss agreed to, and does it.
pub(crate) fn run(args: &PushArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let code = declared::schema(config)?;
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    refuse_production(&server, block_on(Environment::of(&server))??, COMMAND)?;
    if !args.ignore_ledger {
        refuse_ledger(&url, config)?;
    }
    let compared = block_on(compare(&server, code, config))??;
    compared.note_the_rest();
    let resolved = hints::settle(&compared.found, &compared.given, &args.answers)?;
    refuse(&resolved.previous, &compared.given)?;
    let next = in_one_transaction(&compared.given);
    let migration = Migration::new(kit::plan::plan(&resolved, &next));
    if migration.is_empty() {
        output::line("Nothing to push: the database is what the code says.");
        return Ok(ExitCode::SUCCESS);
    }
    show::steps(&migration);
    output::line("");
    output::line(show::summary(&migration));
    if args.dry_run {
        output::line("Nothing was changed (--dry-run).");
        return Ok(ExitCode::SUCCESS);
    }
    agree(&migration, args, config)?;
    block_on(execute::run(&server, COMMAND, &migration.statements()))??;
    let target = server.target();
    output::line(format!("{} to {target}", paint(GREEN, "pushed")));
    output::line("It is not recorded: other databases get it from a migration (`cargo xtask generate`).");
    Ok(ExitCode::SUCCESS)
}

fn refuse_ledger(url: &str, config: &Config) -> Result<(), crate::Error> {
    let status = block_on(migrate::migrator(Some(url), config)?.status())??;
    match status.applied().count() + status.unknown.len() {
        0 => Ok(()),
        applied => Err(Error::Ledger { applied }.into()),
    }
}

/// An index is built in a transaction in one way only.
fn in_one_transaction(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let indexes = schema.tables.values_mut().flat_map(|table| table.indexes.values_mut());
    indexes.for_each(|index| index.concurrently = false);
    schema
}

/// Has every kind of loss agreed to: by a flag, or by a person who is asked for it by itself.
fn agree(migration: &Migration, args: &PushArgs, config: &Config) -> Result<(), crate::Error> {
    let losses: BTreeMap<Loss, Vec<String>> = migration
        .losses()
        .into_iter()
        .filter(|(loss, _)| !args.allow_loss.contains(loss))
        .map(|(loss, statements)| (loss, statements.into_iter().map(str::to_owned).collect()))
        .collect();
    let must_confirm = config.strict && !args.yes;
    if losses.is_empty() && !must_confirm {
        return Ok(());
    }
    if !output::is_interactive() {
        return Err(Refused { losses, must_confirm }.into());
    }
    for (loss, statements) in &losses {
        output::note(format!("\n{} {loss}", paint(RED, "lost for good:")));
        for statement in statements {
            output::note(format!("  {statement}"));
        }
        confirm(&format!("Lose these {loss}?"))?;
    }
    if must_confirm {
        output::note(paint(YELLOW, "drizzle.toml has strict = true"));
        confirm("Run these statements?")?;
    }
    Ok(())
}

/// Asks; whoever says nothing has not agreed.
pub(super) fn confirm(question: &str) -> Result<(), Error> {
    let asked = dialoguer::Confirm::new().with_prompt(question).default(false).interact();
    if asked.map_err(Error::Prompt)? { Ok(()) } else { Err(Error::Declined) }
}
