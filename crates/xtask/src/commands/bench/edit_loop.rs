//! From an edit to SQL on disk, warm: one column added, then `cargo xtask generate` and
//! `npx drizzle-kit generate` in turns, each as a person would type it.

use std::path::Path;
use std::process::Command;

use super::project::Project;
use super::timing::{median, ratio, time};
use super::{Error, cargo_xtask, io, output, peer};
use crate::cli::BenchLoopArgs;
use crate::config::Config;
use crate::output::line;

pub(super) fn run(args: &BenchLoopArgs, config: &Config) -> Result<(), Error> {
    let target = config.root.join("target/bench");
    std::fs::create_dir_all(&target).map_err(io("create", &target))?;
    let peer = peer::install(&target)?;
    line("Edit to SQL on disk, warm, one column added; medians of wall time.");
    line("");
    line("| tables | cargo xtask generate | npx drizzle-kit generate | ratio |");
    line("| ---: | ---: | ---: | ---: |");
    for tables in &args.tables {
        let project = Project::create(config, &target, &peer, *tables)?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        // The first round makes the first migration and warms every cache: it does not count.
        for round in 0..=args.rounds {
            project.edit(round)?;
            let (our_time, printed) =
                time(|| output(&mut cargo_xtask(config, &project.rust, &["generate", "--no-prove"])));
            let printed = printed?;
            expect_migration("cargo xtask generate", &project.rust.join("migrations"), round, &printed)?;
            let (their_time, printed) = time(|| output(&mut drizzle_kit(&peer, *tables)));
            let printed = printed?;
            expect_migration("drizzle-kit generate", &project.typescript.join("migrations"), round, &printed)?;
            if round > 0 {
                ours.push(our_time);
                theirs.push(their_time);
            }
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ratio(ours, theirs);
        line(format!("| {tables} | {:.2} s | {:.2} s | {ratio:.2} |", ours.as_secs_f64(), theirs.as_secs_f64()));
    }
    Ok(())
}

fn drizzle_kit(peer: &Path, tables: usize) -> Command {
    let mut npx = Command::new("npx");
    npx.args(["drizzle-kit", "generate", "--config", &format!("loop-{tables}/drizzle.config.ts")]).current_dir(peer);
    npx
}

/// Makes sure that the round left its migration: a command that does nothing is fast.
fn expect_migration(program: &str, folder: &Path, round: usize, printed: &str) -> Result<(), Error> {
    let listing = std::fs::read_dir(folder).map_err(io("read", folder))?;
    let count = listing.flatten().filter(|item| item.path().extension().is_some_and(|e| e == "sql")).count();
    if count == round + 1 {
        return Ok(());
    }
    Err(Error::NoMigration { program: program.to_owned(), output: printed.to_owned() })
}
