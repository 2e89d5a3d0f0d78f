use std::time::Duration;

use super::*;
use crate::connect::Server;
use crate::migrations::testing::migrations;

#[test]
fn a_migration_keeps_its_number_and_tag_in_refinery() {
    let set = migrations(&[("0000_init", "a"), ("20240102_add-users role", "b")]);
    let names: Vec<_> =
        set.iter().map(|migration| to_refinery(migration, Order::Journal).unwrap().to_string()).collect();
    assert_eq!(names, ["V0__0000_init", "V1__20240102_add_users_role"]);
}

#[test]
fn refinery_s_record_is_recognised_only_for_its_migration_and_ledger() {
    let set = migrations(&[("0000_init", "a"), ("0001_next", "b")]);
    let [first, second]: [&Migration; 2] = set.iter().collect::<Vec<_>>().try_into().unwrap();
    let ledger = Ledger::default().qualified();
    let insert = format!(
        "INSERT INTO {ledger} (version, name, applied_on, checksum) \
         VALUES (1, '0001_next', '2024-01-02T03:04:05Z', '42')"
    );
    assert!(records(&insert, &ledger, second));
    assert!(!records(&insert, &ledger, first));
    assert!(!records(&insert, "\"public\".\"other\"", second));
}

#[tokio::test]
async fn what_refinery_has_no_business_to_ask_for_is_not_run() {
    let database = devdb::test::Database::empty().await.unwrap();
    let (server, ledger) = (Server::from_url(database.url().reveal()).unwrap(), Ledger::default());
    let session = server.connect(None).await.unwrap();
    let lock = Lock::acquire(&server, &session, &ledger, Duration::from_secs(60)).await.unwrap();
    let search_path = SearchPath::of(&session.client).await.unwrap();
    let migrations = migrations(&[("0000_a", "CREATE TABLE a (id int);")]);
    let (set, listener) =
        (Set { migrations: &migrations, ledger: &ledger, order: Order::Journal }, Listener::default());
    let record =
        format!("INSERT INTO {} (version, name, applied_on, checksum) VALUES (0, '0000_a', ", ledger.qualified());
    let text = "CREATE TABLE a (id int);";
    for queries in [&["CREATE TABLE b (id int);", &record][..], &[text, text, &record], &[text], &["DROP TABLE a"]] {
        let mut asked = DrizzleLedger::new(&session, &lock, set, &search_path, Limits::default(), &listener);
        assert!(asked.applied().await.unwrap().is_empty());
        assert!(asked.execute(queries.iter().copied()).await.is_err());
        let stopped = asked.into_progress().await.stopped.unwrap();
        assert!(matches!(stopped, Error::Protocol), "{stopped}");
        assert_eq!(stopped.class(), "internal");
    }
    let tables = session.client.query_one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", &[]).await;
    assert_eq!(tables.unwrap().get::<_, i64>(0), 0);
}
