//! The flags of each command.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use kit::hazard::Loss;

use crate::config::Prefix;

/// The Drizzle workflow in Rust: edit the schema, generate SQL, review it, migrate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage or an unanswered question, 3 findings of `lint` and `check`."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write the SQL that brings the newest snapshot to the schema in code.
    Generate(GenerateArgs),
    /// Write the schema of a database, or of a snapshot, as Rust.
    Pull(PullArgs),
    /// Print a schema as SQL, JSON or a diagram.
    Export(ExportArgs),
    /// Print the SQL between two schemas.
    Diff(DiffArgs),
    /// Tell whether files, code and database agree.
    Check(CheckArgs),
    /// Name what in migration files loses data, blocks or breaks running code.
    Lint(LintArgs),
    /// Bring a folder of an older drizzle-kit (snapshots of version 5 and 6) to version 7.
    Up,
    #[command(flatten)]
    Database(DatabaseCommand),
    /// Run all tests, on a server that is found or started.
    Test(TestArgs),
    /// Measure, beside the peers.
    #[command(subcommand)]
    Bench(BenchCommand),
}

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

#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// The migration's name instead of one that says what changed.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// An empty migration to write SQL into by hand.
    #[arg(long)]
    pub(crate) custom: bool,
    /// What the file name begins with [default: drizzle.toml's].
    #[arg(long, value_enum)]
    pub(crate) prefix: Option<Prefix>,
    /// Whether statements are parted by `--> statement-breakpoint` [default: drizzle.toml's].
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) breakpoints: Option<bool>,
    /// Write the safer form of what blocks reads and writes of tables that are in use: indexes CONCURRENTLY,
    /// constraints NOT VALID and then validated [default: drizzle.toml's].
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", conflicts_with = "custom")]
    pub(crate) safe: Option<bool>,
    /// Run it in scratch databases first, as `prove` does, and write it only if it holds [default: drizzle.toml's].
    #[arg(long, conflicts_with = "custom")]
    pub(crate) prove: bool,
    /// Write it without running it first, whatever drizzle.toml says.
    #[arg(long, conflicts_with_all = ["custom", "prove"])]
    pub(crate) no_prove: bool,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

/// Answers to what two schemas do not tell: "is it new, or was it renamed?", "what becomes of the values?".
#[derive(Args)]
pub(crate) struct AnswerArgs {
    /// What is NEW was OLD: `public.users=public.people`; a column or policy under its table's new
    /// name: `public.people.mail=public.people.email`; a schema or role by its name. `table:` and so on
    /// before it where a name alone is ambiguous. May be repeated.
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// What is new and was nothing else before. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) create: Vec<String>,
    /// What becomes of the values of a column that gets another type, where PostgreSQL has no cast:
    /// `public.users.born=make_date(born, 1, 1)`. May be repeated.
    #[arg(long, value_name = "COLUMN=SQL")]
    pub(crate) using: Vec<String>,
    /// A TOML file with `rename = ["OLD=NEW"]`, `create = ["NAME"]` and `using = ["COLUMN=SQL"]`.
    #[arg(long, value_name = "FILE")]
    pub(crate) hints: Option<PathBuf>,
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
    The databases are made on the server of tests (TEST_DATABASE_URL, else one that is found or started)\n\
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
    Everything runs in one transaction. What is in schemas that the code does not declare is never touched,\n\
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
    after_help = "In a `git merge` or `git rebase` that has stopped at a conflict, it is known which branch is which:\n\
    run it without a flag, then `git add` the folder and go on. What both branches changed in different ways\n\
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
pub(crate) struct DiffArgs {
    /// `empty`, `code`, `db`, a `postgres://` URL, a migration's tag or number, or a path to a snapshot.
    #[arg(long)]
    pub(crate) from: String,
    /// `empty`, `code`, `db`, a `postgres://` URL, a migration's tag or number, or a path to a snapshot.
    #[arg(long)]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 done, 1 failed or refused, 2 usage, 3 --verify found what is not the same.\n\
    What a schema cannot say is listed by name and left alone; --strict refuses then.\n\
    --verify makes a scratch database on the same server, which needs CREATEDB, and drops it.")]
pub(crate) struct PullArgs {
    /// A snapshot, the newest one of a migrations folder, or a migration's tag, in place of a database.
    #[arg(long, value_name = "SNAPSHOT", conflicts_with_all = ["url", "init", "verify", "strict"])]
    pub(crate) from: Option<String>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The module to write [default: drizzle.toml's `schema`].
    #[arg(long, value_name = "PATH", conflicts_with = "stdout")]
    pub(crate) out: Option<PathBuf>,
    /// Print the code and write nothing.
    #[arg(long)]
    pub(crate) stdout: bool,
    /// A folder with a file for each schema of the database, in place of one file.
    #[arg(long)]
    pub(crate) file_per_schema: bool,
    /// Overwrite a schema that Git does not have as it is.
    #[arg(long)]
    pub(crate) force: bool,
    /// Refuse where the model cannot say all of the database.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write the first migration as well, and record it as applied in this database.
    #[arg(long, conflicts_with = "stdout")]
    pub(crate) init: bool,
    /// Write nothing: build what was read in a scratch database, and compare the two catalogs object by object.
    #[arg(long, conflicts_with_all = ["init", "out", "stdout", "file_per_schema", "force"])]
    pub(crate) verify: bool,
}

#[derive(Args)]
pub(crate) struct ExportArgs {
    /// `code`, `db`, a `postgres://` URL, a migration's tag or number, or a path to a snapshot.
    #[arg(long, default_value = "code")]
    pub(crate) from: String,
    /// What is printed.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ExportFormat,
    /// Print SQL, as drizzle-kit's flag of this name.
    #[arg(long, conflicts_with = "format")]
    pub(crate) sql: bool,
}

/// What a schema is printed as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The statements that make it.
    #[default]
    Sql,
    /// drizzle-kit's snapshot, and behind it what a snapshot does not hold.
    Json,
    /// DBML, for dbdiagram.io.
    Dbml,
    /// An ER diagram of Mermaid, which Markdown shows.
    Mermaid,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 clean or warnings only, 3 an error, 1 failed, 2 usage.\n\
    Levels are set in drizzle.toml's [lint]; `-- lint: allow(RULE)` before a statement excepts it.\n\
    docs/lint.md lists the rules.")]
pub(crate) struct LintArgs {
    /// Migrations by tag or number, or SQL files [default: every migration of the journal].
    #[arg(value_name = "TAG")]
    pub(crate) names: Vec<String>,
    /// Those that are not in the ledger of the database.
    #[arg(long, conflicts_with_all = ["names", "since"])]
    pub(crate) pending: bool,
    /// The database instead of the environment's [env: MIGRATION_DATABASE_URL, DATABASE_URL].
    #[arg(long, value_name = "URL", requires = "pending")]
    pub(crate) url: Option<String>,
    /// Those that are new or changed since this commit or branch of Git's.
    #[arg(long, value_name = "REF", conflicts_with = "names")]
    pub(crate) since: Option<String>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Exit with 3 for warnings as well.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Args)]
#[command(after_help = "Exit codes: 0 they agree, 3 they differ, 1 failed, 2 usage.\n\
    files: does every migration have its files, and do the snapshots follow one another?\n\
    code: is it what the newest migration makes?\n\
    database: is it what its ledger says, and is that what the code says?")]
pub(crate) struct CheckArgs {
    /// Files and code alone.
    #[arg(long)]
    pub(crate) offline: bool,
    /// The database instead of the environment's [env: MIGRATION_DATABASE_URL, DATABASE_URL].
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// How findings are printed.
#[derive(Args)]
pub(crate) struct ReportArgs {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: ReportFormat,
    /// Print JSON.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl ReportArgs {
    /// The format that is asked for.
    pub(crate) fn format(&self) -> ReportFormat {
        if self.json { ReportFormat::Json } else { self.format }
    }
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For a person.
    #[default]
    Text,
    /// For a program.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

#[derive(Args)]
pub(crate) struct DevArgs {
    /// The database instead of the environment's [env: DATABASE_URL].
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Args)]
pub(crate) struct TestArgs {
    /// Run the tests that need Node.js and drizzle-kit from npm as well.
    #[arg(long)]
    pub(crate) peers: bool,
    /// Arguments for `cargo test`, after `--`.
    #[arg(last = true)]
    pub(crate) args: Vec<String>,
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

#[derive(Subcommand)]
pub(crate) enum BenchCommand {
    /// From an edit to SQL on disk, beside `drizzle-kit generate`.
    Loop(BenchLoopArgs),
    /// The API's cold build beside a bare axum and deadpool-postgres service, and `generate` from nothing.
    Build,
    /// The differ in memory, at 100 to 10,000 tables.
    Diff,
    /// Reading a database of 10 to 5,000 tables, beside `pg_dump --schema-only`.
    Introspect(BenchIntrospectArgs),
}

#[derive(Args)]
pub(crate) struct BenchIntrospectArgs {
    /// Beside `drizzle-kit pull` too, at 1,000 tables; that takes minutes.
    #[arg(long)]
    pub(crate) peers: bool,
}

#[derive(Args)]
pub(crate) struct BenchLoopArgs {
    /// Rounds of each measurement; the median counts.
    #[arg(long, default_value_t = 7)]
    pub(crate) rounds: usize,
    /// Numbers of tables.
    #[arg(long, value_delimiter = ',', default_values_t = [2, 500])]
    pub(crate) tables: Vec<usize>,
}
