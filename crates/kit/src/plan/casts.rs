//! What PostgreSQL's `ALTER COLUMN … SET DATA TYPE` converts by itself, and what it must be told.
//!
//! It uses assignment casts (`pg_cast.castcontext` in `a`, `i`); everything else needs `USING`.

use schema::{Column, quote};

use crate::step::Name;

/// How the values of a column become values of its new type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// PostgreSQL converts values and default by itself.
    Assignment,
    /// `USING` with this expression, which keeps every value that the new type can hold.
    Using(String),
    /// There is no cast. `USING` with this expression goes through text, which the new type can hardly
    /// read: only a person knows what is to become of the values.
    Guess(String),
}

impl Conversion {
    /// The expression after `USING`, if one is needed.
    pub fn using(self) -> Option<String> {
        match self {
            Conversion::Assignment => None,
            Conversion::Using(expression) | Conversion::Guess(expression) => Some(expression),
        }
    }
}

/// A type's name without length, precision and dimensions: `varchar`, `timestamp with time zone`;
/// the integer type of a serial. Enums are `schema.name`.
pub(crate) fn base(column: &Column) -> String {
    match &column.type_schema {
        Some(schema) => schema::key(schema, element(&column.sql_type)),
        None => base_name(&column.sql_type),
    }
}

/// The same of a native type alone.
pub(crate) fn base_name(sql_type: &str) -> String {
    let element = element(sql_type);
    let name = match (element.find('('), element.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{} {}", element[..open].trim_end(), element[close + 1..].trim_start())
        }
        _ => element.to_owned(),
    };
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "serial" | "int" | "int4" => "integer".to_owned(),
        "bigserial" | "int8" => "bigint".to_owned(),
        "smallserial" | "int2" => "smallint".to_owned(),
        "decimal" => "numeric".to_owned(),
        "float4" => "real".to_owned(),
        "float8" => "double precision".to_owned(),
        "bool" => "boolean".to_owned(),
        "character varying" => "varchar".to_owned(),
        "character" => "char".to_owned(),
        "timestamptz" => "timestamp with time zone".to_owned(),
        name if name.starts_with("interval") => "interval".to_owned(),
        _ => name,
    }
}

/// Whether both columns have one type but for length and precision.
pub(crate) fn is_same_type(previous: &Column, next: &Column) -> bool {
    is_spelt_alike(previous, next) || (base(previous) == base(next) && is_array(previous) == is_array(next))
}

/// Whether both columns have the type of one text, as most have: no need to take it apart.
fn is_spelt_alike(previous: &Column, next: &Column) -> bool {
    previous.sql_type == next.sql_type && previous.type_schema == next.type_schema
}

/// The type of an array's elements, or the type itself.
pub(crate) fn element(sql_type: &str) -> &str {
    sql_type.split('[').next().unwrap_or(sql_type).trim_end()
}

/// Whether the type is an array.
pub(crate) fn is_array(column: &Column) -> bool {
    column.sql_type.contains('[')
}

/// The enum type of a column, if it has one.
pub(crate) fn enum_of(column: &Column) -> Option<Name> {
    column.type_schema.as_deref().map(|schema| Name::new(schema, element(&column.sql_type)))
}

/// Whether both columns are integers of some width, which PostgreSQL compares with each other.
pub(crate) fn are_integers(previous: &Column, next: &Column) -> bool {
    let integer = |column| matches!(base(column).as_str(), "smallint" | "integer" | "bigint") && !is_array(column);
    integer(previous) && integer(next)
}

/// Whether PostgreSQL takes a foreign key from a column of the one type to a key of the other, and finds the same rows
/// by it: the types compare with each other, or the first becomes the second by itself.
pub(crate) fn can_reference(from: &Column, to: &Column) -> bool {
    let width = |base: &str| match base {
        "smallint" | "integer" | "bigint" => Some(0),
        "numeric" => Some(1),
        "real" => Some(2),
        "double precision" => Some(3),
        _ => None,
    };
    let is_text = |base: &str| matches!(base, "text" | "varchar");
    let (from_base, to_base) = (base(from), base(to));
    let widens = || width(&from_base).zip(width(&to_base)).is_some_and(|(from, to)| from <= to);
    let compares = || !is_array(from) && (widens() || (is_text(&from_base) && is_text(&to_base)));
    is_array(from) == is_array(to) && (from_base == to_base || compares())
}

/// Whether PostgreSQL sorts values of the type, as a key on them takes.
pub(crate) fn has_order(column: &Column) -> bool {
    let base = base(column);
    !matches!(base.as_str(), "json" | "xml" | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle")
}

/// Whether the type holds text.
pub(crate) fn is_text(column: &Column) -> bool {
    column.type_schema.is_none() && is_text_name(&base(column))
}

pub(super) fn is_text_name(base: &str) -> bool {
    matches!(base, "text" | "varchar" | "char" | "citext" | "name")
}

/// How to convert the values of `previous` into the type of `next`.
pub fn conversion(previous: &Column, next: &Column) -> Conversion {
    if is_spelt_alike(previous, next) {
        return Conversion::Assignment;
    }
    let (from, to) = (base(previous), base(next));
    let same_shape = is_array(previous) == is_array(next);
    if next.type_schema.is_some() {
        return match (from == to, same_shape) {
            // drizzle-kit has an array of an enum read again where only its dimensions change.
            (true, true) if !is_array(next) => Conversion::Assignment,
            (true, false) if is_array(next) => Conversion::Using(array_of_one(&quote::ident(&next.name))),
            _ => into_enum(previous, next),
        };
    }
    let text_of_anything = is_text_name(&to) && !is_array(next);
    if text_of_anything || (same_shape && (from == to || is_assignment(&from, &to) || is_text_name(&to))) {
        return Conversion::Assignment;
    }
    let column = quote::ident(&next.name);
    let to_type = crate::sql::types::qualified(next);
    Conversion::Using(match (from.as_str(), to.as_str()) {
        // A text may also be that of an array, but for an array of texts.
        _ if !is_array(previous) && is_array(next) && (!is_text_name(&from) || is_text_name(&to)) => {
            let is_element = from == to || is_text_name(&from);
            if is_element {
                array_of_one(&column)
            } else {
                array_from(&column, &format!("ARRAY[{column}::text]::{to_type}"))
            }
        }
        ("boolean", "smallint" | "bigint" | "numeric" | "real" | "double precision") if same_shape => {
            let dimensions = if is_array(next) { "[]" } else { "" };
            format!("{column}::integer{dimensions}::{to_type}")
        }
        ("smallint" | "bigint" | "numeric" | "real" | "double precision", "boolean")
            if same_shape && !is_array(next) =>
        {
            format!("{column} <> 0")
        }
        _ if is_text(previous) && (same_shape || is_array(next)) => format!("{column}::{to_type}"),
        _ if same_shape && has_explicit_cast(&from, &to) => format!("{column}::{to_type}"),
        _ if previous.type_schema.is_some() && same_shape => format!("{column}::text::{to_type}"),
        _ => return Conversion::Guess(format!("{column}::text::{to_type}")),
    })
}

/// A value as the only one of an array, and no array where there is none.
fn array_of_one(column: &str) -> String {
    array_from(column, &format!("ARRAY[{column}]"))
}

fn array_from(column: &str, array: &str) -> String {
    // A row of NULLs IS NULL too, and is a value.
    format!("CASE WHEN {column} IS NOT DISTINCT FROM NULL THEN NULL ELSE {array} END")
}

/// From text an enum's value can be read, and from another enum those that both have.
fn into_enum(previous: &Column, next: &Column) -> Conversion {
    let (column, to_type) = (quote::ident(&next.name), crate::sql::types::qualified(next));
    if is_text(previous) && (is_array(next) || !is_array(previous)) {
        Conversion::Using(format!("{column}::{to_type}"))
    } else {
        let has_values = previous.type_schema.is_some() && is_array(previous) == is_array(next);
        let text = if !has_values && is_array(previous) && is_array(next) { "text[]" } else { "text" };
        let expression = format!("{column}::{text}::{to_type}");
        if has_values { Conversion::Using(expression) } else { Conversion::Guess(expression) }
    }
}

/// The assignment and implicit casts between native types.
fn is_assignment(from: &str, to: &str) -> bool {
    const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    const GROUPS: [&[&str]; 4] = [&NUMBERS, &["json", "jsonb"], &["inet", "cidr"], &["macaddr", "macaddr8"]];
    const TIMES: [(&str, &[&str]); 6] = [
        ("date", &["timestamp", "timestamp with time zone"]),
        ("timestamp", &["date", "time", "timestamp with time zone"]),
        ("timestamp with time zone", &["date", "time", "time with time zone", "timestamp"]),
        ("time", &["interval", "time with time zone"]),
        ("time with time zone", &["time"]),
        ("interval", &["time"]),
    ];
    GROUPS.iter().any(|group| group.contains(&from) && group.contains(&to))
        || TIMES.iter().any(|(time, targets)| *time == from && targets.contains(&to))
}

/// Casts that PostgreSQL has, and makes only when asked.
fn has_explicit_cast(from: &str, to: &str) -> bool {
    matches!(
        (from, to),
        ("integer", "boolean") | ("boolean", "integer") | ("integer" | "bigint", "bit") | ("bit", "integer" | "bigint")
    )
}

#[cfg(test)]
mod tests {
    use schema::Column;

    use super::{Conversion, conversion};

    fn column(sql_type: &str) -> Column {
        Column { name: "c".into(), sql_type: sql_type.into(), ..Column::default() }
    }

    fn using(from: &str, to: &str) -> Option<String> {
        conversion(&column(from), &column(to)).using()
    }

    #[test]
    fn what_postgres_assigns_needs_no_expression() {
        for (from, to) in [
            ("integer", "bigint"),
            ("bigint", "smallint"),
            ("varchar(20)", "text"),
            ("uuid", "text"),
            ("json", "jsonb"),
            ("numeric(5, 2)", "numeric(8, 2)"),
            ("timestamp (3)", "timestamp (3) with time zone"),
            ("integer[]", "bigint[]"),
            ("serial", "bigint"),
        ] {
            assert_eq!(using(from, to), None, "{from} to {to}");
        }
    }

    #[test]
    fn what_can_be_read_from_text_is_cast() {
        assert_eq!(using("text", "integer").as_deref(), Some("\"c\"::integer"));
        assert_eq!(using("varchar(9)", "timestamp with time zone").as_deref(), Some("\"c\"::timestamp with time zone"));
    }

    #[test]
    fn what_has_no_cast_is_a_guess_through_text() {
        for (from, to) in [("jsonb", "uuid"), ("integer", "date"), ("uuid", "integer"), ("text[]", "integer")] {
            let guess = Conversion::Guess(format!("\"c\"::text::{to}"));
            assert_eq!(conversion(&column(from), &column(to)), guess, "{from} to {to}");
        }
    }

    #[test]
    fn one_value_becomes_an_array_of_one() {
        assert_eq!(
            using("integer", "integer[]").as_deref(),
            Some("CASE WHEN \"c\" IS NOT DISTINCT FROM NULL THEN NULL ELSE ARRAY[\"c\"] END")
        );
        assert_eq!(using("varchar(9)", "text[]"), using("text", "text[]"));
        assert_eq!(using("text", "text[]"), using("integer", "integer[]"));
        assert_eq!(using("text", "integer[]").as_deref(), Some("\"c\"::integer[]"));
        assert_eq!(using("uuid", "text[]").map(|using| using.contains("ARRAY[\"c\"::text]::text[]")), Some(true));
        let mood = |sql_type: &str| Column { type_schema: Some("public".into()), ..column(sql_type) };
        assert_eq!(conversion(&mood("mood"), &mood("mood[]")).using(), using("text", "text[]"));
    }
}
