//! The migration itself.

use kit::prove;

use super::bench::{Bench, without};
use super::scratch::{Error, Refusal, Scratch};
use super::{Proof, Subject, back};

/// A database that the migration has run on.
pub(super) struct Migrated {
    pub(super) scratch: Scratch,
    /// The catalog before it.
    pub(super) before: Vec<String>,
    /// The roles before it.
    pub(super) roles: Vec<String>,
    tables: usize,
    changed: Vec<String>,
}

/// Runs the migration with rows in the tables, without them where PostgreSQL refuses it because of
/// them, and compares.
pub(super) async fn run(subject: &Subject, bench: &Bench) -> Result<Proof, Error> {
    let (migrated, refused_with_rows) = match migrate(subject, bench, true).await? {
        Ok(migrated) => (migrated, None),
        Err(refusal) if refusal.is_about_rows() => {
            bench.clear().await?;
            match migrate(subject, bench, false).await? {
                Ok(migrated) => (migrated, Some(refusal)),
                Err(refused) => return Ok(failed(refused)),
            }
        }
        Err(refused) => return Ok(failed(refused)),
    };
    let by_hand = subject.previous == subject.next;
    let differences = compare(subject, bench, &migrated).await?;
    let (tables, changed) = (migrated.tables, migrated.changed.clone());
    let mut proof = Proof { by_hand, refused: None, refused_with_rows, tables, changed, differences, back: None };
    if !by_hand && proof.holds() {
        proof.back = Some(back::run(subject, bench, migrated).await?);
    }
    Ok(proof)
}

fn failed(refused: Refusal) -> Proof {
    Proof {
        by_hand: false,
        refused: Some(refused),
        refused_with_rows: None,
        tables: 0,
        changed: Vec::new(),
        differences: Ok(Vec::new()),
        back: None,
    }
}

/// Runs the migration in a database of its own.
pub(super) async fn migrate(
    subject: &Subject,
    bench: &Bench,
    with_rows: bool,
) -> Result<Result<Migrated, Refusal>, Error> {
    let scratch = Scratch::before(subject, &bench.server).await?;
    let before = scratch.catalog().await?;
    let roles = bench.roles(&scratch).await?;
    let mut kept = Vec::new();
    if with_rows {
        let empty = scratch.fill(prove::inserts(&subject.previous)).await;
        let staying = prove::kept(&subject.previous, &subject.resolved, &subject.next);
        for prove::Kept { table, before, after } in staying.into_iter().filter(|kept| !empty.contains(&kept.table)) {
            kept.push((table, after, scratch.texts(&before).await?));
        }
    }
    if let Err(refusal) = scratch.run(&subject.statements).await? {
        return Ok(Err(refusal));
    }
    let mut changed = Vec::new();
    for (_, query, expected) in &kept {
        let found = scratch.texts(query).await;
        if found.as_ref().ok() != Some(expected) {
            let found = found.map_or_else(|error| error.to_string(), |found| found.join(", "));
            changed.push(format!("{query} gave {} and now {found}", expected.join(", ")));
        }
    }
    kept.dedup_by(|a, b| a.0 == b.0);
    Ok(Ok(Migrated { scratch, before, roles, tables: kept.len(), changed }))
}

/// How the catalog differs from the one to expect, or why that cannot be built.
async fn compare(
    subject: &Subject,
    bench: &Bench,
    migrated: &Migrated,
) -> Result<Result<Vec<prove::Difference>, Refusal>, Error> {
    let found = migrated.scratch.catalog().await?;
    let empty = Scratch::empty(&bench.server).await?;
    let extensions = migrated.scratch.extensions().await?;
    if let Err(refusal) = empty.run(&extensions).await? {
        return Ok(Err(refusal));
    }
    let there = empty.roles().await?;
    let previous = empty.catalog_from_empty(&prove::from_empty(&without(&subject.previous, &there))).await?;
    let next = empty.catalog_from_empty(&prove::from_empty(&without(&subject.next, &there))).await?;
    Ok(match (previous, next) {
        (Ok(previous), Ok(next)) => {
            let expected = prove::expected(&migrated.before, &previous, &next);
            Ok(prove::differences(&expected, &found))
        }
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    })
}
