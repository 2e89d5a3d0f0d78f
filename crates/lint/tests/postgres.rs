//! What the rules say of PostgreSQL is what PostgreSQL does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use devdb::test::Database;
use lint::{History, Level, Settings};
use tokio_postgres::Client;

/// A table with a row of each type that a test changes.
const TABLE: &str = r#"CREATE TABLE t (a varchar(10), b text, c numeric(5,2), d cidr, e integer, f timestamp, g varchar,
    h numeric, i varchar(10)[], j char(3)); INSERT INTO t DEFAULT VALUES;"#;

fn finds(rule: &str, earlier: &str, sql: &str) -> bool {
    let mut history = History::default();
    history.add(earlier);
    let settings = Settings::default().with(rule, Level::Warn).unwrap();
    lint::lint("x.sql", sql, &history, &settings).iter().any(|finding| finding.rule == rule)
}

/// Whether the statement makes a new file of the table; the transaction is rolled back.
async fn rewrites(client: &Client, statement: &str) -> bool {
    let file = "SELECT pg_relation_filenode('t')::text";
    client.batch_execute("BEGIN").await.unwrap();
    let before: String = client.query_one(file, &[]).await.unwrap().get(0);
    client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    let after: String = client.query_one(file, &[]).await.unwrap().get(0);
    client.batch_execute("ROLLBACK").await.unwrap();
    before != after
}

#[tokio::test]
async fn the_defaults_and_columns_that_are_named_are_those_that_rewrite_the_table() {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    client.batch_execute(TABLE).await.unwrap();
    for column in [
        "n int DEFAULT -1",
        "n int DEFAULT (1) NOT NULL",
        "n boolean DEFAULT true",
        "n text DEFAULT 'a'::text",
        "n text[] DEFAULT '{}'::text[]",
        "n jsonb DEFAULT '{}'",
        "n timestamptz DEFAULT now()",
        "n timestamptz DEFAULT CURRENT_TIMESTAMP",
        "n timestamptz DEFAULT (now() + interval '1 day')",
        "n timestamptz DEFAULT statement_timestamp()",
        "n text DEFAULT lower('A')",
        "n text DEFAULT md5('a')",
        "n text DEFAULT to_char(now(), 'YYYY')",
        "n date DEFAULT date_trunc('month', now())",
        "n text DEFAULT current_setting('search_path')",
        "n int DEFAULT extract(year from now())",
        "n jsonb DEFAULT jsonb_build_object('a', 1)",
        "n text DEFAULT concat('a', 'b')",
        "n text DEFAULT coalesce(NULL, 'a')",
        "n int DEFAULT greatest(1, 2)",
        "n text DEFAULT trim(' a ')",
        "n int DEFAULT pg_catalog.length('a')",
        "n uuid DEFAULT gen_random_uuid()",
        "n timestamptz DEFAULT clock_timestamp()",
        "n float8 DEFAULT random()",
        "n text DEFAULT upper(random()::text)",
        "n text DEFAULT timeofday()",
        "n text GENERATED ALWAYS AS (b || 'x') STORED",
        "n int GENERATED ALWAYS AS IDENTITY",
        "n serial",
        "n bigserial NOT NULL",
    ] {
        let statement = format!("ALTER TABLE t ADD COLUMN {column};");
        let is_named =
            ["adding-field-with-default", "adding-serial-field"].iter().any(|rule| finds(rule, "", &statement));
        assert_eq!(is_named, rewrites(&client, &statement).await, "{statement}");
    }
}

#[tokio::test]
async fn the_type_changes_that_are_named_are_those_that_rewrite_the_table() {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    client.batch_execute(TABLE).await.unwrap();
    for change in [
        "a TYPE text",
        "a TYPE varchar(20)",
        "a TYPE varchar(10)",
        "a TYPE varchar",
        "a SET DATA TYPE text USING a::text",
        "b TYPE varchar",
        "c TYPE numeric(7,2)",
        "c TYPE numeric",
        "d TYPE inet",
        "a TYPE varchar(5)",
        "a TYPE text USING lower(a)",
        "a TYPE text USING b::text",
        "b TYPE varchar(10)",
        "c TYPE numeric(7,3)",
        "c TYPE numeric(4,2)",
        "e TYPE bigint",
        "e TYPE text",
        "h TYPE numeric(5,2)",
        "i TYPE text",
        "j TYPE text",
    ] {
        let statement = format!("ALTER TABLE t ALTER COLUMN {change};");
        let is_named = finds("changing-column-type", TABLE, &statement);
        assert_eq!(is_named, rewrites(&client, &statement).await, "{statement}");
    }
}

#[tokio::test]
async fn what_is_said_to_be_refused_in_a_transaction_is_refused() {
    let database = Database::empty().await.unwrap();
    let client = database.connect().await.unwrap();
    let prepare = "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TYPE mood AS ENUM ('a');
        CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX u ON v (a);
        CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN (1)";
    client.batch_execute(prepare).await.unwrap();
    for statements in [
        &["CREATE INDEX CONCURRENTLY j ON t (a);"][..],
        &["DROP INDEX CONCURRENTLY i;"],
        &["REINDEX TABLE CONCURRENTLY t;"],
        &["REINDEX (CONCURRENTLY) INDEX i;"],
        &["ALTER TABLE p DETACH PARTITION q CONCURRENTLY;"],
        &["VACUUM t;"],
        &["CREATE DATABASE d;"],
        &["ALTER SYSTEM SET work_mem = '1MB';"],
        &["ALTER TYPE mood ADD VALUE 'b';", "ALTER TABLE t ADD COLUMN m mood DEFAULT 'b';"],
        &["CREATE INDEX j ON t (a);"],
        &["DROP INDEX i;"],
        &["REINDEX TABLE t;"],
        &["REFRESH MATERIALIZED VIEW CONCURRENTLY v;"],
        &["ALTER TABLE p DETACH PARTITION q;"],
        &["ALTER TYPE mood ADD VALUE 'b';", "ALTER TABLE t ADD COLUMN m mood DEFAULT 'a';"],
        &["CREATE TYPE state AS ENUM ('a');", "ALTER TABLE t ADD COLUMN m state DEFAULT 'a';"],
    ] {
        let sql = statements.join("\n");
        let rules = ["ban-concurrently-in-transaction", "ban-enum-value-in-same-transaction"];
        let is_named = rules.iter().any(|rule| finds(rule, "", &sql));
        client.batch_execute("BEGIN").await.unwrap();
        let mut refusal = None;
        for statement in statements {
            if let Err(error) = client.batch_execute(statement).await {
                refusal = refusal.or(Some(error));
            }
        }
        client.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(is_named, refusal.is_some(), "{sql}: {refusal:?}");
    }
}
