use expect_test::{Expect, expect};

use super::*;
use crate::sql;

fn check(lines: &[&str], expected: &Expect) {
    let shown: Vec<_> = lines.iter().map(|line| format!("{:?}", of(&sql::statements(line)[0]))).collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn a_concurrent_index_is_known_with_its_name_and_its_table() {
    check(
        &[
            "CREATE INDEX CONCURRENTLY a ON t (id);",
            "-- why\ncreate unique index concurrently if not exists \"A b\" on only app.\"T\" using btree (id)",
            "CREATE INDEX CONCURRENTLY ON t (id)",
            "CREATE INDEX CONCURRENTLY U&\"a\" ON t (id)",
        ],
        &expect![[r#"
            Some(CreateIndex { name: Some("a"), table: "t" })
            Some(CreateIndex { name: Some("\"A b\""), table: "app.\"T\"" })
            Some(CreateIndex { name: None, table: "t" })
            Some(Other)"#]],
    );
}

#[test]
fn what_else_runs_alone_is_known() {
    check(
        &[
            "DROP INDEX CONCURRENTLY IF EXISTS app.a CASCADE",
            "ALTER TABLE IF EXISTS m DETACH PARTITION app.p CONCURRENTLY",
            "REINDEX INDEX CONCURRENTLY a",
            "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
            "REINDEX SCHEMA app",
            "REINDEX SYSTEM",
            "CREATE DATABASE other TEMPLATE template0",
            "DROP DATABASE IF EXISTS other WITH (FORCE)",
            "CREATE TABLESPACE fast LOCATION '/fast'",
            "DROP TABLESPACE fast",
            "ALTER DATABASE app SET TABLESPACE fast",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "VACUUM (ANALYZE) users",
            "CLUSTER VERBOSE",
            "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
            "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
            "DROP SUBSCRIPTION s",
        ],
        &expect![[r#"
            Some(DropIndex { name: "app.a" })
            Some(DetachPartition { parent: "m", partition: "app.p" })
            Some(Reindex { scope: Index, name: Some("a") })
            Some(Reindex { scope: Table, name: Some("t") })
            Some(Reindex { scope: Schema, name: Some("app") })
            Some(Reindex { scope: Database, name: None })
            Some(Global { kind: Database, name: "other", is_drop: false })
            Some(Global { kind: Database, name: "other", is_drop: true })
            Some(Global { kind: Tablespace, name: "fast", is_drop: false })
            Some(Global { kind: Tablespace, name: "fast", is_drop: true })
            Some(Other)
            Some(Other)
            Some(Other)
            Some(Other)
            Some(Other)
            Some(Other)
            Some(Other)"#]],
    );
}

#[test]
fn what_may_run_in_a_transaction_does() {
    for text in [
        "CREATE INDEX a ON t (id)",
        "CREATE INDEX \"concurrently\" ON t (id)",
        "CREATE TABLE concurrently (id int)",
        "DROP INDEX a",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "REINDEX TABLE t",
        "ALTER TABLE m DETACH PARTITION p",
        "ALTER TABLE m DETACH PARTITION p FINALIZE",
        "ALTER TABLE t ALTER a SET DEFAULT 'CREATE INDEX CONCURRENTLY a ON t (id)'",
        "COMMENT ON TABLE t IS 'VACUUM'",
        "ALTER DATABASE app SET work_mem = '1GB'",
        "ALTER SUBSCRIPTION s DISABLE",
        "ANALYZE t",
        "CLUSTER t USING a",
        "ALTER TYPE status ADD VALUE 'new'",
        "DO $$ BEGIN EXECUTE 'VACUUM'; END $$",
    ] {
        assert_eq!(of(&sql::statements(text)[0]), None, "{text}");
    }
}
