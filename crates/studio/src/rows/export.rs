//! All rows that are wanted as a file, row by row: what is in memory is a few hundred of them, however many there are.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use sea_query::{Alias, Expr, ExprTrait as _, Func, Order, Query};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_postgres::{Client, Row};

use super::query::{self, Wanted};
use crate::catalog::{self, Name, Table};
use crate::error::Error;
use crate::sessions::Sessions;
use crate::text::Built;

/// Rows that are fetched at once.
const BATCH: i32 = 500;
/// Batches that may wait for a browser that reads slowly.
const AHEAD: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Csv,
    Json,
}

/// What a file is asked for with.
#[derive(Debug, Deserialize)]
pub(crate) struct ExportRequest {
    #[serde(flatten)]
    name: Name,
    #[serde(default)]
    wanted: Wanted,
    format: Format,
}

/// The file, of which the rows come as they are read.
pub(crate) async fn export(sessions: &Sessions, request: ExportRequest) -> Result<Response, Error> {
    let ExportRequest { name, wanted, format } = request;
    let table = sessions.read(async |client| catalog::table(client, &name).await).await?;
    let columns: Vec<String> = query::shown(&table, &wanted)?.into_iter().map(|column| column.name.clone()).collect();
    let select = file(&name, &table, &wanted, &columns, format)?;
    let mut client = sessions.reader().await?;
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let sent = tokio::select! {
            sent = send(&mut client, &select, &columns, format, &sender) => sent,
            // The browser is gone. The session is dropped in the middle of its work, which cancels that.
            () = sender.closed() => return,
        };
        client.done();
        if let Err(error) = sent {
            // The answer has begun, so its end is all that can be said: a file that is cut off is no whole file.
            let _ = sender.send(Err(std::io::Error::other(error))).await;
        }
    });
    let body = stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|part| (part, receiver)));
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{ending}\"", file_name(&name.table))),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The name without what a header or a file system would read otherwise.
fn file_name(table: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    table.chars().map(safe).collect()
}

fn file(name: &Name, table: &Table, wanted: &Wanted, columns: &[String], format: Format) -> Result<Built, Error> {
    let mut rows = query::rows(name, table, wanted)?;
    for sort in &wanted.sort {
        let direction = if sort.descending { Order::Desc } else { Order::Asc };
        rows.order_by(query::of_table(&query::known(table, &sort.column)?.name), direction);
    }
    for column in columns {
        match format {
            Format::Csv => rows.expr(query::text_of(column)),
            Format::Json => rows.column(Alias::new(column)),
        };
    }
    Ok(Built::of(&match format {
        Format::Csv => rows,
        // PostgreSQL writes each row as JSON, numbers as numbers and arrays as arrays.
        Format::Json => {
            let row = Func::cust("to_json").arg(Expr::col(Alias::new("exported")));
            Query::select()
                .expr(Expr::from(row).cast_as(Alias::new("text")))
                .from_subquery(rows, Alias::new("exported"))
                .to_owned()
        }
    }))
}

/// Reads in a transaction, so that all rows are of one moment, and hands on batch by batch.
async fn send(
    client: &mut Client,
    select: &Built,
    columns: &[String],
    format: Format,
    sender: &mpsc::Sender<std::io::Result<Bytes>>,
) -> Result<(), Error> {
    let failed = || Error::query("export the rows");
    let transaction = client.transaction().await.map_err(failed())?;
    // Whoever exports a large table waits for it; what stops it is the browser's going away.
    transaction.batch_execute("SET LOCAL statement_timeout = 0").await.map_err(failed())?;
    let statement = transaction.prepare(&select.sql).await.map_err(failed())?;
    let portal = transaction.bind(&statement, &select.parameters()).await.map_err(failed())?;
    let mut part = begin(columns, format)?;
    let mut is_first = true;
    loop {
        let rows = transaction.query_portal(&portal, BATCH).await.map_err(failed())?;
        let is_last = rows.len() < usize::try_from(BATCH).expect("a few hundred");
        write(&rows, format, is_first, &mut part)?;
        is_first = is_first && rows.is_empty();
        if is_last && format == Format::Json {
            part.extend_from_slice(if is_first { b"[]\n" } else { b"\n]\n" });
        }
        if sender.send(Ok(std::mem::take(&mut part).into())).await.is_err() || is_last {
            return transaction.rollback().await.map_err(failed());
        }
    }
}

fn begin(columns: &[String], format: Format) -> Result<Vec<u8>, Error> {
    match format {
        Format::Csv => csv_lines(std::iter::once(columns.iter().map(|name| Some(name.as_str())).collect())),
        Format::Json => Ok(Vec::new()),
    }
}

fn write(rows: &[Row], format: Format, is_first: bool, part: &mut Vec<u8>) -> Result<(), Error> {
    let failed = |error| Error::query("export the rows")(error);
    match format {
        Format::Csv => {
            let cells = |row: &'_ Row| (0..row.len()).map(|at| row.try_get::<_, Option<String>>(at)).collect();
            let lines: Vec<Vec<Option<String>>> = rows.iter().map(cells).collect::<Result<_, _>>().map_err(failed)?;
            let lines = lines.iter().map(|line| line.iter().map(Option::as_deref).collect());
            part.extend(csv_lines(lines)?);
        }
        Format::Json => {
            for (at, row) in rows.iter().enumerate() {
                part.extend_from_slice(if is_first && at == 0 { b"[\n" } else { b",\n" });
                part.extend_from_slice(row.try_get::<_, &str>(0).map_err(failed)?.as_bytes());
            }
        }
    }
    Ok(())
}

/// Lines of CSV as PostgreSQL's COPY writes and reads them: null is nothing, and an empty text is `""`.
fn csv_lines<'a>(lines: impl Iterator<Item = Vec<Option<&'a str>>>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for line in lines {
        for (at, cell) in line.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let Some(cell) = cell else { continue };
            let is_plain = !cell.is_empty() && !cell.contains(['"', ',', '\n', '\r']);
            if is_plain {
                out.extend_from_slice(cell.as_bytes());
            } else {
                out.push(b'"');
                out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                out.push(b'"');
            }
        }
        out.push(b'\n');
    }
    Ok(out)
}
