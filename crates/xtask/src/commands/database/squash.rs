//! `squash`: the first migrations become one, which a new database applies and an old one has already.
//!
//! It makes what the snapshot of the last of them says. What no snapshot says, such as rows, would be lost with their SQL:
//! so the one and the others run in scratch databases first, and nothing is written where these differ.

use std::process::ExitCode;

use kit::prove::Difference;
use kit::rename::{Answers, resolve};
use kit::{BREAKPOINT, Migration};
use migrator::{Entry, Migrations, Replaced};
use schema::snapshot::ORIGIN_ID;
use schema::{Schema, Snapshot};

use super::prove;
use crate::cli::SquashArgs;
use crate::commands::refuse;
use crate::config::Config;
use crate::folder::{self, Folder, NewMigration};
use crate::output::{self, GREEN, paint};

/// The name of a squashed migration, behind the number of the last one that it replaces.
const NAME: &str = "squashed";

/// Why nothing was squashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{tag} is the first migration, so there is nothing to squash up to it")]
    First { tag: String },
    #[error(
        "{tag} would not make what the {count} migrations make; nothing was written\n{}\nnext: what is missing was written \
         by hand: `cargo xtask squash --verbatim` takes the SQL of all of them over as it is",
        listed(differences)
    )]
    Differs { tag: String, count: usize, differences: Vec<Difference> },
    #[error(
        "{tag} does not apply to an empty database; nothing was written. If the SQL of the migrations is to stay as it is, \
         use --verbatim"
    )]
    Fails {
        tag: String,
        #[source]
        source: Box<migrator::Error>,
    },
}

fn listed(differences: &[Difference]) -> String {
    let line = |difference: &Difference| match difference {
        Difference::Missing(line) => format!("  missing     {line}"),
        Difference::Unexpected(line) => format!("  unexpected  {line}"),
    };
    differences.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The migration that takes the place of others.
struct Squashed {
    /// How many it replaces.
    count: usize,
    /// The last of them.
    last: Entry,
    tag: String,
    prefix: String,
    sql: String,
    snapshot: Snapshot,
}

/// Writes it in the place of the others, where it makes the same.
pub(crate) fn run(args: &SquashArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let mut folder = Folder::open(&config.out, &config.file())?;
    let migrations = Migrations::from_folder(&config.out)?;
    let squashed = squashed(args, &folder, &migrations)?;
    verify(&squashed, &folder, migrations, config)?;
    let Squashed { count, last, tag, prefix, sql, snapshot } = squashed;
    let mut journal = folder.journal().clone();
    journal.squash(count, tag.clone());
    let objects = Some(&snapshot.schema.objects).filter(|objects| !objects.is_empty());
    let path =
        folder.squash(count, NewMigration { tag: tag.clone(), prefix, sql, snapshot: &snapshot, objects, journal })?;
    output::line(format!("{} {count} migrations, up to {}, into {tag}", paint(GREEN, "squashed"), last.tag));
    output::line(format!("next: review {}, and commit", config.relative(&path).display()));
    output::line(format!(
        "A database that has some of them and not {} is refused from now on: migrate it before this is deployed.",
        last.tag
    ));
    Ok(ExitCode::SUCCESS)
}

/// Makes the migration, and writes nothing yet.
fn squashed(args: &SquashArgs, folder: &Folder, migrations: &Migrations) -> Result<Squashed, crate::Error> {
    let entries = folder.journal().entries();
    let last = match &args.to {
        Some(tag) => folder.entry(tag)?,
        None => entries.last().ok_or(folder::Error::Empty)?,
    };
    let count = entries.iter().take_while(|entry| entry.idx <= last.idx).count();
    if count < 2 {
        return Err(Error::First { tag: last.tag.clone() }.into());
    }
    let snapshot = Snapshot { prev_id: ORIGIN_ID.to_owned(), ..folder.snapshot_of(&last.tag)? };
    let replaced: String = Replaced::all(migrations.iter().take(count)).iter().map(|one| format!("{one}\n")).collect();
    let sql = if args.verbatim { verbatim(migrations, count) } else { from_empty(&snapshot.schema)? };
    let prefix = match last.tag.split_once('_') {
        Some((prefix, _)) if prefix.bytes().all(|byte| byte.is_ascii_digit()) => prefix.to_owned(),
        _ => format!("{:04}", last.idx),
    };
    let tag = format!("{prefix}_{NAME}");
    Ok(Squashed { count, last: last.clone(), tag, prefix, sql: replaced + &sql, snapshot })
}

/// The statements that make a schema, as `generate` would write them for the first migration.
fn from_empty(schema: &Schema) -> Result<String, crate::Error> {
    refuse(&Schema::default(), schema)?;
    let resolved = resolve(&Schema::default(), schema, &Answers::default());
    Ok(Migration::new(kit::plan::plan(&resolved, schema)).file(true))
}

/// The SQL of the migrations, one behind the other. What each says of its own limits does not hold for the others.
fn verbatim(migrations: &Migrations, count: usize) -> String {
    let texts: Vec<String> = migrations.iter().take(count).map(migrator::Migration::without_settings).collect();
    let texts = texts.iter().map(|text| text.trim_start_matches('\u{feff}').trim());
    texts.collect::<Vec<_>>().join(&format!("\n{BREAKPOINT}\n"))
}

/// Runs the migrations and the one that replaces them in scratch databases, and compares.
fn verify(squashed: &Squashed, folder: &Folder, migrations: Migrations, config: &Config) -> Result<(), crate::Error> {
    let Squashed { count, tag, sql, snapshot, .. } = squashed;
    // The migrator reads folders.
    let scratch = tempfile::tempdir().map_err(folder::io("create", &std::env::temp_dir()))?;
    let mut journal = folder.journal().clone();
    journal.squash(*count, tag.clone());
    while journal.entries().len() > 1 {
        journal.pop();
    }
    folder::replace(scratch.path(), &config.file(), [(format!("{tag}.sql"), sql.clone())].into(), journal)?;
    let one = Migrations::from_folder(scratch.path())?;
    let differences = prove::compare(&snapshot.schema, (migrations, *count), (one, 1), config)?;
    match differences {
        Err(source) => Err(Error::Fails { tag: tag.clone(), source }.into()),
        Ok(differences) if differences.is_empty() => Ok(()),
        Ok(differences) => Err(Error::Differs { tag: tag.clone(), count: *count, differences }.into()),
    }
}
