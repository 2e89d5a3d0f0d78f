//! Typed rows on a real PostgreSQL: what was written is what is read.
#![cfg(all(feature = "rows", feature = "chrono", feature = "uuid", feature = "rust_decimal"))]
#![allow(missing_docs, unreachable_pub)]

mod support;

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use schema::rows::{Changes, FromRow, expr, param};
use schema::{Interval, Json, Line, PgColumns, PgEnum, PgTable, PgType, Point};
use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
use sea_query_postgres::PostgresBinder;
use serde::{Deserialize, Serialize};
use tokio_postgres::Client;
use uuid::Uuid;

#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[pg_enum("row_role")]
pub enum Role {
    Member,
    Admin,
}

#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq)]
#[pg_enum("outcome")]
enum Outcome {
    Ok,
    Err,
}

#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[pg_enum("mood", schema = "Row Test")]
pub enum Mood {
    #[value("it's fine")]
    Fine,
    Sad,
}

#[derive(PgType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowId(pub Uuid);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub theme: String,
    pub size: u8,
}

#[derive(PgColumns, Clone, Debug, PartialEq)]
#[table(changes(derive(Debug, PartialEq, Deserialize)))]
pub struct Timestamps {
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("every row", schema = "Row Test", changes(derive(Debug, PartialEq, Deserialize)))]
pub struct Row {
    #[column(primary_key, default_random)]
    pub id: RowId,
    #[column(generated = "lower(name)")]
    pub lower: Option<String>,
    #[column(identity)]
    pub number: i64,
    pub name: String,
    pub note: Option<String>,
    #[column(default = "none")]
    pub nick: Option<String>,
    #[column(default = Role::Member)]
    pub role: Role,
    pub roles: Vec<Role>,
    pub mood: Option<Mood>,
    pub moods: Vec<Mood>,
    pub small: i16,
    pub real: f32,
    pub double: f64,
    #[column(numeric(20, 4))]
    pub price: Decimal,
    pub day: NaiveDate,
    pub at: NaiveTime,
    #[column(time(with_time_zone))]
    pub at_zone: String,
    pub span: Interval,
    pub document: serde_json::Value,
    #[column(json)]
    pub settings: Json<Settings>,
    pub address: IpAddr,
    pub addresses: Vec<IpAddr>,
    #[column(cidr)]
    pub network: String,
    #[column(macaddr8)]
    pub mac: String,
    pub place: Point,
    pub border: Line,
    #[column(bit(5))]
    pub flags: String,
    pub bytes: Vec<u8>,
    pub texts: Vec<String>,
    pub matrix: Vec<Vec<i32>>,
    pub sparse: Vec<Option<i32>>,
    #[column(flatten)]
    pub timestamps: Timestamps,
}

const SCHEMA: &str = r#"
    DROP SCHEMA IF EXISTS "Row Test" CASCADE;
    DROP TYPE IF EXISTS row_role;
    CREATE SCHEMA "Row Test";
    CREATE TYPE row_role AS ENUM ('member', 'admin');
    CREATE TYPE "Row Test".mood AS ENUM ('it''s fine', 'sad');
    CREATE TABLE "Row Test"."every row" (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        lower text GENERATED ALWAYS AS (lower(name)) STORED,
        number bigint GENERATED ALWAYS AS IDENTITY,
        name text NOT NULL, note text, nick text DEFAULT 'none',
        role row_role NOT NULL DEFAULT 'member', roles row_role[] NOT NULL,
        mood "Row Test".mood, moods "Row Test".mood[] NOT NULL,
        small smallint NOT NULL, "real" real NOT NULL, double double precision NOT NULL,
        price numeric(20, 4) NOT NULL, day date NOT NULL, at time NOT NULL,
        at_zone time with time zone NOT NULL, span interval NOT NULL,
        document jsonb NOT NULL, settings json NOT NULL,
        address inet NOT NULL, addresses inet[] NOT NULL, network cidr NOT NULL, mac macaddr8 NOT NULL,
        place point NOT NULL, border line NOT NULL, flags bit(5) NOT NULL, bytes bytea NOT NULL,
        texts text[] NOT NULL, matrix integer[][] NOT NULL, sparse integer[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz
    )"#;

fn new_row(name: &str) -> NewRow {
    NewRow {
        id: None,
        name: name.to_owned(),
        note: Some("quote ' and \\ backslash".to_owned()),
        nick: None,
        role: None,
        roles: vec![Role::Admin, Role::Member],
        mood: Some(Mood::Fine),
        moods: vec![Mood::Fine, Mood::Sad],
        small: -3,
        real: 1.5,
        double: 1e300,
        price: Decimal::new(1_234_567, 4),
        day: NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day"),
        at: NaiveTime::from_hms_micro_opt(23, 59, 59, 5).expect("a time"),
        at_zone: "10:30:00.5-02:00".to_owned(),
        span: Interval { months: 14, days: -3, microseconds: -3_723_000_100 },
        document: serde_json::json!({ "a": ["it's", null, 1.5] }),
        settings: Json(Settings { theme: "dark \"x\"".to_owned(), size: 3 }),
        address: "10.0.0.1".parse().expect("an address"),
        addresses: vec!["::1".parse().expect("an address")],
        network: "192.168.0.0/16".to_owned(),
        mac: "08:00:2b:01:02:03:04:05".to_owned(),
        place: Point { x: 1.5, y: -2.0 },
        border: Line { a: 1.0, b: 2.0, c: 3.0 },
        flags: "01011".to_owned(),
        bytes: vec![0, 255, 92, 39],
        texts: vec!["a,b".to_owned(), "q\"q".to_owned(), "it's {} \\".to_owned(), String::new()],
        matrix: vec![vec![1, 2, 3], vec![4, 5, 6]],
        sparse: vec![Some(1), None],
        timestamps: NewTimestamps { created_at: None, updated_at: None },
    }
}

async fn insert(client: &Client, rows: Vec<NewRow>) -> Vec<Row> {
    let mut insert = NewRow::insert_many(rows);
    insert.returning(Query::returning().columns(Row::columns()));
    let (sql, values) = insert.build_postgres(PostgresQueryBuilder);
    let rows = client.query(&sql, &values.as_params()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| Row::from_row(row).unwrap_or_else(|error| panic!("{error:?}"))).collect()
}

/// One test, since its parts share the table.
#[tokio::test]
async fn a_row_that_is_written_changed_and_selected_is_read_as_it_was() {
    let (_database, client) = support::database().await;
    client.batch_execute(SCHEMA).await.expect("the table");

    let given = NewRow { nick: Some(None), role: Some(Role::Admin), mood: None, ..new_row("Second") };
    let [first, second] = <[Row; 2]>::try_from(insert(&client, vec![new_row("First"), given]).await).expect("two rows");
    let expected = new_row("First");
    let written = Row {
        id: first.id,
        lower: Some("first".to_owned()),
        number: 1,
        name: expected.name,
        note: expected.note,
        nick: Some("none".to_owned()),
        role: Role::Member,
        roles: expected.roles,
        mood: expected.mood,
        moods: expected.moods,
        small: expected.small,
        real: expected.real,
        double: expected.double,
        price: expected.price,
        day: expected.day,
        at: expected.at,
        at_zone: expected.at_zone,
        span: expected.span,
        document: expected.document,
        settings: expected.settings,
        address: expected.address,
        addresses: expected.addresses,
        network: expected.network,
        mac: expected.mac,
        place: expected.place,
        border: expected.border,
        flags: expected.flags,
        bytes: expected.bytes,
        texts: expected.texts,
        matrix: expected.matrix,
        sparse: expected.sparse,
        timestamps: Timestamps { created_at: first.timestamps.created_at, updated_at: None },
    };
    assert_eq!(first, written);
    assert_eq!((second.role, second.nick.as_deref(), second.mood), (Role::Admin, None, None));

    assert_eq!(insert(&client, Vec::new()).await, []);

    update(&client, &second).await;
    conditions(&client, &first).await;
    driver_alone(&client).await;
}

/// Every column that a change set has can be changed, to NULL too.
async fn update(client: &Client, row: &Row) {
    let changes = RowChanges {
        note: Some(None),
        role: Some(Role::Member),
        mood: Some(Some(Mood::Sad)),
        roles: Some(Vec::new()),
        matrix: Some(Vec::new()),
        network: Some("10.0.0.0/8".to_owned()),
        address: Some("::2".parse().expect("an address")),
        timestamps: TimestampsChanges { updated_at: Some(Some(row.timestamps.created_at)), ..Default::default() },
        ..RowChanges::default()
    };
    assert!(!changes.is_empty() && RowChanges::default().is_empty());
    let mut statement = changes.into_update();
    statement.and_where(Row::id.eq(row.id)).returning(Query::returning().columns(Row::columns()));
    let (sql, values) = statement.build_postgres(PostgresQueryBuilder);
    let changed = client.query_one(&sql, &values.as_params()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let expected = Row {
        note: None,
        role: Role::Member,
        mood: Some(Mood::Sad),
        roles: Vec::new(),
        matrix: Vec::new(),
        network: "10.0.0.0/8".to_owned(),
        address: "::2".parse().expect("an address"),
        timestamps: Timestamps { updated_at: Some(row.timestamps.created_at), ..row.timestamps.clone() },
        ..row.clone()
    };
    assert_eq!(Row::from_row(&changed).expect("it decodes"), expected);
}

/// Enums and newtypes stand in conditions as they are.
async fn conditions(client: &Client, row: &Row) {
    let query = Query::select()
        .columns(Row::columns())
        .from(Row::TABLE)
        .and_where(Row::role.is_in([Role::Member]))
        .and_where(Expr::col(Row::id.qualified()).eq(row.id))
        .and_where(Row::mood.eq(Mood::Fine))
        .order_by(Row::name, sea_query::Order::Asc)
        .to_owned();
    let (sql, values) = query.build_postgres(PostgresQueryBuilder);
    let found = client.query_one(&sql, &values.as_params()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    assert_eq!(&Row::from_row(&found).expect("it decodes"), row);
}

/// An enum is a parameter and a result of the driver itself.
async fn driver_alone(client: &Client) {
    let row = client.query_one("SELECT $1::row_role", &[&param(Role::Admin)]).await.expect("an enum is bound");
    assert_eq!(row.get::<_, Role>(0), Role::Admin);
}

#[tokio::test]
async fn a_document_that_has_no_json_fails_its_query_and_says_why() {
    let (_database, client) = support::database().await;
    // JSON has no keys that are pairs.
    let document = || Json(BTreeMap::from([((1, 2), 3)]));
    let ways = [
        expr(document(), None),
        expr(document(), Some("json")),
        expr(Some(document()), None),
        expr(vec![document()], None),
    ];
    for way in ways {
        let (sql, values) = Query::select().expr(way).build_postgres(PostgresQueryBuilder);
        let refused = client.query(&sql, &values.as_params()).await.expect_err(&sql);
        let told = format!("{:?}", refused.as_db_error().expect("the server refuses it"));
        assert!(told.contains("cannot be written as JSON: key must be a string"), "{told}");
    }
    client.query("SELECT $1::jsonb", &[&param(document())]).await.expect_err("nor as a parameter by itself");
}

#[test]
fn a_change_set_tells_null_from_absence() {
    let changes: RowChanges = serde_json::from_str(r#"{ "note": null, "small": 3 }"#).expect("a change set");
    let expected = RowChanges { note: Some(None), small: Some(3), ..RowChanges::default() };
    assert_eq!(changes, expected);
    let refused = serde_json::from_str::<RowChanges>(r#"{ "small": null }"#).expect_err("small is NOT NULL");
    assert!(refused.to_string().contains("null"), "{refused}");
}

#[test]
fn an_enum_may_have_the_variants_of_a_result() {
    assert_eq!("err".parse::<Outcome>(), Ok(Outcome::Err));
    assert_eq!(Outcome::Ok.to_string(), "ok");
}
