use expect_test::{Expect, expect};

use super::*;
use crate::build::{
    self, Check, Collation, Column, Comment, Composite, Domain, Exclusion, ExclusionElement, Extension, ForeignKey,
    Function, Index, IndexColumn, Partition, PartitionKey, PrimaryKey, Range, Statistics, Table, Trigger, Unique, View,
    types,
};
use crate::model::{CommentKind, StatisticsKind, Storage, TriggerEvent};

/// A schema with every kind of object.
fn schema() -> Schema {
    let events = Table::new("events")
        .column(Column::new("at", types::timestamp()).not_null().comment("when it happened"))
        .column(Column::new("name", types::custom("email")).collate("C").storage(Storage::Main))
        .column(Column::new("twice", types::integer()).generated_virtual("1 * 2"))
        .partition_by(PartitionKey::range().column("at"));
    let rooms = Table::new("rooms")
        .in_schema("app")
        .column(Column::new("during", types::custom("tsrange")).compression("lz4"))
        .exclude(Exclusion::new("free").element(ExclusionElement::column("during", "&&")))
        .storage_parameter("fillfactor", "70")
        .unlogged()
        .force_rls()
        .trigger(Trigger::before("touch", [TriggerEvent::Update]).for_each_row().execute_in("app", "touch"))
        .primary_key(PrimaryKey::on(["during"]).name("key").include(["during"]))
        .unique(Unique::on(["during"]).name("one").deferrable())
        .foreign_key(
            ForeignKey::new(["during"]).references("other", ["a"]).name("fk").match_full().initially_deferred(),
        )
        .check(Check::new("some", "true").no_inherit())
        .index(Index::on(["during"]).name("by").unique().nulls_not_distinct().include(["during"]))
        .comment("it's a room");
    let names = View::new("names")
        .in_schema("app")
        .query("select name from events")
        .materialized()
        .index(Index::on(["name"]).unique())
        .index(Index::on([IndexColumn::expression("lower(name)").desc()]).name("lower").filter("name <> ''"));
    build::schema([
        events.into(),
        rooms.into(),
        names.into(),
        Extension::new("citext").in_schema("ext").version("1.6").into(),
        Collation::new("german", "de-DE").icu().nondeterministic().into(),
        Domain::new("email", types::text()).check("email_at", "VALUE ~ '@'").not_null().default_sql("'a@b'").into(),
        Composite::new("address").attribute("street", types::text()).collate("C").into(),
        Range::new("span", types::double_precision()).difference("float8mi").multirange("spans").into(),
        Function::new("touch").in_schema("app").returns("trigger").plpgsql("begin return new; end").into(),
        Function::procedure("clean").argument_with_default("days", types::integer(), "30").sql("select 1").into(),
        Partition::new("events_2024", "events").from_to("'2024-01-01'", "'2025-01-01'").into(),
        Statistics::new("both", "rooms")
            .table_schema("app")
            .kind(StatisticsKind::Mcv)
            .columns(["during"])
            .expression("lower(during)")
            .target(100)
            .into(),
        Comment::on_function("clean", [types::integer()], "old rows go").procedure().into(),
        Comment::on(CommentKind::Extension, "citext", "text without case").into(),
    ])
    .unwrap()
}

const EMPTY: &str = "{\n  \"version\": \"1\",\n  \"dialect\": \"postgresql\"\n}";

#[test]
fn every_kind_is_written_and_read_again_to_the_byte() {
    let objects = schema().objects;
    let text = objects.to_json();
    let read = Objects::parse(&text).unwrap();
    assert_eq!(read, objects);
    assert_eq!(read.to_json(), text);
}

#[test]
fn what_is_as_postgresql_has_it_is_left_out() {
    let schema = build::schema([
        Domain::new("age", types::integer()).check("positive", "VALUE > 0").into(),
        Function::new("one").returns("integer").sql("select 1").immutable().into(),
    ]);
    expect![[r#"
        {
          "version": "1",
          "dialect": "postgresql",
          "domains": {
            "public.age": {
              "name": "age",
              "schema": "public",
              "type": "integer",
              "checkConstraints": {
                "positive": {
                  "name": "positive",
                  "value": "VALUE > 0"
                }
              }
            }
          },
          "functions": {
            "public.one()": {
              "name": "one",
              "schema": "public",
              "returns": "integer",
              "language": "sql",
              "volatility": "immutable",
              "body": "select 1"
            }
          }
        }"#]]
    .assert_eq(&schema.unwrap().objects.to_json());
    assert_eq!(Objects::default().to_json(), EMPTY);
}

#[test]
fn what_belongs_to_keys_and_indexes_stands_in_the_sections_of_a_snapshot() {
    let schema = build::schema([Table::new("t")
        .column(Column::new("a", types::integer()).unique_as(Unique::on(["a"]).initially_deferred()))
        .column(
            Column::new("b", types::integer())
                .references_as(ForeignKey::new(["b"]).references("t", ["b"]).deferrable()),
        )
        .index(Index::on(["b"]).unique().include(["a"]))
        .index(Index::on(["a"]))
        .into()]);
    expect![[r#"
        {
          "version": "1",
          "dialect": "postgresql",
          "tables": {
            "public.t": {
              "indexes": {
                "t_b_index": {
                  "include": [
                    "a"
                  ]
                }
              },
              "foreignKeys": {
                "t_b_t_b_fk": {
                  "deferral": "initiallyImmediate"
                }
              },
              "uniqueConstraints": {
                "t_a_unique": {
                  "deferral": "initiallyDeferred"
                }
              }
            }
          }
        }"#]]
    .assert_eq(&schema.unwrap().objects.to_json());
}

#[test]
fn a_printed_schema_is_a_line_for_its_snapshot_and_one_for_its_objects() {
    let schema = schema();
    assert_eq!(read_printed(&print(&schema)).unwrap(), schema);
    let plain = build::schema([Table::new("t").column(Column::new("a", types::text())).into()]).unwrap();
    assert_eq!((print(&schema).lines().count(), print(&plain).lines().count()), (2, 1));
    assert_eq!(read_printed(&print(&plain)).unwrap(), plain);
}

#[test]
fn a_snapshot_holds_no_object() {
    let text = Snapshot::new("1", "0", schema()).to_json();
    assert!(Snapshot::parse(&text).unwrap().schema.objects.is_empty());
}

fn check_error(text: &str, expected: Expect) {
    let error = Objects::parse(text).unwrap_err();
    let source = std::error::Error::source(&error).map(|source| format!("\n  caused by: {source}"));
    expected.assert_eq(&format!("{error}{}", source.unwrap_or_default()));
}

#[test]
fn a_file_that_cannot_be_read_says_where_and_what_to_do() {
    check_error(
        &EMPTY[..20],
        expect![[r#"
            it is not valid JSON: restore the file from version control
              caused by: EOF while parsing a value at line 3 column 0"#]],
    );
    check_error(
        &EMPTY.replace("\"1\"", "\"2\""),
        expect![[r#"its version is "2", and only version "1" is read: a newer toolkit has written it"#]],
    );
    check_error(
        &EMPTY.replace("\"\n}", "\",\n  \"domains\": {\"a\": {\"name\": \"a\", \"size\": 1}}\n}"),
        expect![[r#"
            at `domains.a.size`: restore the file from version control, or correct that key
              caused by: unknown field `size`, expected one of `name`, `schema`, `type`, `collation`, `default`, `notNull`, `checkConstraints` at line 4 column 39"#]],
    );
}
