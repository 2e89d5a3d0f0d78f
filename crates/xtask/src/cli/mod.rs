//! The flags of each command.

mod database;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use database::*;

use crate::config::Prefix;

/// The Drizzle workflow in Rust: edit the schema, generate SQL, review it, migrate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage or an unanswered question, 3 something differs or was found."
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
    /// Give a fresh clone its own name: package, program, image, deployment, database, README.
    Init(InitArgs),
    /// Run all tests, on a server that is found or started.
    Test(TestArgs),
    /// Measure, beside the peers.
    #[command(subcommand)]
    Bench(BenchCommand),
}

#[derive(Args, Default)]
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
    /// constraints NOT VALID and then validated, and what differs in its name alone renamed [default: drizzle.toml's].
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", conflicts_with = "custom")]
    pub(crate) safe: Option<bool>,
    /// Run it in scratch databases first, as `prove` does, and write it only if it holds [default: drizzle.toml's, or
    /// else where a server for tests is up].
    #[arg(long, conflicts_with = "custom")]
    pub(crate) prove: bool,
    /// Write it without running it first, whatever drizzle.toml says.
    #[arg(long, conflicts_with_all = ["custom", "prove"])]
    pub(crate) no_prove: bool,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

/// Answers to what two schemas do not tell: "is it new, or was it renamed?", "what becomes of the values?".
#[derive(Args, Default)]
pub(crate) struct AnswerArgs {
    /// What is NEW was OLD: `public.users=public.people`; a column, policy or trigger under its table's new
    /// name: `public.people.mail=public.people.email`; a value of an enum under that of its type; a schema or role by
    /// its name; a function with its arguments or without. `table:` and so on before it where a name alone is
    /// ambiguous. May be repeated.
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// What is new and was nothing else before. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) create: Vec<String>,
    /// All that is new and that no other answer names was nothing else before: nothing is asked about it.
    #[arg(long)]
    pub(crate) create_rest: bool,
    /// What becomes of the values of a column that gets another type, where PostgreSQL has no cast:
    /// `public.users.born=make_date(born, 1, 1)`. May be repeated.
    #[arg(long, value_name = "COLUMN=SQL")]
    pub(crate) using: Vec<String>,
    /// A TOML file with `rename = ["OLD=NEW"]`, `create = ["NAME"]`, `create_rest = true` and `using = ["COLUMN=SQL"]`.
    #[arg(long, value_name = "FILE")]
    pub(crate) hints: Option<PathBuf>,
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
pub(crate) struct InitArgs {
    /// The name, as in my-service.
    pub(crate) name: String,
    /// Remove posts, the sample, from tables, routes and tests, and begin with a first migration of what is left.
    #[arg(long)]
    pub(crate) without_samples: bool,
    /// Also where Git could not take it back.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args)]
pub(crate) struct TestArgs {
    /// Run the tests that need packages from npm, Schemathesis from PyPI or PgBouncer as well.
    #[arg(long)]
    pub(crate) peers: bool,
    /// Arguments for `cargo test`, after `--`.
    #[arg(last = true)]
    pub(crate) args: Vec<String>,
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
    /// `check` and `push` with nothing to do, beside `pg_dump --schema-only`.
    Check(BenchCheckArgs),
    /// The API's routes beside handlers written by hand; needs wrk.
    Api,
    /// 500 migrations on an empty database, beside `psql`, drizzle-kit, refinery's and sqlx's programs.
    Migrate,
    /// The studio's pages of ten million rows beside the query alone, and the memory of an export.
    Studio,
}

#[derive(Args)]
pub(crate) struct BenchIntrospectArgs {
    /// Beside `drizzle-kit pull` too, at 1,000 tables; that takes minutes.
    #[arg(long)]
    pub(crate) peers: bool,
}

#[derive(Args)]
pub(crate) struct BenchCheckArgs {
    /// Rounds of each measurement; the median counts.
    #[arg(long, default_value_t = 7)]
    pub(crate) rounds: usize,
    /// Numbers of tables.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000])]
    pub(crate) tables: Vec<usize>,
    /// Beside `drizzle-kit push` too; at 1,000 tables that takes minutes.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;

    const JUSTFILE: &str = include_str!("../../../../justfile");

    /// The recipes on the database with their lines, without `db-`.
    fn recipes() -> impl Iterator<Item = (&'static str, &'static str)> {
        let recipes = JUSTFILE.split("\ndb-").skip(1).filter_map(|recipe| recipe.split_once(":\n"));
        recipes.map(|(head, lines)| (head.split(' ').next().unwrap_or(head), lines.lines().next().unwrap_or_default()))
    }

    #[test]
    fn every_command_on_the_database_is_a_recipe_too() {
        let elsewhere = ["init", "test", "bench", "dev", "db"];
        let commands = Cli::command();
        let commands = commands.get_subcommands().map(clap::Command::get_name).filter(|name| !elsewhere.contains(name));
        // `db-status` is that of the migrations.
        let expected: BTreeSet<_> = commands.chain(["start", "stop"]).collect();
        assert_eq!(recipes().map(|(name, _)| name).collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn a_recipe_hands_each_argument_on_as_it_is() {
        assert!(JUSTFILE.contains("\nset positional-arguments\n"));
        for (name, line) in recipes().filter(|(name, _)| !["start", "stop"].contains(name)) {
            assert_eq!(line.trim(), format!("cargo xtask {name} \"$@\""));
        }
    }
}
