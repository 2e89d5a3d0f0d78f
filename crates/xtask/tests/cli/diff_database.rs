use devdb::test::Database;
use expect_test::expect;

use crate::support::{Outcome, Project, workspace};

/// A snapshot whose expressions are as a person writes them.
const SNAPSHOT: &str = r#"{"id":"0","prevId":"0","version":"7","dialect":"postgresql","tables":{"app.users":{
"name":"users","schema":"app","columns":{
"id":{"name":"id","type":"serial","primaryKey":true,"notNull":true},
"age":{"name":"age","type":"integer","primaryKey":false,"notNull":true,"default":"(1+1)"},
"name":{"name":"name","type":"varchar(255)","primaryKey":false,"notNull":false,"default":"'x'::text"},
"code":{"name":"code","type":"char","primaryKey":false,"notNull":false},
"mood":{"name":"mood","type":"mood","typeSchema":"app","primaryKey":false,"notNull":false,"default":"'ok'"},
"at":{"name":"at","type":"timestamp (3) with time zone","primaryKey":false,"notNull":true,"default":"now()"}},
"indexes":{"lower_name":{"name":"lower_name","columns":[{"expression":"lower(\"name\")","asc":true,"isExpression":true,
"nulls":"last"}],"isUnique":false,"where":"\"users\".\"age\" IN (1,2)","concurrently":true,"method":"btree","with":{}}},
"foreignKeys":{},"compositePrimaryKeys":{},"uniqueConstraints":{},"policies":{
"own":{"name":"own","as":"PERMISSIVE","for":"ALL","to":["public"],"using":"( name=current_user )"}},
"checkConstraints":{"adult":{"name":"adult","value":"\"users\".\"age\" >= 18"}},"isRLSEnabled":false}},
"enums":{"app.mood":{"name":"mood","schema":"app","values":["ok","bad"]}},"schemas":{"app":"app"},"sequences":{},
"roles":{},"policies":{},"views":{"public.adults":{"columns":{},"definition":"select id from app.users where age > 20",
"name":"adults","schema":"public","isExisting":false,"materialized":false}},
"_meta":{"columns":{},"schemas":{},"tables":{}}}"#;

/// A project with the snapshot, and a database that was built from it.
async fn built() -> (Project, Database) {
    let (project, database) = (Project::bare(), Database::empty().await.unwrap());
    project.write("next.json", SNAPSHOT);
    let sql = project.run(&["diff", "--from", "empty", "--to", "next.json"]);
    assert_eq!(sql.code, 0, "{}", sql.stderr);
    let client = database.connect().await.unwrap();
    for statement in sql.stdout.split("--> statement-breakpoint") {
        client.batch_execute(statement).await.unwrap();
    }
    (project, database)
}

/// `diff` with the database in its place `db`.
fn diff(project: &Project, database: &Database, from: &str, to: &str) -> Outcome {
    let mut command = project.command(&["diff", "--from", from, "--to", to]);
    command.env("DATABASE_URL", database.url().reveal()).stdin(std::process::Stdio::null());
    command.output().unwrap().into()
}

#[tokio::test]
async fn a_database_is_what_it_was_built_from_in_whatever_words_that_was_said() {
    let (project, database) = built().await;
    for (from, to) in [("db", "next.json"), ("next.json", "db"), ("db", "db"), (database.url().reveal(), "next.json")] {
        let outcome = diff(&project, &database, from, to);
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    }
}

#[tokio::test]
async fn a_change_by_hand_is_shown_with_what_undoes_it() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let change = "ALTER TABLE app.users DROP CONSTRAINT adult; ALTER TABLE app.users ALTER COLUMN age SET DEFAULT 3";
    client.batch_execute(change).await.unwrap();
    let outcome = diff(&project, &database, "db", "next.json");
    expect![[r#"
        ALTER TABLE "app"."users" ALTER COLUMN "age" SET DEFAULT (1 + 1);--> statement-breakpoint
        ALTER TABLE "app"."users" ADD CONSTRAINT "adult" CHECK (age >= 18);
    "#]]
    .assert_eq(&outcome.stdout);
}

#[tokio::test]
async fn what_postgresql_has_read_from_its_own_words_is_the_same() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let check = "ALTER TABLE app.users ADD CHECK (name IN ('a', 'b'))";
    client.batch_execute(check).await.unwrap();
    let words = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'users_name_check'";
    let before: String = client.query_one(words, &[]).await.unwrap().get(0);
    let again =
        format!("ALTER TABLE app.users DROP CONSTRAINT users_name_check, ADD CONSTRAINT users_name_check {before}");
    client.batch_execute(&again).await.unwrap();
    let after: String = client.query_one(words, &[]).await.unwrap().get(0);
    assert_ne!(before, after, "a dump and its restore change the words");
    let declared =
        r#""checkConstraints":{"users_name_check":{"name":"users_name_check","value":"name IN ('a', 'b')"},"#;
    project.write("next.json", &SNAPSHOT.replace(r#""checkConstraints":{"#, declared));
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
}

#[tokio::test]
async fn what_is_in_another_schema_is_somebody_elses() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    client.batch_execute("CREATE SCHEMA other; CREATE TABLE other.t (a int)").await.unwrap();
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    let all = diff(&project, &database, "db", "empty");
    assert!(all.stdout.contains(r#"DROP TABLE "other"."t""#), "{}", all.stdout);
}

#[tokio::test]
async fn of_a_table_that_is_declared_elsewhere_the_declared_policy_is_compared_and_nothing_else() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let elsewhere = "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY);
        CREATE POLICY seen ON auth.users FOR SELECT USING (id IN (1, 2)); CREATE POLICY other ON auth.users";
    client.batch_execute(elsewhere).await.unwrap();
    let linked = |condition: &str| {
        let policy = format!(
            r#""roles":{{}},"policies":{{"seen":{{"name":"seen","as":"PERMISSIVE","for":"SELECT","to":["public"],
            "using":"{condition}","on":"\"auth\".\"users\"","schema":"auth"}}}}"#
        );
        SNAPSHOT.replace(r#""roles":{},"policies":{}"#, &policy)
    };
    project.write("next.json", &linked("( id in (1,2) )"));
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    project.write("next.json", &linked("id = 3"));
    let outcome = diff(&project, &database, "db", "next.json");
    expect![[r#"
        ALTER POLICY "seen" ON "auth"."users" TO public USING (id = 3);
    "#]]
    .assert_eq(&outcome.stdout);
}

#[tokio::test]
async fn what_a_filter_leaves_out_is_compared_on_neither_side() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let by_hand = "CREATE TABLE legacy_a (id int); CREATE TABLE other (id int); DROP VIEW adults";
    client.batch_execute(by_hand).await.unwrap();
    let settings = project.read("drizzle.toml");
    let with = |filters: &str| project.write("drizzle.toml", &format!("{filters}\n{settings}"));
    with("tablesFilter = [\"!{legacy_*,adults}\"]");
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("DROP TABLE \"other\" CASCADE;\n", ""));
    with("schemaFilter = \"app\"");
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    with("tablesFilter = \"+(a|b)\"");
    let outcome = diff(&project, &database, "db", "next.json");
    expect![[r#"
        error: tablesFilter in drizzle.toml has a pattern that cannot be read
          caused by: `+(a|b)` is no pattern of names: a group in parentheses is not known; write `*` for any letters and `?` for one
    "#]].assert_eq(&outcome.stderr);
}

#[tokio::test]
async fn objects_are_compared_and_kinds_of_which_none_is_declared_are_left_alone() {
    const OBJECTS: &str = r#"{"version":"1","dialect":"postgresql","domains":{"public.age":{"name":"age","schema":"public",
        "type":"int","checkConstraints":{"adult":{"name":"adult","value":"value>=18"}}}},
        "functions":{"public.one()":{"name":"one","schema":"public","returns":"int","language":"sql","body":"select 1"}}}"#;
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let made = "CREATE DOMAIN age AS int CONSTRAINT adult CHECK (VALUE >= 18);
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'select 1';
        CREATE TYPE by_hand AS (a int); COMMENT ON TYPE by_hand IS 'whose?'; CREATE EXTENSION citext";
    client.batch_execute(made).await.unwrap();
    project.write("_next_objects.json", OBJECTS);
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    expect![[r#"
        note: not declared, and left alone: comment type public.by_hand
        note: not declared, and left alone: composite type public.by_hand
        note: not declared, and left alone: extension citext
    "#]]
    .assert_eq(&outcome.stderr);
    let by_hand =
        "ALTER DOMAIN age DROP CONSTRAINT adult; CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'select 2'";
    client.batch_execute(by_hand).await.unwrap();
    let outcome = diff(&project, &database, "db", "next.json");
    expect![[r#"
        ALTER DOMAIN "public"."age" ADD CONSTRAINT "adult" CHECK (VALUE >= 18);--> statement-breakpoint
        DROP FUNCTION "public"."two"();
    "#]]
    .assert_eq(&outcome.stdout);
}

#[tokio::test]
async fn what_no_schema_can_say_is_named_and_not_in_the_way() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let more = "CREATE AGGREGATE f(int) (SFUNC = int4pl, STYPE = int); CREATE FUNCTION g() RETURNS int RETURN 1;
        CREATE RULE r AS ON DELETE TO app.users DO INSTEAD NOTHING; CREATE RULE s AS ON UPDATE TO app.users DO NOTHING";
    client.batch_execute(more).await.unwrap();
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    expect![[r#"
        note: not compared: aggregate public.f(integer)
        note: not compared: body that is no text public.g()
        note: not compared: rule r on app.users, s on app.users
    "#]]
    .assert_eq(&outcome.stderr);
}

#[tokio::test]
async fn a_function_that_a_migration_made_by_hand_is_there_for_the_schema_in_code() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let change = "CREATE FUNCTION app.age() RETURNS int LANGUAGE sql AS 'SELECT 1';
        ALTER TABLE app.users ALTER COLUMN age SET DEFAULT app.age()";
    client.batch_execute(change).await.unwrap();
    project.write("next.json", &SNAPSHOT.replace("(1+1)", "app.age( )"));
    let outcome = diff(&project, &database, "db", "next.json");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
}

#[tokio::test]
async fn a_role_that_may_not_create_a_scratch_database_is_told_what_it_lacks() {
    let (project, database) = built().await;
    let client = database.connect().await.unwrap();
    let role = format!("{}_reader", database.name());
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 's3cret-word'");
    client.batch_execute(&make).await.unwrap();
    let (scheme, host) = ("postgres://", database.url().reveal().rsplit_once('@').unwrap().1);
    let url = format!("{scheme}{role}:s3cret-word@{host}");
    let outcome = diff(&project, &database, &url, "next.json");
    client.batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("the role lacks CREATEDB"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("s3cret"), "{}", outcome.stderr);
}

#[test]
fn a_server_that_does_not_answer_is_named_without_the_password() {
    let outcome = Project::bare().run(&["diff", "--from", "postgres://app:s3cret@127.0.0.1:1/app", "--to", "empty"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("127.0.0.1:1") && !outcome.stderr.contains("s3cret"), "{}", outcome.stderr);
}

#[tokio::test]
async fn after_migrate_the_database_is_what_the_code_declares() {
    let database = Database::empty().await.unwrap();
    let project = Project::of_the_api(&workspace().join("drizzle/migrations"));
    let migrated = project.run(&["migrate", "--url", database.url().reveal()]);
    assert_eq!(migrated.code, 0, "{}", migrated.stderr);
    for (from, to) in [("db", "code"), ("code", "db")] {
        let outcome = diff(&project, &database, from, to);
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
    }
}
