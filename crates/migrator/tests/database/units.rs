//! Migrations of several units: what runs outside a transaction, and what an interrupted run leaves.

use std::time::Duration;

use expect_test::expect;
use migrator::tokio_postgres::IsolationLevel;
use migrator::{Cause, Error, Outcome, Refusal, State, Target};

use crate::support::{Folder, TestDatabase, database, eventually, run};

const TABLE: (&str, &str) =
    ("0000_table", "CREATE TABLE a (id int);--> statement-breakpoint\nINSERT INTO a VALUES (1), (2);");
const INDEXED: (&str, &str) = (
    "0001_indexed",
    "INSERT INTO a VALUES (3);--> statement-breakpoint\n\
     CREATE UNIQUE INDEX CONCURRENTLY \"By id\" ON a (id);--> statement-breakpoint\n\
     INSERT INTO a VALUES (4);",
);
const LAST: (&str, &str) = ("0002_last", "INSERT INTO a VALUES (5);");

/// The indexes of `a`, those that are not valid with a `!`.
async fn indexes(database: &TestDatabase) -> String {
    database
        .value(
            "SELECT string_agg(CASE WHEN indisvalid THEN '' ELSE '!' END || relname, ' ' ORDER BY relname) \
             FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = 'a'::regclass",
        )
        .await
}

async fn rows(database: &TestDatabase) -> String {
    database.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM a").await
}

/// The units that are recorded.
async fn units(database: &TestDatabase) -> String {
    database
        .value(
            "SELECT string_agg(format('%s %s/%s %s', tag, unit, units, state), ', ' ORDER BY tag, unit) \
             FROM public.__drizzle_migrations_progress",
        )
        .await
}

/// The process whose statement begins so, and waits for another.
fn waiting(statement: &str) -> String {
    format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
         AND query LIKE '{statement}%' AND wait_event_type = 'Lock'"
    )
}

/// Runs a folder, and ends its session in the statement that begins so, which waits there for a
/// transaction that is older.
async fn interrupt(database: &TestDatabase, folder: &Folder, statement: &str) -> Box<migrator::Failure> {
    let mut older = database.client().await;
    let older = older.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await.unwrap();
    let is_there: bool = older.query_one("SELECT to_regclass('a') IS NOT NULL", &[]).await.unwrap().get(0);
    if is_there {
        older.batch_execute("LOCK TABLE a IN ACCESS SHARE MODE").await.unwrap();
    }
    let migrator = database.migrator(folder);
    let running = tokio::spawn(async move { migrator.run().await });
    let pid = eventually(database, &waiting(statement)).await;
    database.value(&format!("SELECT pg_terminate_backend({pid}, 5000)::text")).await;
    let Error::Failed(failure) = running.await.unwrap().unwrap_err() else { panic!() };
    older.rollback().await.unwrap();
    failure
}

#[tokio::test]
async fn an_index_is_built_concurrently_among_others_on_an_empty_database() {
    let database = database().await;
    let migrator = database.migrator(&Folder::new(&[TABLE, INDEXED, LAST]));
    let report = migrator.run().await.unwrap();
    let statements: Vec<_> = report.applied.iter().map(|applied| (&*applied.tag, applied.statements)).collect();
    assert_eq!(statements, [(TABLE.0, 2), (INDEXED.0, 3), (LAST.0, 1)]);
    assert_eq!(indexes(&database).await, "By id");
    assert_eq!(rows(&database).await, "1 2 3 4 5");
    assert_eq!(database.ledger().await, "1000 1001 1002");
    assert_eq!(units(&database).await, "-");
    assert!(run(&migrator).await.is_empty());
}

#[tokio::test]
async fn plain_files_make_no_table_beside_the_ledger() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[TABLE, ("0001_last", LAST.1)]))).await;
    assert_eq!(database.tables().await, "__drizzle_migrations a");
}

#[tokio::test]
async fn a_file_without_breakpoints_is_divided_where_it_has_to_be() {
    let database = database().await;
    let file = "CREATE TYPE c AS ENUM ('red');\nCREATE TABLE a (id int, c c);\n\
        CREATE INDEX CONCURRENTLY a_id ON a (id); -- slow\n\
        ALTER TYPE c ADD VALUE 'it''s'; INSERT INTO a VALUES (1, 'it''s');\nVACUUM a;\nDROP INDEX CONCURRENTLY a_id;";
    let report = database.migrator(&Folder::new(&[("0000_all", file)])).run().await.unwrap();
    assert_eq!(report.applied[0].statements, 6);
    assert_eq!(database.value("SELECT c::text FROM a").await, "it's");
    assert_eq!(indexes(&database).await, "-");
    assert_eq!(database.ledger().await, "1000");
}

#[tokio::test]
async fn an_index_that_a_dead_session_left_invalid_is_dropped_and_built_again() {
    let database = database().await;
    let folder = Folder::new(&[TABLE, INDEXED, LAST]);
    let failure = interrupt(&database, &folder, "CREATE UNIQUE INDEX").await;
    assert_eq!(failure.outcome, Outcome::Interrupted);
    assert_eq!(failure.applied, [TABLE.0]);
    assert_eq!(indexes(&database).await, "!By id");
    assert_eq!(units(&database).await, "0001_indexed 1/3 done, 0001_indexed 2/3 running");

    let migrator = database.migrator(&folder);
    let status = migrator.status().await.unwrap();
    let State::HalfApplied(half) = &status.migrations[1].state else { panic!() };
    assert_eq!((half.done, half.of, half.begun), (1, 3, true));
    assert!(matches!(migrator.verify().await, Err(Error::Pending { .. })));

    let report = migrator.run().await.unwrap();
    let statements: Vec<_> = report.applied.iter().map(|applied| (&*applied.tag, applied.statements)).collect();
    assert_eq!(statements, [(INDEXED.0, 2), (LAST.0, 1)]);
    assert_eq!(indexes(&database).await, "By id");
    assert_eq!(rows(&database).await, "1 2 3 4 5");
    assert_eq!(units(&database).await, "-");
}

#[tokio::test]
async fn an_index_that_became_valid_before_it_was_recorded_is_not_built_again() {
    let database = database().await;
    let folder = Folder::new(&[TABLE, INDEXED]);
    interrupt(&database, &folder, "CREATE UNIQUE INDEX").await;
    database.client().await.batch_execute("REINDEX INDEX \"By id\"").await.unwrap();
    let built = database.value("SELECT '\"By id\"'::regclass::oid::text").await;
    assert_eq!(run(&database.migrator(&folder)).await, [INDEXED.0]);
    assert_eq!(database.value("SELECT '\"By id\"'::regclass::oid::text").await, built);
}

#[tokio::test]
async fn an_index_without_a_name_is_found_again() {
    let database = database().await;
    let unnamed = ("0001_unnamed", "CREATE INDEX CONCURRENTLY ON a (id);");
    run(&database.migrator(&Folder::new(&[TABLE]))).await;
    database.client().await.batch_execute("CREATE INDEX a_id_idx ON a (id)").await.unwrap();
    let folder = Folder::new(&[TABLE, unnamed]);
    interrupt(&database, &folder, "CREATE INDEX").await;
    assert_eq!(indexes(&database).await, "a_id_idx !a_id_idx1");
    assert_eq!(run(&database.migrator(&folder)).await, [unnamed.0]);
    assert_eq!(indexes(&database).await, "a_id_idx a_id_idx1");
}

#[tokio::test]
async fn dropping_an_index_is_repeated_or_counts_as_done() {
    let database = database().await;
    let indexed = ("0001_indexed", "CREATE INDEX a_id ON a (id);");
    let dropped = ("0002_dropped", "DROP INDEX CONCURRENTLY a_id;--> statement-breakpoint\nINSERT INTO a VALUES (3);");
    run(&database.migrator(&Folder::new(&[TABLE, indexed]))).await;
    let folder = Folder::new(&[TABLE, indexed, dropped]);
    interrupt(&database, &folder, "DROP INDEX").await;
    assert_eq!(indexes(&database).await, "!a_id");
    assert_eq!(units(&database).await, "0002_dropped 1/2 running");
    assert_eq!(run(&database.migrator(&folder)).await, [dropped.0]);
    assert_eq!(indexes(&database).await, "-");

    let again = ("0003_again", "CREATE INDEX a_id ON a (id);");
    let gone = ("0004_gone", "DROP INDEX CONCURRENTLY a_id;");
    let folder = Folder::new(&[TABLE, indexed, dropped, again, gone]);
    interrupt(&database, &folder, "DROP INDEX").await;
    database.client().await.batch_execute("DROP INDEX a_id").await.unwrap();
    assert_eq!(run(&database.migrator(&folder)).await, [gone.0]);
    assert_eq!(rows(&database).await, "1 2 3");
}

#[tokio::test]
async fn a_partition_whose_detaching_is_pending_is_detached() {
    let database = database().await;
    let partitioned = (
        "0000_partitioned",
        "CREATE TABLE a (id int) PARTITION BY LIST (id);\nCREATE TABLE p PARTITION OF a FOR VALUES IN (1);",
    );
    let detached = ("0001_detached", "ALTER TABLE a DETACH PARTITION p CONCURRENTLY;");
    let folder = Folder::new(&[partitioned, detached]);
    run(&database.migrator(&Folder::new(&[partitioned]))).await;
    interrupt(&database, &folder, "ALTER TABLE").await;
    assert_eq!(database.value("SELECT inhdetachpending::text FROM pg_inherits").await, "true");
    assert_eq!(run(&database.migrator(&folder)).await, [detached.0]);
    assert_eq!(database.value("SELECT 'there' FROM pg_inherits").await, "-");
}

#[tokio::test]
async fn what_a_reindex_left_is_dropped() {
    let database = database().await;
    let indexed = ("0001_indexed", "CREATE INDEX a_id ON a (id);");
    let rebuilt = ("0002_rebuilt", "REINDEX TABLE CONCURRENTLY a;");
    let folder = Folder::new(&[TABLE, indexed, rebuilt]);
    run(&database.migrator(&Folder::new(&[TABLE, indexed]))).await;
    interrupt(&database, &folder, "REINDEX").await;
    assert_eq!(indexes(&database).await, "a_id !a_id_ccnew");
    assert_eq!(run(&database.migrator(&folder)).await, [rebuilt.0]);
    assert_eq!(indexes(&database).await, "a_id");
}

#[tokio::test]
async fn a_statement_that_fails_outside_a_transaction_is_undone_and_its_file_may_be_corrected() {
    let database = database().await;
    let twice = INDEXED.1.replace("VALUES (3)", "VALUES (2)");
    let migrator = database.migrator(&Folder::new(&[TABLE, (INDEXED.0, &twice)]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert_eq!(failure.outcome, Outcome::RolledBack);
    let text = failure.to_string();
    let folder = failure.file.strip_suffix("0001_indexed.sql").unwrap();
    expect![[r#"
        migration 0001_indexed failed in statement 2 of 3, unit 2 of 3, outside a transaction
          --> FOLDER/0001_indexed.sql:2
        2 | CREATE UNIQUE INDEX CONCURRENTLY "By id" ON a (id);

        ERROR: could not create unique index "By id" (SQLSTATE 23505)
        DETAIL: Key (id)=(2) is duplicated.

        Undone: unit 2 of 3 of 0001_indexed left nothing behind. Unit 1 stays applied.
        Applied before it in this run, and kept: 0000_table.
        Next: correct FOLDER/0001_indexed.sql from this statement on (what is applied must stay as it is), or the rows that do not fit, and run the migrations again; they go on with unit 2."#]].assert_eq(&text.replace(folder, "FOLDER/"));
    assert_eq!(indexes(&database).await, "-");
    assert_eq!(units(&database).await, "0001_indexed 1/3 done");

    let corrected = twice.replace("CREATE UNIQUE", "CREATE");
    let migrator = database.migrator(&Folder::new(&[TABLE, (INDEXED.0, &corrected)]));
    assert_eq!(run(&migrator).await, [INDEXED.0]);
    assert_eq!(rows(&database).await, "1 2 2 4");
    assert_eq!(indexes(&database).await, "By id");
}

#[tokio::test]
async fn an_index_without_a_name_that_fails_is_undone() {
    let database = database().await;
    let twice = ("0001_twice", "INSERT INTO a VALUES (2);\nCREATE UNIQUE INDEX CONCURRENTLY ON a (id);");
    let migrator = database.migrator(&Folder::new(&[TABLE, twice]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert_eq!(failure.outcome, Outcome::RolledBack);
    assert_eq!(indexes(&database).await, "-");
}

#[tokio::test]
async fn what_is_there_already_never_counts_as_built() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[TABLE]))).await;
    database.client().await.batch_execute("CREATE INDEX \"By id\" ON a (id)").await.unwrap();
    let migrator = database.migrator(&Folder::new(&[TABLE, INDEXED]));
    for _ in 0..2 {
        let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
        let Cause::Database(error) = &failure.cause else { panic!() };
        assert_eq!((error.sqlstate(), failure.outcome), (Some("42P07"), Outcome::RolledBack));
    }
    assert_eq!(indexes(&database).await, "By id");
}

#[tokio::test]
async fn an_invalid_index_that_if_not_exists_passes_over_is_a_failure() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[TABLE]))).await;
    let client = database.client().await;
    client.batch_execute("INSERT INTO a VALUES (1)").await.unwrap();
    client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)").await.unwrap_err();
    client.batch_execute("DELETE FROM a WHERE ctid = '(0,1)'").await.unwrap();

    let indexed = ("0001_indexed", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);");
    let migrator = database.migrator(&Folder::new(&[TABLE, indexed]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    let Cause::InvalidIndex { drop } = &failure.cause else { panic!() };
    // The repair of the message is a repair.
    client.batch_execute(drop).await.unwrap();
    assert_eq!(run(&migrator).await, [indexed.0]);
    assert_eq!(indexes(&database).await, "a_id");
}

#[tokio::test]
async fn a_half_applied_file_that_was_edited_is_refused_until_it_may_start_again() {
    let database = database().await;
    interrupt(&database, &Folder::new(&[TABLE, INDEXED]), "CREATE UNIQUE INDEX").await;
    let edited = (INDEXED.0, "INSERT INTO a VALUES (3); INSERT INTO a VALUES (4);");
    let migrator = database.migrator(&Folder::new(&[TABLE, edited]));
    for error in [migrator.run().await.unwrap_err(), migrator.verify().await.unwrap_err()] {
        let Error::Refused(Refusal::HalfEdited { migrations, .. }) = error else { panic!() };
        assert_eq!((&*migrations[0].tag, migrations[0].half.unit), (INDEXED.0, 1));
    }
    assert_eq!(rows(&database).await, "1 2 3");

    let undo = "DELETE FROM a WHERE id = 3; DROP INDEX \"By id\"";
    database.client().await.batch_execute(undo).await.unwrap();
    assert_eq!(migrator.restart(INDEXED.0).await.unwrap(), 2);
    assert_eq!(run(&migrator).await, [INDEXED.0]);
    assert_eq!(rows(&database).await, "1 2 3 4");
    for (tag, is_known) in [(INDEXED.0, true), ("0007_nothing", false)] {
        let error = migrator.restart(tag).await.unwrap_err();
        assert!(matches!(error, Error::NothingToRestart { is_known: known, .. } if known == is_known));
    }
}

#[tokio::test]
async fn a_half_applied_file_is_not_gone_on_with_in_one_transaction_over_everything() {
    let database = database().await;
    let folder = Folder::new(&[TABLE, INDEXED]);
    interrupt(&database, &folder, "CREATE UNIQUE INDEX").await;
    let refused = database.migrator(&folder).single_transaction(true).run().await;
    assert!(matches!(refused, Err(Error::Units { tag }) if tag == INDEXED.0));
    assert_eq!(rows(&database).await, "1 2 3");
    assert_eq!(units(&database).await, "0001_indexed 1/3 done, 0001_indexed 2/3 running");
    run(&database.migrator(&folder)).await;
    assert_eq!(rows(&database).await, "1 2 3 4");
}

#[tokio::test]
async fn a_half_applied_file_that_is_only_recorded_is_forgotten() {
    let database = database().await;
    let folder = Folder::new(&[TABLE, INDEXED]);
    interrupt(&database, &folder, "CREATE UNIQUE INDEX").await;
    run(&database.migrator(&folder).target(Target::Fake)).await;
    assert_eq!(database.ledger().await, "1000 1001");
    assert_eq!(units(&database).await, "-");
}

#[tokio::test]
async fn a_setting_holds_for_the_units_after_it_also_where_the_run_is_another() {
    let database = database().await;
    let set = (
        "0000_set",
        "CREATE SCHEMA app;\nCREATE TABLE public.a (id int);\nSET search_path TO app;\n\
         CREATE TABLE b (id int);\n\
         CREATE INDEX CONCURRENTLY b_id ON b (id);\n\
         CREATE TABLE c (id int);",
    );
    let folder = Folder::new(&[set, ("0001_d", "CREATE TABLE d (id int);")]);
    interrupt(&database, &folder, "CREATE INDEX").await;
    assert_eq!(run(&database.migrator(&folder)).await, [set.0, "0001_d"]);
    let tables = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class \
        WHERE relnamespace = 'app'::regnamespace";
    assert_eq!(database.value(tables).await, "b b_id c");
    assert_eq!(database.tables().await, "__drizzle_migrations __drizzle_migrations_progress a d");
}

#[tokio::test]
async fn waiting_for_an_older_transaction_ends_with_lock_timeout_and_is_undone() {
    let database = database().await;
    run(&database.migrator(&Folder::new(&[TABLE]))).await;
    let mut older = database.client().await;
    let older = older.transaction().await.unwrap();
    older.batch_execute("INSERT INTO a VALUES (9)").await.unwrap();

    let slow = INDEXED.1.replace("CREATE UNIQUE", "SET lock_timeout = '100ms';--> statement-breakpoint\nCREATE UNIQUE");
    let folder = Folder::new(&[TABLE, (INDEXED.0, &slow)]);
    let Error::Failed(failure) = database.migrator(&folder).run().await.unwrap_err() else { panic!() };
    let Cause::Database(error) = &failure.cause else { panic!() };
    assert_eq!(error.sqlstate(), Some("55P03"));
    older.rollback().await.unwrap();
    assert_eq!(run(&database.migrator(&folder)).await, [INDEXED.0]);
    assert_eq!(indexes(&database).await, "By id");
}

#[tokio::test]
async fn who_may_read_nothing_but_the_ledger_can_verify() {
    let database = database().await;
    let folder = Folder::new(&[TABLE, INDEXED]);
    run(&database.migrator(&folder)).await;
    let role = database.value("SELECT 'reader_' || current_database()").await;
    let client = database.client().await;
    let grant = format!("CREATE ROLE \"{role}\"; GRANT SELECT ON public.__drizzle_migrations TO \"{role}\"");
    client.batch_execute(&grant).await.unwrap();
    let mut config = database.config.clone();
    config.options(format!("-c role={role}"));
    let reader = migrator::Migrator::new(folder.migrations(), config);
    let verified = reader.verify().await;
    let end = format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\"");
    client.batch_execute(&end).await.unwrap();
    verified.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_runners_at_once_build_each_index_exactly_once() {
    let database = database().await;
    let more = ("0002_more", "CREATE INDEX CONCURRENTLY a_more ON a (id);");
    let folder = Folder::new(&[TABLE, INDEXED, more]);
    let migrator = database.migrator(&folder);
    let runners: Vec<_> = (0..8)
        .map(|_| {
            let migrator = migrator.clone();
            tokio::spawn(async move { run(&migrator).await })
        })
        .collect();
    let mut applied = Vec::new();
    for runner in runners {
        applied.extend(tokio::time::timeout(Duration::from_secs(60), runner).await.unwrap().unwrap());
    }
    assert_eq!(applied, [TABLE.0, INDEXED.0, more.0]);
    assert_eq!(indexes(&database).await, "By id a_more");
    assert_eq!(rows(&database).await, "1 2 3 4");
    assert_eq!(database.ledger().await, "1000 1001 1002");
}
