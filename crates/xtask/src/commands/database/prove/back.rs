//! The way back: the SQL from the schema after the migration to the one before it. What it loses is no
//! matter here; that it leads there is.

use kit::Migration;
use kit::prove;
use kit::rename::Answers;

use super::bench::Bench;
use super::forward::{Migrated, migrate};
use super::scratch::Error;
use super::{Back, Subject};

/// Takes the migration back where it has run.
pub(super) async fn run(subject: &Subject, bench: &Bench, migrated: Migrated) -> Result<Back, Error> {
    let Subject { previous, next, .. } = subject;
    let resolved = kit::rename::resolve(next, previous, &Answers::default().create_the_rest());
    let migration = Migration::new(kit::plan::plan(&resolved, previous));
    let statements: Vec<String> = migration.statements().into_iter().map(str::to_owned).collect();
    let Err(refusal) = migrated.scratch.run(&statements).await? else { return reached(bench, &migrated).await };
    if !refusal.is_about_rows() {
        return Ok(Back::Refused(refusal));
    }
    drop(migrated);
    bench.clear().await?;
    // Rows may well not fit what was there before; the schema must.
    let Ok(migrated) = migrate(subject, bench, false).await? else { return Ok(Back::Refused(refusal)) };
    match migrated.scratch.run(&statements).await? {
        Ok(()) => reached(bench, &migrated).await,
        Err(refusal) => Ok(Back::Refused(refusal)),
    }
}

async fn reached(bench: &Bench, migrated: &Migrated) -> Result<Back, Error> {
    let before = [migrated.before.as_slice(), &migrated.roles].concat();
    let after = [migrated.scratch.catalog().await?, bench.roles(&migrated.scratch).await?].concat();
    let differences = prove::differences(&before, &after);
    Ok(if differences.is_empty() { Back::Reached } else { Back::Differs(differences) })
}
