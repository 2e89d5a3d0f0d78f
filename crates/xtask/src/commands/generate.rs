//! `generate`: the SQL from the newest snapshot to the schema in code, as a migration to review.

mod naming;
mod proof;
#[cfg(feature = "database")]
mod proven;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::Utc;
use kit::Migration;
use schema::snapshot::ORIGIN_ID;
use schema::{Objects, Schema, Snapshot};
use sha2::{Digest as _, Sha256};

use crate::cli::GenerateArgs;
use crate::config::{Config, Prefix, Prove};
use crate::folder::{self, Folder, NewMigration};
use crate::{declared, hints, output};

/// The text of a migration to be written by hand. It must not spell a breakpoint, which parts statements wherever it
/// stands, also in a comment.
const CUSTOM: &str = "-- A migration written by hand: put your SQL below, statements parted by breakpoints.\n";

/// Why no migration was generated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("--name {name:?} leaves no letter or digit for a file name; choose another")]
    Name { name: String },
    #[cfg(feature = "database")]
    #[error(
        "the migration does not hold, see above; nothing was written. Correct the schema or an earlier migration, or \
         write it with --no-prove and correct it by hand"
    )]
    NotProven,
}

/// Generates a migration, shows it, and says what to do next.
pub(crate) fn run(args: &GenerateArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let proves = proof::chosen(args, config);
    #[cfg(not(feature = "database"))]
    if proof::needs_database(proves, config) {
        return super::hand_on::run(super::hand_on::Binary::Database);
    }
    if make(args, proves, config)? {
        report::next(args.custom);
    }
    Ok(ExitCode::SUCCESS)
}

/// The first migration, shown: whoever asks for it says what comes next.
pub(crate) fn first(name: &str, config: &Config) -> Result<(), crate::Error> {
    let args = GenerateArgs { name: Some(name.to_owned()), ..GenerateArgs::default() };
    make(&args, Prove::Never, config)?;
    Ok(())
}

/// Generates a migration and shows it, if something changed.
fn make(args: &GenerateArgs, proves: Prove, config: &Config) -> Result<bool, crate::Error> {
    let mut folder = Folder::open(&config.out, &config.file())?;
    let (newest, declared) = read(&folder, config, args.custom);
    let (prev_id, previous) = match newest? {
        Some(snapshot) => (snapshot.id, snapshot.schema),
        None => (ORIGIN_ID.to_owned(), Schema::default()),
    };
    let breakpoints = args.breakpoints.unwrap_or(config.breakpoints);
    let objects = previous.objects.clone();
    let (next, migration, sql) = match declared {
        None => (previous, Migration::new(Vec::new()), CUSTOM.to_owned()),
        Some(declared) => {
            let next = declared?;
            let is_safe = args.safe.unwrap_or(config.generate.safe);
            let answers = hints::read(&args.answers)?;
            let answers = if is_safe { answers.rename_parts() } else { answers };
            let resolved = hints::settle(&previous, &next, answers)?;
            super::refuse(&resolved.previous, &next)?;
            let mut migration = Migration::new(kit::plan::plan(&resolved, &next));
            if migration.is_empty() {
                output::line("No schema changes, nothing to migrate");
                return Ok(false);
            }
            if is_safe {
                migration = migration.safer(&resolved.previous, &next);
            }
            #[cfg(feature = "database")]
            proven::run(proves, &name(args, &migration)?, (previous, next.clone(), resolved), &migration, config)?;
            let sql = migration.file(breakpoints);
            (next, migration, sql)
        }
    };

    let name = name(args, &migration)?;
    let prefix = args.prefix.unwrap_or(config.prefix);
    let objects = Some(&next.objects).filter(|next| **next != objects).cloned();
    let made = Made { prev_id, name: &name, sql, schema: next, objects, breakpoints };
    let path = write(&mut folder, made, prefix)?;
    report::print(&migration, config.relative(&path), args.custom);
    #[cfg(not(feature = "database"))]
    proof::say_if_expected(proves);
    Ok(true)
}

/// A migration that has no names and no place in the journal yet.
struct Made<'a> {
    prev_id: String,
    name: &'a str,
    sql: String,
    schema: Schema,
    objects: Option<Objects>,
    breakpoints: bool,
}

/// Adds a migration at the end of a folder. Returns the path of its SQL file.
fn write(folder: &mut Folder, made: Made, prefix: Prefix) -> Result<PathBuf, folder::Error> {
    let Made { prev_id, name, sql, schema, objects, breakpoints } = made;
    let now = Utc::now();
    let naming = naming::choose(prefix, name, folder, now);
    let mut journal = folder.journal().clone();
    journal.push(naming.tag.clone(), now.timestamp_millis(), breakpoints);
    let snapshot = Snapshot::new(id(&prev_id, &naming.tag, &sql), prev_id, schema);
    let objects = objects.as_ref();
    folder.add(NewMigration { tag: naming.tag, prefix: naming.prefix, sql, snapshot: &snapshot, objects, journal })
}

/// Adds a migration whose SQL is there already. Returns its tag.
#[cfg(feature = "database")]
pub(crate) fn add(
    folder: &mut Folder,
    name: &str,
    sql: String,
    schema: Schema,
    breakpoints: bool,
    config: &Config,
) -> Result<String, crate::Error> {
    let newest = folder.newest_snapshot()?;
    let objects = newest.as_ref().map(|snapshot| &snapshot.schema.objects);
    let objects = (objects != Some(&schema.objects) && !(objects.is_none() && schema.objects.is_empty()))
        .then(|| schema.objects.clone());
    let prev_id = newest.map_or_else(|| ORIGIN_ID.to_owned(), |snapshot| snapshot.id);
    write(folder, Made { prev_id, name, sql, schema, objects, breakpoints }, config.prefix)?;
    Ok(folder.journal().entries().last().map(|entry| entry.tag.clone()).unwrap_or_default())
}

type Declared = Result<Schema, declared::Error>;

/// The newest snapshot, read while the compiler works out the schema in code, if that is asked for.
fn read(folder: &Folder, config: &Config, custom: bool) -> (Result<Option<Snapshot>, folder::Error>, Option<Declared>) {
    std::thread::scope(|scope| {
        let newest = scope.spawn(|| folder.newest_snapshot());
        let declared = (!custom).then(|| declared::schema(config));
        (newest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), declared)
    })
}

fn name(args: &GenerateArgs, migration: &Migration) -> Result<String, Error> {
    match &args.name {
        None if args.custom => Ok("custom".to_owned()),
        None => Ok(kit::tag::suggest(migration)),
        Some(name) => {
            let slug = kit::tag::slug(name);
            if slug.is_empty() { Err(Error::Name { name: name.clone() }) } else { Ok(slug) }
        }
    }
}

/// A UUID that follows from what the snapshot stands on and what made it, so that the same change
/// generated twice is the same bytes. Version 8: its digits are of our own making.
fn id(prev_id: &str, tag: &str, sql: &str) -> String {
    let digest = Sha256::new().chain_update(prev_id).chain_update("\0").chain_update(tag).chain_update("\0");
    let digest = digest.chain_update(sql).finalize();
    let mut hex: Vec<char> =
        digest.iter().take(16).flat_map(|byte| format!("{byte:02x}").into_bytes()).map(char::from).collect();
    hex[12] = '8';
    hex[16] = 'a';
    let part = |from: usize, to: usize| hex[from..to].iter().collect::<String>();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_that_follows_from_its_content() {
        let first = id(ORIGIN_ID, "0000_a", "SELECT 1;");
        assert_eq!(first, id(ORIGIN_ID, "0000_a", "SELECT 1;"));
        assert_ne!(first, id(ORIGIN_ID, "0000_a", "SELECT 2;"));
        let shape: String = first.chars().map(|c| if c == '-' { '-' } else { 'x' }).collect();
        assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        assert_eq!((&first[14..15], &first[19..20]), ("8", "a"));
    }
}
