//! What is refused before anything is changed, and the repair that the refusal names.

use expect_test::{Expect, expect};
use migrator::{Error, Migrations, Refusal, Replaced};

use crate::support::{Folder, POSTS, TAGS, USERS, database, run};

#[tokio::test]
async fn an_edited_migration_is_refused_and_nothing_changed() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let edited = (USERS.0, "CREATE TABLE users (id bigint);");
    let migrator = database.migrator(&Folder::new(&[edited, POSTS]));

    for error in [migrator.run().await.unwrap_err(), migrator.verify().await.unwrap_err()] {
        let Error::Refused(Refusal::Edited { migrations, .. }) = error else { panic!() };
        assert_eq!(migrations[0].tag, USERS.0);
    }
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000");

    // The repair of the message is a repair.
    let Error::Refused(refusal) = migrator.run().await.unwrap_err() else { panic!() };
    let update = refusal.to_string().lines().last().unwrap().to_owned();
    database.client().await.batch_execute(&update).await.unwrap();
    assert_eq!(run(&migrator).await, [POSTS.0]);
}

#[tokio::test]
async fn an_out_of_order_migration_is_refused_and_nothing_changed() {
    let database = database().await;
    run(&database.migrator(&Folder::at(&[(1000, USERS.0, USERS.1), (1002, TAGS.0, TAGS.1)]))).await;
    let migrator = database.migrator(&Folder::new(&[USERS, POSTS, TAGS]));

    let error = migrator.run().await.unwrap_err();
    let Error::Refused(refusal @ Refusal::OutOfOrder { .. }) = error else { panic!() };
    assert_eq!(database.tables().await, "__drizzle_migrations tags users");
    assert_eq!(database.ledger().await, "1000 1002");

    let insert = refusal.to_string().lines().last().unwrap().to_owned();
    database.client().await.batch_execute(&insert).await.unwrap();
    migrator.verify().await.unwrap();
}

#[tokio::test]
async fn another_branchs_migrations_are_reported_and_hinder_nothing() {
    let database = database().await;
    run(&database.migrator(&Folder::at(&[(1000, USERS.0, USERS.1), (9000, TAGS.0, TAGS.1)]))).await;
    let migrator = database.migrator(&Folder::new(&[USERS, POSTS]));
    let report = migrator.run().await.unwrap();
    assert_eq!(report.applied.len(), 1);
    assert_eq!(report.unknown[0].created_at, Some(9000));
    migrator.verify().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_was_merged_late_is_applied_where_that_is_allowed_and_recorded_like_any_other() {
    let database = database().await;
    let newer = Folder::new(&[USERS, POSTS, TAGS]);
    run(&database.migrator(&newer)).await;
    let client = database.client().await;
    client.batch_execute("DROP TABLE posts; DELETE FROM __drizzle_migrations WHERE created_at = 1001").await.unwrap();

    assert!(matches!(database.migrator(&newer).run().await, Err(Error::Refused(Refusal::OutOfOrder { .. }))));
    let allowed = database.migrator(&newer).allow_out_of_order(true);
    assert_eq!(allowed.pending().await.unwrap().len(), 1);
    assert_eq!(run(&allowed).await, [POSTS.0]);
    assert!(run(&allowed).await.is_empty());
    assert!(run(&database.migrator(&newer)).await.is_empty());
    assert_eq!(database.ledger().await, "1000 1002 1001");
}

#[tokio::test]
async fn a_run_whose_migrations_are_not_in_the_ledger_afterwards_fails() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let client = database.client().await;
    let trigger = "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS \
                   $$ BEGIN DELETE FROM __drizzle_migrations WHERE id = NEW.id; RETURN NULL; END $$; \
                   CREATE TRIGGER forget AFTER INSERT ON __drizzle_migrations FOR EACH ROW EXECUTE FUNCTION forget()";
    client.batch_execute(trigger).await.unwrap();
    let error = database.migrator(&Folder::new(&[USERS, POSTS])).run().await.unwrap_err();
    assert!(matches!(&error, Error::NotRecorded { tags, .. } if tags == &["0001_posts"]), "{error}");
}

#[tokio::test]
async fn a_run_that_loses_its_lock_begins_no_other_migration() {
    let database = database().await;
    let ends = (
        "0001_ends",
        "SELECT pg_terminate_backend(pid), pg_sleep(0.2) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'migrator lock';",
    );
    let migrator = database.migrator(&Folder::new(&[USERS, ends, TAGS]));
    let error = migrator.run().await.unwrap_err();
    expect!["the connection that holds the lock was lost before 0002_tags; what was applied before it stays, and it was not begun. Run again"].assert_eq(&error.to_string());
    assert_eq!(error.class(), "lock");
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000 1001");
    assert_eq!(run(&migrator).await, [TAGS.0]);
}

#[tokio::test]
async fn a_table_of_units_that_is_another_table_is_refused_and_nothing_changed() {
    let database = database().await;
    database.client().await.batch_execute("CREATE TABLE __drizzle_migrations_progress (id int)").await.unwrap();
    let error = database.migrator(&Folder::new(&[USERS])).run().await.unwrap_err();
    expect![[r#"cannot read "public"."__drizzle_migrations_progress", which has what is applied of a migration that runs in several units. Check that the role may read it"#]].assert_eq(&error.to_string());
    assert_eq!(error.class(), "ledger");
    assert_eq!(database.tables().await, "__drizzle_migrations_progress");
}

#[tokio::test]
async fn a_squashed_migration_that_is_applied_in_part_is_refused_and_nothing_changed() {
    let database = database().await;
    let whole = Folder::new(&[USERS, POSTS]);
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let lines: String = Replaced::all(&whole.migrations()).iter().map(|one| format!("{one}\n")).collect();
    let squashed = ("0000_squashed", format!("{lines}CREATE TABLE users (id int PRIMARY KEY);"));
    let squashed = Folder::at(&[(1001, squashed.0, &squashed.1), (1002, TAGS.0, TAGS.1)]);
    let error = database.migrator(&squashed).run().await.unwrap_err();
    let Error::Refused(Refusal::PartlyReplaced { migrations }) = error else { panic!() };
    assert_eq!(migrations[0].missing, [POSTS.0]);
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000");
    // With what is missing, it is applied.
    run(&database.migrator(&whole)).await;
    assert_eq!(run(&database.migrator(&squashed)).await, [TAGS.0]);
}

/// What is said of a folder in which `break_it` broke something, after a run that changed nothing.
async fn check_broken(break_it: impl FnOnce(&Folder), expected: Expect) {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let folder = Folder::new(&[USERS, POSTS, TAGS]);
    break_it(&folder);
    let error = match Migrations::from_folder(folder.path()) {
        Err(error) => error.to_string(),
        Ok(set) => migrator::Migrator::new(set, database.config.clone()).run().await.unwrap_err().to_string(),
    };
    expected.assert_eq(&error.replace(&folder.path().display().to_string(), "FOLDER"));
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000");
}

#[tokio::test]
async fn a_gap_in_the_numbers_is_refused_and_nothing_changed() {
    check_broken(
        |folder| folder.edit_journal(r#""idx":2"#, r#""idx":3"#),
        expect!["FOLDER/meta/_journal.json: 0002_tags has idx 3 where 2 comes next. Restore the missing entry, or number the entries, and their snapshots with them, 0, 1, 2 and so on without a gap"],
    )
    .await;
}

#[tokio::test]
async fn a_repeated_number_is_refused_and_nothing_changed() {
    check_broken(
        |folder| folder.edit_journal(r#""idx":2"#, r#""idx":1"#),
        expect!["FOLDER/meta/_journal.json: 0001_posts and 0002_tags both have idx 1, as after a merge of two branches. While it has stopped, `cargo xtask rebase` puts one behind the other. Afterwards, take the one that is applied nowhere yet out (its entry, file and snapshot), and `cargo xtask generate` makes it anew"],
    )
    .await;
}

#[tokio::test]
async fn a_missing_journal_is_refused_and_nothing_changed() {
    check_broken(
        |folder| std::fs::remove_file(folder.path().join(migrator::JOURNAL_PATH)).unwrap(),
        expect!["FOLDER/meta/_journal.json is missing, but there are migrations such as FOLDER/0000_users.sql. Restore the journal from version control: it says in which order the files apply"],
    )
    .await;
}

#[tokio::test]
async fn a_repeated_when_is_refused_and_nothing_changed() {
    check_broken(
        |folder| folder.edit_journal(r#""when":1002"#, r#""when":1001"#),
        expect!["FOLDER/meta/_journal.json: 0002_tags has `when` 1001, which is not later than 1001 of 0001_posts before it. drizzle-kit would skip it. If 0002_tags is applied nowhere yet, set its `when` to 1002 or more"],
    )
    .await;
}

#[tokio::test]
async fn a_commit_in_a_file_is_refused_and_nothing_changed() {
    check_broken(
        |folder| std::fs::write(folder.path().join("0001_posts.sql"), "CREATE TABLE a (id int);\nCOMMIT;").unwrap(),
        expect!["FOLDER/0001_posts.sql:2: COMMIT would end the transaction in which the migration runs, so that what stands before it could not be rolled back; nothing was changed. Take it out, and BEGIN with it: every migration is in a transaction already"],
    )
    .await;
}

#[tokio::test]
async fn a_file_outside_the_journal_is_refused_and_nothing_changed() {
    check_broken(
        |folder| std::fs::write(folder.path().join("0001_mine.sql"), "SELECT 1;").unwrap(),
        expect!["FOLDER/0001_mine.sql is not in FOLDER/meta/_journal.json, so it is never applied. Move it out of the folder; `cargo xtask generate --custom` then makes a migration to put its SQL into. If a merge lost its entry, restore the journal from version control"],
    )
    .await;
}

#[tokio::test]
async fn a_missing_file_is_refused_and_nothing_changed() {
    check_broken(
        |folder| std::fs::remove_file(folder.path().join("0001_posts.sql")).unwrap(),
        expect!["FOLDER/meta/_journal.json lists FOLDER/0001_posts.sql, and it is not there; restore it from version control. If the migration was given up and is applied nowhere, remove its entry too"],
    )
    .await;
}

#[tokio::test]
async fn a_when_in_the_future_is_refused_until_the_journal_is_corrected() {
    let database = database().await;
    let future = 4_102_444_800_000;
    let set = [(1000, USERS.0, USERS.1), (future, TAGS.0, TAGS.1), (future + 1, POSTS.0, POSTS.1)];
    let folder = Folder::at(&set);
    run(&database.migrator(&Folder::new(&[USERS]))).await;
    let error = database.migrator(&folder).run().await.unwrap_err();
    let Error::Refused(Refusal::Future { migrations }) = &error else { panic!("{error}") };
    let text = error.to_string().replace(&folder.path().display().to_string(), "FOLDER");
    let (first, second) = (migrations[0].instead, migrations[1].instead);
    assert!(second == first + 1 && first < future, "{first} {second}");
    expect![[r#"
        2 migrations are dated in the future:
          FOLDER/0002_tags.sql has 4102444800000
          FOLDER/0001_posts.sql has 4102444800001
        Nothing was changed.
        Next: compare the clocks. If the one here is right, correct the journal, since drizzle-kit would skip every migration that is generated until then:
          0002_tags: "when": FIRST
          0001_posts: "when": SECOND"#]]
    .assert_eq(&text.replace(&first.to_string(), "FIRST").replace(&second.to_string(), "SECOND"));
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000");

    folder.edit_journal(&future.to_string(), &first.to_string());
    folder.edit_journal(&(future + 1).to_string(), &second.to_string());
    assert_eq!(run(&database.migrator(&folder)).await, [TAGS.0, POSTS.0]);
}
