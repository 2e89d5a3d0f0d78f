//! Lists in pages, newest first unless told otherwise.
//!
//! A page ends at a row, not at a count: `cursor` names the last row that the client has, and the
//! next page begins after it. So nothing is skipped or shown twice while rows come and go, and
//! page 1000 costs what page 1 does. Rows are ordered by one column and then by `id`, which is
//! stable also where several have the same value.

use std::fmt::Write as _;
use std::str::FromStr as _;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use schema::TableName;
use schema::rows::{Column, FromRow};
use sea_query::{Condition, Expr, ExprTrait, Order, Query, QueryBuilder, SelectStatement};
use sea_query_postgres::{PostgresBinder, PostgresValues};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor::{Cursor, Key};
use crate::db::Database;
use crate::error::Error;
use crate::extract;
use crate::problem::FieldError;

/// How many items a page has, if the client does not say.
pub const DEFAULT_LIMIT: u64 = 20;

/// The most items of a page.
pub const MAX_LIMIT: u64 = 100;

/// How many rows a query may be for; it is for the next of these that is enough, and some too many are cheap.
const STEPS: [u64; 3] = [DEFAULT_LIMIT, 50, MAX_LIMIT];

/// Which page the query string asks for: `?limit=20&sort=-created_at&cursor=…`, and of which rows:
/// `?created_after=…&created_before=…`.
#[derive(Debug)]
pub struct Page<T: Listed> {
    limit: u64,
    by: &'static SortBy<T>,
    order: Order,
    after: Option<Cursor>,
    created_after: Option<DateTime<Utc>>,
    created_before: Option<DateTime<Utc>>,
}

/// A page of items.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A column that a list may be sorted by. It is never null; give it an index with `id` behind it.
#[derive(Debug)]
pub struct SortBy<T> {
    /// The column, by whose name clients ask for it.
    pub column: Column,
    /// A row's value in it.
    pub key: KeyOf<T>,
}

/// How a row's value in a column is read, and so of which kind it is.
#[derive(Debug)]
pub enum KeyOf<T> {
    /// A time.
    Time(fn(&T) -> DateTime<Utc>),
    /// A text.
    Text(fn(&T) -> String),
}

impl<T> KeyOf<T> {
    fn of(&self, row: &T) -> Key {
        match self {
            KeyOf::Time(time) => Key::Time(time(row)),
            KeyOf::Text(text) => Key::Text(text(row)),
        }
    }

    fn is_like(&self, key: &Key) -> bool {
        matches!((self, key), (KeyOf::Time(_), Key::Time(_)) | (KeyOf::Text(_), Key::Text(_)))
    }
}

/// A table that can be listed in pages.
pub trait Listed: FromRow + 'static {
    /// The table.
    const TABLE: TableName;
    /// What ends each order, since it is unique.
    const ID: Column;
    /// When a row was made.
    const CREATED_AT: Column;
    /// What the list may be sorted by. The first is the order, descending, if the client does not say.
    const SORT: &'static [SortBy<Self>];

    /// The row's id.
    fn id(&self) -> Uuid;
}

/// A page of the rows that fulfil a condition; [`Condition::all`] is every row.
///
/// # Errors
/// The query fails.
pub async fn list<T: Listed>(db: &Database, condition: Condition, page: Page<T>) -> Result<Items<T>, Error> {
    let order = || [page.by.column, T::ID];
    let after = page.after.as_ref().map(|Cursor { key, id, .. }| {
        let position = Expr::tuple([key.clone().into(), Expr::value(*id)]);
        let row = Expr::tuple(order().map(Expr::from));
        if page.order == Order::Asc { row.gt(position) } else { row.lt(position) }
    });
    let mut select = Query::select();
    select
        .columns(T::columns())
        .from(T::TABLE)
        .cond_where(condition)
        .and_where_option(page.created_after.map(|time| T::CREATED_AT.gte(time)))
        .and_where_option(page.created_before.map(|time| T::CREATED_AT.lt(time)))
        .and_where_option(after)
        .order_by_columns(order().map(|column| (column, page.order.clone())));
    let mut items: Vec<T> = db.all(&Limited { select, at_least: page.limit }).await?;
    let more = items.len() as u64 > page.limit;
    items.truncate(page.limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| page.cursor(last).to_string());
    Ok(Items { items, next_cursor })
}

/// A SELECT with its LIMIT as text. Of a LIMIT that is a parameter PostgreSQL assumes a tenth of the table, so that it
/// never keeps the plan: it would make one for each page, which takes longer than to read it. A text for each of
/// the limits, on the other hand, would be a hundred statements to keep.
struct Limited {
    select: SelectStatement,
    at_least: u64,
}

impl PostgresBinder for Limited {
    fn build_postgres<B: QueryBuilder>(&self, builder: B) -> (String, PostgresValues) {
        let (mut sql, values) = self.select.build_postgres(builder);
        let step = STEPS.into_iter().find(|step| *step >= self.at_least).unwrap_or(MAX_LIMIT);
        // One more than asked for tells whether there is a next page.
        write!(sql, " LIMIT {}", step + 1).expect("a String takes every text");
        (sql, values)
    }
}

/// The parameters as they stand in the query string, for the document of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Parameters {
    /// How many items the page has at most; 20, if not given.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// The column of the order, with `-` before it for descending; `-created_at`, if not given.
    sort: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only what was made at that time or later.
    #[param(value_type = Option<DateTime<Utc>>)]
    created_after: Option<String>,
    /// Only what was made before that time.
    #[param(value_type = Option<DateTime<Utc>>)]
    created_before: Option<String>,
}

impl<T: Listed, S: Send + Sync> FromRequestParts<S> for Page<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let extract::Query(parameters) = extract::Query::from_request_parts(parts, state).await?;
        Self::parse(parameters)
    }
}

impl<T: Listed> Page<T> {
    /// Reads all parameters before it refuses any.
    fn parse(given: Parameters) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let mut refuse = |field, message: String| errors.push(FieldError::new(field, message));
        let limit = given.limit.map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok());
        let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
        if limit.is_none() {
            refuse("limit", format!("must be a number from 1 to {MAX_LIMIT}"));
        }
        let sort = given.sort.map_or(Some((&T::SORT[0], Order::Desc)), |text| Self::sort(&text));
        if sort.is_none() {
            let names: Vec<_> = T::SORT.iter().map(|by| by.column.name).collect();
            refuse("sort", format!("must be {}, with - before it for descending", names.join(" or ")));
        }
        let after = given.cursor.map(|text| Cursor::from_str(&text).ok().filter(|cursor| fits(cursor, sort.as_ref())));
        if after == Some(None) {
            refuse("cursor", "must be the next_cursor of an earlier page in the same order".to_owned());
        }
        let mut time = |field, text: Option<String>| {
            let time = text.map(|text| text.parse().ok());
            if time == Some(None) {
                refuse(field, "must be a time such as 2024-01-31T12:00:00Z".to_owned());
            }
            time.flatten()
        };
        let created_after = time("created_after", given.created_after);
        let created_before = time("created_before", given.created_before);
        match (limit, sort) {
            (Some(limit), Some((by, order))) if errors.is_empty() => {
                Ok(Self { limit, by, order, after: after.flatten(), created_after, created_before })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// `title` is ascending, `-title` descending.
    fn sort(text: &str) -> Option<(&'static SortBy<T>, Order)> {
        let (name, order) = match text.strip_prefix('-') {
            Some(name) => (name, Order::Desc),
            None => (text, Order::Asc),
        };
        Some((T::SORT.iter().find(|by| by.column.name == name)?, order))
    }

    fn cursor(&self, row: &T) -> Cursor {
        Cursor { sort: in_words(self.by, &self.order), key: self.by.key.of(row), id: row.id() }
    }
}

/// As in the query string.
fn in_words<T>(by: &SortBy<T>, order: &Order) -> String {
    format!("{}{}", if *order == Order::Asc { "" } else { "-" }, by.column.name)
}

/// Whether the cursor is a place in this order.
fn fits<T>(cursor: &Cursor, sort: Option<&(&'static SortBy<T>, Order)>) -> bool {
    sort.is_some_and(|(by, order)| cursor.sort == in_words(by, order) && by.key.is_like(&cursor.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::schema::User;

    fn refused(parameters: Parameters) -> Vec<String> {
        let Err(Error::Invalid(errors)) = Page::<User>::parse(parameters) else { panic!("it is taken") };
        errors.into_iter().map(|error| error.field).collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn all_wrong_parameters_are_refused_together() {
        for limit in ["0", "101", "-1", "ten", ""] {
            let parameters = Parameters {
                limit: some(limit),
                sort: some("name"),
                cursor: some("x"),
                created_after: some("yesterday"),
                created_before: some(""),
            };
            assert_eq!(refused(parameters), ["limit", "sort", "cursor", "created_after", "created_before"]);
        }
    }

    #[test]
    fn a_limit_is_text_and_leaves_room_for_the_row_that_tells_of_more() {
        for (at_least, limit) in [(1, 21), (20, 21), (21, 51), (50, 51), (51, 101), (100, 101)] {
            let select = Query::select().column(User::id).from(User::TABLE).and_where(User::name.eq("Ann")).take();
            let (sql, values) = Limited { select, at_least }.build_postgres(sea_query::PostgresQueryBuilder);
            assert_eq!(sql, format!(r#"SELECT "id" FROM "users" WHERE "name" = $1 LIMIT {limit}"#));
            assert_eq!(values.0.len(), 1);
        }
    }

    #[test]
    fn a_cursor_belongs_to_its_order() {
        let cursor =
            Cursor { sort: "-email".to_owned(), key: Key::Text("ann@example.com".to_owned()), id: Uuid::nil() };
        let parameters =
            |sort| Parameters { sort: some(sort), cursor: Some(cursor.to_string()), ..Parameters::default() };
        assert!(Page::<User>::parse(parameters("-email")).is_ok());
        for sort in ["email", "created_at", "-created_at"] {
            assert_eq!(refused(parameters(sort)), ["cursor"], "{sort}");
        }
        let of_another_kind = Cursor { sort: "-created_at".to_owned(), ..cursor };
        assert_eq!(
            refused(Parameters { cursor: Some(of_another_kind.to_string()), ..Parameters::default() }),
            ["cursor"]
        );
    }
}
