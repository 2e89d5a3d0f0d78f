//! `pull --verify`: does this tool understand the database?
//!
//! What was read is built in a scratch database by the SQL that `generate` would write. The catalogs of both are texts,
//! a line an object ([`kit::prove::CATALOG`]), and whatever is understood has the same line in both.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use kit::introspect::{Filter, Introspected, Refused, Scratch, Surroundings, read, rebuild};
use kit::prove::CATALOG;
use migrator::Server;
use migrator::tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::explained::Explained;
use super::restored::{self, Definition, Restored};
use super::{PURPOSE, block_on};
use crate::commands::database::left_alone;
use crate::error::{DIFFERS, Error};
use crate::output::{self, BOLD, GREEN, RED, YELLOW, paint};

/// Both catalogs, and what is known of the one that was read.
struct Compared {
    introspected: Introspected,
    there: Vec<String>,
    again: Vec<String>,
    /// What was not built again.
    refused: Vec<Refused>,
    restored: Restored,
}

/// Prints the report.
pub(super) fn run(server: &Server, filter: &Filter, is_strict: bool) -> Result<ExitCode, Error> {
    let compared = block_on(compare(server, filter))??;
    let is_same = report(&compared, filter) && compared.refused.is_empty();
    print_refused(&compared.refused);
    let not_modelled = &compared.introspected.not_modelled;
    let is_refused = is_strict && !not_modelled.is_empty();
    Ok(match (is_same, is_refused) {
        (false, _) => ExitCode::from(DIFFERS),
        (true, true) => ExitCode::FAILURE,
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Prints what is the same in both catalogs, what is left alone, and what differs. Tells whether nothing does.
fn report(compared: &Compared, filter: &Filter) -> bool {
    let Compared { introspected: Introspected { schema: _, not_modelled }, there, again, refused, restored } = compared;
    let explained = Explained::new(not_modelled, refused, [there, again]);
    let is_considered = |line: &&String| !explained.has(line) && !is_ledgers(line, filter);
    let built: BTreeSet<_> = again.iter().map(|line| without_cast(line)).collect();
    let known: BTreeSet<_> = there.iter().map(|line| without_cast(line)).collect();
    let considered = there.iter().filter(is_considered);
    let (mut same, missing): (Vec<&String>, Vec<&String>) =
        considered.partition(|line| built.contains(&without_cast(line)));
    let unexpected = again.iter().filter(is_considered).filter(|line| !known.contains(&without_cast(line)));
    let (in_other_words, missing, unexpected) = restored.part(missing, unexpected.collect());
    same.extend(&in_other_words);
    output::line(paint(BOLD, "understood, and built again the same"));
    for (kind, count) in kinds(&same) {
        output::line(format!("  {count:>6} {kind}"));
    }
    if !in_other_words.is_empty() {
        output::line(format!("  {:>6} of these in other words, as after a dump is restored", in_other_words.len()));
    }
    if !not_modelled.is_empty() {
        output::line(paint(YELLOW, "left alone, since the model cannot say it"));
        left_alone::list(&left_alone::by_kind(not_modelled));
    }
    if missing.is_empty() && unexpected.is_empty() {
        output::line(paint(GREEN, "Everything else in the catalog is the same when it is built again."));
        return true;
    }
    output::line(paint(RED, "not the same when it is built again"));
    missing.iter().for_each(|line| output::line(format!("  - {}", first_line(line))));
    unexpected.iter().for_each(|line| output::line(format!("  + {}", first_line(line))));
    false
}

async fn compare(server: &Server, filter: &Filter) -> Result<Compared, Error> {
    let mut client = server.client(PURPOSE).await?;
    let introspected = read(&mut client, filter).await?;
    let there = catalog(&client).await?;
    let surroundings = Surroundings::read(&mut client, &introspected.schema).await?;
    let definitions = restored::definitions(&client).await?;
    let scratch = Scratch::create(&client).await?;
    let built = build_again(server, &scratch, &introspected, &surroundings, (&there, definitions)).await;
    scratch.drop(&client).await?;
    let (again, refused, restored) = built?;
    Ok(Compared { introspected, there, again, refused, restored })
}

async fn build_again(
    server: &Server,
    scratch: &Scratch,
    introspected: &Introspected,
    surroundings: &Surroundings,
    (there, definitions): (&[String], Vec<Definition>),
) -> Result<(Vec<String>, Vec<Refused>, Restored), Error> {
    let mut inside = server.with_database(scratch.name()).client(PURPOSE).await?;
    let refused = rebuild(&mut inside, &introspected.schema, surroundings).await?;
    let again = catalog(&inside).await?;
    let built: BTreeSet<&String> = again.iter().collect();
    let missing: Vec<&String> = there.iter().filter(|line| !built.contains(line)).collect();
    let restored = Restored::of(&inside, &missing, definitions).await?;
    Ok((again, refused, restored))
}

/// The lines of a catalog.
pub(super) async fn catalog(client: &Client) -> Result<Vec<String>, Error> {
    let rows = rows(client, CATALOG).await?;
    Ok(rows.iter().filter_map(|row| row.get(0).map(str::to_owned)).collect())
}

/// The rows of a query of the catalog.
pub(super) async fn rows(client: &Client, query: &str) -> Result<Vec<SimpleQueryRow>, Error> {
    // With nothing in the search path, every name is printed with its schema.
    let query = format!("SET search_path = pg_catalog; {query}; RESET search_path");
    let messages = client.simple_query(&query).await.map_err(kit::introspect::Error::catalog)?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    Ok(rows.collect())
}

/// How many lines there are of each kind, which is the word that they begin with.
fn kinds(lines: &[&String]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for line in lines {
        let word = line.split(' ').next().unwrap_or_default();
        let kind = match word {
            "relation" => relation(line),
            "index" => "indexes",
            // Each view is a relation too.
            "view" => "queries of views",
            "policy" => "policies",
            "partition" if line.starts_with("partition key") => "partition keys",
            word => {
                *kinds.entry(format!("{word}s")).or_default() += 1;
                continue;
            }
        };
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    // Each index is a relation too.
    kinds.remove("");
    kinds
}

fn relation(line: &str) -> &'static str {
    match line.split(" kind ").nth(1).and_then(|rest| rest.chars().next()) {
        Some('r' | 'p') => "tables",
        Some('v') => "views",
        Some('m') => "materialized views",
        Some('f') => "foreign tables",
        Some('c') => "composite types",
        _ => "",
    }
}

fn print_refused(refused: &[Refused]) {
    if refused.is_empty() {
        return;
    }
    output::line(paint(RED, "not built again, since it stands on what is left alone"));
    for Refused { statement, cause } in refused {
        let statement = first_line(statement);
        let end = statement.char_indices().nth(100).map_or(statement.len(), |(at, _)| at);
        output::line(format!("  {}", &statement[..end]));
        output::line(format!("    {}", first_line(&cause.to_string())));
    }
}

/// The line of a column without the cast of a constant default: `'a'` is the same text in a column of texts, whether
/// it was written for one of `text` or of `character varying`. A cast to another zone is none that may go. A number stands
/// apart, without its quotes: `'0'::smallint` is the same as `0` in a column of numbers.
fn without_cast(line: &str) -> (&str, &str) {
    let is_type = |cast: &str| {
        !cast.contains("time zone") && cast.chars().all(|c| c.is_ascii_alphanumeric() || " _().\"".contains(c))
    };
    let (is_quoted, constant) = match line.rsplit_once("'::") {
        Some((constant, cast)) if is_type(cast) => (true, constant),
        _ => (false, line),
    };
    if !line.starts_with("column ") {
        return (line, "");
    }
    match constant.rsplit_once(if is_quoted { " default '" } else { " default " }) {
        Some((column, number)) if number.parse::<f64>().is_ok() => (column, number),
        _ => (constant, ""),
    }
}

/// Whether the line is about the ledger of migrations, which is nobody's table.
fn is_ledgers(line: &str, filter: &Filter) -> bool {
    let name = |name: &str| schema::quote::ident_if_needed(name).into_owned();
    let path = format!("{}.{}", name(&filter.ledger.schema), name(&filter.ledger.table));
    line.contains(&format!(" {path}")) || line.contains(&format!(".{} ON", name(&filter.ledger.table)))
}

fn first_line(line: &str) -> &str {
    line.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_the_same_with_the_cast_and_quotes_that_its_column_makes_needless() {
        let is_same = |one: &str, other: &str| {
            let line = |default: &str| format!("column public.t.a smallint not null default {default}");
            without_cast(&line(one)) == without_cast(&line(other))
        };
        assert!(is_same("'0'::smallint", "0"));
        assert!(is_same("'-1'::integer", "-1"));
        assert!(is_same("'a'::text", "'a'::character varying"));
        assert!(is_same("'0101'::\"bit\"", "'0101'::bit varying"));
        assert!(!is_same("'0'::smallint", "1"));
        assert!(!is_same("'a'::text", "'b'::text"));
        assert!(!is_same("'2020-01-01'::date", "'2020-01-01'::timestamp with time zone"));
        assert!(!is_same("f('0'::text)", "0"));
    }
}
