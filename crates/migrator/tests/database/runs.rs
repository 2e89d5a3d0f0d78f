//! Runs of plain migrations.

use std::sync::{Arc, Mutex};

use expect_test::expect;
use migrator::{Cause, Error, Event, Ledger, Outcome, Stage, Target};

use crate::support::{Folder, POSTS, TAGS, USERS, database, run};

#[tokio::test]
async fn migrations_are_applied_in_order_and_a_second_run_finds_nothing_pending() {
    let database = database().await;
    let folder = Folder::new(&[USERS, POSTS]);
    let migrator = database.migrator(&folder);

    let pending = migrator.pending().await.unwrap();
    assert_eq!(pending.iter().map(migrator::Migration::tag).collect::<Vec<_>>(), [USERS.0, POSTS.0]);
    let report = migrator.run().await.unwrap();
    let statements: Vec<_> = report.applied.iter().map(|applied| applied.statements).collect();
    assert_eq!(statements, [1, 2]);
    let versions: Vec<_> = report.refinery.applied_migrations().iter().map(ToString::to_string).collect();
    assert_eq!(versions, ["V0__0000_users", "V1__0001_posts"]);
    assert_eq!(database.tables().await, "__drizzle_migrations posts users");
    assert_eq!(database.ledger().await, "1000 1001");

    assert!(run(&migrator).await.is_empty());
    assert!(migrator.pending().await.unwrap().is_empty());
    migrator.verify().await.unwrap();
    assert_eq!(database.ledger().await, "1000 1001");

    let grown = Folder::new(&[USERS, POSTS, TAGS]);
    assert_eq!(run(&database.migrator(&grown)).await, [TAGS.0]);
}

#[tokio::test]
async fn the_ledger_is_drizzles_table_to_the_column() {
    let database = database().await;
    let ledger = Ledger::new("my \"drizzle\"", "Ledger");
    run(&database.migrator(&Folder::new(&[USERS])).ledger(ledger)).await;
    let columns = database
        .value(
            "SELECT string_agg(format('%s %s %s %s', attname, atttypid::regtype, attnotnull, \
             pg_get_expr(adbin, adrelid)), E'\\n' ORDER BY attnum) FROM pg_attribute \
             LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
             WHERE attrelid = '\"my \"\"drizzle\"\"\".\"Ledger\"'::regclass AND attnum > 0",
        )
        .await;
    expect![[r#"
        id integer t nextval('"my ""drizzle"""."Ledger_id_seq"'::regclass)
        hash text t 
        created_at bigint f "#]]
    .assert_eq(&columns);
}

#[tokio::test]
async fn a_migration_that_fails_in_its_third_statement_leaves_nothing_behind() {
    let database = database().await;
    let broken = (
        "0001_broken",
        "CREATE TABLE a (id int);--> statement-breakpoint\n\
         INSERT INTO users VALUES (1);--> statement-breakpoint\n\
         CREATE TABLE b (\n\tid int,\n\tcolour rainbow\n);--> statement-breakpoint\n\
         CREATE TABLE c (id int);",
    );
    let migrator = database.migrator(&Folder::new(&[USERS, broken, TAGS]));

    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert!(matches!(failure.stage, Stage::Statement { number: 3, of: 4, .. }));
    assert_eq!(failure.outcome, Outcome::RolledBack);
    assert_eq!(failure.applied, [USERS.0]);
    let text = failure.to_string();
    let folder = failure.file.strip_suffix("0001_broken.sql").unwrap();
    expect![[r#"
        migration 0001_broken failed in statement 3 of 4
          --> FOLDER/0001_broken.sql:5
        3 | CREATE TABLE b (
        4 |     id int,
        5 |     colour rainbow
          |            ^
        6 | );

        ERROR: type "rainbow" does not exist (SQLSTATE 42704)

        Rolled back: all of 0001_broken; schema, data and ledger are as before it.
        Applied before it in this run, and kept: 0000_users.
        Next: correct FOLDER/0001_broken.sql and run the migrations again.
    "#]]
    .assert_eq(&format!("{}\n", text.replace(folder, "FOLDER/")));

    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.value("SELECT count(*)::text FROM users").await, "0");
    assert_eq!(database.ledger().await, "1000");

    let repaired = ("0001_broken", "CREATE TABLE a (id int);");
    let repaired = Folder::new(&[USERS, repaired, TAGS]);
    assert_eq!(run(&database.migrator(&repaired)).await, ["0001_broken", TAGS.0]);
}

#[tokio::test]
async fn a_deferred_constraint_rolls_the_migration_back_at_its_commit() {
    let database = database().await;
    let deferred = (
        "0001_deferred",
        "CREATE TABLE a (u int REFERENCES users DEFERRABLE INITIALLY DEFERRED);\n\
         INSERT INTO a VALUES (7);",
    );
    let migrator = database.migrator(&Folder::new(&[USERS, deferred]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert!(matches!(failure.stage, Stage::Commit));
    assert_eq!(failure.outcome, Outcome::RolledBack);
    assert_eq!(database.tables().await, "__drizzle_migrations users");
    assert_eq!(database.ledger().await, "1000");
}

#[tokio::test]
async fn a_commit_that_was_not_seen_before_it_ran_is_found_and_never_called_rolled_back() {
    let database = database().await;
    // To who does not know the grammar, this is the beginning of a function's body.
    let hides = "SELECT x.begin atomic FROM (SELECT 1 AS begin) x;";
    let ends = format!("CREATE TABLE a (id int); {hides} COMMIT;");
    let Error::Failed(failure) = database.migrator(&Folder::new(&[("0000_ends", &ends)])).run().await.unwrap_err()
    else {
        panic!()
    };
    assert!(matches!(failure.cause, Cause::EndedTransaction));
    assert_eq!(failure.outcome, Outcome::PartlyCommitted);
    assert_eq!(database.ledger().await, "-");

    let fails = format!("CREATE TABLE b (id int); {hides} COMMIT; BEGIN; SELECT oops;");
    let Error::Failed(failure) = database.migrator(&Folder::new(&[("0000_fails", &fails)])).run().await.unwrap_err()
    else {
        panic!()
    };
    assert!(matches!(failure.stage, Stage::Statement { .. }));
    assert_eq!(failure.outcome, Outcome::PartlyCommitted);
    assert_eq!(database.tables().await, "__drizzle_migrations a b");
}

#[tokio::test]
async fn what_stands_behind_a_failed_statement_is_rolled_back_with_it() {
    let database = database().await;
    for behind in ["SELECT 1", "ROLLBACK TO SAVEPOINT a", "RELEASE SAVEPOINT a"] {
        let broken = format!(
            "CREATE TABLE a (id int); SAVEPOINT a;--> statement-breakpoint\nSELECT oops;--> statement-breakpoint\n{behind};\
             --> statement-breakpoint\nCREATE TABLE b (id int);"
        );
        let migrator = database.migrator(&Folder::new(&[USERS, ("0001_broken", &broken), TAGS]));
        let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
        assert!(matches!(failure.stage, Stage::Statement { number: 2, of: 4, .. }), "{failure}");
        assert_eq!(failure.outcome, Outcome::RolledBack);
        assert_eq!(database.tables().await, "__drizzle_migrations users", "{behind}");
        assert_eq!(database.ledger().await, "1000");
    }
}

#[tokio::test]
async fn a_server_that_ends_the_session_is_asked_on_the_other_what_became_of_it() {
    let database = database().await;
    let suicidal = (
        "0000_suicidal",
        "CREATE TABLE a (id int);--> statement-breakpoint\n\
         SELECT pg_terminate_backend(pg_backend_pid());",
    );
    let migrator = database.migrator(&Folder::new(&[suicidal]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert!(matches!(failure.stage, Stage::Statement { number: 2, .. }));
    assert_eq!(failure.outcome, Outcome::RolledBack);
    assert_eq!(database.tables().await, "__drizzle_migrations");
}

#[tokio::test]
async fn a_setting_made_by_one_migration_does_not_reach_the_next() {
    let database = database().await;
    let dump = ("0000_dump", "SELECT pg_catalog.set_config('search_path', '', false);");
    run(&database.migrator(&Folder::new(&[dump, ("0001_t", "CREATE TABLE t (id int);")]))).await;
    assert_eq!(database.tables().await, "__drizzle_migrations t");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_runners_at_once_apply_each_migration_exactly_once() {
    let database = database().await;
    let slow = ("0001_slow", "CREATE TABLE slow AS SELECT pg_sleep(0.3)::text;");
    let folder = Folder::new(&[USERS, slow, TAGS]);
    let migrator = database.migrator(&folder);

    let runners: Vec<_> = (0..8)
        .map(|_| {
            let migrator = migrator.clone();
            tokio::spawn(async move { run(&migrator).await })
        })
        .collect();
    let mut applied = Vec::new();
    for runner in runners {
        applied.extend(runner.await.unwrap());
    }
    assert_eq!(applied, [USERS.0, slow.0, TAGS.0]);
    assert_eq!(database.ledger().await, "1000 1001 1002");
}

#[tokio::test]
async fn status_and_verify_need_no_ledger_and_make_none() {
    let database = database().await;
    let migrator = database.migrator(&Folder::new(&[USERS, POSTS]));
    let status = migrator.status().await.unwrap();
    assert_eq!(status.pending().count(), 2);
    let error = migrator.verify().await.unwrap_err();
    expect!["the database is behind: 2 migrations are not applied (0000_users, 0001_posts). Apply the migrations, then start again"].assert_eq(&error.to_string());
    assert_eq!(error.class(), "pending");
    assert_eq!(database.tables().await, "-");
}

#[tokio::test]
async fn a_target_stops_at_its_version_and_fake_only_records() {
    let database = database().await;
    let folder = Folder::new(&[USERS, POSTS, TAGS]);
    let migrator = database.migrator(&folder);
    assert_eq!(run(&migrator.clone().target(Target::Version(1))).await, [USERS.0, POSTS.0]);
    run(&migrator.clone().target(Target::Fake)).await;
    assert_eq!(database.tables().await, "__drizzle_migrations posts users");
    assert_eq!(database.ledger().await, "1000 1001 1002");
    migrator.verify().await.unwrap();
}

#[tokio::test]
async fn every_migration_is_told_of_when_it_begins_and_when_it_is_applied() {
    let database = database().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let migrator = database.migrator(&Folder::new(&[USERS, TAGS])).on_event(move |event| {
        heard.lock().unwrap().push(match event {
            Event::Begun { tag } => format!("begun {tag}"),
            Event::Applied(applied) => format!("applied {}", applied.tag),
            other => format!("{other:?}"),
        });
    });
    run(&migrator).await;
    let told = told.lock().unwrap().join(", ");
    assert_eq!(told, "begun 0000_users, applied 0000_users, begun 0002_tags, applied 0002_tags");
}

#[tokio::test]
async fn an_unqualified_name_leads_to_public_whatever_the_role_looks_for_first() {
    let database = database().await;
    let client = database.client().await;
    let own = "DO $$ BEGIN EXECUTE format('CREATE SCHEMA %I; CREATE SCHEMA first; \
               ALTER DATABASE %I SET search_path = first, %I, public', current_user, current_database(), current_user); \
               END $$";
    client.batch_execute(own).await.unwrap();
    client.batch_execute("CREATE FUNCTION first.one() RETURNS int LANGUAGE sql AS 'SELECT 1'").await.unwrap();
    let calls = ("0001_calls", "CREATE TABLE ones AS SELECT one();");
    run(&database.migrator(&Folder::new(&[USERS, calls]))).await;
    let schemas = "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename) FROM pg_tables \
                   WHERE tablename IN ('users', 'ones')";
    assert_eq!(database.value(schemas).await, "public.ones public.users");
}

#[tokio::test]
async fn what_a_role_looks_for_besides_is_found_also_where_a_migration_makes_it() {
    let database = database().await;
    let name = database.config.get_dbname().unwrap();
    let path = r#"ALTER DATABASE "?" SET search_path = "$user", extensions, "Odd, ""one""", postgres, public"#;
    database.client().await.batch_execute(&path.replace('?', name)).await.unwrap();
    let makes = (
        "0000_makes",
        r#"CREATE SCHEMA extensions; CREATE SCHEMA "Odd, ""one"""; CREATE SCHEMA postgres;
           CREATE TABLE extensions.a (id int); CREATE TABLE "Odd, ""one"""."A" (id int);"#,
    );
    let uses = ("0001_uses", r#"INSERT INTO a VALUES (1); INSERT INTO "A" VALUES (1); CREATE TABLE b (id int);"#);
    run(&database.migrator(&Folder::new(&[makes, uses]))).await;
    assert_eq!(database.value("SELECT schemaname::text FROM pg_tables WHERE tablename = 'b'").await, "public");
}

#[tokio::test]
async fn one_transaction_over_everything_is_applied_whole_or_not_at_all() {
    let database = database().await;
    let broken = ("0002_tags", "CREATE TABLE tags (id int); SELECT * FROM nothing;");
    let migrator = database.migrator(&Folder::new(&[USERS, POSTS, broken])).single_transaction(true);
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert_eq!((failure.tag.as_str(), failure.outcome), ("0002_tags", Outcome::RolledBack));
    assert_eq!(database.tables().await, "__drizzle_migrations");

    let concurrent = ("0003_index", "CREATE INDEX CONCURRENTLY ON users (id);");
    let refused = database.migrator(&Folder::new(&[USERS, concurrent])).single_transaction(true).run().await;
    assert!(matches!(refused, Err(Error::Units { tag }) if tag == "0003_index"));
    assert_eq!(database.tables().await, "__drizzle_migrations");

    let whole = database.migrator(&Folder::new(&[USERS, POSTS, TAGS])).single_transaction(true);
    assert_eq!(run(&whole).await, [USERS.0, POSTS.0, TAGS.0]);
    assert_eq!(database.value("SELECT count(DISTINCT xmin::text)::text FROM __drizzle_migrations").await, "1");
}
