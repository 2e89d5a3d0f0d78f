//! Pages of a table of ten million rows beside the query alone, what a database of 1,000 tables costs when it is
//! opened, and the memory that an export holds. All in one process, without a browser.

#![allow(clippy::print_stdout, reason = "the figures are all that it is for")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![allow(dead_code, reason = "the tests' harness can do more")]

#[path = "../tests/studio/harness.rs"]
mod harness;

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use harness::World;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Rounds of each measurement; the median counts.
const ROUNDS: usize = 15;

const ROWS: u64 = 10_000_000;
const EXPORTED: u64 = 1_000_000;
const TABLES: usize = 1_000;
/// The rows of a page, as the browser asks for them.
const PAGE: usize = 100;

/// What this program is called with to export from a database and print the most memory that it held.
const EXPORT: &str = "--export";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` only wants to know that it builds.
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if arguments.iter().any(|argument| argument == EXPORT) {
        export().await;
        return;
    }
    pages().await;
    many_tables().await;
    let export = Command::new(std::env::current_exe().unwrap()).arg(EXPORT).output().unwrap();
    assert!(export.status.success(), "{export:?}");
    print!("{}", String::from_utf8(export.stdout).unwrap());
}

/// A table with a key, a column of equal values among many, and text.
fn filled(rows: u64) -> String {
    format!(
        "CREATE UNLOGGED TABLE events (id bigint, kind int, note text);
         INSERT INTO events SELECT n, n % 1000, 'event ' || n FROM generate_series(1, {rows}) AS n;
         ALTER TABLE events ADD PRIMARY KEY (id); CREATE INDEX ON events (kind, id); ANALYZE events;"
    )
}

async fn pages() {
    let world = World::reading(&filled(ROWS)).await;
    println!("A page of {PAGE} rows out of {ROWS}; medians.\n");
    println!("| page | studio | the query alone | beyond it |");
    println!("| --- | ---: | ---: | ---: |");
    let middle = ROWS / 2;
    let kind = json!([{ "column": "kind" }]);
    for (page, wanted, at, query) in [
        ("the first", json!({}), Value::Null, "ORDER BY id".to_owned()),
        ("the first by another column", json!({ "sort": kind }), Value::Null, "ORDER BY kind, id".to_owned()),
        (
            "one in the middle",
            json!({}),
            json!({ "after": [middle.to_string()] }),
            format!("WHERE id > {middle} ORDER BY id"),
        ),
    ] {
        let body = json!({ "schema": "public", "table": "events", "wanted": wanted, "at": at, "limit": PAGE });
        let client = world.database.connect().await.unwrap();
        let query = format!("SELECT * FROM events {query} LIMIT {PAGE}");
        let (mut ours, mut alone) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let answer = world.post("/api/rows", body.clone()).await;
            ours.push(started.elapsed());
            assert_eq!(answer.json()["rows"].as_array().map(Vec::len), Some(PAGE), "{answer}");
            let started = Instant::now();
            client.query(&query, &[]).await.unwrap();
            alone.push(started.elapsed());
        }
        let (ours, alone) = (milliseconds(median(ours)), milliseconds(median(alone)));
        println!("| {page} | {ours:.1} ms | {alone:.1} ms | {:.1} ms |", ours - alone);
    }
}

async fn many_tables() {
    let mut setup = String::new();
    for number in 0..TABLES {
        let parent = number.saturating_sub(1);
        // Writing to a String cannot fail.
        let _ = writeln!(
            setup,
            "CREATE TABLE t{number} (id int PRIMARY KEY, parent int REFERENCES t{parent}, name text, made timestamptz);"
        );
    }
    let world = World::reading(&setup).await;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let answer = world.ask("/api/overview").await;
        times.push(started.elapsed());
        assert_eq!(answer.status, 200, "{answer}");
    }
    println!("\nWhat a database of {TABLES} tables is opened with: {:.1} ms.", milliseconds(median(times)));
}

/// Exports a table and keeps nothing of it. The rows come from a server that is another process.
async fn export() {
    let world = World::reading(&filled(EXPORTED)).await;
    let of = json!({ "schema": "public", "table": "events", "format": "csv" }).to_string();
    let of: String = of.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let started = Instant::now();
    let response = world.router.clone().oneshot(world.get(&format!("/export?of={of}"))).await.unwrap();
    assert!(response.status().is_success(), "{response:?}");
    let mut chunks = response.into_body().into_data_stream();
    let (mut bytes, mut lines) = (0, 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.unwrap();
        bytes += chunk.len();
        lines += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    let elapsed = started.elapsed().as_secs_f64();
    assert_eq!(lines, EXPORTED + 1, "each row, and the names");
    let memory = most_memory().map_or("unknown".to_owned(), |megabytes| format!("{megabytes} MB"));
    println!(
        "\nAn export of {EXPORTED} rows, {} MB, took {elapsed:.1} s; the most memory that the process held: {memory}.",
        bytes / 1_000_000
    );
}

/// In megabytes as Linux counts it; elsewhere there is nothing to ask.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    peak.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
