use expect_test::expect;
use schema::build::{
    Check, Column, ForeignKey, Identity, Index, IndexColumn, PrimaryKey, Table, Unique, enumeration, schema, types,
};
use schema::{ReferentialAction, Schema};

use super::{dbml, mermaid};

fn blog() -> Schema {
    let role = enumeration("user_role", ["member", "admin"]);
    let users = Table::new("users")
        .column(Column::new("id", types::uuid()).primary_key().default_random())
        .column(Column::new("email", types::varchar(255)).not_null().unique().comment("as it was entered"))
        .column(Column::new("role", types::enumeration(&role)).not_null().default_text("member"))
        .comment("A person with an account.");
    let posts = Table::new("posts")
        .in_schema("app")
        .column(Column::new("id", types::bigint()).primary_key().identity(Identity::always()))
        .column(Column::new("author_id", types::uuid()).not_null().references_as(
            ForeignKey::new(["author_id"]).references("users", ["id"]).on_delete(ReferentialAction::Cascade),
        ))
        .column(Column::new("likes", types::integer()).not_null().default_number(0))
        .column(Column::new("tags", types::text().array()))
        .index(Index::on(["author_id", "likes"]).filter("likes > 0"))
        .check(Check::new("likes", "likes >= 0"));
    let profiles = Table::new("profiles")
        .column(Column::new("user_id", types::uuid()).references("users", "id").unique())
        .column(Column::new("a", types::integer()).not_null())
        .primary_key(PrimaryKey::on(["user_id", "a"]))
        .unique(Unique::on(["a", "user_id"]));
    schema([role.into(), users.into(), posts.into(), profiles.into()]).unwrap()
}

/// Names that each language would stumble over.
fn odd() -> Schema {
    let mood = enumeration("mood \"x", ["it's", "a \"b\"", "back\\slash", ""]);
    let users = Table::new("us\"ers")
        .column(Column::new("i d", types::serial()).primary_key())
        .column(Column::new("q\"c", types::enumeration(&mood).array()))
        .column(Column::new("n\nl", types::text()).default_text("it's \\ \"x\""))
        .column(Column::new("smile 😀", types::numeric_with_scale(10, 2)))
        .column(Column::new("b`t", types::text()).default_sql("lower('`')"))
        .index(Index::on([IndexColumn::expression("lower(\"n\nl\")"), "i d".into()]).name("ix \"1"))
        .comment("It's a \"table\"\nwith \\ lines");
    let title = Table::new("title")
        .column(Column::new("class", types::integer()).references("us\"ers", "i d"))
        .column(Column::new("Pk-1", types::integer()))
        .column(Column::new("~#50%~", types::integer()));
    schema([mood.into(), users.into(), title.into(), Table::new("to").into()]).unwrap()
}

#[test]
fn dbml_has_tables_keys_indexes_checks_comments_and_references() {
    expect![[r#"
        Enum "user_role" {
          "member"
          "admin"
        }

        Table "app"."posts" {
          "id" bigint [pk, increment]
          "author_id" uuid [not null]
          "likes" integer [not null, default: 0]
          "tags" "text[]"

          indexes {
            ("author_id", "likes") [name: 'posts_author_id_likes_index', type: btree, note: 'where likes > 0']
          }

          checks {
            `likes >= 0` [name: 'likes']
          }
        }

        Table "profiles" {
          "user_id" uuid [unique]
          "a" integer [not null]

          indexes {
            ("user_id", "a") [pk, name: 'profiles_user_id_a_pk']
            ("a", "user_id") [unique, name: 'profiles_a_user_id_unique']
          }
        }

        Table "users" {
          "id" uuid [pk, default: `gen_random_uuid()`]
          "email" varchar(255) [not null, unique, note: 'as it was entered']
          "role" "user_role" [not null, default: 'member']

          Note: 'A person with an account.'
        }

        Ref "posts_author_id_users_id_fk": "app"."posts"."author_id" > "users"."id" [delete: cascade]

        Ref "profiles_user_id_users_id_fk": "profiles"."user_id" - "users"."id"
    "#]]
    .assert_eq(&dbml(&blog()));
}

#[test]
fn dbml_quotes_each_name_and_text_as_it_reads_them() {
    expect![[r#"
        Enum "mood \"x" {
          "it's"
          "a \"b\""
          "back\\slash"
          "(empty)"
        }

        Table "title" {
          "class" integer
          "Pk-1" integer
          "~#50%~" integer
        }

        // "to" has no columns, and DBML has no such table.

        Table "us\"ers" {
          "i d" serial [pk, increment]
          "q\"c" "mood \"x"[]
          "n\nl" text [default: 'it\'s \\ "x"']
          "smile 😀" numeric(10, 2)
          "b`t" text [default: `lower(''')`]

          indexes {
            (`lower("n
        l")`, "i d") [name: 'ix "1', type: btree]
          }

          Note: '''It\'s a "table"
        with \\ lines'''
        }

        Ref "title_class_us\"ers_i d_fk": "title"."class" > "us\"ers"."i d"
    "#]]
    .assert_eq(&dbml(&odd()));
}

#[test]
fn mermaid_has_columns_keys_and_how_many_rows_meet() {
    expect![[r#"
        erDiagram
            table_1["app.posts"] {
                bigint id PK
                uuid author_id FK
                integer likes
                text[] tags "null"
            }
            profiles {
                uuid user_id PK, FK, UK
                integer a PK
            }
            users {
                uuid id PK
                varchar(255) email UK
                user_role role
            }
            users ||--o{ table_1 : "author_id"
            users ||--o| profiles : "user_id"
    "#]]
    .assert_eq(&mermaid(&blog()));
}

#[test]
fn mermaid_has_words_for_names_and_the_names_as_labels() {
    expect![[r##"
        erDiagram
            table_1["title"] {
                integer class FK "null"
                integer _Pk-1 "Pk-1, null"
                integer __50__ "#126;#35;50#37;#126;, null"
            }
            table_2["to"] {
            }
            table_3["us#quot;ers"] {
                serial i_d PK "i d"
                mood__x[] q_c "q#quot;c, null"
                text n_l "n l, null"
                numeric(10__2) smile__ "smile 😀, null"
                text b_t "b`t, null"
            }
            table_3 |o--o{ table_1 : "class"
    "##]]
    .assert_eq(&mermaid(&odd()));
}
