//! Connections that are lost around a COMMIT: what is said of the migration, what is in the database, and what the
//! next run does.

use devdb::test::{Cut, Lost, Whose};
use expect_test::{Expect, expect};
use migrator::{Error, Migrator};

use crate::support::{Folder, POSTS, TAGS, TestDatabase, USERS, database, run};

/// Runs a folder by way of a proxy that cuts the connection; what is said, with the folder's name made constant.
async fn lose(database: &TestDatabase, folder: &Folder, cut: Cut, set_up: impl Fn(Migrator) -> Migrator) -> String {
    let url = cut.before(database.database()).unwrap();
    let migrator = set_up(Migrator::from_url(folder.migrations(), url.reveal()).unwrap());
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    failure.to_string().replace(&folder.path().display().to_string(), "FOLDER")
}

const COMMIT: &str = "COMMIT";

async fn check(cut: Cut, expected: &Expect, ledger: &str, next: &[&str]) {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let folder = Folder::new(&[USERS, POSTS, TAGS]);
    expected.assert_eq(&lose(&database, &folder, cut, |migrator| migrator).await);
    assert_eq!(database.ledger().await, ledger);
    assert_eq!(run(&database.migrator(&folder)).await, next);
    assert_eq!(database.ledger().await, "1000 1001 1002");
    assert_eq!(database.tables().await, "__drizzle_migrations posts tags users");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_to_be_applied() {
    check(
        Cut { at: COMMIT, lost: Lost::Answer, whose: Whose::Its },
        &expect![[r#"
            migration 0001_posts could not be committed (FOLDER/0001_posts.sql)
            connection closed

            Committed: 0001_posts is applied and recorded, only the answer was lost.
            Next: run the migrations again; they go on from where the ledger stands."#]],
        "1000 1001",
        &[TAGS.0],
    )
    .await;
}

#[tokio::test]
async fn a_commit_that_does_not_reach_the_server_is_found_to_be_rolled_back() {
    check(
        Cut { at: COMMIT, lost: Lost::Statement, whose: Whose::Its },
        &expect![[r#"
            migration 0001_posts could not be committed (FOLDER/0001_posts.sql)
            connection closed

            Rolled back: all of 0001_posts; schema, data and ledger are as before it.
            Next: the server's log says why the connection ended, unless the network did it. Run again when the server answers."#]],
        "1000",
        &[POSTS.0, TAGS.0],
    )
    .await;
}

#[tokio::test]
async fn where_the_server_cannot_be_asked_a_commit_is_unknown_and_the_next_run_knows() {
    let text = expect![[r#"
        migration 0001_posts could not be committed (FOLDER/0001_posts.sql)
        connection closed

        Unknown: the connection was lost before the server told whether 0001_posts was committed; it is either applied and recorded or not there at all.
        Next: run the migrations again; they go on from where the ledger stands."#]];
    let answer = Cut { at: COMMIT, lost: Lost::Answer, whose: Whose::All };
    check(answer, &text, "1000 1001", &[TAGS.0]).await;
    check(Cut { lost: Lost::Statement, ..answer }, &text, "1000", &[POSTS.0, TAGS.0]).await;
}

#[tokio::test]
async fn before_a_commit_is_sent_nothing_can_be_applied_whoever_can_be_asked() {
    let text = expect![[r#"
        migration 0001_posts failed in statement 1 of 2
          --> FOLDER/0001_posts.sql:1
        1 | CREATE TABLE posts (id int);

        connection closed

        Rolled back: all of 0001_posts; schema, data and ledger are as before it.
        Next: the server's log says why the connection ended, unless the network did it. Run again when the server answers."#]];
    let statement = Cut { at: "ALTER TABLE posts", lost: Lost::Statement, whose: Whose::Its };
    check(statement, &text, "1000", &[POSTS.0, TAGS.0]).await;
    check(Cut { whose: Whose::All, ..statement }, &text, "1000", &[POSTS.0, TAGS.0]).await;
}

#[tokio::test]
async fn what_was_one_transaction_is_named_whole() {
    for (lost, expected, next) in [
        (
            Lost::Answer,
            expect![[r#"
            migration 0002_tags could not be committed (FOLDER/0002_tags.sql)
            connection closed

            Committed: 0002_tags is applied and recorded, only the answer was lost.
            With it, in the same transaction: 0000_users, 0001_posts.
            Next: run the migrations again; they go on from where the ledger stands."#]],
            &[][..],
        ),
        (
            Lost::Statement,
            expect![[r#"
            migration 0002_tags could not be committed (FOLDER/0002_tags.sql)
            connection closed

            Rolled back: all of 0002_tags; schema, data and ledger are as before it.
            With it, in the same transaction: 0000_users, 0001_posts.
            Next: the server's log says why the connection ended, unless the network did it. Run again when the server answers."#]],
            &[USERS.0, POSTS.0, TAGS.0][..],
        ),
    ] {
        let database = database().await;
        let folder = Folder::new(&[USERS, POSTS, TAGS]);
        let cut = Cut { at: COMMIT, lost, whose: Whose::Its };
        expected.assert_eq(&lose(&database, &folder, cut, |migrator| migrator.single_transaction(true)).await);
        assert_eq!(run(&database.migrator(&folder)).await, next);
        assert_eq!(database.tables().await, "__drizzle_migrations posts tags users");
    }
}

const UNITS: (&str, &str) = (
    "0001_units",
    "INSERT INTO users VALUES (1);--> statement-breakpoint\n\
     CREATE INDEX CONCURRENTLY users_id ON users (id);--> statement-breakpoint\n\
     INSERT INTO users VALUES (2);",
);

#[tokio::test]
async fn of_a_migration_in_units_the_one_is_named_whose_answer_is_lost() {
    for (at, lost, expected) in [
        (
            COMMIT,
            Lost::Answer,
            expect![[r#"
            migration 0001_units could not be committed (FOLDER/0001_units.sql)
            connection closed

            Committed: unit 1 of 3 of 0001_units is applied and recorded, only the answer was lost.
            Next: run the migrations again; they go on from where the ledger stands."#]],
        ),
        (
            COMMIT,
            Lost::Statement,
            expect![[r#"
            migration 0001_units could not be committed (FOLDER/0001_units.sql)
            connection closed

            Rolled back: unit 1 of 3 of 0001_units. Nothing of it is applied.
            Next: the server's log says why the connection ended, unless the network did it. Run again when the server answers."#]],
        ),
        (
            "CREATE INDEX CONCURRENTLY",
            Lost::Answer,
            expect![[r#"
            migration 0001_units failed in statement 2 of 3, unit 2 of 3, outside a transaction
              --> FOLDER/0001_units.sql:2
            2 | CREATE INDEX CONCURRENTLY users_id ON users (id);

            connection closed

            Interrupted: unit 2 of 3 of 0001_units ran outside a transaction, so nothing of it is rolled back. The next run looks how far it came, and clears or completes what it left. Unit 1 stays applied.
            Next: run the migrations again; they go on with the unit that was interrupted."#]],
        ),
        (
            "CREATE INDEX CONCURRENTLY",
            Lost::Statement,
            expect![[r#"
            migration 0001_units failed in statement 2 of 3, unit 2 of 3, outside a transaction
              --> FOLDER/0001_units.sql:2
            2 | CREATE INDEX CONCURRENTLY users_id ON users (id);

            connection closed

            Interrupted: unit 2 of 3 of 0001_units ran outside a transaction, so nothing of it is rolled back. The next run looks how far it came, and clears or completes what it left. Unit 1 stays applied.
            Next: run the migrations again; they go on with the unit that was interrupted."#]],
        ),
    ] {
        let database = database().await;
        run(&database.migrator(&Folder::new(&[USERS]))).await;
        let folder = Folder::new(&[USERS, UNITS]);
        let cut = Cut { at, lost, whose: Whose::Its };
        expected.assert_eq(&lose(&database, &folder, cut, |migrator| migrator).await);
        assert_eq!(run(&database.migrator(&folder)).await, [UNITS.0]);
        assert_eq!(database.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM users").await, "1 2");
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'users_id'::regclass";
        assert_eq!(database.value(valid).await, "true");
        assert_eq!(database.ledger().await, "1000 1001");
    }
}
