//! `check` and `push` of a database that is what the code says, each as a person would type it, beside `pg_dump
//! --schema-only` in turns; on demand beside `drizzle-kit push` too.

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
    line("Nothing to do: the database is what the code says. Medians of wall time.");
    line("");
    line("| tables | cargo xtask check | cargo xtask push | pg_dump --schema-only |");
    line("| ---: | ---: | ---: | ---: |");
    for tables in &args.tables {
        let project = Project::create(config, &target, &peer, *tables)?;
        let database = runtime.block_on(Database::empty()).map_err(Error::Database)?;
        let xtask = |arguments: &[&str]| {
            output(cargo_xtask(config, &project.rust, arguments).env("DATABASE_URL", database.url().reveal()))
        };
        xtask(&["generate", "--no-prove"])?;
        xtask(&["migrate"])?;
        let (mut check, mut push, mut dump) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..args.rounds {
            for (arguments, times) in [(&["check"][..], &mut check), (&["push", "--ignore-ledger"], &mut push)] {
                let (elapsed, printed) = time(|| xtask(arguments));
                printed?;
                times.push(elapsed);
            }
            let (elapsed, printed) = time(|| output(&mut pg_dump(database.url())));
            printed?;
            dump.push(elapsed);
        }
        let [check, push, dump] = [check, push, dump].map(|times| median(times).as_secs_f64());
        line(format!("| {tables} | {check:.2} s | {push:.2} s | {dump:.2} s |"));
        if args.peers {
            let (elapsed, printed) = time(|| output(&mut drizzle_kit(&peer, *tables, database.url())));
            printed?;
            line(format!("\ndrizzle-kit push at {tables} tables: {:.1} s\n", elapsed.as_secs_f64()));
        }
    }
    Ok(())
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
