//! Rows of a declared view on a real PostgreSQL.
#![cfg(all(feature = "rows", feature = "chrono", feature = "uuid"))]
#![allow(missing_docs, unreachable_pub)]

mod support;

use chrono::{DateTime, TimeZone, Utc};
use schema::build::{self, Index, IndexColumn, View};
use schema::rows::FromRow;
use schema::{PgColumns, PgEnum, PgView, quote};
use sea_query::{ExprTrait, Order, PostgresQueryBuilder, Query};
use sea_query_postgres::PostgresBinder;
use uuid::Uuid;

#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq)]
#[pg_enum("view_role")]
pub enum Role {
    Member,
    Admin,
}

#[derive(PgColumns, Clone, Debug, PartialEq)]
pub struct Times {
    #[column(default_now)]
    pub joined_at: DateTime<Utc>,
    pub left_at: Option<DateTime<Utc>>,
}

/// The query as the declaration has it; the test below keeps it equal to the builder's.
const PEOPLE: &str =
    r#"SELECT "id", "name", "nick" AS "called", "role", "joined_at", "left_at" FROM "people" WHERE "role" IS NOT NULL"#;

#[derive(PgView, Clone, Debug, PartialEq)]
#[view("Known People", schema = "View Test", query = PEOPLE, materialized)]
#[index(name = "people", on(times.joined_at.desc(), nick.nulls_first().op("text_pattern_ops")), unique)]
#[index(on(role, name), filter = "called <> ''", with(fillfactor = 70), concurrently)]
pub struct Person {
    #[column(index)]
    pub id: Uuid,
    pub name: String,
    #[column(name = "called")]
    pub nick: Option<String>,
    pub role: Role,
    #[column(flatten)]
    pub times: Times,
}

const TABLE: &str = r#"
    CREATE TYPE view_role AS ENUM ('member', 'admin');
    CREATE TABLE people (
        id uuid PRIMARY KEY, name text NOT NULL, nick text, role view_role,
        joined_at timestamptz NOT NULL, left_at timestamptz
    );
    INSERT INTO people VALUES
        ('00000000-0000-0000-0000-000000000001', 'Ada', NULL, 'admin', '2024-02-29 12:00+00', NULL),
        ('00000000-0000-0000-0000-000000000002', 'Bob', 'b', 'member', '2024-02-29 12:00+00', '2024-03-01 12:00+00'),
        ('00000000-0000-0000-0000-000000000003', 'Eve', NULL, NULL, '2024-02-29 12:00+00', NULL);
    CREATE SCHEMA "View Test";"#;

#[tokio::test]
async fn the_rows_of_a_view_are_read_as_its_struct() {
    let (_database, client) = support::database().await;
    client.batch_execute(TABLE).await.expect("the table");
    let declared = schema::declared().expect("the declaration is right");
    let view = &declared.views["View Test.Known People"];
    let name = format!("{}.{}", quote::ident(&view.schema), quote::ident(&view.name));
    let query = view.definition.as_deref().expect("the view has a query");
    client.batch_execute(&format!("CREATE MATERIALIZED VIEW {name} AS {query}")).await.expect("the view");

    let select = Query::select()
        .columns(Person::columns())
        .from(Person::TABLE)
        .and_where(Person::role.is_in([Role::Member, Role::Admin]))
        .order_by(Person::nick.qualified(), Order::Desc)
        .take();
    let (sql, values) = select.build_postgres(PostgresQueryBuilder);
    let rows = client.query(&sql, &values.as_params()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let people: Vec<Person> = rows.iter().map(|row| Person::from_row(row).expect("it decodes")).collect();

    let day = |month, day| Utc.with_ymd_and_hms(2024, month, day, 12, 0, 0).single().expect("a time");
    let person = |id, name: &str, nick: Option<&str>, role, left_at| Person {
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        nick: nick.map(str::to_owned),
        role,
        times: Times { joined_at: day(2, 29), left_at },
    };
    // NULL comes first in descending order.
    assert_eq!(
        people,
        [person(1, "Ada", None, Role::Admin, None), person(2, "Bob", Some("b"), Role::Member, Some(day(3, 1)))]
    );
}

#[test]
fn a_materialized_view_has_indexes_as_a_table_has() {
    let declared = schema::declared().expect("the declaration is right");
    let built = View::new("v")
        .query("")
        .materialized()
        .index(Index::on(["id"]).name("Known People_id_index"))
        .index(
            Index::on([
                IndexColumn::column("joined_at").desc(),
                IndexColumn::column("called").nulls_first().operator_class("text_pattern_ops"),
            ])
            .name("people")
            .unique(),
        )
        .index(
            Index::on(["role", "name"])
                .name("Known People_role_name_index")
                .filter("called <> ''")
                .with("fillfactor", 70)
                .concurrently(),
        );
    let built = build::schema([built.into()]).expect("the view is right");
    assert_eq!(declared.objects.views["View Test.Known People"], built.objects.views["public.v"]);
}

#[test]
fn the_identifiers_of_a_view_stand_in_queries() {
    let columns: Vec<_> = Person::columns().iter().map(|column| column.name).collect();
    assert_eq!(columns, ["id", "name", "called", "role", "joined_at", "left_at"]);
    let select = Query::select().column(Person::nick.qualified()).from(Person::TABLE).to_string(PostgresQueryBuilder);
    assert_eq!(select, r#"SELECT "View Test"."Known People"."called" FROM "View Test"."Known People""#);
}

#[test]
fn the_text_of_a_view_is_what_the_builder_says() {
    let built = Query::select()
        .columns(["id", "name"])
        .expr_as(sea_query::Expr::col("nick"), "called")
        .columns(["role", "joined_at", "left_at"])
        .from("people")
        .and_where(sea_query::Expr::col("role").is_not_null())
        .take();
    assert_eq!(PEOPLE, built.to_string(PostgresQueryBuilder));
}
