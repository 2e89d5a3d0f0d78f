//! Which files are linted, and what stands before each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use lint::History;
use migrator::Migrations;
use serde::Deserialize;

use crate::cli::LintArgs;
use crate::config::Config;
use crate::folder::{self, Folder};

/// A file to lint.
pub(super) struct File {
    /// Its path as messages name it.
    pub(super) name: String,
    pub(super) text: String,
    /// What the migrations before it make.
    pub(super) history: History,
}

/// Why the files cannot be chosen or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read {}; name a migration by its tag or number, or an SQL file by its path", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run {program}; {next}")]
    Start {
        program: &'static str,
        next: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("git cannot tell what changed since {reference}: {reason}. Fetch it first, or name the migrations")]
    Git { reference: String, reason: String },
    #[error("the ledger could not be read, so it is not known what is pending; see above, or name the migrations")]
    Status,
    #[error("the answer of `cargo xtask status --json` cannot be read")]
    StatusAnswer(#[source] serde_json::Error),
}

/// The files that the arguments name, migrations in the journal's order and others after them.
pub(super) fn select(args: &LintArgs, config: &Config) -> Result<Vec<File>, crate::Error> {
    // Opening the folder finishes what an interrupted `generate` left.
    Folder::open(&config.out, &config.file())?;
    let migrations = Migrations::from_folder(&config.out)?;
    let Chosen { tags, paths } = choose(args, config, &migrations)?;
    let mut history = History::default();
    let mut files = Vec::new();
    for migration in &migrations {
        if tags.contains(migration.tag()) {
            let name = config.relative(Path::new(migration.file())).display().to_string();
            files.push(File { name, text: migration.text().to_owned(), history: history.clone() });
        }
        history.add(migration.text());
    }
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|source| failed(Error::Read { path: path.clone(), source }))?;
        let name = config.relative(&path).display().to_string();
        files.push(File { name, text, history: history.clone() });
    }
    Ok(files)
}

fn failed(error: Error) -> crate::Error {
    super::Error::Files(error).into()
}

/// What is to be linted.
#[derive(Default)]
struct Chosen {
    /// Migrations.
    tags: BTreeSet<String>,
    /// Files outside of the journal.
    paths: Vec<PathBuf>,
}

fn choose(args: &LintArgs, config: &Config, migrations: &Migrations) -> Result<Chosen, crate::Error> {
    if args.pending {
        let tags = pending(args.url.as_deref(), config).map_err(failed)?;
        return Ok(Chosen { tags, paths: Vec::new() });
    }
    if let Some(reference) = &args.since {
        let files = changed_since(reference, config).map_err(failed)?;
        let tags = migrations.iter().map(|migration| migration.tag().to_owned());
        let tags = tags.filter(|tag| files.contains(&format!("{tag}.sql"))).collect();
        return Ok(Chosen { tags, paths: Vec::new() });
    }
    if args.names.is_empty() {
        let tags = migrations.iter().map(|migration| migration.tag().to_owned()).collect();
        return Ok(Chosen { tags, paths: Vec::new() });
    }
    let mut chosen = Chosen::default();
    for name in &args.names {
        match tag_of(name, config, migrations) {
            Some(tag) => drop(chosen.tags.insert(tag)),
            None if is_path(name) => chosen.paths.push(PathBuf::from(name)),
            None => {
                let tags = migrations.iter().map(|migration| migration.tag().to_owned()).collect();
                return Err(folder::Error::UnknownTag { tag: name.clone(), tags }.into());
            }
        }
    }
    Ok(chosen)
}

fn is_path(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "sql")
}

/// The migration that a tag, a number or the path of its file names.
fn tag_of(name: &str, config: &Config, migrations: &Migrations) -> Option<String> {
    if is_path(name) {
        let path = Path::new(name);
        let stem = path.file_stem()?.to_str()?;
        let own = config.out.join(path.file_name()?);
        let is_same = matches!((path.canonicalize(), own.canonicalize()), (Ok(a), Ok(b)) if a == b);
        let mut tags = migrations.iter().map(migrator::Migration::tag);
        return tags.find(|tag| is_same && *tag == stem).map(str::to_owned);
    }
    folder::matching(name, migrations.iter().map(migrator::Migration::tag)).map(str::to_owned)
}

/// The names of the migrations folder's files that Git has otherwise at `reference`, or not at all.
fn changed_since(reference: &str, config: &Config) -> Result<BTreeSet<String>, Error> {
    let changed = git(config, reference, &["diff", "--name-only", "--relative", "-z", "--diff-filter=d", reference])?;
    let new = git(config, reference, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    Ok(changed.into_iter().chain(new).collect())
}

/// The names that a command of Git's prints, run in the migrations folder.
fn git(config: &Config, reference: &str, args: &[&str]) -> Result<Vec<String>, Error> {
    let next = "install it, or name the migrations";
    let output = Command::new("git").args(args).args(["--", "."]).current_dir(&config.out).output();
    let output = output.map_err(|source| Error::Start { program: "git", next, source })?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        let reason = reason.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        return Err(Error::Git { reference: reference.to_owned(), reason });
    }
    let names = String::from_utf8_lossy(&output.stdout);
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// What `status --json` prints, as far as it matters here.
#[derive(Deserialize)]
struct Status {
    migrations: Vec<StatusLine>,
}

#[derive(Deserialize)]
struct StatusLine {
    tag: String,
    state: StatusState,
}

#[derive(Deserialize)]
struct StatusState {
    state: String,
}

/// The tags that are not in the ledger, as the binary with a database driver tells.
fn pending(url: Option<&str>, config: &Config) -> Result<BTreeSet<String>, Error> {
    let mut command = database_command();
    // A flag would show the password to whoever lists processes.
    command.args(["status", "--json"]).envs(url.map(|url| (&config.migration_url_variable, url)));
    command.current_dir(&config.root).stdin(Stdio::null()).stderr(Stdio::inherit());
    let next = "see whether `cargo xtask status` runs";
    let output = command.output().map_err(|source| Error::Start { program: "cargo xtask status", next, source })?;
    if !output.status.success() {
        return Err(Error::Status);
    }
    let status: Status = serde_json::from_slice(&output.stdout).map_err(Error::StatusAnswer)?;
    let is_pending = |line: &StatusLine| matches!(line.state.state.as_str(), "pending" | "out-of-order");
    Ok(status.migrations.into_iter().filter(is_pending).map(|line| line.tag).collect())
}

#[cfg(feature = "database")]
fn database_command() -> Command {
    Command::new(std::env::current_exe().unwrap_or_else(|_| "xtask-database".into()))
}

#[cfg(not(feature = "database"))]
fn database_command() -> Command {
    use crate::commands::hand_on::{self, Binary};
    hand_on::command(Binary::Database)
}
