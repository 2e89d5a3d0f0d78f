//! The values of storage parameters and other options in `WITH (…)`.

use std::borrow::Cow;

use schema::quote;
use serde_json::Value;

/// A value from a snapshot.
pub(super) fn value(value: &Value) -> String {
    match value.as_str() {
        Some(value) => text(value).into_owned(),
        None => value.to_string(),
    }
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
