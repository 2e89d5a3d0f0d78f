//! What is the same in other words. PostgreSQL may print an expression differently once it has read it from its own words,
//! so that a database and its restored dump are not the same text. What was built again is the same if it has the text
//! that is printed after such a restore.

use std::collections::BTreeSet;

use kit::prove::RESTORED;
use migrator::tokio_postgres::Client;

use super::verify::{catalog, rows};
use crate::error::Error;

/// How PostgreSQL would restore an object.
pub(super) struct Definition {
    /// What its line of the catalog begins with.
    object: String,
    statement: String,
}

/// Those of a database that have an expression.
pub(super) async fn definitions(client: &Client) -> Result<Vec<Definition>, Error> {
    let definition = |object: Option<&str>, statement: Option<&str>| {
        Some(Definition { object: object?.to_owned(), statement: statement?.to_owned() })
    };
    let rows = rows(client, RESTORED).await?;
    Ok(rows.iter().filter_map(|row| definition(row.get(0), row.get(1))).collect())
}

/// The objects that were restored where they differed, and the catalog with them.
#[derive(Default)]
pub(super) struct Restored {
    objects: Vec<String>,
    catalog: BTreeSet<String>,
}

impl Restored {
    /// Restores the objects whose lines are `missing` in the database of `client`, reads its catalog, and takes all back.
    pub(super) async fn of(client: &Client, missing: &[&String], definitions: Vec<Definition>) -> Result<Self, Error> {
        let mut differing = definitions;
        differing.retain(|Definition { object, .. }| missing.iter().any(|line| line.starts_with(object)));
        if differing.is_empty() {
            return Ok(Self::default());
        }
        execute(client, "BEGIN; SET LOCAL client_min_messages = warning").await?;
        let mut objects = Vec::new();
        for Definition { object, statement } in differing {
            execute(client, "SAVEPOINT restored").await?;
            match client.batch_execute(&statement).await {
                Ok(()) => objects.push(object),
                Err(_) => execute(client, "ROLLBACK TO restored").await?,
            }
        }
        let catalog = catalog(client).await?.into_iter().collect();
        execute(client, "ROLLBACK").await?;
        Ok(Self { objects, catalog })
    }

    /// Parts the lines of objects that are the same in other words from those that are missing and unexpected.
    pub(super) fn part<'a>(
        &self,
        missing: Vec<&'a String>,
        unexpected: Vec<&'a String>,
    ) -> (Vec<&'a String>, Vec<&'a String>, Vec<&'a String>) {
        let is_restored = |line: &str| self.objects.iter().any(|object| line.starts_with(object));
        let as_restored = |line: &String| is_restored(line) && self.catalog.contains(line);
        let (same, unexpected): (Vec<_>, Vec<_>) = unexpected.into_iter().partition(|line| as_restored(line));
        let is_same = |line: &str| {
            let object = self.objects.iter().find(|object| line.starts_with(*object));
            object.is_some_and(|object| same.iter().any(|line| line.starts_with(object)))
        };
        let (in_other_words, missing) = missing.into_iter().partition(|line| is_same(line));
        (in_other_words, missing, unexpected)
    }
}

async fn execute(client: &Client, statement: &str) -> Result<(), Error> {
    Ok(client.batch_execute(statement).await.map_err(kit::introspect::Error::catalog)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_as_it_is_restored_is_the_same_and_nothing_else_is() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<String>>();
        let restored = Restored {
            objects: lines(&["constraint a on public.t ", "constraint b on public.t "]),
            catalog: lines(&["constraint a on public.t CHECK (2)", "constraint b on public.t CHECK (2)"])
                .into_iter()
                .collect(),
        };
        let missing = lines(&[
            "constraint a on public.t CHECK (1)",
            "constraint b on public.t CHECK (1)",
            "constraint c on public.t CHECK (1)",
        ]);
        let unexpected = lines(&[
            "constraint a on public.t CHECK (2)",
            "constraint b on public.t CHECK (3)",
            "constraint c on public.t CHECK (2)",
        ]);
        let (same, missing_still, unexpected_still) =
            restored.part(missing.iter().collect(), unexpected.iter().collect());
        assert_eq!(same, [&missing[0]]);
        assert_eq!(missing_still, [&missing[1], &missing[2]]);
        assert_eq!(unexpected_still, [&unexpected[1], &unexpected[2]]);
    }
}
