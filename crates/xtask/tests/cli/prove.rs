//! `prove` and `generate --prove`, in scratch databases on a real server.

use devdb::test::Database;
use expect_test::expect;
use schema::build::{self, Column, Index, Policy, Role, Table, types};
use schema::snapshot::ORIGIN_ID;
use schema::{Schema, Snapshot};

use crate::support::{Outcome, Project};

const USERS: &str = r#"
#[derive(PgTable)]
#[table("users")]
pub struct User {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    pub name: String,
}
"#;

const POSTS: &str = r#"
#[derive(PgTable)]
#[table("posts")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
}
"#;

/// A project and the server that it is to make its databases on.
struct Story {
    project: Project,
    server: Database,
    url: String,
}

impl Story {
    async fn new() -> Self {
        Story::of(Project::new(USERS), Database::empty().await.unwrap())
    }

    fn of(project: Project, server: Database) -> Self {
        let url = server.url().reveal().to_owned();
        Story { project, server, url }
    }

    fn run(&self, args: &[&str]) -> Outcome {
        let mut command = self.project.command(args);
        command.env("TEST_DATABASE_URL", &self.url).stdin(std::process::Stdio::null());
        command.output().unwrap().into()
    }

    /// Runs what must succeed, and returns what it printed.
    fn succeed(&self, args: &[&str]) -> String {
        let outcome = self.run(args);
        assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
        outcome.stdout
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_is_proven_before_it_is_written_and_afterwards() {
    let story = Story::new().await;
    let nothing = story.run(&["prove"]);
    assert_eq!(nothing.code, 1);
    assert_eq!(nothing.stderr, "error: there is no migration yet; `cargo xtask generate` writes the first\n");

    let first = story.succeed(&["generate", "--prove"]);
    expect![[r#"
        proven create_users
          the catalog is that of the schema built from empty
          no rows were to be kept
          the way back leads to the schema before it
        wrote migrations/0000_create_users.sql

          CREATE TABLE "users" (
          	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
          	"name" text NOT NULL
          );

        1 statement; nothing needs special care
        next: review the SQL, then `cargo xtask migrate`, and commit schema and migration together
    "#]]
    .assert_eq(&first);
    assert_eq!(story.succeed(&["prove"]), story.succeed(&["prove", "0000"]));

    // A column that rows cannot have yet: the schema is reached, and PostgreSQL's refusal is told.
    story.project.declare(&USERS.replace("pub name", "pub email: String,\n    pub name"));
    story.succeed(&["generate", "--prove"]);
    expect![[r#"
        proven 0001_add_users_email
          refused with sample rows in the tables, and run without: column "email" of relation "users" contains null values (SQLSTATE 23502), statement 1 of 1
            | ALTER TABLE "users" ADD COLUMN "email" text NOT NULL;
          the catalog is that of the schema built from empty
          no rows were to be kept
          the way back leads to the schema before it
    "#]].assert_eq(&story.succeed(&["prove", "0001_add_users_email"]));

    story.project.declare(&USERS.replace("pub name", "pub email: String,\n    pub full_name"));
    story.succeed(&["generate", "--prove", "--rename", "public.users.name=public.users.full_name"]);
    let renamed = story.succeed(&["prove", "0002", "--rename", "public.users.name=public.users.full_name"]);
    expect![[r#"
        proven 0002_rename_users_name_to_full_name
          the catalog is that of the schema built from empty
          rows of 1 table survived
          the way back leads to the schema before it
    "#]]
    .assert_eq(&renamed);

    // What is edited afterwards is found out.
    let file = "migrations/0002_rename_users_name_to_full_name.sql";
    story.project.write(file, &story.project.read(file).replace("\"full_name\"", "\"fullname\""));
    let edited = story.run(&["prove"]);
    assert_eq!(edited.code, 1);
    expect![[r#"
        not proven 0002_rename_users_name_to_full_name
          the catalog is not that of the schema built from empty:
            - column public.users.full_name text not null
            + column public.users.fullname text not null
          rows of 1 table survived
    "#]]
    .assert_eq(&edited.stdout);

    // An emptied table is found out as well.
    story.project.write(file, "ALTER TABLE \"users\" RENAME COLUMN \"name\" TO \"full_name\";--> statement-breakpoint\nDELETE FROM \"users\";");
    let emptied = story.run(&["prove", "--rename", "public.users.name=public.users.full_name"]);
    assert_eq!(emptied.code, 1);
    expect![[r#"
        not proven 0002_rename_users_name_to_full_name
          the catalog is that of the schema built from empty
          rows that were to stay have changed:
            SELECT count(*) FROM "public"."users" gave 2 and now 0
            SELECT "id"::text FROM "public"."users" ORDER BY 1 gave 00000000-0000-0000-0000-000000000001, 00000000-0000-0000-0000-000000000002 and now 
            SELECT "email"::text FROM "public"."users" ORDER BY 1 gave 1, 2 and now 
            SELECT "full_name"::text FROM "public"."users" ORDER BY 1 gave 1, 2 and now 
    "#]].assert_eq(&emptied.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_by_hand_is_told_and_what_collides_with_it_is_not_written() {
    let story = Story::new().await;
    story.succeed(&["generate"]);
    story.succeed(&["generate", "--custom", "--name", "by_hand"]);
    story.project.write("migrations/0001_by_hand.sql", "CREATE TABLE \"posts\" (\"id\" bigint PRIMARY KEY);");
    expect![[r#"
        proven 0001_by_hand
          it makes by hand what the schema in code does not have:
            + column public.posts.id bigint not null
            + constraint posts_pkey on public.posts PRIMARY KEY (id)
            + index CREATE UNIQUE INDEX posts_pkey ON public.posts USING btree (id)
            + relation public.posts kind r persistence p rls f f options  method heap tablespace 
            + relation public.posts_pkey kind i persistence p rls f f options  method  tablespace 
          rows of 1 table survived
    "#]]
    .assert_eq(&story.succeed(&["prove"]));

    story.project.declare(&format!("{USERS}{POSTS}"));
    let before = story.project.migrations();
    let outcome = story.run(&["generate", "--prove"]);
    assert_eq!(outcome.code, 1);
    expect![[r#"
        not proven create_posts
          refused: relation "posts" already exists (SQLSTATE 42P07), statement 1 of 1
            | CREATE TABLE "posts" (
            | 	"id" bigint PRIMARY KEY NOT NULL
            | );
        error: the migration does not hold, see above; nothing was written. Correct the schema or an earlier migration, or write it with --no-prove and correct it by hand
    "#]].assert_eq(&format!("{}{}", outcome.stdout, outcome.stderr));
    assert_eq!(story.project.migrations(), before);
}

/// Writes a migration from one schema to another into the folder.
fn write_migration(project: &Project, tag: &str, previous: &Schema, next: &Schema) {
    let resolved = kit::rename::resolve(previous, next, &kit::rename::Answers::default().create_the_rest());
    let migration = kit::Migration::new(kit::plan::plan(&resolved, next));
    project.write(&format!("migrations/{tag}.sql"), &migration.file(true));
    let snapshot = Snapshot::new(tag.to_owned(), ORIGIN_ID.to_owned(), next.clone());
    project.write(&format!("migrations/meta/{}_snapshot.json", &tag[..4]), &snapshot.to_json());
}

fn write_journal(project: &Project, tags: &[&str]) {
    let entry = |(idx, tag): (usize, &&str)| serde_json::json!({"idx": idx, "version": "7", "when": idx + 1, "tag": tag, "breakpoints": true});
    let entries: Vec<_> = tags.iter().enumerate().map(entry).collect();
    let journal = serde_json::json!({"version": "7", "dialect": "postgresql", "entries": entries});
    project.write("migrations/meta/_journal.json", &journal.to_string());
}

#[tokio::test]
async fn a_schema_that_stands_on_something_made_by_hand_is_run_and_not_compared() {
    let project = Project::bare();
    let table = Table::new("notes").column(Column::new("body", types::text()).default_sql("made_by_hand()"));
    let next = build::schema([table.into()]).unwrap();
    write_migration(&project, "0000_by_hand", &Schema::default(), &Schema::default());
    project
        .write("migrations/0000_by_hand.sql", "CREATE FUNCTION made_by_hand() RETURNS text LANGUAGE sql RETURN 'x';");
    write_migration(&project, "0001_notes", &Schema::default(), &next);
    write_journal(&project, &["0000_by_hand", "0001_notes"]);
    let story = Story::of(project, Database::empty().await.unwrap());
    expect![[r#"
        proven in part: 0001_notes
          the catalog is not compared: the schema cannot be built without what was made by hand: function made_by_hand() does not exist (SQLSTATE 42883), statement 1 of 1
            | CREATE TABLE "notes" (
            | 	"body" text DEFAULT made_by_hand()
            | );
          no rows were to be kept
          the way back leads to the schema before it
    "#]].assert_eq(&story.succeed(&["prove"]));
}

#[tokio::test]
async fn roles_are_made_for_each_attempt_and_gone_afterwards() {
    let server = Database::empty().await.unwrap();
    let name = format!("{}_reader", server.name());
    let table = |columns: &[&str]| {
        let columns = columns.iter().map(|name| Column::new(*name, types::text()).not_null());
        let table = columns.fold(Table::new("notes"), Table::column);
        table.policy(Policy::new("read").to([name.as_str()]).using("true"))
    };
    let schema = |columns: &[&str]| build::schema([Role::new(&name).into(), table(columns).into()]).unwrap();
    let project = Project::bare();
    write_migration(&project, "0000_first", &Schema::default(), &schema(&["body"]));
    write_migration(&project, "0001_second", &schema(&["body"]), &schema(&["body", "title"]));
    write_journal(&project, &["0000_first", "0001_second"]);

    let story = Story::of(project, server);
    expect![[r#"
        proven 0001_second
          refused with sample rows in the tables, and run without: column "title" of relation "notes" contains null values (SQLSTATE 23502), statement 1 of 1
            | ALTER TABLE "notes" ADD COLUMN "title" text NOT NULL;
          the catalog is that of the schema built from empty
          no rows were to be kept
          the way back leads to the schema before it
    "#]].assert_eq(&story.succeed(&["prove"]));
    let first = story.succeed(&["prove", "0000"]);
    assert!(first.contains("the way back leads to the schema before it"), "{first}");
    let client = story.server.connect().await.unwrap();
    let left = client.query("SELECT FROM pg_roles WHERE rolname = $1", &[&name]).await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_statement_that_runs_in_no_transaction_is_proven_outside_of_one() {
    let project = Project::bare();
    let table = || Table::new("notes").column(Column::new("body", types::text()));
    let previous = build::schema([table().into()]).unwrap();
    let index = Index::on(["body"]).name("notes_body").concurrently();
    let next = build::schema([table().index(index).into()]).unwrap();
    write_migration(&project, "0000_notes", &Schema::default(), &previous);
    write_migration(&project, "0001_index", &previous, &next);
    write_journal(&project, &["0000_notes", "0001_index"]);
    assert!(project.read("migrations/0001_index.sql").starts_with("CREATE INDEX CONCURRENTLY"));
    let story = Story::of(project, Database::empty().await.unwrap());
    expect![[r#"
        proven 0001_index
          the catalog is that of the schema built from empty
          rows of 1 table survived
          the way back leads to the schema before it
    "#]]
    .assert_eq(&story.succeed(&["prove"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_a_migration_is_proven_where_a_server_is_up_that_lets_databases_be_made() {
    let mut story = Story::new().await;
    story.project.settings("[generate]\nsafe = false\n");
    let proven = story.succeed(&["generate"]);
    assert_eq!(proven.lines().next(), Some("proven create_users"), "{proven}");

    let role = format!("guest_{}", std::process::id());
    let client = story.server.connect().await.unwrap();
    client.batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'guest'")).await.unwrap();
    let (_, place) = story.server.url().reveal().split_once('@').unwrap();
    story.url = format!("postgres://{role}:guest@{place}");
    story.project.declare(&format!("{USERS}{POSTS}"));
    let outcome = story.run(&["generate"]);
    client.batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("wrote migrations/0001_create_posts.sql"), "{}", outcome.stdout);
    let said = "not proven: the server for tests lets no database be made; --prove proves it anyway\n";
    assert_eq!(outcome.stderr, said);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_make_generate_write_the_safer_form_and_prove_it() {
    let story = Story::new().await;
    story.succeed(&["generate"]);
    story.project.settings("[generate]\nsafe = true\nprove = true\n");
    story.project.declare(&USERS.replace("    pub name: String", "    #[column(unique)]\n    pub name: String"));
    let safer = story.succeed(&["generate"]);
    expect![[r#"
        proven add_users_name_unique
          the catalog is that of the schema built from empty
          rows of 1 table survived
          the way back leads to the schema before it
        wrote migrations/0001_add_users_name_unique.sql

          CREATE UNIQUE INDEX CONCURRENTLY "users_name_unique" ON "users" ("name");
          ALTER TABLE "users" ADD CONSTRAINT "users_name_unique" UNIQUE USING INDEX "users_name_unique";
            ! may fail: index "users_name_unique" runs outside the transaction: if it fails, what the migration did before it stays, and the next run goes on; drizzle-kit's migrate cannot run it
            ! may fail: unique constraint "users_name_unique" fails if "users" has two equal rows

        2 statements; needs care: 2 × may fail
        next: review the SQL, then `cargo xtask migrate`, and commit schema and migration together
    "#]].assert_eq(&safer);
    assert_eq!(story.succeed(&["prove"]).lines().next(), Some("proven 0001_add_users_name_unique"));

    story.project.declare(USERS);
    let plain = story.succeed(&["generate", "--safe=false", "--no-prove"]);
    assert!(plain.starts_with("wrote migrations/0002_"), "{plain}");
}
