//! Finding PostgreSQL's programs on this machine.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process;

/// Older majors lack `DROP DATABASE .. WITH (FORCE)` or get no more fixes.
const OLDEST_MAJOR: u32 = 14;

/// What a folder must hold to start a cluster from it.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where distributions put their programs; `*` stands for a version, newest first.
const USUAL_FOLDERS: [&str; 5] = [
    "/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                                   // the PGDG's packages for Fedora, RHEL
    "/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
];

/// A folder with PostgreSQL's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installation {
    pub(crate) bin: PathBuf,
    pub(crate) major: u32,
}

/// What the search asks the machine.
pub(crate) trait Machine {
    fn variable(&self, name: &str) -> Option<OsString>;
    /// The names of the entries of a folder; none if it cannot be read.
    fn entries(&self, folder: &Path) -> Vec<String>;
    fn is_file(&self, path: &Path) -> bool;
    /// `path` with links resolved.
    fn resolved(&self, path: &Path) -> PathBuf;
    /// What a program prints, if it runs and succeeds.
    fn output(&self, program: &Path, argument: &str) -> Option<String>;
}

/// The machine that this process runs on.
pub(crate) struct ThisMachine;

impl Machine for ThisMachine {
    fn variable(&self, name: &str) -> Option<OsString> {
        env::var_os(name)
    }

    fn entries(&self, folder: &Path) -> Vec<String> {
        fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn resolved(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    }

    fn output(&self, program: &Path, argument: &str) -> Option<String> {
        let limit = Duration::from_secs(5);
        process::run(Command::new(program).arg(argument), limit, &|_| {}).ok()
    }
}

/// All usable installations, the preferred one first; or, as text, why there is none.
pub(crate) fn installations(machine: &dyn Machine, only: Option<&Path>) -> Result<Vec<Installation>, String> {
    let folders = match only {
        Some(folder) => vec![folder.to_owned()],
        None => folders(machine),
    };
    let mut found: Vec<Installation> = Vec::new();
    let mut too_old = None;
    for folder in folders {
        let Some(installation) = installation(machine, &folder) else {
            continue;
        };
        if installation.major < OLDEST_MAJOR {
            too_old = Some(installation);
        } else if found.iter().all(|known| known.bin != installation.bin) {
            found.push(installation);
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    Err(match (too_old, only) {
        (Some(Installation { bin, major }), _) => {
            format!("{} is version {major}, and {OLDEST_MAJOR} is the oldest that will do", bin.display())
        }
        (None, Some(folder)) => format!("DEVDB_PG_BIN ({}) does not hold {}", folder.display(), PROGRAMS.join(", ")),
        (None, None) => format!(
            "no folder with {} on PATH, by pg_config, or where Debian, Fedora, Homebrew and \
             Postgres.app put them (DEVDB_PG_BIN names another)",
            PROGRAMS.join(", ")
        ),
    })
}

/// The folders to look into, in order.
fn folders(machine: &dyn Machine) -> Vec<PathBuf> {
    let path = machine.variable("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut folders = on_path.clone();
    let pg_config = on_path
        .iter()
        .map(|folder| folder.join("pg_config"))
        .find(|program| machine.is_file(program))
        .and_then(|program| machine.output(&program, "--bindir"));
    folders.extend(pg_config.map(|bin| PathBuf::from(bin.trim())));
    for pattern in USUAL_FOLDERS {
        folders.extend(expand(machine, pattern));
    }
    folders
}

/// The folders that match `pattern`, the newest version first.
fn expand(machine: &dyn Machine, pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let Some((parent, prefix)) = before.rsplit_once('/') else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, String)> = machine
        .entries(Path::new(parent))
        .iter()
        .filter_map(|name| name.strip_prefix(prefix))
        .filter_map(|version| Some((leading_number(version)?, version.to_owned())))
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, version)| PathBuf::from(format!("{before}{version}{after}"))).collect()
}

/// The installation that `folder` holds or links to.
fn installation(machine: &dyn Machine, folder: &Path) -> Option<Installation> {
    if folder.as_os_str().is_empty() {
        return None; // an empty entry of PATH means the working directory; not trusted
    }
    // Folders on PATH often hold links to a few of the programs; the rest (createdb, the shared
    // files) is found beside what they point to.
    let resolved = machine.resolved(&folder.join("initdb"));
    let bin = [resolved.parent()?, folder]
        .into_iter()
        .find(|bin| PROGRAMS.iter().all(|name| machine.is_file(&bin.join(name))))?;
    let version = machine.output(&bin.join("postgres"), "--version")?;
    Some(Installation { bin: bin.to_owned(), major: major(&version)? })
}

/// The major of `postgres (PostgreSQL) 17.2 (Debian 17.2-1)`, also of betas (`18beta1`).
fn major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL)")?;
    leading_number(number.trim_start())
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text[..digits].parse().ok()
}

#[cfg(test)]
#[path = "binaries_tests.rs"]
mod tests;
