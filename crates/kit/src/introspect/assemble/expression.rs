//! What PostgreSQL prints, as a schema has it.

use schema::{Column, ColumnDefault, compact_json, quote};

use crate::sql::expression::group_length;

/// The expression without the parentheses that PostgreSQL prints around a whole one.
pub(super) fn without_parentheses(sql: &str) -> &str {
    let is_group = sql.starts_with('(') && group_length(sql) == sql.len();
    if is_group { &sql[1..sql.len() - 1] } else { sql }
}

/// A query on one line and without its semicolon; texts and quoted names keep their white space.
pub(super) fn on_one_line(query: &str) -> String {
    let mut line = String::with_capacity(query.len());
    let mut rest = query.trim().trim_end_matches(';').trim_end();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\'' | '"' => quote::quoted_length(rest, c),
            c if c.is_whitespace() => rest.len() - rest.trim_start().len(),
            c => c.len_utf8(),
        };
        line.push_str(if c.is_whitespace() { " " } else { &rest[..length] });
        rest = &rest[length..];
    }
    line
}

/// A default as a snapshot has it: a number or boolean as JSON, and a constant without the cast to the type that the
/// column has anyway. drizzle-kit keeps the casts of JSON, and a numeric in quotes.
pub(super) fn default(sql: &str, column: &Column) -> ColumnDefault {
    let constant = constant(sql).filter(|_| keeps_moment(sql, &column.sql_type));
    let is_numeric = column.sql_type == "numeric" || column.sql_type.starts_with("numeric(");
    let literal = match column.sql_type.as_str() {
        "smallint" | "integer" | "bigint" | "real" | "double precision" => number(constant),
        "boolean" => boolean(sql),
        // An integer in a numeric's default was written as one.
        _ if is_numeric && !sql.ends_with("::numeric") => {
            number(constant).filter(|number| !number.contains(['.', 'e']))
        }
        _ => None,
    };
    if let Some(json) = literal {
        return ColumnDefault::Literal(json.to_owned());
    }
    ColumnDefault::Expression(match constant {
        Some(_) if column.sql_type == "json" => sql.to_owned(),
        // Without the white space that PostgreSQL prints.
        Some(_) if column.sql_type == "jsonb" => compact_json(sql),
        Some(text) if is_numeric && !text.starts_with('\'') => quote::literal(text),
        Some(text) => text.to_owned(),
        None => sql.to_owned(),
    })
}

/// `'x'` of `'x'::text`, if the expression is a constant with a cast and no more; a bare number is one too.
fn constant(sql: &str) -> Option<&str> {
    if sql.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(sql).filter(|sql| is_json_number(sql));
    }
    let length = if sql.starts_with('\'') { quote::quoted_length(sql, '\'') } else { return None };
    let (text, cast) = sql.split_at(length);
    cast.strip_prefix("::").is_some_and(is_type).then_some(text)
}

/// Whether a constant means the same without its cast. One that is cast to a date or time does not in a column of another
/// type, which may be a domain over a third: what it means there depends on the session's time zone.
fn keeps_moment(sql: &str, sql_type: &str) -> bool {
    let is_moment = |sql_type: &str| sql_type == "date" || sql_type.starts_with("time");
    let (_, cast) = sql.rsplit_once("::").unwrap_or_default();
    if is_moment(sql_type) { is_zoned(sql) == is_zoned(sql_type) } else { !is_moment(cast) }
}

/// Whether a moment of the type is the same in every time zone.
fn is_zoned(sql_type: &str) -> bool {
    sql_type.ends_with("with time zone")
}

/// The number that a constant is, as JSON.
fn number(constant: Option<&str>) -> Option<&str> {
    let text = constant?.trim_matches('\'');
    is_json_number(text).then_some(text)
}

fn boolean(sql: &str) -> Option<&str> {
    matches!(sql, "true" | "false").then_some(sql)
}

fn is_json_number(text: &str) -> bool {
    let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    is_number && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok_and(|raw| raw.get() == text)
}

/// Whether a text is the name of a type alone: words, perhaps quoted or with parameters.
fn is_type(text: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => quote::quoted_length(rest, '"'),
            c if c.is_alphanumeric() || " _.,()[]$".contains(c) => c.len_utf8(),
            _ => return false,
        };
        rest = &rest[length..];
    }
    !text.contains(" COLLATE ")
}

/// The parts of a list, which commas outside of quotes and parentheses part.
pub(super) fn list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            '\'' | '"' => quote::quoted_length(&text[at..], c),
            '(' => group_length(&text[at..]),
            c => c.len_utf8(),
        };
        if c == ',' {
            parts.push(text[from..at - 1].trim());
            from = at;
        }
    }
    if !text.is_empty() {
        parts.push(text[from..].trim());
    }
    parts
}

/// The names between the dots of a qualified name, without their quotes.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let quoted = if rest.starts_with('"') { quote::quoted_length(rest, '"') } else { 0 };
        let length = if quoted > 0 { quoted } else { rest.find('.').unwrap_or(rest.len()) };
        let name = &rest[..length];
        names.push(match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => name.to_owned(),
        });
        match rest.get(length + 1..) {
            Some(after) => rest = after,
            None => return names,
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::{Column, ColumnDefault};

    use super::{default, list, names, on_one_line, without_parentheses};

    #[test]
    fn a_list_is_parted_at_its_own_commas() {
        assert_eq!(list("a, f(b, ')'), \"c,d\" , 'e,f'"), ["a", "f(b, ')')", "\"c,d\"", "'e,f'"]);
        assert_eq!(list("''"), ["''"]);
        assert_eq!(list(""), [""; 0]);
    }

    #[test]
    fn a_moment_without_its_zone_is_not_one_with_it() {
        let column = |sql_type: &str| Column { sql_type: sql_type.to_owned(), ..Column::default() };
        let sql = "'1970-01-01 00:00:00'::timestamp without time zone";
        let with_zone = default(sql, &column("timestamp with time zone"));
        assert_eq!(with_zone, ColumnDefault::Expression(sql.to_owned()));
        let of_domain = default("'2018-01-01'::date", &column("isodate"));
        assert_eq!(of_domain, ColumnDefault::Expression("'2018-01-01'::date".to_owned()));
        let without = default(sql, &column("timestamp"));
        assert_eq!(without, ColumnDefault::Expression("'1970-01-01 00:00:00'".to_owned()));
    }

    #[test]
    fn one_pair_of_parentheses_around_the_whole_goes() {
        for (sql, bare) in [
            ("(a > 0)", "a > 0"),
            ("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)"),
            ("(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)"),
            ("(a <> ')'::text)", "a <> ')'::text"),
            ("lower(a)", "lower(a)"),
            ("true", "true"),
        ] {
            assert_eq!(without_parentheses(sql), bare);
        }
    }

    #[test]
    fn a_query_is_one_line_whose_texts_keep_their_white_space() {
        assert_eq!(
            on_one_line(" SELECT a,\n    'x  ;\n y;'::text AS \"b  c\"\n   FROM t;"),
            "SELECT a, 'x  ;\n y;'::text AS \"b  c\" FROM t"
        );
    }

    #[test]
    fn a_constant_stands_without_the_cast_to_its_columns_type() {
        for (sql_type, sql, expected) in [
            ("text", "'it''s'::text", "'it''s'"),
            ("varchar(255)", "'x'::character varying", "'x'"),
            ("mood", "'a'::app.\"Mood: x\"", "'a'"),
            ("integer[]", "'{1,2}'::integer[]", "'{1,2}'"),
            (
                "timestamp with time zone",
                "'2001-01-01 00:00:00+00'::timestamp with time zone",
                "'2001-01-01 00:00:00+00'",
            ),
            ("interval day to second(3)", "'1 day'::interval day to second(3)", "'1 day'"),
            ("json", "'{\"a\": 1}'::json", "'{\"a\": 1}'::json"),
            ("jsonb", "'{\"a b\": \"\\\" c\", \"d\": [1, 2]}'::jsonb", "'{\"a b\":\"\\\" c\",\"d\":[1,2]}'::jsonb"),
            ("text", "('a'::text || 'b'::text)", "('a'::text || 'b'::text)"),
            ("text", "'a'::text || 'b'::text", "'a'::text || 'b'::text"),
            ("text", "lower('X'::text)", "lower('X'::text)"),
            ("bit(3)", "B'101'::\"bit\"", "B'101'::\"bit\""),
            ("numeric(10, 2)", "1.5", "'1.5'"),
            ("numeric", "'-1.5'::numeric", "'-1.5'"),
            ("numeric", "'10'::numeric", "'10'"),
            ("real", "'NaN'::real", "'NaN'"),
            ("text", "'-1'::text", "'-1'"),
            ("integer", "(1 + 1)", "(1 + 1)"),
        ] {
            let column = Column { sql_type: sql_type.to_owned(), ..Column::default() };
            assert_eq!(default(sql, &column), ColumnDefault::Expression(expected.to_owned()));
        }
    }

    #[test]
    fn a_number_and_a_boolean_are_json() {
        for (sql_type, sql, expected) in [
            ("integer", "10", "10"),
            ("integer", "'-1'::integer", "-1"),
            ("bigint", "'9007199254740993'::bigint", "9007199254740993"),
            ("numeric(5)", "1", "1"),
            ("numeric", "'10000000000'::bigint", "10000000000"),
            ("real", "'-1.5'::numeric", "-1.5"),
            ("double precision", "0.0000001", "0.0000001"),
            ("boolean", "true", "true"),
        ] {
            let column = Column { sql_type: sql_type.to_owned(), ..Column::default() };
            assert_eq!(default(sql, &column), ColumnDefault::Literal(expected.to_owned()));
        }
    }

    #[test]
    fn a_qualified_name_is_taken_apart_at_its_dots() {
        assert_eq!(names("users_id_seq"), ["users_id_seq"]);
        assert_eq!(names("app.\"q.\"\"x\""), ["app", "q.\"x"]);
    }
}
