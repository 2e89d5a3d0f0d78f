//! Runs of plain migrations, and what stops them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use expect_test::expect;
use migrator::tokio_postgres::Config;
use migrator::{Cause, Error, Event, Ledger, LockError, Migrator, Outcome, Refusal, Server, Stage, Target};

use crate::support::{Folder, database, eventually, run};

const USERS: (&str, &str) = ("0000_users", "CREATE TABLE users (id int PRIMARY KEY);\n");
const POSTS: (&str, &str) = (
    "0001_posts",
    "CREATE TABLE posts (id int);--> statement-breakpoint\n\
     ALTER TABLE posts ADD COLUMN author int REFERENCES users;",
);
const TAGS: (&str, &str) = ("0002_tags", "CREATE TABLE tags (id int);");

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
async fn a_commit_in_a_file_is_found_and_never_called_rolled_back() {
    let database = database().await;
    let ends = ("0000_ends", "CREATE TABLE a (id int); COMMIT;");
    let migrator = database.migrator(&Folder::new(&[ends]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert!(matches!(failure.cause, Cause::EndedTransaction));
    assert_eq!(failure.outcome, Outcome::PartlyCommitted);
    assert_eq!(database.ledger().await, "-");

    let fails = ("0000_fails", "CREATE TABLE b (id int); COMMIT; BEGIN; SELECT oops;");
    let migrator = database.migrator(&Folder::new(&[fails]));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    assert!(matches!(failure.stage, Stage::Statement { .. }));
    assert_eq!(failure.outcome, Outcome::PartlyCommitted);
    assert_eq!(database.tables().await, "__drizzle_migrations a b");
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
    assert!(matches!(failure.outcome, Outcome::RolledBack | Outcome::Unknown));
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
async fn status_and_verify_need_no_ledger_and_make_none() {
    let database = database().await;
    let migrator = database.migrator(&Folder::new(&[USERS, POSTS]));
    let status = migrator.status().await.unwrap();
    assert_eq!(status.pending().count(), 2);
    let error = migrator.verify().await.unwrap_err();
    expect!["the database is behind: 2 migrations are not applied (0000_users, 0001_posts). Apply the migrations, then start again"].assert_eq(&error.to_string());
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
async fn a_statement_that_takes_longer_than_it_may_is_cancelled() {
    let database = database().await;
    let slow = ("0000_slow", "SELECT pg_sleep(60);");
    let migrator = database.migrator(&Folder::new(&[slow])).statement_timeout(Duration::from_millis(50));
    let Error::Failed(failure) = migrator.run().await.unwrap_err() else { panic!() };
    let Cause::Database(cause) = &failure.cause else { panic!() };
    assert_eq!(cause.sqlstate(), Some("57014"));
    assert_eq!(database.tables().await, "__drizzle_migrations");
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

    let whole = database.migrator(&Folder::new(&[USERS, POSTS, TAGS])).single_transaction(true);
    assert_eq!(run(&whole).await, [USERS.0, POSTS.0, TAGS.0]);
    assert_eq!(database.value("SELECT count(DISTINCT xmin::text)::text FROM __drizzle_migrations").await, "1");
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

/// An error with its causes, as a program would print it.
fn report(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!("cause: {cause}\n");
        source = cause.source();
    }
    text
}

/// What a connection with this configuration is refused with, host and port made constant.
async fn refused(config: &Config) -> String {
    let error = Migrator::new(Folder::new(&[USERS]).migrations(), config.clone()).run().await.unwrap_err();
    let text = report(&error);
    assert!(!format!("{text} {error:?}").contains("hunter2"), "the password is shown");
    text.replace(&Server::from(config.clone()).target().host, "HOST:PORT")
}

#[tokio::test]
async fn a_missing_database_is_named_with_the_way_to_make_it() {
    let database = database().await;
    let mut config = database.config.clone();
    config.dbname("no_such_database");
    expect![[r#"
        there is no database "no_such_database" at HOST:PORT as user "postgres". Create it (`createdb "no_such_database"`) or correct the name in the connection URL
        cause: FATAL: database "no_such_database" does not exist (SQLSTATE 3D000)
    "#]].assert_eq(&refused(&config).await);
}

/// A server that asks for a password and accepts none, whatever the test server's pg_hba.conf says.
fn strict_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 1024];
        // The startup message, answered by AuthenticationCleartextPassword.
        let _ = stream.read(&mut buffer).unwrap();
        stream.write_all(b"R\0\0\0\x08\0\0\0\x03").unwrap();
        let _ = stream.read(&mut buffer).unwrap();
        let fields = b"SFATAL\0C28P01\0Mpassword authentication failed for user \"ann\"\0\0";
        let length = u32::try_from(fields.len() + 4).unwrap();
        stream.write_all(b"E").unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(fields).unwrap();
    });
    port
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_being_shown() {
    let mut config = Config::new();
    config.host("127.0.0.1").port(strict_server()).user("ann").dbname("app").password("hunter2");
    config.ssl_mode(migrator::tokio_postgres::config::SslMode::Disable);
    expect![[r#"
        PostgreSQL refuses the login to database "app" at HOST:PORT as user "ann". Check user and password in the connection URL (characters such as @ : / must be percent-encoded) and the server's pg_hba.conf
        cause: FATAL: password authentication failed for user "ann" (SQLSTATE 28P01)
    "#]].assert_eq(&refused(&config).await);
}

#[tokio::test]
async fn an_unreachable_server_is_named() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut config = Config::new();
    config.host("127.0.0.1").port(unused).user("ann").dbname("app").password("hunter2");
    expect![[r#"
        no PostgreSQL answers for database "app" at HOST:PORT as user "ann". Check that it runs there and accepts connections
        cause: error connecting to server: Connection refused (os error 111)
    "#]].assert_eq(&refused(&config).await);
}
