//! The Rust twin of drizzle.ts.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use schema::build::{Object, Policy, Role, Sequence};
use schema::{
    Interval, Json, Line, PgColumns, PgEnum, PgTable, PgType, PgView, Point, PolicyCommand, Vector, pg_objects,
};
use uuid::Uuid;

pub const MAX_EMAIL: u32 = 255;
pub const DEFAULT_ROLE: UserRole = UserRole::Member;
pub type Email = String;

/// What an account may do.
#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq)]
#[pg_enum("user_role")]
pub enum UserRole {
    Member,
    SuperAdmin,
}

#[derive(PgEnum, Clone, Copy, Debug, PartialEq, Eq)]
#[pg_enum("mood", schema = "auth")]
pub enum Mood {
    A,
    #[value("b'c")]
    B,
}

#[derive(PgType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationId(pub Uuid);

#[derive(PgColumns, Clone, Debug, PartialEq)]
pub struct Timestamps {
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("organizations", schema = "auth")]
pub struct Organization {
    #[column(primary_key, default_random)]
    pub id: OrganizationId,
    #[column(default = Mood::A)]
    pub mood: Option<Mood>,
    #[column(flatten)]
    pub timestamps: Timestamps,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("users")]
#[index(name = "users_email_lower_idx", on(sql("lower(email)")), unique)]
#[index(on(name, email.desc()))]
#[index(name = "gin_idx", on(tags), using = gin)]
#[index(
    name = "partial",
    on(name.op("text_pattern_ops"), code.desc().nulls_first()),
    filter = "active = true",
    with(fillfactor = 70),
    concurrently
)]
#[unique(on(name, code))]
#[unique(on(code, name), name = "second_unique", nulls_not_distinct)]
#[check("positive", "count >= 0")]
pub struct User {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    #[column(varchar(MAX_EMAIL), unique)]
    pub email: Email,
    #[column(name = "email2", varchar(255), unique(name = "second_key", nulls_not_distinct))]
    pub second: String,
    #[column(varchar)]
    pub any_varchar: Option<String>,
    #[column(char(3))]
    pub code: String,
    #[column(char)]
    pub letter: Option<String>,
    #[column(default = "it's")]
    pub name: Option<String>,
    #[column(custom("citext"))]
    pub nick: String,
    #[column(default = DEFAULT_ROLE)]
    pub role: UserRole,
    #[column(default = [UserRole::Member, UserRole::SuperAdmin])]
    pub roles: Vec<UserRole>,
    #[column(references(Organization::id, on_delete = cascade))]
    pub organization_id: OrganizationId,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    #[column(timestamp(3, with_time_zone))]
    pub precise: Option<DateTime<Utc>>,
    #[column(default = "2020-01-01 00:00:00")]
    pub local: NaiveDateTime,
    #[column(timestamp(precision = 3), default(sql("now()")))]
    pub local_precise: Option<NaiveDateTime>,
    pub at: NaiveTime,
    #[column(time(2))]
    pub at2: NaiveTime,
    #[column(time(with_time_zone))]
    pub at_zone: String,
    #[column(time(2, with_time_zone))]
    pub at_zone2: String,
    #[column(default_now)]
    pub day: Option<NaiveDate>,
    #[column(default = "2020-01-01")]
    pub born: NaiveDate,
    pub span: Interval,
    #[column(interval(2))]
    pub span2: Interval,
    #[column(interval(month))]
    pub span_month: Interval,
    #[column(interval(day_to_second, 3))]
    pub span_fields: Interval,
    pub any_number: Decimal,
    #[column(numeric(5))]
    pub digits: Decimal,
    #[column(numeric(5, 2), default = "1.50")]
    pub price: Decimal,
    #[column(default = 1.5)]
    pub ratio: f32,
    #[column(default = 1e21)]
    pub large: f64,
    #[column(default = 0, index)]
    pub count: i32,
    #[column(default = -1)]
    pub negative: i32,
    #[column(default = 9_007_199_254_740_993)]
    pub big: i64,
    #[column(default = 3)]
    pub small: i16,
    #[column(default = true)]
    pub active: bool,
    #[column(json, default = r#"{"a": "b c"}"#)]
    pub document: serde_json::Value,
    #[column(default = r#"[1, "x"]"#)]
    pub document_b: serde_json::Value,
    pub typed: Option<Json<Vec<i32>>>,
    #[column(default = "127.0.0.1")]
    pub address: IpAddr,
    #[column(cidr)]
    pub network: String,
    #[column(macaddr)]
    pub mac: String,
    #[column(macaddr8)]
    pub mac8: String,
    pub place: Point,
    pub border: Line,
    pub bytes: Vec<u8>,
    #[column(vector(3))]
    pub embedding: Vector,
    #[column(halfvec(3))]
    pub half: String,
    #[column(sparsevec(3))]
    pub sparse: String,
    #[column(bit(3))]
    pub flags: String,
    #[column(default = [1, 2])]
    pub numbers: Vec<i32>,
    #[column(array(3, _))]
    pub matrix: Vec<Vec<i32>>,
    pub grid: Option<Vec<Vec<i32>>>,
    #[column(default = ["a", "b c"])]
    pub tags: Vec<String>,
    #[column(varchar(10))]
    pub limited: Vec<String>,
    #[column(default = [])]
    pub none: Vec<String>,
    #[column(serial)]
    pub serial: i32,
    #[column(smallserial)]
    pub small_serial: i16,
    #[column(bigserial)]
    pub big_serial: i64,
    #[column(generated = "lower(name)")]
    pub lower: Option<String>,
    #[column(identity)]
    pub always: i32,
    #[column(identity(
        by_default,
        name = "myseq",
        start_with = 10,
        increment = 2,
        min_value = -5,
        max_value = 100,
        cache = 5,
        cycle
    ))]
    pub by_default: i64,
    #[column(identity(by_default))]
    pub small_identity: i16,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("members")]
#[primary_key(user, team)]
#[foreign_key(
    on(parent_user, parent_team),
    references(Member::user, Member::team),
    name = "parent",
    on_delete = set_default,
    on_update = cascade
)]
pub struct Member {
    #[column(name = "user_id", references(User::id, on_delete = set_null, on_update = restrict))]
    pub user: Uuid,
    pub team: i32,
    #[column(name = "parent_user_id")]
    pub parent_user: Option<Uuid>,
    pub parent_team: Option<i32>,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("named", rls)]
#[primary_key(b, a, name = "named_key")]
pub struct Named {
    pub a: Uuid,
    pub b: i32,
}

#[derive(PgTable, Clone, Debug, PartialEq)]
#[table("documents")]
#[policy(
    "own documents",
    as = restrictive,
    for = update,
    to("member", current_user),
    using = "owner = current_user",
    with_check = "owner = 'it''s'"
)]
#[policy("everything")]
pub struct Document {
    #[column(primary_key)]
    pub id: Uuid,
    pub owner: String,
}

#[derive(PgView, Clone, Debug, PartialEq)]
#[view(
    "active_users",
    query = "select id, name, role, created_at, created_at as updated_at from users where active",
    with(security_invoker = true, check_option = "local")
)]
pub struct ActiveUser {
    pub id: Uuid,
    pub name: Option<String>,
    pub role: UserRole,
    #[column(flatten)]
    pub timestamps: Timestamps,
}

const CODE: u32 = 3;

fn stats() -> String {
    format!("select mood, count(*) as count, null::char({CODE})[] as codes from auth.organizations group by mood")
}

#[derive(PgView, Clone, Debug, PartialEq)]
#[view(
    "stats",
    schema = "auth",
    query = stats(),
    materialized,
    with(fillfactor = 70, autovacuum_enabled = false),
    with_no_data,
    using = "heap",
    tablespace = "pg_default"
)]
pub struct Stats {
    pub mood: Option<Mood>,
    #[column(name = "count")]
    pub number: i64,
    #[column(char(CODE))]
    pub codes: Option<Vec<String>>,
}

const STORED: &str = "select 1 as n";

#[derive(PgView, Clone, Debug, PartialEq)]
#[view("stored", query = STORED, materialized)]
pub struct Stored {
    pub n: i32,
}

#[derive(PgView, Clone, Debug, PartialEq)]
#[view("foreign", existing)]
pub struct Foreign {
    pub n: Option<i32>,
}

#[pg_objects]
fn roles() -> [Role; 2] {
    [Role::new("member").create_db().no_inherit(), Role::new("auditor").create_role()]
}

#[pg_objects]
fn sequences() -> impl IntoIterator<Item = Sequence> {
    let countdown = Sequence::new("countdown").increment(-1).min_value(-100).max_value(100).start_with(50).cache(5);
    [
        Sequence::new("invoice_number").in_schema("auth").start_with(1000).increment(2),
        Sequence::new("plain"),
        countdown.cycle(),
    ]
}

#[pg_objects]
fn others() -> Vec<Object> {
    let read = Policy::new("read").for_command(PolicyCommand::Select).to(["auditor"]).using("true");
    vec![Object::Schema("reports".to_owned()), read.on("public", "documents").into()]
}

#[pg_objects]
#[cfg(any())]
fn under_no_condition() -> [Role; 1] {
    [Role::new("never")]
}
