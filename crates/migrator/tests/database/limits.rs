//! How long a run waits for others, and how long its statements may wait and run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use expect_test::expect;
use migrator::{Cause, Error, Event, LockError, Outcome};

use crate::support::{Folder, USERS, database, eventually, run};

/// The process that runs a migration `SELECT pg_sleep(...)`.
const SLEEPER: &str = "SELECT pid::text FROM pg_stat_activity \
    WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active'";

#[tokio::test]
async fn a_lock_held_by_another_times_out_and_names_the_holder() {
    let database = database().await;
    let sleepy = Folder::new(&[("0000_sleepy", "SELECT pg_sleep(30);")]);
    let other = database.migrator(&sleepy);
    let other = tokio::spawn(async move { other.run().await });
    let sleeper = eventually(&database, SLEEPER).await;

    let waiting = database.migrator(&sleepy).lock_wait(Duration::from_millis(300));
    let error = waiting.run().await.unwrap_err();
    let mut text = error.to_string();
    let Error::Lock(LockError::TimedOut { holders, .. }) = error else { panic!() };
    for holder in &holders {
        let start = holder.query_start.as_deref().unwrap();
        let which = holder.application_name.as_deref().unwrap();
        text = text.replace(&holder.pid.to_string(), &format!("<{which}>")).replace(start, "START");
    }
    expect![[r#"the lock for "public"."__drizzle_migrations" was not free within 300ms; nothing was changed. It is held by pid <migrator lock>, application_name migrator lock, state idle, query_start START; pid <migrator>, application_name migrator, state active, query_start START. If that hangs, end it with SELECT pg_terminate_backend(<migrator lock>), pg_terminate_backend(<migrator>). Run again when it is free, or allow a longer wait"#]].assert_eq(&text);
    assert!(holders.iter().any(|holder| holder.pid.to_string() == sleeper));

    // What the message advises ends the other run.
    database.value(&format!("SELECT pg_terminate_backend({sleeper})::text")).await;
    let Error::Failed(failure) = other.await.unwrap().unwrap_err() else { panic!() };
    assert_eq!(failure.outcome, Outcome::RolledBack);
}

#[tokio::test]
async fn the_last_statement_of_a_dead_run_is_waited_for() {
    let database = database().await;
    let sleepy = Folder::new(&[("0000_sleepy", "SELECT pg_sleep(1.5);")]);
    let dying = database.migrator(&sleepy);
    let dying = tokio::spawn(async move { dying.run().await });
    eventually(&database, SLEEPER).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());

    let quick = Folder::new(&[("0000_quick", "SELECT 1;")]);
    let impatient = database.migrator(&quick).lock_wait(Duration::from_millis(200));
    assert!(matches!(impatient.run().await, Err(Error::Lock(LockError::TimedOut { .. }))));
    assert_eq!(run(&database.migrator(&quick)).await, ["0000_quick"]);
    assert_eq!(database.ledger().await, "1000");
}

#[tokio::test]
async fn a_table_locked_by_another_session_stops_the_migration_after_lock_timeout() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let mut reader = database.client().await;
    let reading = reader.transaction().await.unwrap();
    reading.execute("SELECT FROM users", &[]).await.unwrap();

    let alter = ("0001_alter", "ALTER TABLE users ADD COLUMN name text;");
    let retries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&retries);
    let migrator = database.migrator(&Folder::new(&[USERS, alter])).lock_timeout(Duration::from_millis(50));
    let migrator = migrator.lock_retries(2).on_event(move |event| {
        let count = usize::from(matches!(event, Event::Retrying { tag: "0001_alter", .. }));
        counted.fetch_add(count, Ordering::Relaxed);
    });
    let error = migrator.run().await.unwrap_err();
    let Error::Failed(failure) = error else { panic!() };
    let Cause::Database(cause) = &failure.cause else { panic!() };
    assert_eq!(cause.sqlstate(), Some("55P03"));
    assert_eq!(retries.load(Ordering::Relaxed), 2);
    drop(reading);
}

#[tokio::test]
async fn a_lock_that_is_released_in_time_is_obtained_by_a_later_attempt() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let mut reader = database.client().await;
    let reading = reader.transaction().await.unwrap();
    reading.execute("SELECT FROM users", &[]).await.unwrap();
    let alter = ("0001_alter", "ALTER TABLE users ADD COLUMN name text;");
    let (sender, mut first) = tokio::sync::mpsc::unbounded_channel();
    let migrator = database.migrator(&Folder::new(&[USERS, alter])).lock_timeout(Duration::from_millis(50));
    let migrator = migrator.lock_retries(50).on_event(move |event| {
        if let Event::Retrying { .. } = event {
            let _ = sender.send(());
        }
    });
    let release = async {
        first.recv().await.unwrap();
        reading.rollback().await.unwrap();
    };
    let (report, ()) = tokio::join!(migrator.run(), release);
    assert_eq!(report.unwrap().applied.len(), 1);
}

#[tokio::test]
async fn a_statement_that_takes_longer_than_it_may_is_cancelled() {
    let database = database().await;
    let slow = ("0000_slow", "SELECT pg_sleep(60);");
    let migrator = database.migrator(&Folder::new(&[slow])).statement_timeout(Duration::from_millis(50));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    let Cause::Database(cause) = &failure.cause else { panic!() };
    assert_eq!(cause.sqlstate(), Some("57014"));
    assert_eq!(database.tables().await, "__drizzle_migrations");
}

/// A file's own limits, and what they are where a statement looks at them.
#[tokio::test]
async fn a_file_sets_its_own_limits_by_a_comment_for_each_of_its_units() {
    let database = database().await;
    let shown = "SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')";
    let own = format!(
        "-- migrate: lock_timeout = 7s, statement_timeout = 1h\nCREATE TABLE a AS {shown} AS limits;--> \
         statement-breakpoint\nCREATE INDEX CONCURRENTLY ON a (limits);--> statement-breakpoint\nINSERT INTO a {shown};"
    );
    let next = format!("INSERT INTO a {shown};");
    let local = format!("-- migrate: lock_timeout = 7s\nSET LOCAL lock_timeout = '8s'; INSERT INTO a {shown};");
    let folder = Folder::new(&[("0000_own", &own), ("0001_next", &next), ("0002_local", &local)]);
    run(&database.migrator(&folder).lock_timeout(Duration::from_secs(3))).await;
    let all = "SELECT string_agg(limits, ', ') FROM a";
    assert_eq!(database.value(all).await, "7s 1h, 7s 1h, 3s 0, 8s 0");
}

#[tokio::test]
async fn files_set_their_own_limits_where_all_of_them_are_one_transaction() {
    let database = database().await;
    let shown = "SELECT current_setting('lock_timeout') AS limits";
    let folder = Folder::new(&[
        ("0000_first", &format!("CREATE TABLE a AS {shown};")),
        ("0001_own", &format!("-- migrate: lock_timeout = 7s\nINSERT INTO a {shown};")),
        ("0002_next", &format!("INSERT INTO a {shown};")),
    ]);
    run(&database.migrator(&folder).single_transaction(true)).await;
    assert_eq!(database.value("SELECT string_agg(limits, ', ') FROM a").await, "10s, 7s, 10s");
}

#[tokio::test]
async fn a_limit_that_is_not_understood_is_refused_before_anything_is_applied() {
    let database = database().await;
    let wrong = ("0001_wrong", "SELECT 1;\n-- migrate: lock_timeout = soon");
    let error = database.migrator(&Folder::new(&[USERS, wrong])).run().await.unwrap_err();
    assert!(matches!(&error, Error::OwnLimits { line: 2, .. }), "{error}");
    assert_eq!(database.tables().await, "-");
}
