//! The rows of a table: pages of them, their number, and single cells.

pub(crate) mod export;
pub(crate) mod query;

use std::collections::BTreeMap;

use sea_query::{Alias, Asterisk, Expr, ExprTrait as _, Func, Query};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, Row};

use crate::catalog::{self, Name, Table};
use crate::error::Error;
use crate::text::Built;
use query::{Cursor, PageQuery, Wanted};

/// The most of one cell that is sent by itself.
const WHOLE_CELL: i32 = 8 * 1024 * 1024;

/// What a page is asked for with.
#[derive(Debug, Deserialize)]
pub(crate) struct PageRequest {
    #[serde(flatten)]
    name: Name,
    #[serde(default)]
    wanted: Wanted,
    #[serde(default)]
    at: Option<Cursor>,
    #[serde(default = "usual_limit")]
    limit: u64,
}

fn usual_limit() -> u64 {
    100
}

/// Rows in their order, and whether there are others around them.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    key: Vec<String>,
    rows: Vec<PageRow>,
    /// Whether there is a page before and after this one, as far as is known.
    before: bool,
    after: bool,
}

#[derive(Debug, Serialize)]
struct PageRow {
    /// The cells as PostgreSQL prints them, cut where they are long.
    cells: Vec<Option<String>>,
    /// Which of them are cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cut: Vec<usize>,
    /// The values of the order's columns: the row's place.
    place: Vec<Option<String>>,
    key: Vec<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

/// One page.
pub(crate) async fn page(client: &Client, request: PageRequest) -> Result<Page, Error> {
    let PageRequest { name, wanted, at, limit } = request;
    let table = catalog::table(client, &name).await?;
    let query = query::page(&name, &table, &wanted, at.as_ref(), limit)?;
    let columns = query::shown(&table, &wanted)?.len();
    let mut rows = match &query.narrow {
        Some(narrow) => narrow.rows(client).await.map_err(Error::query("read the rows"))?,
        None => Vec::new(),
    };
    if rows.len() <= query.limit {
        rows = query.select.rows(client).await.map_err(Error::query("read the rows"))?;
    }
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    if query.is_backwards {
        rows.reverse();
    }
    let rows = rows.iter().map(|row| read(row, columns, &query)).collect::<Result<_, _>>()?;
    let began_inside = matches!(at, Some(Cursor::After(_) | Cursor::From(_)) | Some(Cursor::Offset(1..)));
    let (before, after) = if query.is_backwards { (more, true) } else { (began_inside, more) };
    Ok(Page { key: query.key, rows, before, after })
}

fn read(row: &Row, columns: usize, query: &PageQuery) -> Result<PageRow, Error> {
    let mut at = 0;
    let mut take = |number: usize| {
        let taken = (at..at + number).map(|at| row.try_get(at)).collect::<Result<Vec<Option<String>>, _>>();
        at += number;
        taken.map_err(Error::query("read the rows"))
    };
    let mut cells = take(columns)?;
    let place = take(query.order.len())?;
    let key = take(query.key.len())?;
    let version = if query.is_versioned { take(1)?.pop().flatten() } else { None };
    let mut cut = Vec::new();
    for (at, cell) in cells.iter_mut().enumerate() {
        let Some(cell) = cell else { continue };
        if let Some((end, _)) = cell.char_indices().nth(query::CELL) {
            cell.truncate(end);
            cut.push(at);
        }
    }
    Ok(PageRow { cells, cut, place, key, version })
}

/// How many rows there are.
pub(crate) async fn count(client: &Client, request: PageRequest) -> Result<i64, Error> {
    let table = catalog::table(client, &request.name).await?;
    let rows = counting(&request.name, &table, &request.wanted)?.rows(client).await;
    let rows = rows.map_err(Error::query("count the rows"))?;
    let row = rows.first().ok_or_else(|| Error::Malformed("there is no count".to_owned()))?;
    row.try_get(0).map_err(Error::query("count the rows"))
}

fn counting(name: &Name, table: &Table, wanted: &Wanted) -> Result<Built, Error> {
    let mut rows = query::rows(name, table, wanted)?;
    rows.expr(Func::count(Expr::col(Asterisk)));
    Ok(Built::of(&rows))
}

/// Which cell.
#[derive(Debug, Deserialize)]
pub(crate) struct CellRequest {
    #[serde(flatten)]
    name: Name,
    column: String,
    key: BTreeMap<String, String>,
}

/// The whole of a cell.
pub(crate) async fn cell(client: &Client, request: CellRequest) -> Result<Option<String>, Error> {
    let table = catalog::table(client, &request.name).await?;
    query::known(&table, &request.column)?;
    let rows = one_cell(&request).rows(client).await.map_err(Error::query("read the cell"))?;
    let row = rows.first().ok_or_else(|| Error::Malformed("the row is gone".to_owned()))?;
    row.try_get(0).map_err(Error::query("read the cell"))
}

fn one_cell(CellRequest { name, column, key }: &CellRequest) -> Built {
    let mut cell = Query::select();
    cell.from((Alias::new(&name.schema), Alias::new(&name.table)));
    cell.expr(Func::cust("left").arg(query::text_of(column)).arg(WHOLE_CELL));
    for (column, value) in key {
        cell.and_where(Expr::col(Alias::new(column)).eq(value.clone()));
    }
    cell.limit(1);
    Built::of(&cell)
}
