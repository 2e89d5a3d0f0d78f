//! What drizzle-kit cannot model, in a file beside the snapshot.

use expect_test::expect;

use crate::support::Project;

const EMPTY: &str = r#"{"id":"0","prevId":"0","version":"7","dialect":"postgresql","tables":{},"enums":{},
"schemas":{},"sequences":{},"roles":{},"policies":{},"views":{},"_meta":{"columns":{},"schemas":{},"tables":{}}}"#;

const OBJECTS: &str = r#"{"version":"1","dialect":"postgresql",
"domains":{"public.age":{"name":"age","schema":"public","type":"integer"}}}"#;

#[test]
fn the_objects_of_a_snapshot_file_are_in_the_file_that_is_named_after_it() {
    let project = Project::bare();
    project.write("from.json", EMPTY);
    project.write("to.json", EMPTY);
    project.write("_to_objects.json", OBJECTS);
    let outcome = project.run(&["diff", "--from", "from.json", "--to", "to.json"]);
    assert_eq!(outcome.stdout, "CREATE DOMAIN \"public\".\"age\" AS integer;\n", "{}", outcome.stderr);
    project.write("_to_objects.json", &OBJECTS.replace("\"type\"", "\"base\""));
    let outcome = project.run(&["diff", "--from", "from.json", "--to", "to.json"]);
    expect![[r#"
        error: cannot read the objects _to_objects.json
          caused by: at `domains.public.age.base`: restore the file from version control, or correct that key
          caused by: unknown field `base`, expected one of `name`, `schema`, `type`, `collation`, `default`, `notNull`, `checkConstraints` at line 2 column 62
    "#]]
    .assert_eq(&outcome.stderr);
    assert_eq!(outcome.code, 1);
}

const USERS: &str = r#"
#[derive(PgTable)]
#[table("users")]
pub struct User {
    #[column(primary_key)]
    pub id: i32,
}
"#;

/// Replaces the tables, and the objects besides them.
fn declare(project: &Project, tables: &str, objects: &str) {
    let function = "#[schema::pg_objects]\nfn objects() -> Vec<schema::build::Object>";
    project.declare(&format!("{tables}{function} {{ use schema::build::*; vec![{objects}] }}\n"));
}

#[test]
fn a_migration_that_changes_objects_has_a_file_of_them_and_no_other_has() {
    let project = Project::new(USERS);
    let generate = |args: &[&str]| {
        let outcome = project.run(&[&["generate"], args].concat());
        assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
        outcome.stdout
    };
    const AGE: &str = "Domain::new(\"age\", types::integer()).into()";
    declare(&project, USERS, AGE);
    generate(&[]);
    let users = USERS.replace("pub id: i32,", "pub id: i32,\n    pub name: Option<String>,");
    declare(&project, &users, AGE);
    generate(&[]);
    assert_eq!(generate(&[]), "No schema changes, nothing to migrate\n");
    declare(
        &project,
        &users,
        "Domain::new(\"age\", types::integer()).check(\"grown\", \"VALUE > 17\").into(), \
         Comment::on_object(schema::CommentKind::Table, \"users\", \"people\").into()",
    );
    generate(&["--name", "grown"]);
    generate(&["--custom", "--name", "last"]);
    assert_eq!(
        project.migrations(),
        [
            "0000_create_users.sql",
            "0001_add_users_name.sql",
            "0002_grown.sql",
            "0003_last.sql",
            "meta/0000_snapshot.json",
            "meta/0001_snapshot.json",
            "meta/0002_snapshot.json",
            "meta/0003_snapshot.json",
            "meta/_0000_objects.json",
            "meta/_0002_objects.json",
            "meta/_journal.json",
        ]
    );
    expect![[r#"
        ALTER DOMAIN "public"."age" ADD CONSTRAINT "grown" CHECK (VALUE > 17);--> statement-breakpoint
        COMMENT ON TABLE "public"."users" IS 'people';"#]]
    .assert_eq(&project.read("migrations/0002_grown.sql"));
    assert_eq!(generate(&[]), "No schema changes, nothing to migrate\n");
    let back = project.run(&["diff", "--from", "code", "--to", "0001"]);
    expect![[r#"
        ALTER DOMAIN "public"."age" DROP CONSTRAINT "grown";--> statement-breakpoint
        COMMENT ON TABLE "public"."users" IS NULL;
    "#]]
    .assert_eq(&back.stdout);
}
