//! 500 small migrations on an empty database, beside what else applies them, in turns; and a run with
//! nothing pending, of 1,000 that are applied.
//!
//! `cargo xtask bench migrate` runs it. Of refinery's and sqlx's programs and psql those are measured
//! that are on the PATH.
// A measurement prints, and one that cannot go on ends.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod folder;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use devdb::test::{Database, RoundTrips};
use folder::Folder;
use migrator::{Migrations, Migrator};

/// Rounds of each program; the median counts.
const ROUNDS: usize = 5;

/// A program that applies the folder to a database.
struct Program {
    name: &'static str,
    command: Box<dyn Fn(&str) -> Command>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let peer = std::env::args().skip_while(|argument| argument != "--peer").nth(1);
    many_on_an_empty_database(peer.as_deref()).await;
    nothing_pending().await;
}

async fn many_on_an_empty_database(peer: Option<&str>) {
    const COUNT: usize = 500;
    let folder = Folder::new(COUNT);
    println!("{COUNT} small migrations on an empty database, in turns; wall time of the whole process, medians.");
    println!();
    println!("| program | time | api migrate to it |");
    println!("| --- | ---: | ---: |");
    let (present, missing): (Vec<_>, Vec<_>) =
        programs(folder.path(), peer).into_iter().partition(|program| is_there(&(program.command)("postgres://")));
    let mut times = vec![Vec::new(); present.len()];
    for _ in 0..ROUNDS {
        for (program, times) in present.iter().zip(&mut times) {
            times.push(apply(program, COUNT).await);
        }
    }
    let medians: Vec<_> = times.into_iter().map(median).collect();
    for (program, time) in present.iter().zip(&medians) {
        let ratio = medians[0].as_secs_f64() / time.as_secs_f64();
        println!("| {} | {:.2} s | {ratio:.2} |", program.name, time.as_secs_f64());
    }
    for program in missing {
        println!("| {} | not on the PATH | |", program.name);
    }
    println!();
}

fn programs(folder: &Path, peer: Option<&str>) -> Vec<Program> {
    let api = folder.to_owned();
    let script = folder.join(folder::SCRIPT);
    let (refinery, sqlx) = (folder.join(folder::REFINERY), folder.join(folder::SQLX));
    let mut programs = vec![
        Program {
            name: "api migrate",
            command: Box::new(move |url| {
                let mut command = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
                command.arg("migrate").env("DATABASE_URL", url).env("MIGRATIONS_DIR", &api).env("RUST_LOG", "warn");
                command
            }),
        },
        Program {
            name: "psql -1 -f",
            command: Box::new(move |url| {
                let mut command = Command::new("psql");
                command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-1", "-f"]).arg(&script).arg(url);
                command
            }),
        },
        Program {
            name: "refinery migrate",
            command: Box::new(move |url| {
                let mut command = Command::new("refinery");
                command.args(["migrate", "-e", "DATABASE_URL", "-p"]).arg(&refinery).env("DATABASE_URL", url);
                command
            }),
        },
        Program {
            name: "sqlx migrate run",
            command: Box::new(move |url| {
                let mut command = Command::new("sqlx");
                command.args(["migrate", "run", "--source"]).arg(&sqlx).args(["--database-url", url]);
                command
            }),
        },
    ];
    if let Some(peer) = peer {
        let config = folder::drizzle_config(Path::new(peer), folder);
        let peer = peer.to_owned();
        programs.push(Program {
            name: "drizzle-kit migrate",
            command: Box::new(move |url| {
                let mut command = Command::new("node_modules/.bin/drizzle-kit");
                command.current_dir(&peer).args(["migrate", "--config"]).arg(&config).env("DATABASE_URL", url);
                command
            }),
        });
    }
    programs
}

fn is_there(command: &Command) -> bool {
    let mut version = Command::new(command.get_program());
    version.current_dir(command.get_current_dir().unwrap_or(Path::new("/")));
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

async fn apply(program: &Program, count: usize) -> Duration {
    let database = Database::empty().await.unwrap();
    let mut command = (program.command)(database.url().reveal());
    let started = Instant::now();
    let output = command.output().unwrap();
    let elapsed = started.elapsed();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{}: {text}", program.name);
    let sql = "SELECT count(*) FROM pg_attribute WHERE attrelid::regclass::text LIKE 'small_%' AND attnum > 0";
    let columns = database.connect().await.unwrap().query_one(sql, &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(columns, folder::columns(count), "{}: {text}", program.name);
    elapsed
}

async fn nothing_pending() {
    const COUNT: usize = 1000;
    let folder = Folder::new(COUNT);
    let database = Database::empty().await.unwrap();
    let migrations = Migrations::from_folder(folder.path()).unwrap();
    let migrator = |url: &str| Migrator::from_url(migrations.clone(), url).unwrap();
    assert_eq!(migrator(database.url().reveal()).run().await.unwrap().applied.len(), COUNT);
    let counted = RoundTrips::before(&database).unwrap();
    migrator(counted.url().reveal()).run().await.unwrap();
    let (mut runs, mut connections) = (Vec::new(), Vec::new());
    for _ in 0..21 {
        let started = Instant::now();
        let client = database.connect().await.unwrap();
        connections.push(started.elapsed());
        drop(client);
        let started = Instant::now();
        migrator(database.url().reveal()).run().await.unwrap();
        runs.push(started.elapsed());
    }
    let [run, connection] = [median(runs), median(connections)].map(|time| time.as_secs_f64() * 1000.0);
    println!(
        "Nothing pending, {COUNT} applied: {} round trips, {run:.1} ms; the connection alone {connection:.1} ms",
        counted.count()
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
