//! The flags of the commands that need a database.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use kit::hazard::Loss;

use super::AnswerArgs;

/// The commands that need a database.
#[derive(Subcommand)]
pub(crate) enum DatabaseCommand {
    /// Apply pending migrations and record them in the ledger.
    Migrate(MigrateArgs),
    /// List applied and pending migrations.
    Status(StatusArgs),
    /// Bring a development database to the code, without a migration.
    Push(PushArgs),
    /// Record migrations as applied on a database that has what they make.
    Baseline(BaselineArgs),
    /// Mend what the ledger says of one migration.
    Resolve(ResolveArgs),
    /// Take applied migrations back, the newest first.
    Rollback(RollbackArgs),
    /// Put my migrations after those of another branch.
    Rebase(RebaseArgs),
    /// Remove the newest migration from the folder, if it is applied nowhere.
    Drop(DropArgs),
    /// Make one migration of the first ones, which new databases apply and old ones have already.
    Squash(SquashArgs),
    /// Drop what is ours in a development database, and migrate it again.
    Reset(ResetArgs),
    /// Run a migration in scratch databases, with rows: is the schema reached, and do they survive?
    Prove(ProveArgs),
    /// See and edit the database in the browser, from this machine alone.
    Studio(StudioArgs),
    /// Find or start a database, migrate it, and run the API.
    Dev(DevArgs),
    /// The development database server.
    #[command(subcommand)]
    Db(DbCommand),
}

#[derive(Args, Default)]
pub(crate) struct DatabaseArgs {
    /// The database instead of the environment's [env: MIGRATION_DATABASE_URL, DATABASE_URL].
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Args)]
#[command(
    after_help = "The printed address opens it once, in one browser. docs/studio.md says what keeps others out.\n\
    With --host, STUDIO_PASSWORD has the password that is asked for."
)]
pub(crate) struct StudioArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The port, or the next one that is free.
    #[arg(long, default_value_t = 4983)]
    pub(crate) port: u16,
    /// Do not open the browser.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Let rows be edited, and statements write. Refused where the database is marked for production.
    #[arg(long)]
    pub(crate) write: bool,
    /// Listen on another address than 127.0.0.1. Whoever reaches it is asked for a password.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: std::net::IpAddr,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 proven, 1 not.\n\
    The databases are made on the server of tests (TEST_DATABASE_URL, else one that is found or started) \
    and dropped again; no other database is touched.")]
pub(crate) struct ProveArgs {
    /// The migration by tag or number [default: the newest].
    pub(crate) tag: Option<String>,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

#[derive(Args, Default)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Show what would be applied, and how; apply nothing.
    #[arg(long)]
    pub(crate) plan: bool,
    /// The last migration to apply, by tag or number [default: the newest].
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
    /// Have pg_dump write the database to this folder before something is applied, and apply nothing if it fails.
    #[arg(long, value_name = "DIR", conflicts_with = "plan")]
    pub(crate) backup: Option<PathBuf>,
    /// Apply a migration also where a newer one is applied already [default: drizzle.toml's `out_of_order`].
    #[arg(long)]
    pub(crate) allow_out_of_order: bool,
    /// Apply everything that is pending in one transaction, or nothing.
    #[arg(long)]
    pub(crate) single_transaction: bool,
    /// How long to wait for another process that migrates the same database [default: 60].
    #[arg(long, value_name = "SECONDS")]
    pub(crate) lock_wait: Option<u64>,
    /// How long a statement may queue for a table's lock before it is tried again [default: 10].
    #[arg(long, value_name = "SECONDS")]
    pub(crate) lock_timeout: Option<u64>,
    /// How long a statement may run [default: for ever].
    #[arg(long, value_name = "SECONDS")]
    pub(crate) statement_timeout: Option<u64>,
    /// Forget how far a half-applied migration came, and run it from its beginning: for one whose applied
    /// statements you have undone by hand. Without it, a run goes on where the last one stopped.
    #[arg(long, value_name = "TAG", conflicts_with = "plan")]
    pub(crate) restart: Option<String>,
    /// Print JSON, also where a migration fails.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 something would be lost and nobody agreed.\n\
    Everything runs in one transaction. What is in schemas that the code does not declare is never touched, \
    nor is a database that is marked for production:\n  \
    ALTER DATABASE app SET drizzle.environment = 'production'")]
pub(crate) struct PushArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Agree to lose things of these kinds. Without it a person is asked for each kind by itself.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = loss_parser())]
    pub(crate) allow_loss: Vec<Loss>,
    /// Do not ask because of drizzle.toml's `strict`.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Push although the ledger has applied migrations.
    #[arg(long)]
    pub(crate) ignore_ledger: bool,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

/// The kinds of loss by their words.
fn loss_parser() -> impl TypedValueParser<Value = Loss> {
    let words = PossibleValuesParser::new(Loss::ALL.map(Loss::word));
    words.map(|word| Loss::ALL.into_iter().find(|loss| loss.word() == word).expect("the word is one of these"))
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 recorded, 3 the database is not what the migrations make, 1 failed.")]
pub(crate) struct BaselineArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The last migration whose work is there, by tag or number [default: the newest].
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("resolution").required(true))]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Record it as applied and run none of its statements: what it makes is there already.
    #[arg(long, value_name = "TAG", group = "resolution")]
    applied: Option<String>,
    /// Forget that it is applied: what it made was taken back by hand.
    #[arg(long, value_name = "TAG", group = "resolution")]
    unapplied: Option<String>,
    /// Record its file as it is now: what was edited makes no difference to what is there.
    #[arg(long, value_name = "TAG", group = "resolution")]
    rehash: Option<String>,
}

#[cfg(feature = "database")]
impl ResolveArgs {
    /// The migration, and what the ledger is to say of it.
    pub(crate) fn resolution(&self) -> (&str, migrator::Resolution) {
        use migrator::Resolution;
        let given = [
            (&self.applied, Resolution::Applied),
            (&self.unapplied, Resolution::Unapplied),
            (&self.rehash, Resolution::Rehash),
        ];
        let given = given.into_iter().find_map(|(tag, resolution)| Some((tag.as_deref()?, resolution)));
        given.expect("one of the group is required")
    }
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 something would be lost and nobody agreed.\n\
    The way back is the SQL between the snapshots; a file NNNN_tag.down.sql beside a migration is taken instead.\n\
    Everything runs in one transaction, with the rows of the ledger.")]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The last migration that is to stay, by tag or number [default: the one before the newest applied].
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
    /// Take back every migration.
    #[arg(long, conflicts_with = "to")]
    pub(crate) all: bool,
    /// Show the way back, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Agree to lose things of these kinds. Without it a person is asked for each kind by itself.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = loss_parser())]
    pub(crate) allow_loss: Vec<Loss>,
    /// Do not ask because of a way back that was written by hand.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Roll back although the database is marked for production.
    #[arg(long)]
    pub(crate) production: bool,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

#[derive(Args)]
#[command(
    after_help = "In a `git merge` or `git rebase` that has stopped at a conflict, it is known which branch is which: \
    run it without a flag, then `git add` the folder and go on. What both branches changed in different ways \
    is named, and nothing is written."
)]
pub(crate) struct RebaseArgs {
    /// The branch or commit whose migrations stay as they are.
    #[arg(long, value_name = "REF")]
    pub(crate) onto: Option<String>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Do not ask a database whether my migrations are applied.
    #[arg(long, conflicts_with = "url")]
    pub(crate) offline: bool,
}

#[derive(Args)]
pub(crate) struct DropArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Do not ask a database whether it is applied.
    #[arg(long, conflicts_with = "url")]
    pub(crate) offline: bool,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 squashed, 3 it would not make the same, 1 failed.\n\
    Both run in scratch databases first, on the server of tests (TEST_DATABASE_URL, else one that is found or started).\n\
    A database that has all of them takes it for applied; one that has a part of them is refused until it has the rest.")]
pub(crate) struct SquashArgs {
    /// The last migration to squash, by tag or number [default: the newest].
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
    /// Take over the SQL of the migrations as it is, instead of what makes the last one's schema.
    #[arg(long)]
    pub(crate) verbatim: bool,
}

#[derive(Args)]
#[command(after_help = "Only a database on this machine, or one that is marked for development, is reset:\n  \
    ALTER DATABASE app SET drizzle.environment = 'development'\n\
    Dropped is what the code or a migration declares; everything else stays.")]
pub(crate) struct ResetArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct DevArgs {
    /// The database instead of the environment's [env: DATABASE_URL].
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum DbCommand {
    /// Find or start the server and print the URL of its database.
    Start,
    /// Tell whether it runs, and where.
    Status,
    /// Stop what was started.
    Stop,
}
