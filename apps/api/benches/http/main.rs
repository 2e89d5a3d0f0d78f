//! The API beside a handler that somebody wrote by hand for the one route: throughput and the 99th
//! percentile, in turns on one database, each with a pool of the same size. And how soon a start is
//! ready where nothing is pending, and what an idle process takes.
//!
//! `cargo xtask bench api` runs it. wrk makes the load.
// A measurement prints, and one that cannot go on ends.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod handwritten;
mod load;
mod process;

use std::time::{Duration, Instant};

use load::{Load, Measured};
use process::Process;

/// Connections of the pool, and of the load.
const CONNECTIONS: usize = 16;

/// How long each round of a route is.
const ROUND: Duration = Duration::from_secs(3);

/// Rounds of each route; the median counts.
const ROUNDS: usize = 5;

/// Users that are there before.
const USERS: i32 = 10_000;

const ROWS: &str = "INSERT INTO users (email, name, created_at) \
    SELECT 'user' || i || '@example.com', 'User ' || i, now() - i * interval '1 minute' FROM generate_series(1, $1::int) i";

fn main() {
    if std::env::args().any(|argument| argument == handwritten::ARGUMENT) {
        return handwritten::serve();
    }
    // Any other process of the machine takes from both.
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let database = devdb::test::Database::empty().await.unwrap();
    let url = database.url().reveal();
    process::run(url, &["migrate"]);
    let client = database.connect().await.unwrap();
    client.execute(ROWS, &[&USERS]).await.unwrap();
    client.batch_execute("ANALYZE").await.unwrap();
    let ids = client.query("SELECT id::text FROM users ORDER BY id LIMIT 1000", &[]).await.unwrap();
    let ids: Vec<String> = ids.iter().map(|row| row.get(0)).collect();
    let token = process::run(url, &["token", "bench@example.com"]);

    start_and_memory(url).await;
    println!("Requests a second and 99th percentile, {CONNECTIONS} connections, pools of {CONNECTIONS}, in turns.");
    println!();
    println!("| route | API | by hand, asking for the token | ratio | by hand, open to all | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for load in Load::all(&ids, token.trim()) {
        compare(url, &load);
    }
}

/// One route, measured on three servers in turns.
fn compare(url: &str, load: &Load) {
    let servers = [Process::api(url), Process::by_hand(url, true), Process::by_hand(url, false)];
    let answers: Vec<_> = servers.iter().map(|server| load.shape(server.port())).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{}: other answers: {answers:?}", load.name);
    let mut measured: [Vec<Measured>; 3] = Default::default();
    // The first round warms up, and does not count.
    for round in 0..=ROUNDS {
        for (server, measured) in servers.iter().zip(&mut measured) {
            let result = load.run(server.port(), CONNECTIONS, ROUND);
            if round > 0 {
                measured.push(result);
            }
        }
    }
    let [api, asking, open] = measured.map(Measured::median);
    let beside = |other: &Measured| {
        let (throughput, p99) = (api.per_second / other.per_second, api.p99.as_secs_f64() / other.p99.as_secs_f64());
        format!("{other} | {throughput:.2}, {p99:.2}")
    };
    println!("| {} | {api} | {} | {} |", load.name, beside(&asking), beside(&open));
}

/// The time from the start of the process to its first `/readyz` that says so, and what it holds then.
async fn start_and_memory(url: &str) {
    let (mut starts, mut connections, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..11 {
        let started = Instant::now();
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        connections.push(started.elapsed());
        drop((client, connection));
        let started = Instant::now();
        let process = Process::api(url);
        while load::status(process.port(), "/readyz") != Some(200) {
            std::thread::sleep(Duration::from_millis(1));
        }
        starts.push(started.elapsed());
        memory.extend(process.resident());
    }
    let [start, connection] = [starts, connections].map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    });
    println!("Start to ready with nothing pending: {start:.0} ms; one connection takes {connection:.0} ms of it.");
    if let Some(bytes) = memory.iter().max() {
        println!("Resident memory, idle: {:.0} MB", *bytes as f64 / 1e6);
    }
    println!();
}
