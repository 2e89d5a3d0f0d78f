//! Migrating through PgBouncer.

use devdb::test::{PoolMode, Pooler};
use migrator::{Error, LockError, Migrator};

use crate::support::{Folder, TestDatabase, database};

/// Sessions with the server at most: a run that holds the lock needs another one beside it.
const SESSIONS: u16 = 20;

fn pooler(database: &TestDatabase, mode: PoolMode) -> Pooler {
    Pooler::start(database.database(), mode, SESSIONS).unwrap()
}

fn folder() -> Folder {
    Folder::new(&[("0000_a", "CREATE TABLE a (id int);"), ("0001_b", "CREATE INDEX CONCURRENTLY a_id ON a (id);")])
}

#[tokio::test]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn a_pool_that_lends_sessions_for_a_transaction_is_refused_with_the_way_out() {
    let database = database().await;
    let pooler = pooler(&database, PoolMode::Transaction);
    let folder = folder();
    for _ in 0..5 {
        let error = Migrator::from_url(folder.migrations(), pooler.url().reveal()).unwrap().run().await.unwrap_err();
        assert!(matches!(error, Error::Lock(LockError::Pooler { .. })), "{error}");
        assert!(error.to_string().contains("MIGRATION_DATABASE_URL"), "{error}");
    }
    assert_eq!(database.tables().await, "-");
    // No lock was left with a session of the pool.
    assert_eq!(database.migrator(&folder).run().await.unwrap().applied.len(), 2);
}

#[tokio::test]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn through_a_pool_of_whole_sessions_eight_processes_apply_everything_once() {
    let database = database().await;
    let pooler = pooler(&database, PoolMode::Session);
    let folder = folder();
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let migrator = Migrator::from_url(folder.migrations(), pooler.url().reveal()).unwrap();
            tokio::spawn(async move { migrator.run().await.unwrap().applied.len() })
        })
        .collect();
    let mut applied = 0;
    for run in runs {
        applied += run.await.unwrap();
    }
    assert_eq!(applied, 2);
    assert_eq!(database.ledger().await, "1000 1001");
}
