//! Statements that a person writes: each is run by itself, all of them in one transaction.
//!
//! A read-only console stands on three walls, of which each would do. The statement's first word must be one that reads.
//! The server parses it as exactly one statement (a prepared statement holds no second one), so nothing is hidden
//! behind what reads. And the transaction is READ ONLY, has taken its snapshot and stands in a savepoint, from where
//! PostgreSQL lets no one make it read-write, by whatever setting or function; what would end it is not run. The session
//! is closed afterwards, with whatever was set in it.

mod fetch;
mod runs;

use std::time::Instant;

use migrator::{Command, commands};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, ToSql, Type};

use crate::error::Error;
use crate::sessions::{CancelOnDrop, Sessions};
use crate::text::Text;
use fetch::Fetched;
pub(crate) use runs::Runs;

/// The words that a statement which reads begins with. An empty one is a parenthesis before another.
const READING: [&str; 7] = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN", ""];
/// Those whose rows a cursor gives, so that no more of them are made than are shown.
const FETCHED: [&str; 5] = ["SELECT", "WITH", "VALUES", "TABLE", ""];
/// Those that change rows and may return them.
const CHANGING: [&str; 4] = ["INSERT", "UPDATE", "DELETE", "MERGE"];
/// Those that begin or end a transaction, which is ours.
const TRANSACTION: [&str; 9] =
    ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"];

/// What is to be run.
#[derive(Debug, Deserialize)]
pub(crate) struct RunRequest {
    /// A number by which the page may cancel it.
    #[serde(default)]
    run: u64,
    pub(crate) sql: String,
    /// The values of $1, $2 and so on.
    #[serde(default)]
    parameters: Vec<Option<String>>,
    /// Show the plan instead of the rows.
    #[serde(default)]
    explain: Option<Explain>,
}

/// Whether the plan is only made or also run and measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Explain {
    Plan,
    Analyze,
}

/// What became of one statement.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    sql: &'a str,
    /// Where it begins in the text, in characters.
    at: usize,
    milliseconds: f64,
    #[serde(flatten)]
    fetched: Fetched,
}

/// Runs the statements of a text. What fails is an outcome like others, the last one.
pub(crate) async fn run(
    sessions: &Sessions,
    runs: &Runs,
    request: &RunRequest,
    may_write: bool,
) -> Result<Value, Error> {
    let commands = commands(&request.sql);
    for command in &commands {
        allow(command, may_write)?;
    }
    let client = if may_write { sessions.writer().await? } else { sessions.reader_apart().await? };
    let guard = CancelOnDrop::new(sessions.cancel(&client));
    let _running = runs.started(request.run, sessions.cancel(&client));
    begin(&client, may_write).await?;
    let mut outcomes = Vec::new();
    let mut failed = None;
    for command in &commands {
        let started = Instant::now();
        let result = one(&client, command, request).await;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        let at = request.sql[..command.range.start].chars().count();
        match result {
            Ok(fetched) => outcomes.push(json!(Outcome { sql: command.text, at, milliseconds, fetched })),
            Err(error) => {
                failed =
                    Some(json!({ "sql": command.text, "at": at, "milliseconds": milliseconds, "error": error.body() }));
                break;
            }
        }
    }
    let end = if may_write && failed.is_none() && request.explain.is_none() { "COMMIT" } else { "ROLLBACK" };
    let ended = client.batch_execute(end).await;
    guard.disarm();
    if failed.is_none() {
        ended.map_err(Error::query("commit"))?;
    }
    outcomes.extend(failed);
    Ok(json!({ "outcomes": outcomes, "committed": end == "COMMIT" }))
}

/// Refuses what is not to be run, before anything is.
fn allow(command: &Command<'_>, may_write: bool) -> Result<(), Error> {
    let word = || if command.word.is_empty() { command.text.chars().take(20).collect() } else { command.word.clone() };
    if TRANSACTION.contains(&command.word.as_str()) {
        return Err(Error::Transaction { word: word() });
    }
    let reads = READING.contains(&command.word.as_str()) && (!command.word.is_empty() || command.text.starts_with('('));
    if may_write || reads { Ok(()) } else { Err(Error::NotReading { word: word() }) }
}

/// Begins the transaction. A read-only one is locked: a snapshot is taken and a savepoint stands in it.
async fn begin(client: &Client, may_write: bool) -> Result<(), Error> {
    let begin = if may_write { "BEGIN READ WRITE" } else { "BEGIN READ ONLY; SELECT 1; SAVEPOINT locked" };
    client.batch_execute(begin).await.map_err(Error::query("begin a transaction"))
}

async fn one(client: &Client, command: &Command<'_>, request: &RunRequest) -> Result<Fetched, Error> {
    let parameters: Vec<Text> = request.parameters.iter().cloned().map(Text).collect();
    if let Some(explain) = request.explain {
        return plan(client, command.text, &parameters, explain).await;
    }
    // To prepare it is to have it parsed as one statement, and gives its columns' types.
    let statement = client.prepare(command.text).await.map_err(Error::query("read the statement"))?;
    let count = statement.params().len();
    let given: Vec<&(dyn ToSql + Sync)> = parameters.iter().take(count).map(|text| text as _).collect();
    if given.len() < count {
        return Err(Error::Malformed(format!("the statement has {count} parameters, and {} are given", given.len())));
    }
    let is_fetched = FETCHED.contains(&command.word.as_str());
    if is_fetched && !fetch::may_change_rows(client, command).await? {
        return fetch::by_cursor(client, command.text, &statement, &given).await;
    }
    // PostgreSQL prepares no others, CALL and EXPLAIN say.
    if count > 0 && !is_fetched && !CHANGING.contains(&command.word.as_str()) {
        let touched = client.execute(&statement, &given).await.map_err(Error::query("run the statement"))?;
        return Ok(Fetched::touched(touched));
    }
    fetch::whole(client, command.text, &statement, &request.parameters[..count]).await
}

async fn plan(client: &Client, sql: &str, parameters: &[Text], explain: Explain) -> Result<Fetched, Error> {
    let options = match explain {
        Explain::Plan => "FORMAT JSON, VERBOSE",
        Explain::Analyze => "FORMAT JSON, VERBOSE, ANALYZE, BUFFERS",
    };
    let failed = || Error::query("explain the statement");
    let statement = client.prepare(&format!("EXPLAIN ({options}) {sql}")).await.map_err(failed())?;
    let count = statement.params().len();
    let given: Vec<&(dyn ToSql + Sync)> = parameters.iter().take(count).map(|text| text as _).collect();
    let row = client.query_one(&statement, &given).await.map_err(failed())?;
    let plan: Json = row.try_get(0).map_err(failed())?;
    Ok(Fetched::plan(serde_json::from_str(plan.0).map_err(Error::Catalog)?))
}

/// A value of the type `json` by its text, which is also its binary form.
struct Json<'a>(&'a str);

impl<'a> FromSql<'a> for Json<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(std::str::from_utf8(raw)?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSON
    }
}

#[cfg(test)]
mod tests {
    use migrator::commands;

    use super::allow;

    fn refused(sql: &str, may_write: bool) -> Option<String> {
        commands(sql).iter().find_map(|command| allow(command, may_write).err()).map(|error| error.to_string())
    }

    #[test]
    fn a_read_only_console_runs_what_reads_and_nothing_else() {
        for sql in [
            "select 1",
            "/* a */ With a as (select 1) table a; values (1)",
            "((select 1))",
            "show all",
            "explain select 1",
            "",
        ] {
            assert_eq!(refused(sql, false), None, "{sql}");
        }
        for sql in [
            "delete from a",
            "select 1; drop table a",
            "set x = 1",
            "do $$ begin end $$",
            "copy a to program 'sh'",
            "call f()",
            "-- select\ncreate table a ()",
            "\"select\" 1",
            "1",
            "execute a",
            "fetch a",
            "reset all",
            "lock a",
            "vacuum",
            "load 'x'",
        ] {
            assert!(refused(sql, false).is_some(), "{sql}");
        }
    }

    #[test]
    fn no_console_ends_its_transaction() {
        for sql in
            ["commit", "End", "select 1; rollback", "abort", "prepare transaction 'a'", "begin", "start transaction"]
        {
            assert!(refused(sql, true).is_some_and(|error| error.contains("one transaction")), "{sql}");
        }
    }
}
