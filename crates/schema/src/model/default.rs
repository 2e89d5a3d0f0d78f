use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Map;
use crate::quote;

/// A column's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnDefault {
    /// An SQL expression: `now()`, `'it''s'`. A JSON string in the snapshot.
    Expression(String),
    /// A number, boolean, array or object as JSON, verbatim as in the snapshot, since a JSON number
    /// such as `1e+21` would not survive being parsed and printed. drizzle-kit writes an array or
    /// object for a point or a line, and an array for a vector.
    Literal(String),
}

impl ColumnDefault {
    /// The SQL text after `DEFAULT` in a column of the type that [`Column::sql_type`](super::Column::sql_type)
    /// says. An array becomes the literal that the type reads, and so does an object.
    pub fn sql(&self, sql_type: &str) -> Cow<'_, str> {
        match self {
            ColumnDefault::Expression(sql) => Cow::Borrowed(sql),
            ColumnDefault::Literal(json) if json.starts_with(['[', '{']) => {
                Cow::Owned(quote::literal(&structure(json, sql_type)))
            }
            ColumnDefault::Literal(json) => Cow::Borrowed(json),
        }
    }
}

/// The text of a JSON array or object as the input function of a type reads it.
fn structure(json: &str, sql_type: &str) -> String {
    let (element, is_array) = match sql_type.split_once('[') {
        Some((element, _)) => (element.trim_end(), true),
        None => (sql_type, false),
    };
    match element {
        _ if is_array => array(json, element),
        "point" => format!("({})", parts(json).join(",")),
        "line" => format!("{{{}}}", parts(json).join(",")),
        // JSON and a vector are written as JSON is. Of any other type this is text that PostgreSQL refuses.
        _ => compact(json),
    }
}

/// The elements of a JSON array, or the values of an object in its order, each as JSON.
fn parts(json: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = if json.starts_with('[') {
        serde_json::from_str(json).unwrap_or_default()
    } else {
        serde_json::from_str::<Map<&RawValue>>(json).unwrap_or_default().into_values().collect()
    };
    elements.into_iter().map(RawValue::get).collect()
}

/// `{1,2}`, `{"a","b\"c"}`: an array's text, in as many dimensions as the JSON has.
fn array(json: &str, element: &str) -> String {
    let text = |part: &str| match part.as_bytes().first() {
        Some(b'n') => "NULL".to_owned(),
        Some(b'[' | b'{') if matches!(element, "point" | "line") => quote::array_element(&structure(part, element)),
        Some(b'[') => array(part, element),
        Some(b'{') => quote::array_element(&compact(part)),
        Some(b'"') => quote::array_element(&serde_json::from_str::<String>(part).unwrap_or_default()),
        _ => part.to_owned(),
    };
    format!("{{{}}}", parts(json).into_iter().map(text).collect::<Vec<_>>().join(","))
}

/// The JSON without the white space between its parts.
pub fn compact(json: &str) -> String {
    let (mut in_string, mut is_escaped) = (false, false);
    let is_kept = |c: &char| {
        let kept = in_string || !c.is_ascii_whitespace();
        in_string ^= *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        kept
    };
    json.chars().filter(is_kept).collect()
}

impl Serialize for ColumnDefault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ColumnDefault::Expression(sql) => serializer.serialize_str(sql),
            ColumnDefault::Literal(json) => {
                RawValue::from_string(json.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
            }
        }
    }
}

#[cfg(feature = "read")]
impl<'de> serde::Deserialize<'de> for ColumnDefault {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'"') => serde_json::from_str(text).map(ColumnDefault::Expression).map_err(D::Error::custom),
            Some(b'n') => Err(D::Error::custom("a default is no null: leave the key out")),
            _ => Ok(ColumnDefault::Literal(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnDefault;

    #[test]
    fn an_array_becomes_the_literal_that_the_type_reads_and_keeps_its_bytes() {
        for (json, sql_type, sql) in [
            ("[1, 2]", "point", "'(1,2)'"),
            ("[1, 2.5, -3e+21]", "line", "'{1,2.5,-3e+21}'"),
            ("[\n  1,\n  2\n]", "integer[]", "'{1,2}'"),
            ("[[1, null], [3, 4]]", "integer[][]", "'{{1,NULL},{3,4}}'"),
            (r#"["it's", "a,\"b"]"#, "varchar(9)[2]", r#"'{"it''s","a,\"b"}'"#),
            ("[[1, 2], [3, 4]]", "point[]", r#"'{"(1,2)","(3,4)"}'"#),
            ("[]", "text[]", "'{}'"),
            (r#"["a"]"#, "jsonb", r#"'["a"]'"#),
            ("[1,2,3]", "vector(3)", "'[1,2,3]'"),
            (r#"{"x": 1, "y": -2.5}"#, "point", "'(1,-2.5)'"),
            (r#"{"a": 1, "b": 2, "c": 3}"#, "line", "'{1,2,3}'"),
            (r#"[{"x": 1, "y": 2}]"#, "point[]", r#"'{"(1,2)"}'"#),
            ("{\n  \"a b\": \"it's \\\" so\"\n}", "jsonb", r#"'{"a b":"it''s \" so"}'"#),
            ("[\n  1,\n  2\n]", "vector(2)", "'[1,2]'"),
        ] {
            assert_eq!(ColumnDefault::Literal(json.to_owned()).sql(sql_type), sql, "{json} as {sql_type}");
        }
        for json in ["[1, 2]", r#"{"x": 1.0, "y": 1e+21}"#] {
            let default: ColumnDefault = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&default).unwrap(), json);
        }
    }

    #[test]
    fn a_number_and_an_expression_stand_as_they_are() {
        assert_eq!(ColumnDefault::Literal("1e+21".to_owned()).sql("double precision"), "1e+21");
        assert_eq!(ColumnDefault::Expression("now()".to_owned()).sql("timestamp"), "now()");
    }
}
