//! Rows from a CSV file: first looked at, then inserted in one transaction.

use sea_query::{Alias, Expr, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::catalog::{self, Name};
use crate::error::Error;
use crate::sessions::Sessions;
use crate::text::Built;

/// The rows that a preview shows.
const PREVIEW: usize = 20;
/// PostgreSQL takes at most 65,535 parameters in a statement.
const PARAMETERS: usize = 60_000;

/// A file, and which of its columns go where.
#[derive(Debug, Deserialize)]
pub(crate) struct ImportRequest {
    #[serde(flatten)]
    pub(crate) name: Name,
    csv: String,
    /// Whether the first line has the names of the columns.
    #[serde(default)]
    header: bool,
    /// The column of the table for each column of the file; null leaves it out.
    #[serde(default)]
    columns: Vec<Option<String>>,
}

impl ImportRequest {
    fn records(&self) -> impl Iterator<Item = Result<csv::StringRecord, Error>> {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.csv.as_bytes());
        reader.into_records().map(|record| record.map_err(|error| Error::Malformed(format!("the file: {error}"))))
    }

    /// The first rows, and a column of the table for each of the file where the names are the same.
    pub(crate) async fn preview(&self, sessions: &Sessions) -> Result<Value, Error> {
        let table = sessions.read(async |client| catalog::table(client, &self.name).await).await?;
        let takes: Vec<&str> =
            table.columns.iter().filter(|column| !column.generated).map(|column| column.name.as_str()).collect();
        let mut records = self.records();
        let first = records.next().transpose()?.unwrap_or_default();
        let fits = |name: &str| takes.iter().copied().find(|column| column.eq_ignore_ascii_case(name.trim()));
        let is_header = !first.is_empty() && first.iter().all(|name| fits(name).is_some());
        let columns: Vec<Option<&str>> = if is_header {
            first.iter().map(fits).collect()
        } else {
            (0..first.len()).map(|at| takes.get(at).copied()).collect()
        };
        let shown = std::iter::once(Ok(first.clone())).chain(records).take(PREVIEW + 1);
        let rows = shown
            .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
            .collect::<Result<Vec<Vec<_>>, Error>>()?;
        Ok(json!({ "header": is_header, "columns": columns, "rows": rows }))
    }

    /// Inserts all rows. What is empty in the file is null.
    pub(crate) async fn run(&self, sessions: &Sessions) -> Result<u64, Error> {
        let taken: Vec<(usize, &String)> =
            self.columns.iter().enumerate().filter_map(|(at, column)| Some((at, column.as_ref()?))).collect();
        if taken.is_empty() {
            return Err(Error::Malformed("choose a column of the table for at least one of the file".to_owned()));
        }
        let mut client = sessions.writer().await?;
        let transaction = client.transaction().await.map_err(Error::query("begin to import"))?;
        let mut records = self.records().skip(usize::from(self.header)).peekable();
        let mut imported = 0;
        let batch = PARAMETERS / taken.len();
        while records.peek().is_some() {
            let batch: Vec<csv::StringRecord> = records.by_ref().take(batch).collect::<Result<_, _>>()?;
            let operation = format!("import the rows from {} on; nothing was imported", imported + 1);
            imported +=
                self.insert(&taken, &batch).execute(transaction.client()).await.map_err(Error::query(operation))?;
        }
        transaction.commit().await.map_err(Error::query("finish the import"))?;
        Ok(imported)
    }

    fn insert(&self, taken: &[(usize, &String)], records: &[csv::StringRecord]) -> Built {
        let mut insert = Query::insert();
        insert.into_table((Alias::new(&self.name.schema), Alias::new(&self.name.table)));
        insert.columns(taken.iter().map(|(_, column)| Alias::new(*column)));
        for record in records {
            let cell = |at: usize| record.get(at).filter(|cell| !cell.is_empty()).map(str::to_owned);
            insert.values_panic(taken.iter().map(|(at, _)| Expr::val(cell(*at))));
        }
        Built::of(&insert)
    }
}
