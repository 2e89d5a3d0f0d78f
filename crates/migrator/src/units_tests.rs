use expect_test::{Expect, expect};

use super::*;
use crate::migrations::testing::migrations;

/// A line for each unit, and below it its statements with number and line.
fn check(text: &str, expected: &Expect) {
    let set = migrations(&[("0000_init", text)]);
    let mut shown = String::new();
    for unit in set.iter().next().unwrap().units() {
        shown += if unit.alone.is_some() { "alone" } else { "transaction" };
        if !unit.settings.is_empty() {
            shown += &format!(" {:?}", unit.settings);
        }
        shown += "\n";
        for Statement { number, line, text } in unit.statements {
            shown += &format!("  {number} @{line} {text:?}\n");
        }
    }
    expected.assert_eq(&shown);
}

/// The file's text as drizzle-kit would write it.
fn parted(statements: &[&str]) -> String {
    statements.join("--> statement-breakpoint\n")
}

#[test]
fn a_file_without_such_statements_is_one_transaction_with_its_parts_as_they_stand() {
    check(
        &parted(&["-- first\nCREATE TABLE a (id int);\nCREATE TABLE b (id int); -- last\n", "VALUES (1);"]),
        &expect![[r#"
            transaction
              1 @1 "-- first\nCREATE TABLE a (id int);\nCREATE TABLE b (id int); -- last"
              2 @5 "VALUES (1);"
        "#]],
    );
}

#[test]
fn an_empty_file_has_no_units_and_a_comment_is_one() {
    check("\n", &expect![[""]]);
    check(
        "-- Custom SQL migration file, put your code below! --",
        &expect![[r#"
        transaction
          1 @1 "-- Custom SQL migration file, put your code below! --"
    "#]],
    );
}

#[test]
fn a_statement_that_runs_alone_parts_the_transactions_around_it() {
    check(
        &parted(&[
            "CREATE TABLE a (id int);",
            "ALTER TABLE a ADD b int;",
            "CREATE INDEX CONCURRENTLY c ON a (id); -- slow",
            "VACUUM a;",
            "ALTER TABLE a ADD d int;",
        ]),
        &expect![[r#"
            transaction
              1 @1 "CREATE TABLE a (id int);"
              2 @2 "ALTER TABLE a ADD b int;"
            alone
              3 @3 "CREATE INDEX CONCURRENTLY c ON a (id); -- slow"
            alone
              4 @4 "VACUUM a;"
            transaction
              5 @5 "ALTER TABLE a ADD d int;"
        "#]],
    );
}

#[test]
fn a_file_that_is_one_such_statement_is_one_unit() {
    check(
        "DROP INDEX CONCURRENTLY a;\n",
        &expect![[r#"
        alone
          1 @1 "DROP INDEX CONCURRENTLY a;"
    "#]],
    );
}

#[test]
fn without_breakpoints_the_text_is_divided_only_where_a_unit_ends() {
    check(
        "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n\n-- for reports\nCREATE INDEX CONCURRENTLY c ON a (id);\n\
         DROP INDEX CONCURRENTLY d;\nINSERT INTO a VALUES (1); INSERT INTO a VALUES (2);\n-- end\n",
        &expect![[r#"
            transaction
              1 @1 "CREATE TABLE a (id int);\nCREATE TABLE b (id int);"
            alone
              2 @4 "-- for reports\nCREATE INDEX CONCURRENTLY c ON a (id);"
            alone
              3 @6 "DROP INDEX CONCURRENTLY d;"
            transaction
              4 @7 "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);\n-- end"
        "#]],
    );
}

#[test]
fn a_new_enum_value_is_committed_before_the_statement_that_uses_it() {
    check(
        &parted(&[
            "ALTER TYPE \"status\" ADD VALUE 'new' BEFORE 'old';",
            "CREATE TABLE a (id int);",
            "ALTER TABLE b ALTER c SET DEFAULT 'new';",
            "UPDATE b SET c = 'new';",
        ]),
        &expect![[r#"
            transaction
              1 @1 "ALTER TYPE \"status\" ADD VALUE 'new' BEFORE 'old';"
              2 @2 "CREATE TABLE a (id int);"
            transaction
              3 @3 "ALTER TABLE b ALTER c SET DEFAULT 'new';"
              4 @4 "UPDATE b SET c = 'new';"
        "#]],
    );
    check(
        "ALTER TYPE app.status ADD VALUE IF NOT EXISTS 'new';\nUPDATE b SET c = 'new';",
        &expect![[r#"
            transaction
              1 @1 "ALTER TYPE app.status ADD VALUE IF NOT EXISTS 'new';"
            transaction
              2 @2 "UPDATE b SET c = 'new';"
        "#]],
    );
}

#[test]
fn a_new_enum_value_that_nothing_uses_needs_no_transaction_of_its_own() {
    check(
        &parted(&[
            "UPDATE b SET c = 'new';",
            "ALTER TYPE status ADD VALUE 'new';",
            "ALTER TYPE status ADD VALUE 'newer' BEFORE 'new';",
            "CREATE TABLE \"new\" (id int);",
        ]),
        &expect![[r#"
            transaction
              1 @1 "UPDATE b SET c = 'new';"
              2 @2 "ALTER TYPE status ADD VALUE 'new';"
              3 @3 "ALTER TYPE status ADD VALUE 'newer' BEFORE 'new';"
              4 @4 "CREATE TABLE \"new\" (id int);"
        "#]],
    );
}

#[test]
fn settings_are_known_with_their_unit() {
    check(
        &parted(&[
            "SET search_path TO app; SET LOCAL work_mem = '1GB';",
            "CREATE INDEX CONCURRENTLY c ON a (id);",
            "SET TRANSACTION READ ONLY; SET CONSTRAINTS ALL DEFERRED; RESET search_path;",
        ]),
        &expect![[r#"
            transaction ["SET search_path TO app;"]
              1 @1 "SET search_path TO app; SET LOCAL work_mem = '1GB';"
            alone
              2 @2 "CREATE INDEX CONCURRENTLY c ON a (id);"
            transaction ["RESET search_path;"]
              3 @3 "SET TRANSACTION READ ONLY; SET CONSTRAINTS ALL DEFERRED; RESET search_path;"
        "#]],
    );
}

#[test]
fn line_endings_do_not_change_a_unit() {
    let hash = |text: &str| migrations(&[("0000_init", text)]).iter().next().unwrap().units()[0].hash();
    assert_eq!(hash("SELECT 1,\n2;\n"), hash("SELECT 1,\r\n2;\r\n"));
    assert_ne!(hash("SELECT 1;--> statement-breakpoint\nSELECT 2;"), hash("SELECT 1;SELECT 2;"));
}

#[test]
fn a_constraint_is_validated_in_another_transaction_than_it_is_added_in() {
    check(
        &parted(&[
            "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;",
            "ALTER TABLE a ADD CONSTRAINT d CHECK (b > 1) NOT VALID;",
            "ALTER TABLE ONLY a VALIDATE CONSTRAINT c;",
            "ALTER TABLE a VALIDATE CONSTRAINT d;",
            "ALTER TABLE a DROP CONSTRAINT d;",
        ]),
        &expect![[r#"
            transaction
              1 @1 "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;"
              2 @2 "ALTER TABLE a ADD CONSTRAINT d CHECK (b > 1) NOT VALID;"
            transaction
              3 @3 "ALTER TABLE ONLY a VALIDATE CONSTRAINT c;"
              4 @4 "ALTER TABLE a VALIDATE CONSTRAINT d;"
              5 @5 "ALTER TABLE a DROP CONSTRAINT d;"
        "#]],
    );
    check(
        "ALTER TABLE a VALIDATE CONSTRAINT c; CREATE TABLE b ();",
        &expect![[r#"
            transaction
              1 @1 "ALTER TABLE a VALIDATE CONSTRAINT c; CREATE TABLE b ();"
        "#]],
    );
}
