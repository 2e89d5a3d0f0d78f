//! One page of a table as a query.
//!
//! A page begins after a row, not after a number of rows: the thousandth page costs what the first one does. The order
//! ends in the table's key, so that no two rows stand at the same place. Only what has no key (a view) is read by a
//! number of rows.

use sea_query::extension::postgres::PgBinOper;
use sea_query::{Alias, BinOper, Condition, Expr, ExprTrait as _, Func, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};

use crate::catalog::{Column, Kind, Name, Table};
use crate::error::Error;
use crate::text::Built;

/// What is shown of a cell in a grid; the rest is asked for by itself.
pub(crate) const CELL: usize = 300;
/// What the table is called in the query.
const OF: &str = "t";
/// The most rows of one page.
const ROWS: u64 = 500;

/// Which rows, in which order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    pub(crate) columns: Vec<String>,
    pub(crate) sort: Vec<Sort>,
    pub(crate) filter: Vec<Filter>,
    /// A text that any column has in it.
    pub(crate) find: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sort {
    pub(crate) column: String,
    #[serde(default)]
    pub(crate) descending: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) column: String,
    pub(crate) is: Comparison,
    #[serde(default)]
    pub(crate) value: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    StartsWith,
    Null,
    NotNull,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cursor {
    /// After the row of these values of the order's columns.
    After(Vec<Option<String>>),
    /// Before that row.
    Before(Vec<Option<String>>),
    /// At the row of these values.
    From(Vec<Option<String>>),
    /// After so many rows.
    Offset(u64),
}

/// A column of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) column: String,
    descending: bool,
    nullable: bool,
}

/// A page's query and how its columns are read.
#[derive(Debug)]
pub(crate) struct PageQuery {
    pub(crate) select: Built,
    /// The same without rows that are null in the first column of the order, where these come last: an index answers
    /// it. It is enough where it fills the page.
    pub(crate) narrow: Option<Built>,
    pub(crate) order: Vec<Ordered>,
    pub(crate) key: Vec<String>,
    pub(crate) is_versioned: bool,
    /// The rows come in the reverse order.
    pub(crate) is_backwards: bool,
    pub(crate) limit: usize,
}

/// The columns that tell a row from all others. Without a key, its place in the table does, for as long as it stays
/// as it is; a view has none.
pub(crate) fn key(table: &Table) -> Vec<String> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match (&table.key, table.kind) {
        (Some(key), _) => key.clone(),
        (None, Kind::Table | Kind::MaterializedView) => names(&["ctid"]),
        (None, Kind::Partitioned) => names(&["tableoid", "ctid"]),
        (None, Kind::View | Kind::Foreign) => Vec::new(),
    }
}

/// Whether rows have a version, by which a change in the meantime is seen.
pub(crate) fn is_versioned(table: &Table) -> bool {
    matches!(table.kind, Kind::Table | Kind::Partitioned)
}

/// The query of a page.
pub(crate) fn page(
    name: &Name,
    table: &Table,
    wanted: &Wanted,
    at: Option<&Cursor>,
    limit: u64,
) -> Result<PageQuery, Error> {
    let key = key(table);
    let order = order(table, wanted, &key)?;
    let limit = limit.clamp(1, ROWS);
    let is_backwards = matches!(at, Some(Cursor::Before(_)));
    let mut select = rows(name, table, wanted)?;
    let length = i32::try_from(CELL + 1).expect("a few hundred");
    for column in shown(table, wanted)? {
        select.expr(Func::cust("left").arg(text_of(&column.name)).arg(length));
    }
    for column in order.iter().map(|ordered| &ordered.column).chain(&key) {
        select.expr(text_of(column));
    }
    if is_versioned(table) {
        select.expr(text_of("xmin"));
    }
    match at {
        None => {}
        Some(Cursor::Offset(rows)) => {
            select.offset(*rows);
        }
        Some(Cursor::After(values) | Cursor::Before(values) | Cursor::From(values)) => {
            if key.is_empty() || values.len() != order.len() {
                return Err(Error::Malformed("the place in the table does not fit the order; begin again".to_owned()));
            }
            let is_from = matches!(at, Some(Cursor::From(_)));
            select.cond_where(beyond(&order, values, is_backwards, is_from));
        }
    }
    for ordered in &order {
        let direction = if ordered.descending == is_backwards { Order::Asc } else { Order::Desc };
        select.order_by(of_table(&ordered.column), direction);
    }
    // One more tells whether there are more.
    select.limit(limit + 1);
    let narrow = at.and_then(|at| bound(&order, at)).map(|(bound, is_whole)| {
        let mut narrow = select.clone();
        narrow.and_where(bound);
        if is_whole {
            select = narrow.clone();
        }
        (narrow, is_whole)
    });
    let narrow = narrow.filter(|(_, is_whole)| !is_whole).map(|(narrow, _)| Built::of(&narrow));
    let limit = usize::try_from(limit).expect("a few hundred");
    Ok(PageQuery {
        select: Built::of(&select),
        narrow,
        order,
        key,
        is_versioned: is_versioned(table),
        is_backwards,
        limit,
    })
}

/// The rows that are wanted, without columns, order and limit.
pub(crate) fn rows(name: &Name, table: &Table, wanted: &Wanted) -> Result<SelectStatement, Error> {
    let mut select = Query::select();
    select.from_as((Alias::new(&name.schema), Alias::new(&name.table)), Alias::new(OF));
    for filter in &wanted.filter {
        known(table, &filter.column)?;
        select.and_where(condition(filter)?);
    }
    if let Some(text) = wanted.find.as_deref().filter(|text| !text.is_empty()) {
        let pattern = format!("%{}%", escaped(text));
        let found = table.columns.iter().fold(Condition::any(), |any, column| {
            any.add(text_of(&column.name).binary(PgBinOper::ILike, Expr::val(pattern.clone())))
        });
        select.cond_where(found);
    }
    Ok(select)
}

/// The columns that are wanted; all of them where none is named.
pub(crate) fn shown<'a>(table: &'a Table, wanted: &Wanted) -> Result<Vec<&'a Column>, Error> {
    if wanted.columns.is_empty() {
        return Ok(table.columns.iter().collect());
    }
    wanted.columns.iter().map(|column| known(table, column)).collect()
}

/// The order that is wanted, and the key where it does not tell two rows apart.
pub(crate) fn order(table: &Table, wanted: &Wanted, key: &[String]) -> Result<Vec<Ordered>, Error> {
    let mut order = Vec::new();
    for sort in &wanted.sort {
        let column = known(table, &sort.column)?;
        if !column.sortable {
            return Err(Error::Malformed(format!("{} has a type that PostgreSQL does not sort", column.name)));
        }
        order.push(Ordered { column: column.name.clone(), descending: sort.descending, nullable: column.nullable });
    }
    for column in key {
        if !order.iter().any(|ordered| ordered.column == *column) {
            order.push(Ordered { column: column.clone(), descending: false, nullable: false });
        }
    }
    Ok(order)
}

pub(crate) fn known<'a>(table: &'a Table, name: &str) -> Result<&'a Column, Error> {
    let unknown = || Error::Malformed(format!("there is no column {name}"));
    table.columns.iter().find(|column| column.name == name).ok_or_else(unknown)
}

/// A column in the order. Bare it would be the text that is selected under this name.
pub(crate) fn of_table(column: &str) -> (Alias, Alias) {
    (Alias::new(OF), Alias::new(column))
}

/// A column as PostgreSQL prints it.
pub(crate) fn text_of(column: &str) -> Expr {
    Expr::col(Alias::new(column)).cast_as(Alias::new("text"))
}

/// A text as a LIKE pattern that stands for itself.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

fn condition(filter: &Filter) -> Result<Expr, Error> {
    let column = Expr::col(Alias::new(&filter.column));
    let needed = || Error::Malformed(format!("the filter on {} has no value", filter.column));
    let value = || filter.value.clone().ok_or_else(needed);
    Ok(match filter.is {
        Comparison::Null => column.is_null(),
        Comparison::NotNull => column.is_not_null(),
        Comparison::Equal => column.eq(value()?),
        Comparison::NotEqual => column.ne(value()?),
        Comparison::Less => column.lt(value()?),
        Comparison::LessOrEqual => column.lte(value()?),
        Comparison::Greater => column.gt(value()?),
        Comparison::GreaterOrEqual => column.gte(value()?),
        Comparison::Contains => {
            let pattern = format!("%{}%", escaped(&value()?));
            text_of(&filter.column).binary(PgBinOper::ILike, Expr::val(pattern))
        }
        Comparison::StartsWith => {
            text_of(&filter.column).binary(BinOper::Like, Expr::val(format!("{}%", escaped(&value()?))))
        }
    })
}

/// The rows behind a place, in a direction. Where only the key decides, it is one comparison of rows, which an index
/// answers; else one alternative for each column that may be the first to differ.
fn beyond(order: &[Ordered], values: &[Option<String>], backwards: bool, inclusive: bool) -> Condition {
    let plain = order.iter().all(|ordered| !ordered.nullable && !ordered.descending);
    if plain && values.iter().all(Option::is_some) {
        let columns = Expr::tuple(order.iter().map(|ordered| Expr::col(Alias::new(&ordered.column))));
        let place = Expr::tuple(values.iter().map(|value| Expr::val(value.clone())));
        let operator = match (backwards, inclusive) {
            (true, _) => BinOper::SmallerThan,
            (false, false) => BinOper::GreaterThan,
            (false, true) => BinOper::GreaterThanOrEqual,
        };
        return Condition::all().add(columns.binary(operator, place));
    }
    let mut any = Condition::any();
    for (at, (ordered, value)) in order.iter().zip(values).enumerate() {
        let Some(further) = further(ordered, value.as_deref(), backwards) else { continue };
        any = any.add(same(&order[..at], values).add(further));
    }
    if inclusive { any.add(same(order, values)) } else { any }
}

/// What of a place the first column alone says, which is what an index can begin at; and whether it leaves out none of
/// the rows behind the place, as it does with null where that comes last.
fn bound(order: &[Ordered], at: &Cursor) -> Option<(Expr, bool)> {
    let (values, backwards) = match at {
        Cursor::After(values) | Cursor::From(values) => (values, false),
        Cursor::Before(values) => (values, true),
        Cursor::Offset(_) => return None,
    };
    let (first, value) = (order.first()?, values.first()?.clone()?);
    let column = Expr::col(Alias::new(&first.column));
    match first.descending != backwards {
        true => Some((column.lte(value), true)),
        false => Some((column.gte(value), !first.nullable)),
    }
}

/// The rows with the same values in these columns.
fn same(order: &[Ordered], values: &[Option<String>]) -> Condition {
    order.iter().zip(values).fold(Condition::all(), |all, (ordered, value)| {
        let column = Expr::col(Alias::new(&ordered.column));
        all.add(match value {
            Some(value) => column.eq(value.clone()),
            None => column.is_null(),
        })
    })
}

/// What comes after a value of one column; nothing does where it is the last. PostgreSQL takes null for the largest.
fn further(ordered: &Ordered, value: Option<&str>, backwards: bool) -> Option<Condition> {
    let column = || Expr::col(Alias::new(&ordered.column));
    let is_down = ordered.descending != backwards;
    match (value, is_down) {
        (None, false) => None,
        (None, true) => Some(Condition::all().add(column().is_not_null())),
        (Some(value), true) => Some(Condition::all().add(column().lt(value))),
        (Some(value), false) if ordered.nullable => {
            Some(Condition::any().add(column().gt(value)).add(column().is_null()))
        }
        (Some(value), false) => Some(Condition::all().add(column().gt(value))),
    }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
