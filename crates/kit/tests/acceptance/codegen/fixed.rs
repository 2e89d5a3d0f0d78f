//! Schemas with what neither the corpus nor the random ones have.

use schema::TriggerEvent::{Insert, Update};
use schema::build::{
    Additions, Check, Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Extension,
    ForeignKey, Function, Identity, Index, IndexColumn, Object, Partition, PartitionKey, Policy, PrimaryKey, Range,
    Role, Sequence, Table, Trigger, Unique, View, enumeration, schema, types,
};
use schema::{CommentKind, Parallel, PolicyCommand, ReferentialAction, Schema, Storage};

pub(super) fn schemas() -> Vec<(String, Schema)> {
    let named = |name: &str, objects: Vec<Object>| {
        let schema = schema(objects).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        (name.to_owned(), schema)
    };
    vec![
        named("objects", objects()),
        named("names", names()),
        named("texts", texts()),
        named("types", all_types()),
        named("empty", Vec::new()),
    ]
}

/// Every kind of object, with every option.
fn objects() -> Vec<Object> {
    let key = |name: &str| Column::new(name, types::integer()).primary_key();
    vec![
        Extension::new("btree_gist").in_schema("extensions").version("1.7").into(),
        Collation::new("by_number", "en-u-kn-true").icu().nondeterministic().in_schema("app").into(),
        Domain::new("email", types::text())
            .collate("C")
            .default_sql("'a@b'")
            .not_null()
            .check("at", "VALUE ~ '@'")
            .into(),
        Composite::new("price")
            .attribute("amount", types::numeric())
            .attribute("unit", types::text())
            .collate("C")
            .into(),
        Range::new("float_range", types::double_precision()).difference("float8mi").multirange("float_ranges").into(),
        Function::new("touch")
            .returns("trigger")
            .plpgsql("\nbegin\n  new.\"updated at\" := now();\n  return new;\nend\n")
            .set("search_path", "''")
            .into(),
        Function::new("area")
            .in_schema("app")
            .argument("width", types::integer())
            .argument_with_default("height", types::integer(), "1")
            .unnamed_argument(types::text())
            .returns("integer")
            .sql("select width * height")
            .immutable()
            .strict()
            .leakproof()
            .parallel(Parallel::Safe)
            .cost("0.5")
            .into(),
        Function::new("area")
            .in_schema("app")
            .argument("side", types::integer())
            .returns("integer")
            .sql("select side * side")
            .into(),
        Function::procedure("tidy")
            .in_out("count", types::integer())
            .variadic("names", types::text().array())
            .security_definer()
            .plpgsql("begin end")
            .into(),
        Table::new("rooms").column(key("id")).comment("A room.\n\n    That is [indented].").into(),
        Table::new("bookings")
            .column(
                Column::new("id", types::bigint())
                    .identity(Identity::by_default().start_with(-10).increment(-2).cycle()),
            )
            .column(
                Column::new("room", types::integer())
                    .not_null()
                    .references("rooms", "id")
                    .comment("the number on the door"),
            )
            .column(Column::new("during", types::custom("tsrange")))
            .column(
                Column::new("contact", types::custom("email"))
                    .collate("C")
                    .storage(Storage::External)
                    .compression("lz4"),
            )
            .column(Column::new("updated at", types::timestamp()))
            .column(Column::new("twice", types::integer()).generated_virtual("room * 2"))
            .primary_key(PrimaryKey::on(["id"]).name("bookings_key"))
            .exclude(
                Exclusion::new("no_overlap")
                    .element(ExclusionElement::column("room", "=").operator_class("int4_ops"))
                    .element(ExclusionElement::expression("lower(during)", "="))
                    .filter("room > 0"),
            )
            .trigger(
                Trigger::before("touch", [Insert, Update])
                    .of(["room"])
                    .for_each_row()
                    .when("new.room > 0")
                    .execute("touch")
                    .arguments(["a", "b c"]),
            )
            .storage_parameter("fillfactor", "80")
            .storage_parameter("autovacuum_enabled", "false")
            .unlogged()
            .force_rls()
            .enable_rls()
            .into(),
        keys("seats").into(),
        Table::new("choices")
            .column(Column::new("deferrable", types::integer()).not_null())
            .column(Column::new("on", types::integer()).not_null())
            .primary_key(PrimaryKey::on(["deferrable", "on"]))
            .into(),
        Table::new("events")
            .in_schema("app")
            .column(Column::new("at", types::timestamp()).not_null())
            .partition_by(PartitionKey::range().column("at").expression("(extract(year from at))"))
            .into(),
        Partition::new("events_2024", "events")
            .in_schema("app")
            .parent_schema("app")
            .from_to("'2024-01-01'", "'2025-01-01'")
            .into(),
        Partition::new("events_rest", "events")
            .in_schema("app")
            .parent_schema("app")
            .storage_parameter("fillfactor", "70")
            .into(),
        View::new("no_columns").query("select 1 as one").option("securityInvoker", true).into(),
        View::new("stored")
            .query("select id from rooms")
            .materialized()
            .option("fillfactor", 70)
            .with_no_data()
            .column(Column::new("id", types::integer()))
            .into(),
        View::new("there").column(Column::new("id", types::serial()).primary_key()).in_schema("app").into(),
        Role::new("member").no_inherit().into(),
        Role::new("admin").create_db().create_role().into(),
        Sequence::new("numbers").in_schema("app").start_with(1000).increment(2).max_value(5000).cache(5).cycle().into(),
        Object::Schema("unused".to_owned()),
        Policy::new("elsewhere")
            .for_command(PolicyCommand::Select)
            .to(["member"])
            .using("true")
            .on("auth", "users")
            .into(),
        Comment::on(CommentKind::Schema, "app", "what belongs together").into(),
        Comment::on_object(CommentKind::Domain, "email", "as it is written in a mail").into(),
        Comment::on_function("area", [types::integer()], "of a square").in_schema("app").into(),
        Comment::on_part(CommentKind::Constraint, "bookings", "no_overlap", "one at a time").into(),
    ]
}

/// All that keys, checks and indexes have beside their entries in a snapshot.
fn keys(name: &str) -> Table {
    let integer = |name: &str| Column::new(name, types::integer()).not_null();
    let to = |columns: [&str; 2]| ForeignKey::new(columns).references(name, ["deferrable", "row"]);
    Table::new(name)
        .column(integer("id"))
        .column(integer("deferrable").unique_as(Unique::on(["deferrable"]).initially_deferred()))
        .column(integer("row").references_as(ForeignKey::new(["row"]).references(name, ["row"]).match_full()))
        .primary_key(PrimaryKey::on(["deferrable"]).include(["id", "row"]).deferrable())
        .unique(Unique::on(["row"]).include(["id"]).nulls_not_distinct())
        .unique(Unique::on(["deferrable", "row"]))
        .index(Index::on(["id"]).include(["deferrable"]))
        .index(Index::on(["id"]).name("told").unique().nulls_not_distinct())
        .index(Index::on(["id"]).name("odd").include(["row"]).with("a b", 1))
        .check(Check::new("seated", "row > 0").no_inherit())
        .foreign_key(to(["id", "row"]).initially_deferred().name("pair"))
        .foreign_key(ForeignKey::new(["id"]).references("users", ["id"]).in_schema("auth").match_full().deferrable())
}

/// Names that Rust has for itself, and such as meet each other.
fn names() -> Vec<Object> {
    let table = |name: &str| Table::new(name).column(Column::new("id", types::integer()).primary_key());
    vec![
        enumeration("status", ["a-b", "a_b", "1", "Self", "", "*", "ok"]).into(),
        enumeration("levels", ["LOW", "VERY_HIGH"]).into(),
        enumeration("nothing", Vec::<String>::new()).into(),
        table("statuses").into(),
        table("users").column(Column::new("type", types::text()).default_text("self")).into(),
        table("user").into(),
        table("new_users").into(),
        table("users").in_schema("auth").into(),
        table("options").into(),
        table("strings").into(),
        table("points").column(Column::new("at", types::point()).default_text("(1,2)")).into(),
        table("pg_tables").into(),
        table("date_times").column(Column::new("t", types::timestamp_with_time_zone())).into(),
        table("values").in_schema("schema").column(Column::new("v", types::jsonb())).into(),
        table("2024").in_schema("mod").into(),
        Table::new("nothing at all").into(),
        table("Odd")
            .column(Column::new("self", types::text()))
            .column(Column::new("crate", types::text()))
            .column(Column::new("userId", types::integer()))
            .column(Column::new("user_id", types::integer()))
            .column(Column::new("User Id", types::integer()))
            .column(Column::new("größe", types::integer()))
            .column(Column::new("_", types::integer()))
            .column(Column::new("new", types::integer()))
            .column(Column::new("TABLE", types::integer()))
            .index(Index::on(["self", "userId"]))
            .index(
                Index::on([IndexColumn::column("User Id").desc().nulls_first()])
                    .name("odd \"index\"")
                    .with("fillfactor", 70),
            )
            .unique(Unique::on(["_", "new"]).nulls_not_distinct())
            .check(Check::new("a \\ \"check\"", "\"userId\" > 0"))
            .into(),
        table("many")
            .column(Column::new("a", types::bigint()))
            .column(Column::new("b", types::integer()))
            .foreign_key(ForeignKey::new(["a"]).references("users", ["id"]).on_delete(ReferentialAction::SetNull))
            .foreign_key(ForeignKey::new(["b"]).references("users", ["id"]))
            .foreign_key(ForeignKey::new(["b"]).references("many", ["id"]).on_update(ReferentialAction::Cascade))
            .foreign_key(ForeignKey::new(["b"]).references("gone", ["id"]).in_schema("elsewhere").name("to_gone"))
            .into(),
        Additions::to("user").storage_parameter("fillfactor", "90").into(),
    ]
}

/// Texts that a literal, or a reader, would stumble over.
fn texts() -> Vec<Object> {
    let long = "a ".repeat(200);
    vec![
        Table::new("texts")
            .column(Column::new("plain", types::text()).default_text("it's \"quoted\" \\ and \n two lines"))
            .column(Column::new("hash", types::text()).default_text("\"# \"##"))
            .column(Column::new("control", types::text()).default_text("a\r\n\u{7}\u{202e}b"))
            .column(Column::new("long", types::text()).default_text(&long))
            .column(Column::new("array", types::text().array()).default_sql("'{\"a\",\"b\\\"c\"}'"))
            .column(Column::new("numbers", types::integer().array_of(3).array()).default_sql("'{{1,-2},{3,4}}'"))
            .column(Column::new("no_array", types::text().array()).default_sql("'{a,NULL}'"))
            .column(Column::new("document", types::jsonb()).default_sql("'{\"a\":\"it''s\"}'::jsonb"))
            .column(Column::new("price", types::numeric_with_scale(10, 2)).default_sql("'1.50'"))
            .column(Column::new("factor", types::double_precision()).default_sql("1e+21"))
            .check(Check::new("long", format!("{long} = '{long}'")))
            .check(Check::new("lines", "case\n  when plain = '\\'\n  then true\nend"))
            .into(),
        View::new("long_view")
            .query(format!("SELECT plain, '{long}' AS \"a  b\" FROM texts WHERE plain <> ' ' AND  plain  <> '' ORDER BY plain LIMIT 10"))
            .column(Column::new("plain", types::text()))
            .into(),
        Function::new("lines").returns("text").sql("select '\r\n' || $$\n \" \\ $$").into(),
    ]
}

/// Every type that has a field of its own, and some that have none.
fn all_types() -> Vec<Object> {
    let sql = [
        "smallint",
        "integer",
        "bigint",
        "boolean",
        "text",
        "varchar",
        "varchar(255)",
        "char",
        "char(3)",
        "real",
        "double precision",
        "numeric",
        "numeric(10)",
        "numeric(10, 2)",
        "numeric(10,2)",
        "json",
        "jsonb",
        "uuid",
        "date",
        "time",
        "time(2)",
        "time with time zone",
        "time(2) with time zone",
        "timestamp",
        "timestamp (3)",
        "timestamp(3)",
        "timestamp with time zone",
        "timestamp (3) with time zone",
        "interval",
        "interval(2)",
        "interval day to second(3)",
        "interval month",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "point",
        "line",
        "bit",
        "bit(3)",
        "vector(3)",
        "halfvec(3)",
        "sparsevec(3)",
        "bytea",
        "tsvector",
        "citext",
        "\"My [type]\"",
        "app.price",
        "serial",
        "money",
    ];
    let mut table = Table::new("types");
    for (at, sql) in sql.iter().enumerate() {
        table = table.column(Column::new(format!("c{at}"), types::custom(*sql)));
        if *sql != "serial" {
            table = table.column(Column::new(format!("c{at}_array"), types::custom(format!("{sql}[]"))).not_null());
            table = table.column(Column::new(format!("c{at}_sized"), types::custom(format!("{sql}[3][]"))));
        }
    }
    vec![table.into()]
}
