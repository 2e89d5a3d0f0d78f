//! Two rows for every table that takes them.

use std::borrow::Cow;

use schema::mentions::Mentions;
use schema::quote::{array_element, ident, literal};
use schema::{Column, Enum, PUBLIC, Schema, Table};

use super::samples::{compared_as, samples};

/// A statement that puts rows into a table.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table's key in the schema.
    pub table: String,
    /// The statement. It fails where a foreign key needs the rows of another table first, and where
    /// the table refuses sample values.
    pub statement: String,
}

/// Rows for each table of a schema.
pub fn inserts(schema: &Schema) -> Vec<Insert> {
    let insert = |(key, table): (&String, &Table)| Insert { table: key.clone(), statement: insert_into(schema, table) };
    schema.tables.iter().map(insert).collect()
}

/// An INSERT of two rows, equal in every table, so that foreign keys find what they reference.
fn insert_into(schema: &Schema, table: &Table) -> String {
    let name = format!("{}.{}", ident(table.schema_name()), ident(&table.name));
    let columns = table.columns.values().filter(|column| column.generated.is_none());
    let columns: Vec<(&Column, [String; 2])> = columns
        .filter_map(|column| Some((column, [value(schema, table, column, 0)?, value(schema, table, column, 1)?])))
        .collect();
    if columns.is_empty() {
        return format!("INSERT INTO {name} DEFAULT VALUES");
    }
    let names: Vec<String> = columns.iter().map(|(column, _)| ident(&column.name)).collect();
    let row = |at: usize| columns.iter().map(|(_, values)| values[at].as_str()).collect::<Vec<_>>().join(", ");
    let (names, first, second) = (names.join(", "), row(0), row(1));
    format!("INSERT INTO {name} ({names}) OVERRIDING SYSTEM VALUE VALUES ({first}), ({second})")
}

/// A value for the column in the first or second row, if one is known for its type: the first that its checks let
/// through.
fn value(schema: &Schema, table: &Table, column: &Column, at: usize) -> Option<String> {
    let (element, is_array) = match column.sql_type.split_once('[') {
        Some((element, _)) => (element, true),
        None => (column.sql_type.as_str(), false),
    };
    let of = match &column.type_schema {
        Some(in_schema) => of_enum(schema.enums.get(&schema::key(in_schema, element))?, at),
        None => of_type(schema, element, at)?,
    };
    let first = of.texts.first()?;
    if is_array {
        return Some(literal(&format!("{{{}}}", array_element(first))));
    }
    let checks = checks(table, column);
    if of.texts.len() == 1 || (checks.is_empty() && of.checks.is_empty()) {
        return Some(literal(first));
    }
    Some(let_through(&of, &checks, table, column))
}

/// What a column may hold.
struct Samples<'a> {
    /// The usual one first.
    texts: Vec<String>,
    /// The type to compare them as.
    sql_type: Cow<'a, str>,
    /// The checks of its domains.
    checks: Vec<&'a str>,
}

fn of_enum(of: &Enum, at: usize) -> Samples<'_> {
    let mut texts = of.values.clone();
    texts.rotate_left(at % of.values.len().max(1));
    let sql_type = format!("{}.{}", ident(&of.schema), ident(&of.name)).into();
    Samples { texts, sql_type, checks: Vec::new() }
}

/// Of a type, which may be one that the schema declares.
fn of_type<'a>(schema: &'a Schema, sql_type: &'a str, at: usize) -> Option<Samples<'a>> {
    let key = if sql_type.contains('.') { sql_type.to_owned() } else { schema::key(PUBLIC, sql_type) };
    let objects = &schema.objects;
    let first = |sql_type: &'a str| of_type(schema, sql_type, at)?.texts.into_iter().next();
    let only = |text: String| Samples { texts: vec![text], sql_type: sql_type.into(), checks: Vec::new() };
    if let Some(domain) = objects.domains.get(&key) {
        let mut of = of_type(schema, &domain.base, at)?;
        of.checks.extend(domain.check_constraints.values().map(|check| check.value.as_str()));
        return Some(of);
    }
    if let Some(range) = objects.ranges.get(&key) {
        return Some(only(format!("[{0},{0}]", first(&range.subtype)?)));
    }
    if let Some(composite) = objects.composites.get(&key) {
        let texts: Option<Vec<String>> =
            composite.attributes.values().map(|attribute| first(&attribute.sql_type)).collect();
        return Some(only(format!("({})", texts?.join(","))));
    }
    Some(Samples { texts: samples(sql_type, at)?, sql_type: compared_as(sql_type).into(), checks: Vec::new() })
}

/// The checks of a table that are about one column alone.
fn checks<'a>(table: &'a Table, column: &Column) -> Vec<&'a str> {
    let is_about = |sql: &str| {
        let mentions = Mentions::of(sql);
        let mut named = table.columns.keys().filter(|name| mentions.has_column(name));
        named.next() == Some(&column.name) && named.next().is_none()
    };
    table.check_constraints.values().map(|check| check.value.as_str()).filter(|sql| is_about(sql)).collect()
}

/// Has PostgreSQL choose: the first text of which no check is false, or NULL. The checks read it under the name of the
/// column, and those of a domain as VALUE.
fn let_through(of: &Samples, checks: &[&str], table: &Table, column: &Column) -> String {
    let mut names = vec![ident(&column.name)];
    if !of.checks.is_empty() && names[0] != VALUE {
        names.push(VALUE.to_owned());
    }
    let rows = of.texts.iter().map(|text| {
        let value = format!("{}::{}", literal(text), of.sql_type);
        format!("({})", vec![value; names.len()].join(", "))
    });
    let conditions = checks.iter().chain(&of.checks).map(|check| format!("({check}) IS NOT FALSE"));
    format!(
        "(SELECT {} FROM (VALUES {}) AS {} ({}) WHERE {} LIMIT 1)",
        names[0],
        rows.collect::<Vec<_>>().join(", "),
        ident(&table.name),
        names.join(", "),
        conditions.collect::<Vec<_>>().join(" AND ")
    )
}

/// How `VALUE` is read where it is the name of a column.
const VALUE: &str = "\"value\"";

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Check, Column, Domain, Table, enumeration, schema, types};

    use super::inserts;

    #[test]
    fn what_is_checked_alone_is_chosen_by_postgresql_and_the_rest_is_plain() {
        let users = Table::new("users")
            .column(Column::new("id", types::integer()).primary_key())
            .column(Column::new("born", types::date()))
            .column(Column::new("died", types::date()))
            .check(Check::new("order", "born <= died"))
            .check(Check::new("modern", "born > '1900-01-01'"));
        let code = Domain::new("code", types::varchar(3)).check("upper", "VALUE = upper(VALUE)");
        let codes = Table::new("codes").column(Column::new("value", types::custom("code")));
        let schema = schema([users.into(), code.into(), codes.into()]).unwrap();
        let statements: Vec<String> = inserts(&schema).into_iter().map(|insert| insert.statement).collect();
        expect![[r#"
            INSERT INTO "public"."codes" ("value") OVERRIDING SYSTEM VALUE VALUES ((SELECT "value" FROM (VALUES ('1'::varchar(3)), ('a'::varchar(3)), ('aa'::varchar(3)), ('aaa'::varchar(3)), ('A'::varchar(3)), ('AA'::varchar(3)), ('AAA'::varchar(3)), ('a1'::varchar(3))) AS "codes" ("value") WHERE (VALUE = upper(VALUE)) IS NOT FALSE LIMIT 1)), ((SELECT "value" FROM (VALUES ('2'::varchar(3)), ('b'::varchar(3)), ('bb'::varchar(3)), ('bbb'::varchar(3)), ('B'::varchar(3)), ('BB'::varchar(3)), ('BBB'::varchar(3)), ('b2'::varchar(3))) AS "codes" ("value") WHERE (VALUE = upper(VALUE)) IS NOT FALSE LIMIT 1))
            INSERT INTO "public"."users" ("id", "born", "died") OVERRIDING SYSTEM VALUE VALUES ('1', (SELECT "born" FROM (VALUES ('2001-01-01'::date), ('2101-01-01'::date)) AS "users" ("born") WHERE (born > '1900-01-01') IS NOT FALSE LIMIT 1), '2001-01-01'), ('2', (SELECT "born" FROM (VALUES ('2002-02-02'::date), ('2102-02-02'::date)) AS "users" ("born") WHERE (born > '1900-01-01') IS NOT FALSE LIMIT 1), '2002-02-02')"#]].assert_eq(&statements.join("\n"));
    }

    #[test]
    fn an_element_of_an_array_is_quoted_in_the_text_of_that() {
        let path = enumeration("path", ["C:\\temp \"1\"", "b"]);
        let paths = Table::new("paths").column(Column::new("all", types::enumeration(&path).array()));
        let schema = schema([path.into(), paths.into()]).unwrap();
        let statements: Vec<String> = inserts(&schema).into_iter().map(|insert| insert.statement).collect();
        expect![[
            r#"INSERT INTO "public"."paths" ("all") OVERRIDING SYSTEM VALUE VALUES ('{"C:\\temp \"1\""}'), ('{"b"}')"#
        ]]
        .assert_eq(&statements.join("\n"));
    }
}
