//! `rebase`: my migrations go after those of another branch.
//!
//! Both branches have gone on from one newest migration, so that numbers and snapshots clash. The other branch's
//! migrations stay as they are, since they may be applied anywhere. Mine are made anew behind them: what each of them
//! changed in my schema is done to theirs ([`kit::merge`]), and written with the next number and its own snapshot.

mod git;

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use kit::Migration;
use kit::merge::{Conflict, merge};
use kit::rename::{Answers, resolve};
use migrator::{Entry, Migrations, Migrator, State};
use schema::Schema;
use schema::validate::problems;

use super::connection::{self, Role};
use super::{block_on, ledger};
use crate::cli::RebaseArgs;
use crate::commands::generate;
use crate::config::Config;
use crate::folder::{self, Folder};
use crate::output::{self, GREEN, YELLOW, paint};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "no merge or rebase has stopped here, so it is not known which branch yours goes after; name it: \
         --onto origin/main"
    )]
    Onto,
    #[error("cannot run git")]
    Start(#[source] io::Error),
    #[error("`git {command}` failed{}", if reason.is_empty() { String::new() } else { format!(": {reason}") })]
    Git { command: String, reason: String },
    #[error(
        "{tag} is yours and applied to {database}, where it would be missing under its new name; nothing was changed. \
         {}`cargo xtask rollback` takes it back, --offline does not ask a database",
        stopped.map_or_else(String::new, |stopped| format!("After `git {stopped} --abort`, "))
    )]
    Applied { tag: String, database: String, stopped: Option<&'static str> },
    #[error(
        "both branches changed the same; nothing was changed\n{}\nnext: end a merge that has stopped (`git merge --abort`), \
         have it on one branch as it is on the other, with that migration made anew (`cargo xtask drop`, then `generate`), \
         and merge again",
        listed(conflicts)
    )]
    Conflicts { conflicts: Vec<Conflict> },
    #[error(
        "what {tag} changes and what the other branch has do not go together: {problem}; nothing was changed. Correct \
         it on one of the two branches, in a migration made anew (`cargo xtask drop`, then `generate`)"
    )]
    Invalid { tag: String, problem: String },
}

fn listed(conflicts: &[Conflict]) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "gone".to_owned());
    let lines = conflicts
        .iter()
        .map(|Conflict { place, mine, theirs }| format!("  {place}: {} here, {} there", value(mine), value(theirs)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Makes my migrations anew behind theirs, in a copy, and puts the copy in the folder's place.
pub(crate) fn run(args: &RebaseArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let sides = git::Sides::find(args.onto.as_deref(), config)?;
    let copies = tempfile::tempdir().map_err(folder::io("create", &std::env::temp_dir()))?;
    let (onto_path, mine_path) = (copies.path().join("onto"), copies.path().join("mine"));
    git::write_folder(&sides.onto, &onto_path, config)?;
    match &sides.mine {
        Some(commit) => git::write_folder(commit, &mine_path, config)?,
        None => copy_folder(&config.out, &mine_path)?,
    }
    let guard = config.file();
    let (mut onto, mine) = (Folder::open(&onto_path, &guard)?, Folder::open(&mine_path, &guard)?);
    // While a merge has stopped, the files are to be put right even then.
    if sides.mine.is_none() && mine.journal().entries().starts_with(onto.journal().entries()) {
        output::line(format!("Nothing to rebase: the migrations of {} come first already.", sides.onto));
        return Ok(ExitCode::SUCCESS);
    }
    let own = own(&mine, &onto, &Migrations::from_folder(&onto_path)?);
    if !args.offline {
        refuse_applied(&own, &mine_path, sides.stopped(), args, config)?;
    }
    let mut lines = Vec::new();
    for entry in own {
        lines.push(append(&mut onto, &onto_path, &mine, &mine_path, entry, config)?);
    }
    folder::replace(&config.out, &guard, folder::files(&onto_path)?, onto.journal().clone())?;
    lines.iter().for_each(output::line);
    output::line("next: review the SQL, `cargo xtask check --offline`, and commit");
    Ok(ExitCode::SUCCESS)
}

/// The migrations that the other branch does not have, nor has squashed.
fn own<'a>(mine: &'a Folder, onto: &Folder, migrations: &Migrations) -> Vec<&'a Entry> {
    let theirs = onto.journal().entries();
    let is_squashed = |entry: &Entry| {
        let mut replaced = migrations.iter().flat_map(migrator::Migration::replaces);
        replaced.any(|replaced| replaced.tag == entry.tag && replaced.when == entry.when)
    };
    mine.journal().entries().iter().filter(|entry| !theirs.contains(entry) && !is_squashed(entry)).collect()
}

fn refuse_applied(
    own: &[&Entry],
    mine: &Path,
    stopped: Option<&'static str>,
    args: &RebaseArgs,
    config: &Config,
) -> Result<(), crate::Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let migrator = Migrator::from_url(Migrations::from_folder(mine)?, &url)?.ledger(ledger(config));
    let status = block_on(migrator.status())??;
    let is_own = |tag: &str| own.iter().any(|entry| entry.tag == tag);
    let applied = status.migrations.iter().find(|one| {
        is_own(one.migration.tag())
            && !matches!(one.state, State::Pending | State::Future { .. } | State::OutOfOrder { .. })
    });
    match applied {
        None => Ok(()),
        Some(one) => {
            let database = migrator::Server::from_url(&url)?.target().to_string();
            Err(Error::Applied { tag: one.migration.tag().to_owned(), database, stopped }.into())
        }
    }
}

/// Makes one migration anew at the end of a folder. Returns the line that says so.
fn append(
    onto: &mut Folder,
    onto_path: &Path,
    mine: &Folder,
    mine_path: &Path,
    entry: &Entry,
    config: &Config,
) -> Result<String, crate::Error> {
    let (before, after) = (mine.schema_before(entry)?, mine.snapshot_of(&entry.tag)?.schema);
    let newest = onto.newest_snapshot()?;
    let theirs = newest.as_ref().map(|snapshot| snapshot.schema.clone()).unwrap_or_default();
    let merged = merge(&before, &after, &theirs).map_err(|conflicts| Error::Conflicts { conflicts })?;
    let known = [&after, &theirs].map(problems).concat();
    if let Some(problem) = problems(&merged).iter().find(|problem| !known.contains(problem)) {
        return Err(Error::Invalid { tag: entry.tag.clone(), problem: problem.to_string() }.into());
    }
    let file = mine_path.join(format!("{}.sql", entry.tag));
    let written = fs::read_to_string(&file).map_err(folder::io("read", &file))?;
    let (was, becomes) = (plan(&before, &after), plan(&theirs, &merged));
    let is_generated = written == was.file(entry.breakpoints);
    let sql = if is_generated { becomes.file(entry.breakpoints) } else { written };
    let tag = generate::add(onto, name(&entry.tag), sql, merged, entry.breakpoints, config)?;
    let [way_back, moved] = [&entry.tag, &tag].map(|tag| format!("{tag}.down.sql"));
    let way_back = mine_path.join(way_back);
    if way_back.exists() {
        fs::copy(&way_back, onto_path.join(moved)).map_err(folder::io("copy", &way_back))?;
    }
    let line = format!("{} {} as {tag}", paint(GREEN, "rebased"), entry.tag);
    // What is written by hand, or holds a rename, stays as it was reviewed.
    let needs_review = !is_generated && was.statements() != becomes.statements();
    let note = format!(
        "\n  {} what it has to do is not the same any more, and its SQL is not as generated: read it",
        paint(YELLOW, "note:")
    );
    Ok(if needs_review { line + &note } else { line })
}

/// What a migration is called, without the number or time that its tag may begin with.
fn name(tag: &str) -> &str {
    match tag.split_once('_') {
        Some((prefix, name)) if prefix.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => tag,
    }
}

/// The SQL without answers, to be compared.
fn plan(previous: &Schema, next: &Schema) -> Migration {
    let resolved = resolve(previous, next, &Answers::default().create_the_rest());
    Migration::new(kit::plan::plan(&resolved, next))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), folder::Error> {
    for (from, to) in [(from.to_owned(), to.to_owned()), (from.join("meta"), to.join("meta"))] {
        fs::create_dir_all(&to).map_err(folder::io("create", &to))?;
        for path in folder::paths(&from)? {
            fs::copy(&path, to.join(path.file_name().unwrap_or_default())).map_err(folder::io("copy", &path))?;
        }
    }
    Ok(())
}
