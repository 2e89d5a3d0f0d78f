//! How often a run waits for the server.

use devdb::test::RoundTrips;
use migrator::Migrator;

use crate::support::{Folder, TestDatabase, database};

/// The round trips of a run over this folder.
async fn round_trips(database: &TestDatabase, folder: &Folder, setup: impl FnOnce(Migrator) -> Migrator) -> usize {
    let counted = RoundTrips::before(database.database()).unwrap();
    let migrator = Migrator::from_url(folder.migrations(), counted.url().reveal()).unwrap();
    setup(migrator).run().await.unwrap();
    counted.count()
}

/// A folder of so many migrations of two statements each.
fn folder(count: usize) -> Folder {
    let text = |number| format!("CREATE TABLE t{number} (id int);--> statement-breakpoint\nDROP TABLE t{number};");
    let files: Vec<_> = (0..count).map(|number| (format!("{number:04}_t"), text(number))).collect();
    let files: Vec<_> = files.iter().map(|(tag, text)| (tag.as_str(), text.as_str())).collect();
    Folder::new(&files)
}

#[tokio::test]
async fn a_run_without_anything_pending_takes_at_most_three_round_trips() {
    let database = database().await;
    let small = Folder::new(&[("0000_t", "CREATE TABLE t (id int);")]);
    round_trips(&database, &small, |migrator| migrator).await;
    // Two, unless the answers to the first come apart.
    assert!(round_trips(&database, &small, |migrator| migrator).await <= 3);
    let units =
        Folder::new(&[("0000_t", "CREATE TABLE t (id int);"), ("0001_i", "CREATE INDEX CONCURRENTLY ON t (id);")]);
    round_trips(&database, &units, |migrator| migrator).await;
    assert!(round_trips(&database, &units, |migrator| migrator).await <= 3);
}

#[tokio::test]
async fn a_migration_takes_two_round_trips_and_one_where_all_are_one_transaction() {
    let (few, many) = (folder(10), folder(30));
    for (setup, each) in [(false, 2), (true, 1)] {
        let setup = |migrator: Migrator| migrator.single_transaction(setup);
        let few = round_trips(&database().await, &few, setup).await;
        let many = round_trips(&database().await, &many, setup).await;
        // A run reads the ledger three times, in two round trips or three.
        assert!((many - few).abs_diff(20 * each) <= 3, "{few} and {many}");
    }
}
