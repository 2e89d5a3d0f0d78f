//! Storage parameters and view options: `name=value` in the catalog, JSON in a schema.

use schema::Map;
use serde_json::Value;

/// The options that are true or false, in whatever words that was said.
const BOOLEAN: [&str; 5] =
    ["security_barrier", "security_invoker", "autovacuum_enabled", "vacuum_truncate", "user_catalog_table"];

/// A parameter by PostgreSQL's name.
pub(super) fn parameter(text: &str) -> (String, Value) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.to_owned(), self::value(name, value))
}

/// A storage parameter of a table, with its value as text.
pub(super) fn storage_parameter(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let bare = name.strip_prefix("toast.").unwrap_or(name);
    let value = match self::value(bare, value) {
        Value::Bool(value) => value.to_string(),
        _ => value.to_owned(),
    };
    (name.to_owned(), value)
}

/// The options of a view by Drizzle's names; nothing where there are none.
pub(super) fn of_view(options: &[String]) -> Option<Map<Value>> {
    let named = |text: &String| {
        let (name, value) = parameter(text);
        (camel_case(&name), value)
    };
    (!options.is_empty()).then(|| options.iter().map(named).collect())
}

fn value(name: &str, text: &str) -> Value {
    let is_boolean = BOOLEAN.contains(&name);
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "on" | "yes" | "1" if is_boolean => Value::Bool(true),
        "off" | "no" | "0" if is_boolean => Value::Bool(false),
        text => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => Value::Number(number),
            _ => Value::String(text.to_owned()),
        },
    }
}

/// `check_option` as `checkOption`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        name.chars().chain(letters.next().map(|initial| initial.to_ascii_uppercase())).chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parameter_is_a_number_a_boolean_or_a_text() {
        for (text, name, value) in [
            ("fillfactor=70", "fillfactor", json!(70)),
            ("fastupdate=off", "fastupdate", json!("off")),
            ("security_barrier=on", "security_barrier", json!(true)),
            ("autovacuum_vacuum_scale_factor=0.2", "autovacuum_vacuum_scale_factor", json!(0.2)),
            ("buffering=auto", "buffering", json!("auto")),
        ] {
            assert_eq!(parameter(text), (name.to_owned(), value));
        }
    }

    #[test]
    fn a_storage_parameter_is_a_text_and_a_boolean_has_one_spelling() {
        for (text, name, value) in [
            ("fillfactor=70", "fillfactor", "70"),
            ("toast.autovacuum_enabled=off", "toast.autovacuum_enabled", "false"),
            ("autovacuum_vacuum_scale_factor=0.20", "autovacuum_vacuum_scale_factor", "0.20"),
        ] {
            assert_eq!(storage_parameter(text), (name.to_owned(), value.to_owned()));
        }
    }

    #[test]
    fn the_options_of_a_view_go_by_drizzles_names() {
        let options = ["security_invoker=true", "check_option=local"].map(str::to_owned);
        let found = of_view(&options).unwrap();
        assert_eq!(serde_json::to_string(&found).unwrap(), r#"{"securityInvoker":true,"checkOption":"local"}"#);
        assert_eq!(of_view(&[]), None);
    }
}
