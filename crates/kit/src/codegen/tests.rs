use expect_test::{Expect, expect};
use schema::build::{
    Additions, Check, Column, Comment, ForeignKey, Function, Index, IndexColumn, Object, Policy, PrimaryKey, Role,
    Table, Unique, View, enumeration, schema, types,
};
use schema::{CommentKind, PolicyCommand, ReferentialAction};

use super::{Crate, Layout, rust};

fn check(objects: impl IntoIterator<Item = Object>, expected: Expect) {
    expected.assert_eq(&rust(&schema(objects).unwrap(), Layout::OneFile).files["schema.rs"]);
}

fn users() -> Table {
    let role = enumeration("user_role", ["member", "super admin"]);
    Table::new("users")
        .column(Column::new("id", types::uuid()).primary_key().default_random())
        .column(Column::new("email", types::varchar(255)).not_null().unique().comment("As it was entered."))
        .column(Column::new("type", types::enumeration(&role)).not_null().default_text("super admin"))
        .column(Column::new("createdAt", types::timestamp_with_time_zone()).not_null().default_now())
        .comment("A person with an account.")
}

#[test]
fn a_schema_is_written_as_a_person_would() {
    let key = ForeignKey::new(["author_id"]).references("users", ["id"]).on_delete(ReferentialAction::Cascade);
    let posts = Table::new("posts")
        .column(Column::new("id", types::bigserial()).primary_key())
        .column(Column::new("author_id", types::uuid()).not_null().references_as(key))
        .column(Column::new("tags", types::text().array()).not_null().default_sql("'{}'"))
        .column(Column::new("likes", types::integer()).not_null().default_number(-1))
        .unique(Unique::on(["author_id", "id"]).nulls_not_distinct())
        .index(Index::on([IndexColumn::expression("lower(tags[1])"), IndexColumn::column("likes").desc()]).name("i"))
        .check(Check::new("likes_at_least", "likes >= -1"))
        .policy(Policy::new("own").for_command(PolicyCommand::Select).to(["member"]).using("true"));
    let role = enumeration("user_role", ["member", "super admin"]);
    let view = View::new("emails").query("select email from users").column(Column::new("email", types::text()));
    check(
        [role.into(), users().into(), posts.into(), view.into(), Role::new("member").into()],
        expect![[r#"
            //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
            //! docs/schema.md has every attribute.

            #![allow(missing_docs, reason = "the names of the database say what it is")]

            use chrono::{DateTime, Utc};
            use schema::{PgEnum, PgTable, PgView, build, pg_objects};
            use uuid::Uuid;

            #[pg_objects]
            fn roles() -> [build::Role; 1] {
                [build::Role::new("member")]
            }

            #[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
            #[pg_enum("user_role")]
            pub enum UserRole {
                Member,
                #[value("super admin")]
                SuperAdmin,
            }

            #[derive(Clone, Debug, PgTable)]
            #[table("posts")]
            #[unique(on(author_id, id), nulls_not_distinct)]
            #[index(name = "i", on(sql("lower(tags[1])"), likes.desc()))]
            #[check("likes_at_least", "likes >= -1")]
            #[policy("own", for = select, to("member"), using = "true")]
            pub struct Post {
                #[column(bigserial, primary_key)]
                pub id: i64,
                #[column(references(User::id, on_delete = cascade))]
                pub author_id: Uuid,
                #[column(default = [])]
                pub tags: Vec<String>,
                #[column(default = -1)]
                pub likes: i32,
            }

            /// A person with an account.
            #[derive(Clone, Debug, PgTable)]
            #[table("users", comments)]
            pub struct User {
                #[column(primary_key, default_random)]
                pub id: Uuid,
                /// As it was entered.
                #[column(varchar(255), unique)]
                pub email: String,
                #[column(default = UserRole::SuperAdmin)]
                pub r#type: UserRole,
                #[column(name = "createdAt", default_now)]
                pub created_at: DateTime<Utc>,
            }

            #[derive(Clone, Debug, PgView)]
            #[view("emails", query = "select email from users")]
            pub struct Email {
                pub email: Option<String>,
            }
        "#]],
    );
}

#[test]
fn what_a_struct_cannot_say_is_given_by_functions() {
    let objects = [
        Table::new("t").column(Column::new("a", types::bigint()).references("gone", "id")).into(),
        Additions::to("t").storage_parameter("fillfactor", "70").into(),
        Function::new("touch").returns("trigger").plpgsql("begin\n  return new;\nend").into(),
        Comment::on(CommentKind::Schema, "public", "ours").into(),
    ];
    check(
        objects,
        expect![[r#"
        //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
        //! docs/schema.md has every attribute.

        #![allow(missing_docs, reason = "the names of the database say what it is")]

        use schema::{PgTable, build, pg_objects};

        #[pg_objects]
        fn database_comments() -> [build::Comment; 1] {
            [build::Comment::on(schema::CommentKind::Schema, "public", "ours")]
        }

        #[derive(Clone, Debug, PgTable)]
        #[table("t")]
        pub struct T {
            pub a: Option<i64>,
        }

        #[pg_objects]
        fn additions() -> [build::Additions; 1] {
            [
                build::Additions::to("t")
                    .foreign_key(build::ForeignKey::new(["a"]).references("gone", ["id"]))
                    .storage_parameter("fillfactor", "70"),
            ]
        }

        #[pg_objects]
        fn touch() -> [build::Function; 1] {
            const BODY: &str = "begin
          return new;
        end";
            [build::Function::new("touch").returns("trigger").plpgsql(BODY)]
        }
    "#]],
    );
}

#[test]
fn an_enum_names_its_derive_by_the_path_where_a_struct_has_that_name() {
    let enums = Table::new("pg_enums").column(Column::new("id", types::integer()));
    check(
        [enums.into(), enumeration("mood", ["calm"]).into()],
        expect![[r#"
        //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
        //! docs/schema.md has every attribute.

        #![allow(missing_docs, reason = "the names of the database say what it is")]

        use schema::PgTable;

        #[derive(Clone, Copy, Debug, PartialEq, Eq, schema::PgEnum)]
        #[pg_enum("mood")]
        pub enum Mood {
            Calm,
        }

        #[derive(Clone, Debug, PgTable)]
        #[table("pg_enums")]
        pub struct PgEnum {
            pub id: Option<i32>,
        }
    "#]],
    );
}

#[test]
fn the_type_of_a_column_keeps_its_schema_where_no_such_enum_is_declared() {
    let types_of =
        [("mood", "auth", "mood"), ("moods", "Au", "Mood[]"), ("own", "public", "mood"), ("odd", "auth", "text")];
    let table =
        types_of.iter().fold(Table::new("t"), |table, (name, ..)| table.column(Column::new(*name, types::text())));
    let mut declared = schema([table.into()]).unwrap();
    for (name, in_schema, sql_type) in types_of {
        let column = &mut declared.tables["public.t"].columns[name];
        (column.type_schema, column.sql_type) = (Some(in_schema.to_owned()), sql_type.to_owned());
    }
    expect![[r##"
        //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
        //! docs/schema.md has every attribute.

        #![allow(missing_docs, reason = "the names of the database say what it is")]

        use schema::PgTable;

        #[derive(Clone, Debug, PgTable)]
        #[table("t")]
        pub struct T {
            #[column(custom("auth.mood"))]
            pub mood: Option<String>,
            #[column(custom(r#""Au"."Mood""#))]
            pub moods: Option<Vec<String>>,
            #[column(custom("mood"))]
            pub own: Option<String>,
            #[column(custom("auth.text"))]
            pub odd: Option<String>,
        }
    "##]]
    .assert_eq(&rust(&declared, Layout::OneFile).files["schema.rs"]);
}

#[test]
fn a_file_per_schema_refers_to_the_others_by_their_module() {
    let posts =
        Table::new("posts").in_schema("blog").column(Column::new("by", types::uuid()).references("users", "id"));
    let role = enumeration("user_role", ["member", "super admin"]);
    let source = rust(&schema([role.into(), users().into(), posts.into()]).unwrap(), Layout::FilePerSchema);
    let files: Vec<&str> = source.files.keys().map(String::as_str).collect();
    assert_eq!(files, ["schema/blog.rs", "schema/mod.rs", "schema/public.rs"]);
    assert_eq!(source.crates.into_iter().collect::<Vec<_>>(), [Crate::Chrono, Crate::Uuid]);
    expect![[r#"
        //! The schema `blog`.

        use schema::PgTable;
        use uuid::Uuid;

        use super::public;

        #[derive(Clone, Debug, PgTable)]
        #[table("posts", schema = "blog")]
        pub struct Post {
            #[column(references(public::User::id))]
            pub by: Option<Uuid>,
        }
    "#]]
    .assert_eq(&source.files["schema/blog.rs"]);
    expect![[r#"
        //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
        //! docs/schema.md has every attribute.

        #![allow(missing_docs, reason = "the names of the database say what it is")]

        pub mod public;
        pub mod blog;

        pub use public::*;
    "#]]
    .assert_eq(&source.files["schema/mod.rs"]);
}

#[test]
fn what_no_snapshot_holds_of_keys_and_indexes_is_said_by_attributes_and_else_by_additions() {
    let columns = ["id", "email", "type"];
    let table = columns
        .into_iter()
        .fold(Table::new("users"), |table, name| table.column(Column::new(name, types::integer()).not_null()));
    let elsewhere = ForeignKey::new(["id"]).references("users", ["id"]).in_schema("auth");
    let table = table
        .primary_key(PrimaryKey::on(["id"]).name("users_pkey").include(["type"]).deferrable())
        .unique(Unique::on(["email"]).initially_deferred())
        .unique(Unique::on(["type"]).name("one").include(["id"]).deferrable())
        .unique(Unique::on(["id"]))
        .index(Index::on(["id"]).include(["email", "type"]))
        .index(Index::on(["type"]).unique().nulls_not_distinct().filter("true"))
        .index(Index::on(["id"]).name("odd").include(["type"]).with("a b", 1))
        .check(Check::new("positive", "id > 0").no_inherit())
        .foreign_key(ForeignKey::new(["type"]).references("users", ["id"]).match_full().initially_deferred())
        .foreign_key(ForeignKey::new(["id", "email"]).references("users", ["id", "email"]).deferrable())
        .foreign_key(elsewhere.match_full().deferrable())
        .unique(Unique::on(["id", "email"]));
    check(
        [table.into()],
        expect![[r#"
            //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
            //! docs/schema.md has every attribute.

            #![allow(missing_docs, reason = "the names of the database say what it is")]

            use schema::{PgTable, build, pg_objects};

            #[derive(Clone, Debug, PgTable)]
            #[table("users")]
            #[primary_key(on(id), name = "users_pkey", include(r#type), deferrable)]
            #[unique(on(r#type), name = "one", deferrable, include(id))]
            #[unique(on(id, email))]
            #[index(on(id), include(email, r#type))]
            #[index(on(r#type), unique, nulls_not_distinct, filter = "true")]
            #[check("positive", "id > 0", no_inherit)]
            #[foreign_key(on(id, email), references(User::id, User::email), deferrable)]
            pub struct User {
                #[column(unique)]
                pub id: i32,
                #[column(unique(initially_deferred))]
                pub email: i32,
                #[column(references(User::id, match_full, initially_deferred))]
                pub r#type: i32,
            }

            #[pg_objects]
            fn additions() -> [build::Additions; 1] {
                [
                    build::Additions::to("users")
                        .foreign_key(
                            build::ForeignKey::new(["id"]).references("users", ["id"]).in_schema("auth").match_full().deferrable(),
                        )
                        .index(build::Index::on([build::IndexColumn::column("id")]).name("odd").with("a b", 1).include(["type"])),
                ]
            }
        "#]],
    );
}

#[test]
fn a_materialized_view_has_its_indexes_on_the_struct_or_by_the_builder() {
    let view = |name: &str| {
        View::new(name)
            .query("select id, name from users")
            .materialized()
            .column(Column::new("id", types::integer()))
            .column(Column::new("name", types::text()))
    };
    let lower = IndexColumn::expression("lower(name)").desc();
    check(
        [
            view("seen")
                .index(Index::on(["id"]))
                .index(Index::on([IndexColumn::column("name"), lower]).name("lower").unique().filter("id > 0"))
                .into(),
            view("odd").index(Index::on(["id"]).name("by_id").with("a b", 1)).into(),
        ],
        expect![[r#"
            //! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
            //! docs/schema.md has every attribute.

            #![allow(missing_docs, reason = "the names of the database say what it is")]

            use schema::{PgView, build, pg_objects};

            #[derive(Clone, Debug, PgView)]
            #[view("seen", materialized, query = "select id, name from users")]
            #[index(name = "lower", on(name, sql("lower(name)").desc()), unique, filter = "id > 0")]
            pub struct Seen {
                #[column(index)]
                pub id: Option<i32>,
                pub name: Option<String>,
            }

            #[pg_objects]
            fn views() -> [build::View; 1] {
                [
                    build::View::new("odd")
                        .query("select id, name from users")
                        .materialized()
                        .column(build::Column::new("id", build::types::custom("integer")))
                        .column(build::Column::new("name", build::types::custom("text")))
                        .index(build::Index::on([build::IndexColumn::column("id")]).name("by_id").with("a b", 1)),
                ]
            }
        "#]],
    );
}
