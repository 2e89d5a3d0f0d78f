use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

/// Everything that is found with the rules' own levels.
fn check(sql: &str, expected: Expect) {
    let mut printed = String::new();
    for finding in lint("0001_x.sql", sql, &History::default(), &Settings::default()) {
        let (level, number) = (finding.level, finding.statement.map_or(0, |statement| statement.number));
        writeln!(printed, "{}:{} statement {number} {level:?} {}", finding.line, finding.column, finding.rule).unwrap();
    }
    expected.assert_eq(&printed);
}

#[test]
fn a_table_of_the_same_file_is_changed_as_one_likes() {
    check(
        r#"CREATE TABLE "n" ("id" uuid PRIMARY KEY, "a" text, "b" text);--> statement-breakpoint
CREATE INDEX "i" ON "n" USING btree ("a");--> statement-breakpoint
ALTER TABLE "n" ADD COLUMN "c" text NOT NULL;--> statement-breakpoint
ALTER TABLE "n" ADD COLUMN "d" uuid DEFAULT gen_random_uuid();--> statement-breakpoint
ALTER TABLE "n" ADD CONSTRAINT "u" UNIQUE("a");--> statement-breakpoint
ALTER TABLE "n" ADD CONSTRAINT "k" CHECK ("a" > '');--> statement-breakpoint
ALTER TABLE "n" ALTER COLUMN "a" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "n" ALTER COLUMN "a" SET DATA TYPE varchar(10);--> statement-breakpoint
ALTER TABLE "public"."n" RENAME COLUMN "a" TO "z";--> statement-breakpoint
ALTER TABLE "n" DROP COLUMN "b";--> statement-breakpoint
ALTER TABLE "n" RENAME TO "m";--> statement-breakpoint
DROP INDEX "i";--> statement-breakpoint
DROP TABLE "m";"#,
        expect![""],
    );
}

#[test]
fn a_table_that_is_made_if_it_does_not_exist_is_new_only_where_no_file_before_made_it() {
    let found = |earlier: &str, sql: &str| {
        let mut history = History::default();
        history.add(earlier);
        lint("0001_x.sql", sql, &history, &Settings::default()).iter().any(|found| found.rule == "ban-drop-column")
    };
    let made = r#"CREATE TABLE IF NOT EXISTS "users" ("id" uuid);"#;
    let sql = format!(r#"{made} ALTER TABLE "users" DROP COLUMN "name";"#);
    assert!(found(r#"CREATE TABLE "users" ("id" uuid, "name" text);"#, &sql));
    assert!(found(r#"CREATE TABLE "users" AS SELECT 1 AS "id";"#, &sql));
    assert!(found(r#"CREATE TABLE "people" ("id" uuid); ALTER TABLE "people" RENAME TO "users";"#, &sql));
    assert!(!found("", &sql));
    assert!(!found(r#"CREATE TABLE "users" ("id" uuid); DROP TABLE "users";"#, &sql));
    assert!(!found(r#"CREATE TABLE "users" ("id" uuid);"#, &format!(r#"DROP TABLE "users"; {sql}"#)));
    let again = format!(r#"CREATE TABLE "users" ("id" uuid); ALTER TABLE "users" DROP COLUMN "id"; {made}"#);
    assert!(!found("", &again));
}

#[test]
fn a_table_of_that_name_in_another_schema_or_made_later_is_not_new() {
    check(
        r#"ALTER TABLE "n" ALTER COLUMN "a" SET NOT NULL;
CREATE TABLE "n" ("a" text);
ALTER TABLE "s"."n" ADD CONSTRAINT "k" CHECK ("a" > '');"#,
        expect![[r#"
            1:34 statement 1 Warn adding-not-nullable-field
            3:1 statement 3 Warn ban-work-under-exclusive-lock
            3:21 statement 3 Warn constraint-missing-not-valid
        "#]],
    );
}

#[test]
fn a_type_or_view_that_is_made_anew_is_not_lost() {
    check(
        r#"DROP VIEW "v";
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;
DROP TYPE "public"."mood";
CREATE TYPE "mood" AS ENUM('a');
CREATE VIEW "public"."v" AS (SELECT 1);
DROP TYPE "other";"#,
        expect![[r#"
            2:34 statement 2 Warn changing-column-type
            6:1 statement 6 Warn ban-drop-type
        "#]],
    );
}

#[test]
fn an_index_of_a_materialized_view_blocks_nobody_where_the_file_makes_the_view() {
    check(
        r#"DROP MATERIALIZED VIEW "public"."v";
CREATE MATERIALIZED VIEW "public"."v" AS (SELECT 1 AS a);
CREATE UNIQUE INDEX "i" ON "v" USING btree ("a");
CREATE INDEX "j" ON "w" USING btree ("a");"#,
        expect![[r#"
            4:1 statement 4 Warn require-concurrent-index-creation
        "#]],
    );
}

#[test]
fn squawk_is_not_followed_where_it_takes_one_thing_for_another() {
    check(
        r#"ALTER TABLE "t" ADD COLUMN "g" text GENERATED ALWAYS AS ("a") STORED;
ALTER TABLE "t" DROP COLUMN "g";
ALTER TABLE "t" ADD COLUMN "g" text GENERATED ALWAYS AS ("a" || 'x') STORED;
ALTER TABLE "t" DROP COLUMN "i", ADD COLUMN "i" text GENERATED ALWAYS AS ("a") STORED;
ALTER TABLE "t" DROP COLUMN "h", ADD COLUMN "h" text;
ALTER TABLE "t" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "t" ADD COLUMN "s" serial NOT NULL;"#,
        expect![[r#"
            1:37 statement 1 Warn adding-field-with-default
            3:37 statement 3 Warn adding-field-with-default
            4:17 statement 4 Error ban-drop-column
            4:54 statement 4 Warn adding-field-with-default
            5:17 statement 5 Error ban-drop-column
            6:17 statement 6 Warn ban-alter-row-level-security
            7:17 statement 7 Warn adding-serial-field
        "#]],
    );
}

#[test]
fn unique_and_primary_keys_are_named_once_and_not_told_of_not_valid() {
    check(
        r#"ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE("a");
ALTER TABLE "t" ADD PRIMARY KEY ("a");
ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "b"("a") NOT VALID;
ALTER TABLE "t" ADD CONSTRAINT "v" UNIQUE USING INDEX "i";"#,
        expect![[r#"
            1:21 statement 1 Warn disallowed-unique-constraint
            2:1 statement 2 Warn ban-work-under-exclusive-lock
            2:21 statement 2 Warn adding-serial-primary-key-field
        "#]],
    );
}

#[test]
fn comments_of_ours_and_of_squawks_allow_a_rule_for_their_statement() {
    check(
        r#"-- lint: allow(ban-drop-column) nobody reads it
ALTER TABLE "t" DROP COLUMN "a";--> statement-breakpoint
-- squawk-ignore ban-drop-column, renaming-column -- likewise
ALTER TABLE "t"
	DROP COLUMN "b";--> statement-breakpoint
ALTER TABLE "t" DROP COLUMN "c"; -- lint: allow(ban-drop-column)
/* lint: allow() */
ALTER TABLE "t" DROP COLUMN "d";
ALTER TABLE "t" DROP COLUMN "e";"#,
        expect![[r#"
            9:17 statement 5 Error ban-drop-column
        "#]],
    );
}

#[test]
fn a_comment_can_allow_a_rule_for_the_file_and_in_the_middle_of_a_statement() {
    check(
        r#"DROP TABLE "a";
ALTER TABLE "t"
  -- squawk-ignore ban-drop-column
  DROP COLUMN "b";
-- lint: allow-file(ban-drop-table)
DROP TABLE "b";"#,
        expect![""],
    );
    check("DROP TABLE a;\n-- squawk-ignore-file\nDROP TABLE b;", expect![""]);
}

#[test]
fn a_comment_that_names_no_rule_is_told_so() {
    check(
        "-- lint: allow(ban-drop-tabel)\nDROP TABLE a;\n-- squawk-ignored\nDROP TABLE b;",
        expect![[r#"
        1:16 statement 1 Warn unknown-rule
        2:1 statement 1 Error ban-drop-table
        4:1 statement 2 Error ban-drop-table
    "#]],
    );
    let findings = lint("x.sql", "-- squawk-ignore drop-table", &History::default(), &Settings::default());
    expect![[r#"
        [
            Finding {
                rule: "unknown-rule",
                level: Warn,
                file: "x.sql",
                line: 1,
                column: 18,
                end_line: 1,
                statement: None,
                message: "there is no rule `drop-table`; did you mean `ban-drop-table`?",
                help: "name ban-drop-table or another rule",
                range: 17..27,
            },
        ]"#]]
    .assert_eq(&format!("{findings:#?}"));
}

#[test]
fn a_rule_that_is_off_is_silent_and_one_that_is_switched_on_speaks() {
    let settings = Settings::default().with("ban-drop-table", Level::Off).unwrap();
    let settings = settings.with("prefer-text-field", Level::Error).unwrap();
    let found = lint("x.sql", "DROP TABLE a; CREATE TABLE t (a varchar(3));", &History::default(), &settings);
    let found: Vec<_> = found.iter().map(|finding| (finding.rule, finding.level)).collect();
    assert_eq!(found, [("prefer-text-field", Level::Error)]);
}

#[test]
fn the_same_file_gives_the_same_findings() {
    let sql = "DROP TABLE a; DROP TABLE b; ALTER TABLE c RENAME TO d; UPDATE c SET a = 1; TRUNCATE e CASCADE;";
    let run = || lint("x.sql", sql, &History::default(), &Settings::default());
    assert!((0..8).all(|_| run() == run()));
}

/// Each of squawk's own rules: SQL in which it finds something, so that a rule that a newer version of
/// squawk calls otherwise or no longer has does not go missing unseen.
#[test]
fn each_of_squawks_rules_finds_what_it_is_for() {
    let examples = [
        ("ban-drop-table", "DROP TABLE t;"),
        ("ban-drop-column", "ALTER TABLE t DROP COLUMN a;"),
        ("ban-drop-schema", "DROP SCHEMA s CASCADE;"),
        ("ban-drop-database", "DROP DATABASE d;"),
        ("ban-truncate-cascade", "TRUNCATE t CASCADE;"),
        ("ban-drop-sequence", "DROP SEQUENCE s;"),
        ("ban-drop-extension", "DROP EXTENSION e;"),
        ("transaction-nesting", "BEGIN; COMMIT;"),
        ("adding-required-field", "ALTER TABLE t ADD COLUMN a int NOT NULL;"),
        ("ban-duplicate-column-assignments", "UPDATE t SET a = 1, a = 2;"),
        (
            "identifier-too-long",
            "CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (b int);",
        ),
        ("changing-column-type", "ALTER TABLE t ALTER COLUMN a TYPE bigint;"),
        ("adding-field-with-default", "ALTER TABLE t ADD COLUMN a float8 DEFAULT random();"),
        ("adding-not-nullable-field", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;"),
        ("constraint-missing-not-valid", "ALTER TABLE t ADD CHECK (a > 0);"),
        ("adding-foreign-key-constraint", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b (a);"),
        ("disallowed-unique-constraint", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a);"),
        ("adding-serial-primary-key-field", "ALTER TABLE t ADD PRIMARY KEY (a);"),
        ("require-concurrent-index-creation", "CREATE INDEX i ON t (a);"),
        ("require-concurrent-index-deletion", "DROP INDEX i;"),
        ("require-concurrent-reindex", "REINDEX INDEX i;"),
        ("require-concurrent-partition-detach", "ALTER TABLE t DETACH PARTITION p;"),
        ("ban-alter-domain-with-add-constraint", "ALTER DOMAIN d ADD CHECK (VALUE > 0);"),
        ("require-lock-timeout", "ALTER TABLE t ADD COLUMN a int;"),
        ("require-statement-timeout", "ALTER TABLE t ADD COLUMN a int;"),
        ("renaming-table", "ALTER TABLE t RENAME TO u;"),
        ("renaming-column", "ALTER TABLE t RENAME COLUMN a TO b;"),
        ("renaming-object", "ALTER VIEW v RENAME TO w;"),
        ("ban-set-schema", "ALTER TABLE t SET SCHEMA s;"),
        ("ban-drop-type", "DROP TYPE t;"),
        ("ban-drop-domain", "DROP DOMAIN d;"),
        ("ban-drop-view", "DROP VIEW v;"),
        ("ban-drop-function", "DROP FUNCTION f(int);"),
        ("ban-drop-not-null", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL;"),
        ("ban-drop-default", "ALTER TABLE t ALTER COLUMN a DROP DEFAULT;"),
        ("ban-alter-row-level-security", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"),
        ("ban-drop-generated-expression", "ALTER TABLE t ALTER COLUMN a DROP EXPRESSION;"),
        ("ban-alter-generated-expression", "ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1);"),
        ("ban-disable-trigger", "ALTER TABLE t DISABLE TRIGGER a;"),
        ("ban-revoke", "REVOKE SELECT ON t FROM r;"),
        ("ban-drop-constraint", "ALTER TABLE t DROP CONSTRAINT c;"),
        ("ban-drop-trigger", "DROP TRIGGER a ON t;"),
        ("ban-drop-policy", "DROP POLICY p ON t;"),
        ("prefer-timestamptz", "CREATE TABLE t (a timestamp);"),
        ("ban-char-field", "CREATE TABLE t (a char(3));"),
        ("prefer-bigint-over-int", "CREATE TABLE t (a int);"),
        ("prefer-bigint-over-smallint", "CREATE TABLE t (a smallint);"),
        ("prefer-text-field", "CREATE TABLE t (a varchar(3));"),
        ("prefer-identity", "CREATE TABLE t (a serial);"),
        ("prefer-robust-stmts", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        ("require-table-schema", "CREATE TABLE t (a int);"),
    ];
    for (name, sql) in examples {
        let rule = rules::named(name).unwrap();
        let settings = Settings::default().with(name, rule.level.max(Level::Warn)).unwrap();
        let found = lint("x.sql", sql, &History::default(), &settings);
        assert!(found.iter().any(|finding| finding.rule == name), "{name} finds nothing in {sql}: {found:#?}");
    }
    let squawks = rules::all().filter(|rule| matches!(rule.source, Source::Squawk(_)));
    for rule in squawks {
        assert!(examples.iter().any(|(name, _)| *name == rule.name), "{} has no example", rule.name);
    }
}

/// kit's corpus: schemas and what drizzle-kit wrote for them, with what PostgreSQL made of it.
#[test]
fn what_drizzle_kit_writes_and_postgresql_accepts_is_no_syntax_error() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../kit/tests/corpus/generate.jsonl");
    let corpus = std::fs::read_to_string(path).unwrap();
    let mut read = 0;
    for line in corpus.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let statements: Vec<&str> = case["sql"].as_array().unwrap().iter().map(|sql| sql.as_str().unwrap()).collect();
        if case["kit_status"] != "ok" {
            continue;
        }
        let sql = statements.join("--> statement-breakpoint\n");
        let found = lint("x.sql", &sql, &History::default(), &Settings::default());
        let errors: Vec<_> = found.iter().filter(|finding| finding.rule == "syntax-error").collect();
        assert!(errors.is_empty(), "{}: {errors:#?}\n{sql}", case["title"]);
        read += 1;
    }
    assert!(read > 100, "only {read} cases");
}
