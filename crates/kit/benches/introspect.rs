//! Reading a database of a thousand tables, beside `pg_dump --schema-only` in turns, and the round trips that it takes.

#![allow(clippy::print_stdout, reason = "the figures are all that it is for")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

#[path = "../tests/acceptance/support/round_trips.rs"]
mod round_trips;
mod support;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use devdb::test::Database;
use kit::introspect::{Filter, read};
use kit::rename::{Answers, resolve};
use round_trips::RoundTrips;
use schema::Schema;

/// Rounds of each measurement; the median counts.
const ROUNDS: usize = 7;

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("Reading a database; medians of wall time, the connection included.\n");
    println!("| tables | round trips | ours | pg_dump --schema-only | ratio |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for tables in [10, 1_000] {
        let database = built(tables).await;
        let (counted, mut client) = RoundTrips::connect(database.url().reveal()).await;
        assert_eq!(read(&mut client, &Filter::default()).await.unwrap().schema.tables.len(), tables);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(our_time(&database).await);
            theirs.push(their_time(&database));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        let (round_trips, ours, theirs) = (counted.count(), ours.as_millis(), theirs.as_millis());
        println!("| {tables} | {round_trips} | {ours} ms | {theirs} ms | {ratio:.2} |");
    }
}

async fn built(tables: usize) -> Database {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    let next = support::tables(tables, false);
    let resolved = resolve(&Schema::default(), &next, &Answers::default());
    let statements: Vec<String> = kit::plan::plan(&resolved, &next).iter().flat_map(kit::sql::statements).collect();
    client.batch_execute(&statements.join("\n")).await.unwrap();
    client.batch_execute("VACUUM ANALYZE").await.unwrap();
    database
}

async fn our_time(database: &Database) -> Duration {
    let started = Instant::now();
    let mut client = database.connect().await.unwrap();
    let found = read(&mut client, &Filter::default()).await.unwrap();
    let elapsed = started.elapsed();
    drop(found);
    elapsed
}

fn their_time(database: &Database) -> Duration {
    let mut pg_dump = Command::new("pg_dump");
    pg_dump.args(["--schema-only", "--dbname", database.url().reveal()]).stdout(Stdio::null());
    let started = Instant::now();
    let status = pg_dump.status().expect("pg_dump is on the PATH");
    assert!(status.success(), "pg_dump ended with {status}");
    started.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
