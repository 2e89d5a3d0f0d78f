//! Reading a database, beside `pg_dump --schema-only` in turns: the round trips that it takes, and the memory. With
//! `--peer FOLDER`, also beside `drizzle-kit pull` from the packages in that folder, which takes minutes.

#![allow(clippy::print_stdout, reason = "the figures are all that it is for")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use devdb::test::{Database, RoundTrips};
use kit::introspect::{Compared, Filter, compared, read};
use schema::Schema;

/// Rounds of each measurement; the median counts.
const ROUNDS: usize = 7;

/// The number of tables at which drizzle-kit is measured.
const PEER_TABLES: usize = 1_000;

/// What this program is called with to read one database and print the most memory that it held.
const MEMORY: &str = "--memory";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| arguments.iter().skip_while(|argument| *argument != flag).nth(1);
    // `cargo test --benches` only wants to know that it builds.
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if let Some(url) = after(MEMORY) {
        print_memory(url).await;
        return;
    }
    println!("Reading a database; medians of wall time, the connection included.\n");
    println!(
        "| tables | round trips | most memory | read | read and compared | pg_dump --schema-only | read to pg_dump |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for tables in [10, 1_000, 5_000] {
        measure(tables, after("--peer").filter(|_| tables == PEER_TABLES).map(Path::new)).await;
    }
}

async fn measure(tables: usize, peer: Option<&Path>) {
    let declared = support::tables(tables, false);
    let database = built(&declared).await;
    let counted = RoundTrips::before(&database).unwrap();
    let found = read(&mut counted.connect().await.unwrap(), &Filter::default()).await.unwrap().schema;
    let (round_trips, memory) = (counted.count(), memory(&database));
    let (mut ours, mut equal, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time_to_read(&database, None).await);
        equal.push(time_to_read(&database, Some(&found)).await);
        theirs.push(pg_dump(&database));
    }
    let (ours, equal, theirs) = (median(ours), median(equal), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let [ours, equal, theirs] = [ours, equal, theirs].map(|time| time.as_millis());
    println!("| {tables} | {round_trips} | {memory} | {ours} ms | {equal} ms | {theirs} ms | {ratio:.2} |");
    if let Some(folder) = peer {
        println!("\ndrizzle-kit pull at {tables} tables: {:.1} s\n", drizzle_kit(&database, folder).as_secs_f64());
    }
}

async fn built(schema: &Schema) -> Database {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    // Each batch is a transaction, and one of all tables would hold more locks than a server allows.
    for statements in kit::prove::from_empty(schema).chunks(500) {
        client.batch_execute(&statements.join("\n")).await.unwrap();
    }
    client.batch_execute("VACUUM ANALYZE").await.unwrap();
    database
}

/// Reads the database, and compares it with what is expected, as `check` does where nothing differs.
async fn time_to_read(database: &Database, expected: Option<&Schema>) -> Duration {
    let started = Instant::now();
    let mut client = database.connect().await.unwrap();
    let found = read(&mut client, &Filter::default()).await.unwrap().schema;
    if let Some(expected) = expected {
        let Compared { schema: found, left_alone } = compared(found, expected);
        assert!(left_alone.is_empty() && found == *expected);
    }
    started.elapsed()
}

fn pg_dump(database: &Database) -> Duration {
    let mut pg_dump = Command::new("pg_dump");
    pg_dump.args(["--schema-only", "--dbname", database.url().reveal()]).stdout(Stdio::null());
    let started = Instant::now();
    let status = pg_dump.status().expect("pg_dump is on the PATH");
    assert!(status.success(), "pg_dump ended with {status}");
    started.elapsed()
}

/// The most memory of a process that reads the database and nothing else.
fn memory(database: &Database) -> String {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).args([MEMORY, database.url().reveal()]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Prints it as Linux counts it; elsewhere there is nothing to ask.
async fn print_memory(url: &str) {
    let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let found = read(&mut client, &Filter::default()).await.unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    match peak.and_then(|kilobytes| kilobytes.parse::<usize>().ok()) {
        Some(kilobytes) => println!("{} MB", kilobytes / 1024),
        None => println!("unknown"),
    }
    drop(found);
}

/// One run, with the packages of a folder.
fn drizzle_kit(database: &Database, folder: &Path) -> Duration {
    let project = folder.join("pull");
    fs::create_dir_all(&project).unwrap();
    let url = serde_json::to_string(database.url().reveal()).unwrap();
    let config =
        format!("export default {{ dialect: 'postgresql', out: './pull/out', dbCredentials: {{ url: {url} }} }}");
    fs::write(project.join("drizzle.config.ts"), config).unwrap();
    let mut pull = Command::new("node");
    pull.args(["node_modules/drizzle-kit/bin.cjs", "pull", "--config", "pull/drizzle.config.ts"]);
    let started = Instant::now();
    let output = pull.current_dir(folder).output().expect("node is on the PATH");
    let elapsed = started.elapsed();
    assert!(output.status.success(), "drizzle-kit: {}", String::from_utf8_lossy(&output.stdout));
    fs::remove_dir_all(project).unwrap();
    elapsed
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
