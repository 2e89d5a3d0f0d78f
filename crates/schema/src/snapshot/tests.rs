use expect_test::{Expect, expect};

use super::*;

/// Written by drizzle-kit 0.31 from a TypeScript schema with every kind of object.
const WRITTEN_BY_DRIZZLE_KIT: &str = include_str!("../../tests/fixtures/drizzle-kit-0.31.json");

const EMPTY: &str = r#"{
  "id": "1",
  "prevId": "0",
  "version": "7",
  "dialect": "postgresql",
  "tables": {},
  "enums": {},
  "schemas": {},
  "sequences": {},
  "roles": {},
  "policies": {},
  "views": {},
  "_meta": {
    "columns": {},
    "schemas": {},
    "tables": {}
  }
}"#;

fn check_error(text: &str, expected: Expect) {
    let error = Snapshot::parse(text).unwrap_err();
    let source = std::error::Error::source(&error).map(|source| format!("\n  caused by: {source}"));
    expected.assert_eq(&format!("{error}{}", source.unwrap_or_default()));
}

#[test]
fn a_snapshot_of_drizzle_kit_is_read_and_written_again_to_the_byte() {
    let snapshot = Snapshot::parse(WRITTEN_BY_DRIZZLE_KIT).unwrap();
    assert_eq!(snapshot.to_json(), WRITTEN_BY_DRIZZLE_KIT);
}

#[test]
fn a_snapshot_with_its_keys_in_another_order_is_the_same_file_again() {
    let lines: Vec<serde_json::Value> = include_str!("../../tests/fixtures/introspected.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for pulled in lines {
        let text = format!("{pulled:#}");
        assert_eq!(Snapshot::parse(&text).unwrap().to_json(), text);
    }
}

#[test]
fn an_empty_snapshot_is_drizzle_kits() {
    assert_eq!(Snapshot::parse(EMPTY).unwrap().to_json(), EMPTY);
}

#[test]
fn a_number_that_json_would_respell_stays_as_it_was_written() {
    let snapshot = Snapshot::parse(WRITTEN_BY_DRIZZLE_KIT).unwrap();
    let default = snapshot.schema.tables["public.users"].columns["dp"].default_sql();
    assert_eq!(default.as_deref(), Some("1e+21"));
}

#[test]
fn names_that_javascript_takes_for_array_indexes_are_written_first() {
    let schema = ["b", "10", "9", "a", "01"].map(|name| (name.to_owned(), name.to_owned()));
    let schema = Schema { schemas: Map::from_iter(schema), ..Schema::default() };
    let text = Snapshot::new("1", "0", schema).to_line();
    assert!(text.contains(r#""schemas":{"9":"9","10":"10","b":"b","a":"a","01":"01"}"#), "{text}");
}

#[test]
fn a_truncated_file_says_where_it_ends() {
    check_error(
        &EMPTY[..100],
        expect![[r#"
            it is not valid JSON: restore the file from version control
              caused by: EOF while parsing a string at line 7 column 7"#]],
    );
}

#[test]
fn another_version_is_refused_with_the_way_out() {
    check_error(
        &EMPTY.replace(r#""version": "7""#, r#""version": "6""#),
        expect![[r#"its version is "6", and only version "7" is read: `cargo xtask up` brings older folders to it"#]],
    );
}

#[test]
fn an_unknown_key_is_named_with_its_path() {
    check_error(
        &WRITTEN_BY_DRIZZLE_KIT.replacen(r#""notNull": false"#, r#""notnull": false"#, 1),
        expect![[r#"
            at `tables.public.m2m.columns.a.notnull`: restore the file from version control, or correct that key
              caused by: unknown field `notnull`, expected one of `name`, `type`, `typeSchema`, `primaryKey`, `notNull`, `generated`, `identity`, `default` at line 15 column 19"#]],
    );
}
