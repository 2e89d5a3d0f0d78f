//! `check` and `push` of a database that is what the code says, and `push --dry-run` of a column that is new, each as a
//! person would type it, beside `pg_dump --schema-only` in turns; on demand beside `drizzle-kit push` too.

use std::path::Path;
use std::process::{Command, Stdio};

use devdb::Url;
use devdb::test::Database;

use super::project::Project;
use super::timing::{median, time};
use super::{Error, cargo_xtask, output, peer};
use crate::cli::BenchCheckArgs;
use crate::config::Config;
use crate::output::line;

pub(super) fn run(args: &BenchCheckArgs, config: &Config) -> Result<(), crate::Error> {
    let target = config.root.join("target/bench");
    let peer = peer::install(&target)?;
    let runtime = tokio::runtime::Runtime::new().map_err(crate::Error::Runtime)?;
    line("The database is what the code says, but for a column where one is added. Medians of wall time.");
    line("");
    line("| tables | cargo xtask check | cargo xtask push | of a column, --dry-run | pg_dump --schema-only |");
    line("| ---: | ---: | ---: | ---: | ---: |");
    for tables in &args.tables {
        let project = Project::create(config, &target, &peer, *tables)?;
        let database = runtime.block_on(Database::empty()).map_err(Error::Database)?;
        let xtask = |arguments: &[&str]| {
            output(cargo_xtask(config, &project.rust, arguments).env("DATABASE_URL", database.url().reveal()))
        };
        xtask(&["generate", "--no-prove"])?;
        xtask(&["migrate"])?;
        let check = || xtask(&["check"]);
        let push = || xtask(&["push", "--ignore-ledger"]);
        let dump = || output(&mut pg_dump(database.url()));
        let [check, push, dump] = medians(args.rounds, [&check, &push, &dump])?;
        project.edit(1)?;
        let column = || xtask(&["push", "--ignore-ledger", "--dry-run"]);
        // What the compiler takes for an edit, `bench loop` says.
        column()?;
        let [column] = medians(args.rounds, [&column])?;
        line(format!("| {tables} | {check:.2} s | {push:.2} s | {column:.2} s | {dump:.2} s |"));
        if args.peers {
            project.edit(0)?;
            let (elapsed, printed) = time(|| output(&mut drizzle_kit(&peer, *tables, database.url())));
            printed?;
            line(format!("\ndrizzle-kit push at {tables} tables: {:.1} s\n", elapsed.as_secs_f64()));
        }
    }
    Ok(())
}

/// How long each takes, in seconds, over so many rounds in which they take turns.
fn medians<const N: usize>(
    rounds: usize,
    commands: [&dyn Fn() -> Result<String, Error>; N],
) -> Result<[f64; N], Error> {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (command, times) in commands.iter().zip(&mut times) {
            let (elapsed, printed) = time(command);
            printed?;
            times.push(elapsed);
        }
    }
    Ok(times.map(|times| median(times).as_secs_f64()))
}

fn pg_dump(url: &Url) -> Command {
    let mut pg_dump = Command::new("pg_dump");
    pg_dump.args(["--schema-only", "--file", "/dev/null", "--dbname", url.reveal()]);
    pg_dump
}

fn drizzle_kit(peer: &Path, tables: usize, url: &Url) -> Command {
    let mut npx = Command::new("npx");
    let schema = format!("./loop-{tables}/schema.ts");
    npx.args(["drizzle-kit", "push", "--dialect", "postgresql", "--schema", &schema, "--url", url.reveal()]);
    npx.current_dir(peer).stdin(Stdio::null());
    npx
}
