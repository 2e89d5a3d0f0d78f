use expect_test::{Expect, expect};
use sea_query::PostgresQueryBuilder;

use super::*;

fn table(kind: Kind, key: Option<&[&str]>) -> Table {
    let column =
        |name: &str, sortable, nullable| Column { name: name.to_owned(), sortable, nullable, generated: false };
    Table {
        kind,
        key: key.map(|key| key.iter().map(|name| (*name).to_owned()).collect()),
        columns: vec![column("id", true, false), column("na\"me", true, true), column("data", false, true)],
    }
}

fn name() -> Name {
    Name { schema: "public".to_owned(), table: "us\"ers".to_owned() }
}

/// The condition and order of a page, with its values in them.
fn check(table: &Table, wanted: &Wanted, at: Option<Cursor>, expected: Expect) {
    let query = page(&name(), table, wanted, at.as_ref(), 10).unwrap();
    let sql = query.select.sql;
    let from = sql.find(" FROM ").unwrap();
    expected.assert_eq(&sql[from + 1..]);
}

fn sorted(column: &str, descending: bool) -> Wanted {
    Wanted { sort: vec![Sort { column: column.to_owned(), descending }], ..Wanted::default() }
}

fn texts(values: &[Option<&str>]) -> Vec<Option<String>> {
    values.iter().map(|value| value.map(str::to_owned)).collect()
}

#[test]
fn names_are_quoted_and_the_order_is_the_tables_and_not_the_texts() {
    check(
        &table(Kind::Table, Some(&["id"])),
        &sorted("na\"me", true),
        None,
        expect![[r#"FROM "public"."us""ers" AS "t" ORDER BY "t"."na""me" DESC, "t"."id" ASC LIMIT $4"#]],
    );
}

#[test]
fn a_page_behind_a_key_is_one_comparison_that_an_index_answers() {
    check(
        &table(Kind::Table, Some(&["id"])),
        &Wanted::default(),
        Some(Cursor::After(texts(&[Some("7")]))),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE ("id") > ($4) AND "id" >= $5 ORDER BY "t"."id" ASC LIMIT $6"#
        ]],
    );
}

#[test]
fn backwards_the_order_is_reversed() {
    check(
        &table(Kind::Table, Some(&["id"])),
        &Wanted::default(),
        Some(Cursor::Before(texts(&[Some("7")]))),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE ("id") < ($4) AND "id" <= $5 ORDER BY "t"."id" DESC LIMIT $6"#
        ]],
    );
}

#[test]
fn null_is_the_largest_value_in_both_directions() {
    let users = table(Kind::Table, Some(&["id"]));
    check(
        &users,
        &sorted("na\"me", false),
        Some(Cursor::After(texts(&[Some("b"), Some("7")]))),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE "na""me" > $4 OR "na""me" IS NULL OR ("na""me" = $5 AND "id" > $6) ORDER BY "t"."na""me" ASC, "t"."id" ASC LIMIT $7"#
        ]],
    );
    check(
        &users,
        &sorted("na\"me", false),
        Some(Cursor::After(texts(&[None, Some("7")]))),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE "na""me" IS NULL AND "id" > $4 ORDER BY "t"."na""me" ASC, "t"."id" ASC LIMIT $5"#
        ]],
    );
    check(
        &users,
        &sorted("na\"me", true),
        Some(Cursor::After(texts(&[None, Some("7")]))),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE "na""me" IS NOT NULL OR ("na""me" IS NULL AND "id" > $4) ORDER BY "t"."na""me" DESC, "t"."id" ASC LIMIT $5"#
        ]],
    );
}

#[test]
fn without_a_key_the_rows_place_is_one_and_a_view_is_read_by_number() {
    assert_eq!(key(&table(Kind::Table, None)), ["ctid"]);
    assert_eq!(key(&table(Kind::Partitioned, None)), ["tableoid", "ctid"]);
    check(
        &table(Kind::View, None),
        &Wanted::default(),
        Some(Cursor::Offset(20)),
        expect![[r#"FROM "public"."us""ers" AS "t" LIMIT $4 OFFSET $5"#]],
    );
}

#[test]
fn a_filters_value_is_bound_and_stands_for_itself_in_a_pattern() {
    let filter = Filter { column: "na\"me".to_owned(), is: Comparison::Contains, value: Some(r"50%_\'".to_owned()) };
    let wanted = Wanted { filter: vec![filter], find: Some("x".to_owned()), ..Wanted::default() };
    let users = table(Kind::Table, Some(&["id"]));
    let select = rows(&name(), &users, &wanted).unwrap().column("id").to_string(PostgresQueryBuilder);
    expect![[r#"SELECT "id" FROM "public"."us""ers" AS "t" WHERE (CAST("na""me" AS text) ILIKE E'%50\\%\\_\\\\\'%') AND ((CAST("id" AS text) ILIKE '%x%') OR (CAST("na""me" AS text) ILIKE '%x%') OR (CAST("data" AS text) ILIKE '%x%'))"#]].assert_eq(&select);
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_name() {
    let users = table(Kind::Table, Some(&["id"]));
    let refusal =
        |wanted: &Wanted, at: Option<Cursor>| page(&name(), &users, wanted, at.as_ref(), 10).unwrap_err().to_string();
    assert_eq!(refusal(&sorted("nix", false), None), "there is no column nix");
    assert_eq!(refusal(&sorted("data", false), None), "data has a type that PostgreSQL does not sort");
    let short = Some(Cursor::After(Vec::new()));
    assert_eq!(refusal(&Wanted::default(), short), "the place in the table does not fit the order; begin again");
}

#[test]
fn a_place_in_another_order_is_where_its_index_begins() {
    let users = table(Kind::Table, Some(&["id"]));
    let at = Some(Cursor::After(texts(&[Some("b"), Some("7")])));
    check(
        &users,
        &sorted("na\"me", true),
        at.clone(),
        expect![[
            r#"FROM "public"."us""ers" AS "t" WHERE ("na""me" < $4 OR ("na""me" = $5 AND "id" > $6)) AND "na""me" <= $7 ORDER BY "t"."na""me" DESC, "t"."id" ASC LIMIT $8"#
        ]],
    );
    let narrow = page(&name(), &users, &sorted("na\"me", false), at.as_ref(), 10).unwrap().narrow.unwrap().sql;
    assert!(narrow.contains(r#" AND "na""me" >= $"#), "{narrow}");
}
