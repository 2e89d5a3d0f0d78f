//! A type as drizzle-kit spells it, from PostgreSQL's spelling.

use crate::introspect::rows::ColumnRow;

/// The type of a column, and the schema of the enum that it is or has as elements.
pub(super) fn of(column: &ColumnRow) -> (String, Option<String>) {
    let (element, is_array) = match column.sql_type.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (column.sql_type.as_str(), false),
    };
    let mut spelt = column.enum_name.clone().unwrap_or_else(|| spelt(element));
    if is_array {
        // The catalog notes how many dimensions were declared, though not of a view's columns.
        (0..column.dimensions.max(1)).for_each(|_| spelt.push_str("[]"));
    }
    (spelt, column.enum_schema.clone())
}

fn spelt(sql_type: &str) -> String {
    if let Some(length) = sql_type.strip_prefix("character varying") {
        return format!("varchar{length}");
    }
    if let Some(length) = sql_type.strip_prefix("character").filter(|rest| rest.is_empty() || rest.starts_with('(')) {
        return format!("char{length}");
    }
    if let Some(parameters) = sql_type.strip_prefix("numeric(") {
        let whole = parameters.strip_suffix(",0)").map(|precision| format!("numeric({precision})"));
        return whole.unwrap_or_else(|| format!("numeric({}", parameters.replace(',', ", ")));
    }
    let plain = sql_type.strip_suffix(" without time zone").unwrap_or(sql_type);
    match plain.strip_prefix("timestamp(") {
        Some(precision) => format!("timestamp ({precision}"),
        None => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql_type: &str, dimensions: i32, expected: &str) {
        let column = ColumnRow { sql_type: sql_type.to_owned(), dimensions, ..ColumnRow::default() };
        assert_eq!(of(&column), (expected.to_owned(), None));
    }

    #[test]
    fn a_type_is_spelt_as_drizzle_kit_does() {
        for (sql_type, expected) in [
            ("character varying(255)", "varchar(255)"),
            ("character varying", "varchar"),
            ("character(3)", "char(3)"),
            ("\"char\"", "\"char\""),
            ("numeric(10,2)", "numeric(10, 2)"),
            ("numeric(5,0)", "numeric(5)"),
            ("numeric", "numeric"),
            ("timestamp without time zone", "timestamp"),
            ("timestamp with time zone", "timestamp with time zone"),
            ("timestamp(3) without time zone", "timestamp (3)"),
            ("timestamp(3) with time zone", "timestamp (3) with time zone"),
            ("time(3) without time zone", "time(3)"),
            ("time(3) with time zone", "time(3) with time zone"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("bit varying(3)", "bit varying(3)"),
            ("vector(3)", "vector(3)"),
        ] {
            check(sql_type, 0, expected);
        }
    }

    #[test]
    fn an_array_has_as_many_dimensions_as_were_declared() {
        check("integer[]", 1, "integer[]");
        check("character varying(10)[]", 2, "varchar(10)[][]");
        check("text[]", 0, "text[]");
    }

    #[test]
    fn an_enum_has_its_bare_name_and_its_schema() {
        let column = ColumnRow {
            sql_type: "app.\"Mood\"[]".to_owned(),
            dimensions: 1,
            enum_schema: Some("app".to_owned()),
            enum_name: Some("Mood".to_owned()),
            ..ColumnRow::default()
        };
        assert_eq!(of(&column), ("Mood[]".to_owned(), Some("app".to_owned())));
    }
}
