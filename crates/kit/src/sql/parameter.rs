//! The values of storage parameters and other options in `WITH (…)`.

use std::borrow::Cow;

use schema::{Map, quote};
use serde_json::Value;

/// A value from a snapshot.
pub(super) fn value(value: &Value) -> String {
    match value.as_str() {
        Some(value) => text(value).into_owned(),
        None => value.to_string(),
    }
}

/// Storage parameters by name, as they stand between the parentheses.
pub(super) fn list(parameters: &Map<String>) -> String {
    let parameters = parameters.iter().map(|(name, value)| format!("{} = {}", self::name(name), text(value)));
    parameters.collect::<Vec<_>>().join(", ")
}

/// The name of a storage parameter, which may be one of the TOAST table: `toast.autovacuum_enabled`.
pub(super) fn name(name: &str) -> String {
    name.split('.').map(quote::ident_if_needed).collect::<Vec<_>>().join(".")
}

/// A text, bare where it is a word or a number, and a literal otherwise.
pub(super) fn text(value: &str) -> Cow<'_, str> {
    let is_word = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1;
    if is_word || is_number { Cow::Borrowed(value) } else { Cow::Owned(quote::literal(value)) }
}
