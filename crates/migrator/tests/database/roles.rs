//! The roles of docs/deploy.md: what they are granted there suffices, and no more is granted.

use devdb::test::PrivateServer;
use migrator::tokio_postgres::Config;
use migrator::{Error, Migrator};

use crate::private::database;
use crate::support::{Folder, TestDatabase, run};

/// The SQL of the section, block by block.
fn documented() -> Vec<String> {
    let text = include_str!("../../../../docs/deploy.md");
    let section = text.split("\n## ").find(|section| section.starts_with("Roles\n")).unwrap();
    section.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The configuration with which a documented role connects.
fn role(database: &TestDatabase, name: &str) -> Config {
    let mut config = database.config.clone();
    config.user(name).password("change me");
    config
}

async fn sqlstate(database: &TestDatabase, role: &Config, statement: &str) -> String {
    let client = TestDatabase::with(role, database).client().await;
    let refused = client.batch_execute(statement).await.unwrap_err();
    refused.code().unwrap().code().to_owned()
}

#[tokio::test]
async fn the_documented_grants_are_what_each_role_needs_and_no_more() {
    let server = PrivateServer::start().unwrap();
    let admin = database(&server, "postgres").client().await;
    admin.batch_execute("CREATE DATABASE app").await.unwrap();
    let database = database(&server, "app");
    let [grants, afterwards] = &documented()[..] else { panic!("the section has two blocks of SQL") };
    database.client().await.batch_execute(grants).await.unwrap();
    let (migrates, serves) = (role(&database, "app_migrator"), role(&database, "app"));

    let files = [
        ("0000_a", "CREATE SCHEMA other; CREATE TYPE c AS ENUM ('red'); CREATE TABLE a (id serial PRIMARY KEY, c c);"),
        ("0001_b", "ALTER TYPE c ADD VALUE 'blue';--> statement-breakpoint\nCREATE INDEX CONCURRENTLY a_c ON a (c);"),
        ("0002_c", "CREATE TABLE b (a int REFERENCES a);"),
    ];
    let (older, all) = (Folder::new(&files[..2]), Folder::new(&files));
    let as_role = |role: &Config, folder: &Folder| Migrator::new(folder.migrations(), role.clone());
    assert!(matches!(as_role(&serves, &older).verify().await, Err(Error::Pending { .. })));
    assert_eq!(run(&as_role(&migrates, &older)).await, ["0000_a", "0001_b"]);
    TestDatabase::with(&migrates, &database).client().await.batch_execute(afterwards).await.unwrap();

    // The service: rows, and a look at the ledger.
    as_role(&serves, &older).verify().await.unwrap();
    assert!(run(&as_role(&serves, &older)).await.is_empty());
    let client = TestDatabase::with(&serves, &database).client().await;
    let rows = "INSERT INTO a (c) VALUES ('blue'); UPDATE a SET c = 'red'; SELECT * FROM a; DELETE FROM a";
    client.batch_execute(rows).await.unwrap();
    for statement in [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE a ADD COLUMN mine int",
        "DELETE FROM __drizzle_migrations",
        "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('', 1)",
        "DELETE FROM __drizzle_migrations_progress",
        "CREATE SCHEMA mine",
    ] {
        assert_eq!(sqlstate(&database, &serves, statement).await, "42501", "{statement}");
    }
    let Error::Pending { tags } = as_role(&serves, &all).verify().await.unwrap_err() else { panic!() };
    assert_eq!(tags, ["0002_c"]);
    assert!(matches!(as_role(&serves, &all).run().await, Err(Error::Failed(_))));
    assert_eq!(database.ledger().await, "1000 1001");

    // What is made later, the service may use as well.
    assert_eq!(run(&as_role(&migrates, &all)).await, ["0002_c"]);
    client.batch_execute("INSERT INTO a (id) VALUES (7); INSERT INTO b VALUES (7)").await.unwrap();
}
