use expect_test::{Expect, expect};

use super::*;

fn name() -> Name {
    Name { schema: "shop".to_owned(), table: "or\"ders".to_owned() }
}

fn values<const N: usize>(given: [(&str, Option<&str>); N]) -> Values {
    given.into_iter().map(|(column, value)| (column.to_owned(), value.map(str::to_owned))).collect()
}

fn check(change: &Change, expected: Expect) {
    expected.assert_eq(&format!("{}\n{}", change.built().sql, change.sql()));
}

#[test]
fn a_row_is_changed_only_as_it_was_read() {
    check(
        &Change::Update {
            name: name(),
            key: values([("id", Some("1"))]),
            version: "77".to_owned(),
            values: values([("note", Some("it's; DROP TABLE x")), ("total", None)]),
        },
        expect![[r#"
            UPDATE "shop"."or""ders" SET "note" = $1, "total" = $2 WHERE "id" = $3 AND CAST("xmin" AS text) = $4
            UPDATE "shop"."or""ders" SET "note" = E'it\'s; DROP TABLE x', "total" = NULL WHERE "id" = '1' AND CAST("xmin" AS text) = '77';"#]],
    );
}

#[test]
fn a_new_row_names_only_what_is_given() {
    check(
        &Change::Insert { name: name(), values: values([("note", Some("a"))]) },
        expect![[r#"
            INSERT INTO "shop"."or""ders" ("note") VALUES ($1)
            INSERT INTO "shop"."or""ders" ("note") VALUES ('a');"#]],
    );
    check(
        &Change::Insert { name: name(), values: values([]) },
        expect![[r#"
            INSERT INTO "shop"."or""ders" VALUES (DEFAULT)
            INSERT INTO "shop"."or""ders" VALUES (DEFAULT);"#]],
    );
}

#[test]
fn a_deleted_row_is_known_by_key_and_version() {
    check(
        &Change::Delete { name: name(), key: values([("a", Some("1")), ("b", None)]), version: "7".to_owned() },
        expect![[r#"
            DELETE FROM "shop"."or""ders" WHERE "a" = $1 AND "b" IS NULL AND CAST("xmin" AS text) = $2
            DELETE FROM "shop"."or""ders" WHERE "a" = '1' AND "b" IS NULL AND CAST("xmin" AS text) = '7';"#]],
    );
}
