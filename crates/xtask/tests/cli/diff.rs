use expect_test::expect;

use crate::support::Project;

const EMPTY: &str = r#"{"id":"0","prevId":"0","version":"7","dialect":"postgresql","tables":{},"enums":{},
"schemas":{},"sequences":{},"roles":{},"policies":{},"views":{},"_meta":{"columns":{},"schemas":{},"tables":{}}}"#;

/// A snapshot with a table of one column.
fn table(name: &str, column: &str) -> String {
    let table = format!(
        r#"{{"name":"{name}","schema":"","columns":{{"{column}":{{"name":"{column}","type":"text","primaryKey":false,
        "notNull":false}}}},"indexes":{{}},"foreignKeys":{{}},"compositePrimaryKeys":{{}},"uniqueConstraints":{{}},
        "policies":{{}},"checkConstraints":{{}},"isRLSEnabled":false}}"#
    );
    let declared = format!(r#""tables":{{"public.{name}":{table}}},"enums""#);
    EMPTY.replace(r#""tables":{},"enums""#, &declared)
}

fn project(from: &str, to: &str) -> Project {
    let project = Project::bare();
    project.write("from.json", from);
    project.write("to.json", to);
    project
}

#[test]
fn statements_are_parted_by_breakpoints_and_the_exit_code_is_0() {
    let project = project(EMPTY, &table("users", "name"));
    let outcome = project.run(&["diff", "--from", "from.json", "--to", "to.json"]);
    expect![[r#"
        CREATE TABLE "users" (
        	"name" text
        );
    "#]]
    .assert_eq(&outcome.stdout);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn without_a_rename_flag_a_table_is_dropped_and_created() {
    let project = project(&table("users", "name"), &table("people", "name"));
    let outcome = project.run(&["diff", "--from", "from.json", "--to", "to.json"]);
    expect![[r#"
        CREATE TABLE "people" (
        	"name" text
        );
        --> statement-breakpoint
        DROP TABLE "users" CASCADE;
    "#]]
    .assert_eq(&outcome.stdout);
}

#[test]
fn a_table_and_its_column_are_renamed_by_flags() {
    let project = project(&table("users", "name"), &table("people", "full_name"));
    let renames = ["--rename", "public.users=public.people", "--rename", "public.people.name=public.people.full_name"];
    let outcome = project.run(&[&["diff", "--from", "from.json", "--to", "to.json"], renames.as_slice()].concat());
    expect![[r#"
        ALTER TABLE "users" RENAME TO "people";--> statement-breakpoint
        ALTER TABLE "people" RENAME COLUMN "name" TO "full_name";
    "#]]
    .assert_eq(&outcome.stdout);
}

#[test]
fn the_same_schema_prints_nothing() {
    let project = project(&table("users", "name"), &table("users", "name"));
    let outcome = project.run(&["diff", "--from", "from.json", "--to", "to.json"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
}

#[test]
fn a_rename_that_names_nothing_is_a_usage_error() {
    let project = project(&table("users", "name"), &table("people", "name"));
    let outcome =
        project.run(&["diff", "--from", "from.json", "--to", "to.json", "--rename", "public.user=public.people"]);
    expect![[r#"
        error: --rename public.user=public.people names nothing that changes: OLD must be there before this migration and NEW after it, and neither may stay what it is; both are under the new names of what they are in, so a rename of the table itself comes first
    "#]].assert_eq(&outcome.stderr);
    assert_eq!(outcome.code, 2);
}

#[test]
fn a_tag_that_does_not_exist_is_named_with_those_that_do() {
    let outcome = Project::bare().run(&["diff", "--from", "0007", "--to", "empty"]);
    expect![[r#"
        error: there is no migration 0007; the folder has none yet
    "#]]
    .assert_eq(&outcome.stderr);
    assert_eq!(outcome.code, 1);
}
