use crate::model::ColumnDefault;
use crate::quote;

/// A default that is a value rather than an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, and what PostgreSQL reads from text: a date, a UUID, an enum's label.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Float(f64),
    /// A boolean.
    Bool(bool),
    /// A JSON document in the type `json` or `jsonb`.
    Json {
        /// `json` or `jsonb`.
        sql_type: &'static str,
        /// The document's text.
        text: String,
    },
    /// An array.
    Array(Vec<Literal>),
}

/// The greatest integer that JavaScript keeps exactly, 2⁵³ - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

impl Literal {
    /// The default as a snapshot has it: numbers and booleans as JSON, everything else as SQL.
    pub(super) fn into_default(self) -> ColumnDefault {
        match self {
            // drizzle-kit would read a greater number from the snapshot as another one.
            Literal::Integer(number) if number.unsigned_abs() > MAX_SAFE_INTEGER => {
                ColumnDefault::Expression(number.to_string())
            }
            Literal::Integer(number) => ColumnDefault::Literal(number.to_string()),
            Literal::Float(number) if number.is_finite() => ColumnDefault::Literal(javascript_number(number)),
            Literal::Float(number) => ColumnDefault::Expression(quote::literal(&special_float(number))),
            Literal::Bool(value) => ColumnDefault::Literal(value.to_string()),
            Literal::Text(text) => ColumnDefault::Expression(quote::literal(&text)),
            Literal::Json { sql_type, text } => {
                ColumnDefault::Expression(format!("{}::{sql_type}", quote::literal(&text)))
            }
            Literal::Array(elements) => ColumnDefault::Expression(quote::literal(&array(&elements))),
        }
    }
}

/// PostgreSQL's text of an array: `{1,2}`, `{"a","b\"c"}`.
fn array(elements: &[Literal]) -> String {
    let elements: Vec<String> = elements.iter().map(element).collect();
    format!("{{{}}}", elements.join(","))
}

fn element(literal: &Literal) -> String {
    match literal {
        Literal::Array(elements) => array(elements),
        Literal::Integer(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Float(number) if number.is_finite() => javascript_number(*number),
        Literal::Float(number) => special_float(*number),
        Literal::Text(text) | Literal::Json { text, .. } => quote::array_element(text),
    }
}

/// What PostgreSQL calls a number that is none.
fn special_float(number: f64) -> String {
    match number {
        _ if number.is_nan() => "NaN",
        _ if number > 0.0 => "Infinity",
        _ => "-Infinity",
    }
    .to_owned()
}

/// A number as JavaScript writes it: an exponent from 10²¹ on and below 10⁻⁶, with its sign.
fn javascript_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&number.abs()) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(literal: Literal) -> String {
        literal.into_default().sql("").into_owned()
    }

    #[test]
    fn a_number_is_written_as_javascript_writes_it() {
        for (number, text) in
            [(1.5, "1.5"), (3.0, "3"), (1e21, "1e+21"), (1e-7, "1e-7"), (-0.0, "0"), (1e20, "100000000000000000000")]
        {
            assert_eq!(sql(Literal::Float(number)), text);
        }
    }

    #[test]
    fn an_integer_that_javascript_cannot_keep_is_an_expression() {
        let default = Literal::Integer(9_007_199_254_740_993).into_default();
        assert_eq!(default, ColumnDefault::Expression("9007199254740993".to_owned()));
    }

    #[test]
    fn quotes_and_backslashes_in_an_array_are_escaped_twice_where_sql_needs_it() {
        let texts = ["a,b", "q\"q", "it's", "back\\slash"].map(|text| Literal::Text(text.to_owned()));
        assert_eq!(sql(Literal::Array(texts.to_vec())), r#"'{"a,b","q\"q","it''s","back\\slash"}'"#);
    }

    #[test]
    fn a_quote_in_json_is_doubled() {
        let text = r#"{"a":"it's"}"#.to_owned();
        assert_eq!(sql(Literal::Json { sql_type: "jsonb", text }), r#"'{"a":"it''s"}'::jsonb"#);
    }

    #[test]
    fn arrays_nest() {
        let row = |numbers: [i64; 2]| Literal::Array(numbers.map(Literal::Integer).to_vec());
        assert_eq!(sql(Literal::Array(vec![row([1, 2]), row([3, 4])])), "'{{1,2},{3,4}}'");
    }
}
