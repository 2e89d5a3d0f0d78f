//! Two histories that are to make the same.

use kit::prove::{self, Difference};
use kit::rename::{Answers, resolve};
use migrator::Migrations;
use schema::Schema;

use super::bench::Bench;
use super::scratch::{Error, Scratch};
use super::{Subject, server};
use crate::commands::database::{block_on, ledger};
use crate::config::Config;

/// How many rows each table has, a line each where it has some.
const ROWS: &str = "SELECT format('%s rows in %s', count, name) FROM (SELECT oid::regclass AS name, (xpath('/row/c/text()', \
    query_to_xml(format('SELECT count(*) AS c FROM %s', oid::regclass), false, true, '')))[1]::text AS count \
    FROM pg_class WHERE relkind = 'r' AND relnamespace <> ALL ('{pg_catalog, information_schema}'::regnamespace[])) AS rows \
    WHERE count <> '0' ORDER BY 1";

/// What became of running the second history, or how its database differs from the first one's.
type Compared = Result<Vec<Difference>, Box<migrator::Error>>;

/// Applies the first migrations of two sets, as many as stand beside them, to databases of their own, and compares these:
/// the catalog, and how many rows there are. Both lead to `schema`.
pub(crate) fn compare(
    schema: &Schema,
    expected: (Migrations, usize),
    found: (Migrations, usize),
    config: &Config,
) -> Result<Compared, crate::Error> {
    let server = server(config)?;
    let (expected, found) = (subject(schema, expected, config), subject(schema, found, config));
    let compared = block_on(async {
        let bench = Bench::new(&expected, server).await?;
        let expected = lines(&expected, &bench).await?;
        Ok::<_, Error>(match lines(&found, &bench).await {
            Ok(found) => Ok(prove::differences(&expected, &found)),
            Err(Error::Earlier(error)) => Err(error),
            Err(error) => return Err(error),
        })
    })??;
    Ok(compared)
}

fn subject(schema: &Schema, (migrations, earlier): (Migrations, usize), config: &Config) -> Subject {
    let previous = Schema::default();
    Subject {
        tag: String::new(),
        migrations,
        earlier,
        ledger: ledger(config),
        resolved: resolve(&previous, schema, &Answers::default()),
        previous,
        next: schema.clone(),
        statements: Vec::new(),
    }
}

/// The database that the migrations make, a line for each object and each table with rows; without what the migrator
/// itself keeps there. The roles that they make are dropped with it.
async fn lines(subject: &Subject, bench: &Bench) -> Result<Vec<String>, Error> {
    let lines = async {
        let scratch = Scratch::before(subject, &bench.server).await?;
        let mut lines = scratch.catalog().await?;
        lines.extend(bench.roles(&scratch).await?);
        lines.extend(scratch.texts(ROWS).await?);
        lines.retain(|line| !line.contains(subject.ledger.table()));
        Ok(lines)
    }
    .await;
    bench.clear().await?;
    lines
}
