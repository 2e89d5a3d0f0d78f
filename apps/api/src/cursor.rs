//! A row's place in an order, as a text that is opaque to clients and may change with a release.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Utc};
use sea_query::Expr;
use uuid::Uuid;

/// Between the parts; allowed in a query string as it stands.
const SEPARATOR: char = '~';

/// A row's place in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The order, as in `-created_at`.
    pub sort: String,
    /// The row's value in the order's column.
    pub key: Key,
    /// The row's id.
    pub id: Uuid,
}

/// A value that rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A time, to the microsecond, as PostgreSQL keeps it.
    Time(DateTime<Utc>),
    /// A text.
    Text(String),
}

impl From<Key> for Expr {
    fn from(key: Key) -> Self {
        match key {
            Key::Time(time) => Expr::value(time),
            Key::Text(text) => Expr::value(text),
        }
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

/// The order, the value and the id. A time is `t` and 16 hex digits of microseconds since 1970, a
/// text `x` and its bytes in hex.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}", self.sort)?;
        match &self.key {
            Key::Time(time) => write!(f, "t{:016x}", time.timestamp_micros())?,
            Key::Text(text) => {
                f.write_str("x")?;
                text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            }
        }
        write!(f, "{SEPARATOR}{}", self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let mut parts = text.split(SEPARATOR);
        let (Some(sort), Some(key), Some(id), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidCursor);
        };
        let key = match key.split_at_checked(1) {
            Some(("t", digits)) => time(digits).map(Key::Time),
            Some(("x", digits)) => text_of(digits).map(Key::Text),
            _ => None,
        };
        let key = key.ok_or(InvalidCursor)?;
        Ok(Self { sort: sort.to_owned(), key, id: Uuid::try_parse(id).map_err(|_| InvalidCursor)? })
    }
}

fn time(digits: &str) -> Option<DateTime<Utc>> {
    // from_str_radix takes a sign, too.
    let hex = digits.len() == 16 && is_hex(digits);
    let micros = i64::from_str_radix(digits, 16).ok().filter(|_| hex)?;
    // Far years are valid here and not in PostgreSQL.
    DateTime::from_timestamp_micros(micros).filter(|time| time.year() < 10_000)
}

fn text_of(digits: &str) -> Option<String> {
    if !is_hex(digits) || !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?;
    // PostgreSQL has no text with a NUL.
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn is_hex(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_read_back_is_the_same() {
        let times = [0, 1, 1_700_000_000_123_456].map(|micros| DateTime::from_timestamp_micros(micros).unwrap());
        let texts = ["", "a", "~ä\n"].map(|text| Key::Text(text.to_owned()));
        for key in times.map(Key::Time).into_iter().chain(texts) {
            let cursor = Cursor { sort: "-created_at".to_owned(), key, id: Uuid::new_v4() };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn other_text_is_no_cursor() {
        let id = "0".repeat(32);
        let key = |key: &str| format!("title~{key}~{id}");
        for text in [
            String::new(),
            "x".to_owned(),
            "~~".to_owned(),
            format!("{}~", key("x61")),
            format!("title~x61~{}", &id[1..]),
            key(""),
            key("é"),
            key("y61"),
            key("x6"),
            key("xff"),
            key("x00"),
            key("t+000000000000000"),
            key("t0"),
            key("t7fffffffffffffff"),
            key("tffffffffffffffff"),
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
