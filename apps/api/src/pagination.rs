//! Lists in pages, newest first.
//!
//! A page ends at a row, not at a count: `cursor` names the last row that the client has, and the
//! next page begins after it. So nothing is skipped or shown twice while rows come and go, and
//! page 1000 costs what page 1 does. Rows are ordered by `(created_at, id)`, which is stable also
//! where several were made at the same microsecond.

use std::fmt;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Datelike, Utc};
use schema::TableName;
use schema::rows::{Column, FromRow};
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Database;
use crate::error::Error;
use crate::extract;
use crate::problem::FieldError;

/// How many items a page has, if the client does not say.
pub const DEFAULT_LIMIT: u64 = 20;

/// The most items of a page.
pub const MAX_LIMIT: u64 = 100;

/// Which page the query string asks for: `?limit=20&cursor=…`.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    limit: u64,
    after: Option<Cursor>,
}

/// A page of items.
#[derive(Debug, Serialize)]
pub struct Items<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A row's place in the order. Its text is opaque to clients and may change with a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the row was made, to the microsecond, as PostgreSQL keeps it.
    pub created_at: DateTime<Utc>,
    /// The row's id.
    pub id: Uuid,
}

/// A table that can be listed in pages. Give it an index on `(created_at, id)`.
pub trait Listed: FromRow {
    /// The table.
    const TABLE: TableName;
    /// The first column of the order.
    const CREATED_AT: Column;
    /// The second, which is unique.
    const ID: Column;

    /// This row's place in the order.
    fn cursor(&self) -> Cursor;
}

/// A page of the rows that fulfil a condition; [`Condition::all`] is every row.
///
/// # Errors
/// The query fails.
pub async fn list<T: Listed>(db: &Database, condition: Condition, page: Page) -> Result<Items<T>, Error> {
    let order = || [T::CREATED_AT, T::ID];
    let after = page.after.map(|Cursor { created_at, id }| {
        let position = Expr::tuple([Expr::value(created_at), Expr::value(id)]);
        Expr::tuple(order().map(Expr::from)).lt(position)
    });
    let mut select = Query::select();
    select
        .columns(T::columns())
        .from(T::TABLE)
        .cond_where(condition)
        .and_where_option(after)
        .order_by_columns(order().map(|column| (column, Order::Desc)))
        // One more than asked for tells whether there is a next page.
        .limit(page.limit + 1);
    let mut items: Vec<T> = db.all(&select).await?;
    let more = items.len() as u64 > page.limit;
    items.truncate(page.limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| last.cursor().to_string());
    Ok(Items { items, next_cursor })
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Raw {
            limit: Option<String>,
            cursor: Option<String>,
        }
        let extract::Query(Raw { limit, cursor }) = extract::Query::from_request_parts(parts, state).await?;
        Self::parse(limit.as_deref(), cursor.as_deref())
    }
}

impl Page {
    fn parse(limit: Option<&str>, cursor: Option<&str>) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let limit = limit.map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok());
        let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
        if limit.is_none() {
            errors.push(FieldError::new("limit", format!("must be a number from 1 to {MAX_LIMIT}")));
        }
        let after = cursor.map(str::parse).transpose();
        if after.is_err() {
            errors.push(FieldError::new("cursor", "must be the next_cursor of an earlier page"));
        }
        match (limit, after) {
            (Some(limit), Ok(after)) => Ok(Self { limit, after }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// 16 hex digits of microseconds since 1970, then 32 of the id.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{}", self.created_at.timestamp_micros(), self.id.simple())
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (micros, id) = text.split_at_checked(16).ok_or(InvalidCursor)?;
        // from_str_radix takes a sign, too.
        let hex = text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let micros = i64::from_str_radix(micros, 16).ok().filter(|_| hex).ok_or(InvalidCursor)?;
        // Far years are valid here and not in PostgreSQL.
        let created_at = DateTime::from_timestamp_micros(micros).filter(|time| time.year() < 10_000);
        let created_at = created_at.ok_or(InvalidCursor)?;
        Ok(Self { created_at, id: id.parse().map_err(|_| InvalidCursor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_read_back_is_the_same() {
        for micros in [0, 1, 1_700_000_000_123_456] {
            let created_at = DateTime::from_timestamp_micros(micros).unwrap();
            let cursor = Cursor { created_at, id: Uuid::new_v4() };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn other_text_is_no_cursor() {
        let digits = "0".repeat(48);
        let signed = format!("+{}", &digits[1..]);
        let far_future = format!("7{}", "f".repeat(47));
        let past = "f".repeat(48);
        for text in ["", "x", "ä", &digits[1..], &format!("{digits}0"), &signed, &far_future, &past, &"é".repeat(24)]
        {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }

    #[test]
    fn limit_and_cursor_are_refused_together() {
        for limit in ["0", "101", "-1", "ten", ""] {
            let Err(Error::Invalid(errors)) = Page::parse(Some(limit), Some("x")) else { panic!("{limit} is taken") };
            let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(fields, ["limit", "cursor"]);
        }
    }
}
