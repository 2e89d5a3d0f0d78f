//! Runs that are killed at random points, again and again, until the last one comes to its end.
//!
//! `KILL_ROUNDS` sets how many kills each test makes; some dozens without.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use devdb::test::PrivateServer;
use migrator::tokio_postgres::Client;
use migrator::{Migrations, Migrator};

use crate::private::{crash, database as database_of, drop_database, new_database};
use crate::support::{Folder, TestDatabase, database};

const FILES: [(&str, &str); 5] = [
    (
        "0000_tables",
        "CREATE TABLE log (n int);\nCREATE TYPE c AS ENUM ('red');\n\
         CREATE TABLE a AS SELECT id, id AS old, 'red'::c AS c FROM generate_series(1, 3000) id;\n\
         CREATE INDEX a_old ON a (old);",
    ),
    ("0001_plain", "INSERT INTO log VALUES (0);"),
    (
        "0002_units",
        "INSERT INTO log VALUES (1);--> statement-breakpoint\n\
         CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);--> statement-breakpoint\n\
         INSERT INTO log VALUES (2);--> statement-breakpoint\n\
         ALTER TYPE c ADD VALUE 'blue';--> statement-breakpoint\n\
         INSERT INTO a VALUES (0, 0, 'blue');--> statement-breakpoint\n\
         DROP INDEX CONCURRENTLY a_old;--> statement-breakpoint\n\
         CREATE INDEX CONCURRENTLY ON a (c);--> statement-breakpoint\n\
         REINDEX TABLE CONCURRENTLY a;--> statement-breakpoint\n\
         INSERT INTO log VALUES (3);--> statement-breakpoint\n\
         VACUUM a;",
    ),
    ("0003_plain", "INSERT INTO log VALUES (4);"),
    ("0004_last", "INSERT INTO log VALUES (5);--> statement-breakpoint\nINSERT INTO log VALUES (6);"),
];

/// What the database is like when everything was applied exactly once.
const EXPECTED: [(&str, &str); 5] = [
    ("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "0 1 2 3 4 5 6"),
    ("SELECT count(*)::text FROM a", "3001"),
    (
        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_index JOIN pg_class ON oid = indexrelid \
         WHERE indrelid = 'a'::regclass",
        "a_c_idx a_id",
    ),
    ("SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE NOT indisvalid", "-"),
    ("SELECT string_agg(tag, ' ') FROM __drizzle_migrations_progress", "-"),
];

/// How often a round kills before it lets a run end.
const KILLS: u64 = 4;

/// How many databases a test makes, each with [`KILLS`] kills.
fn rounds(without: u64) -> u64 {
    std::env::var("KILL_ROUNDS").map_or(without, |kills| kills.parse().unwrap()).div_ceil(KILLS)
}

/// Numbers that look random, and are the same each time: the moments of a round's kills, in
/// thousandths of a run's work.
fn moments(round: u64) -> impl Iterator<Item = u32> {
    let mixed = move |kill: u64| (round * KILLS + kill + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    (0..KILLS).map(move |kill| u32::try_from(mixed(kill) % 1000).unwrap())
}

/// The time for which a run that nothing disturbs is at work.
async fn work(database: &TestDatabase, folder: &Folder) -> Duration {
    let report = database.migrator(folder).run().await.unwrap();
    report.applied.iter().map(|applied| applied.elapsed).sum()
}

/// A better estimate of that time, whatever else the machine does now: kills came too late where the
/// run was over, and too early where no unit was recorded.
fn adapt(work: Duration, is_over: bool, is_half: bool) -> Duration {
    match (is_over, is_half) {
        (true, _) => work * 3 / 4,
        (false, false) => work * 4 / 3,
        (false, true) => work,
    }
}

/// Waits until a run holds the lock, and then for a part of the time that its work takes.
async fn wait(admin: &Client, mut is_over: impl FnMut() -> bool, work: Duration, moment: u32) {
    let lock = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'migrator lock'";
    while !is_over() && admin.query(lock, &[]).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(work * moment / 1000).await;
}

async fn check(database: &TestDatabase, round: u64) {
    for (query, expected) in EXPECTED {
        assert_eq!(database.value(query).await, expected, "round {round}: {query}");
    }
    assert_eq!(database.ledger().await, "1000 1001 1002 1003 1004", "round {round}");
}

/// Whether the migration in units is half applied.
async fn is_half(admin: &Client) -> bool {
    let units = admin.query("SELECT FROM __drizzle_migrations_progress", &[]).await;
    units.is_ok_and(|units| !units.is_empty())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_that_are_ended_anywhere_are_gone_on_with() {
    let folder = Folder::new(&FILES);
    let mut work = work(&database().await, &folder).await;
    let mut half = 0;
    let rounds = rounds(80);
    for round in 0..rounds {
        let database = database().await;
        let admin = database.client().await;
        for moment in moments(round) {
            let migrator = database.migrator(&folder);
            let running = tokio::spawn(async move { migrator.run().await });
            wait(&admin, || running.is_finished(), work, moment).await;
            // In turn the session at work, that of the lock, and both.
            let which = ["migrator", "migrator lock", "migrator%"][moment as usize % 3];
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND application_name LIKE $1";
            admin.query(end, &[&which]).await.unwrap();
            let (is_over, is_half) = (running.await.unwrap().is_ok(), is_half(&admin).await);
            work = adapt(work, is_over, is_half);
            half += u64::from(is_half);
        }
        database.migrator(&folder).run().await.unwrap();
        check(&database, round).await;
    }
    assert!(half > 0, "no run was ended in the midst of its units");
    println!("{half} of {} runs were ended in the midst of their units", rounds * KILLS);
}

/// Where the test that is a process of its own finds what to run.
const URL: &str = "MIGRATOR_CRASH_URL";
const FOLDER: &str = "MIGRATOR_CRASH_FOLDER";

/// The process that is killed; nothing when it is run as one of the tests.
#[tokio::test]
async fn a_process_to_be_killed() {
    let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FOLDER)) else { return };
    let migrations = Migrations::from_folder(folder.as_ref()).unwrap();
    Migrator::from_url(migrations, &url).unwrap().run().await.unwrap();
}

/// Starts it.
fn start(database: &TestDatabase, folder: &Folder) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::a_process_to_be_killed"])
        .env(URL, database.url())
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_are_killed_anywhere_are_gone_on_with() {
    let folder = Folder::new(&FILES);
    let mut work = work(&database().await, &folder).await;
    let mut half = 0;
    let rounds = rounds(80);
    for round in 0..rounds {
        let database = database().await;
        let admin = database.client().await;
        for moment in moments(round) {
            let mut process = start(&database, &folder);
            wait(&admin, || process.try_wait().unwrap().is_some(), work, moment).await;
            process.kill().unwrap();
            let (is_over, is_half) = (process.wait().unwrap().success(), is_half(&admin).await);
            work = adapt(work, is_over, is_half);
            half += u64::from(is_half);
        }
        database.migrator(&folder).run().await.unwrap();
        check(&database, round).await;
    }
    assert!(half > 0, "no process was killed in the midst of its units");
    println!("{half} of {} processes were killed in the midst of their units", rounds * KILLS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_at_once_apply_every_unit_exactly_once() {
    let folder = Folder::new(&FILES);
    let database = database().await;
    let mut processes: Vec<_> = (0..8).map(|_| start(&database, &folder)).collect();
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    check(&database, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_crashes_anywhere_is_gone_on_with() {
    let server = PrivateServer::start().unwrap();
    let folder = Folder::new(&FILES);
    let mut work = work(&database_of(&server, &new_database(&server).await), &folder).await;
    let mut half = 0;
    // A start takes as long as some rounds of the other tests.
    let rounds = rounds(12);
    for round in 0..rounds {
        let name = new_database(&server).await;
        for moment in moments(round) {
            let database = database_of(&server, &name);
            let (admin, migrator) = (database.client().await, database.migrator(&folder));
            let running = tokio::spawn(async move { migrator.run().await });
            wait(&admin, || running.is_finished(), work, moment).await;
            crash(&server);
            let is_over = running.await.unwrap().is_ok();
            server.start_again().unwrap();
            let is_half = is_half(&database_of(&server, &name).client().await).await;
            work = adapt(work, is_over, is_half);
            half += u64::from(is_half);
        }
        let database = database_of(&server, &name);
        database.migrator(&folder).run().await.unwrap();
        check(&database, round).await;
        drop_database(&server, &name).await;
    }
    assert!(half > 0, "the server never crashed in the midst of the units");
    println!("{half} of {} crashes of the server were in the midst of the units", rounds * KILLS);
}
