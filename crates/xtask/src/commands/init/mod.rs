//! `init`: the clone becomes a service of its own name.
//!
//! All is worked out before anything is written. The library keeps the name `api`, by which code and
//! tests call it; what people and machines see is renamed: package, program, image, deployment, database
//! and the titles of the README and of the OpenAPI document.

mod marks;
mod names;
mod renames;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use names::Names;

use crate::cli::InitArgs;
use crate::commands::{generate, process};
use crate::config::Config;
use crate::output::{self, GREEN, paint};

/// The package that is renamed, below the root of the workspace.
const PACKAGE: &str = "apps/api";

/// Folders that hold nothing to rename.
const SKIPPED: [&str; 5] = [".git", "drizzle", "dist", "node_modules", "target"];

/// Why the clone was not renamed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "`{name}` cannot be the name: {reason}. A name is 2 to 40 lower-case letters, digits and single hyphens, \
         and begins with a letter; nothing was written"
    )]
    Name { name: String, reason: &'static str },
    #[error("this is {name} already: the package in {PACKAGE} has another name than `api`; nothing was written")]
    Already { name: String },
    #[error(
        "Git does not have this folder as it is, so that nothing could take the changes back. Commit first, or say \
         --force; nothing was written"
    )]
    Dirty,
    #[error("{} does not have `{text}` any more, which is to be renamed; nothing was written", file.display())]
    Missing { file: PathBuf, text: &'static str },
    #[error("{} has a `{mark}` that does not end, or an end without a beginning; nothing was written", file.display())]
    Mark { file: PathBuf, mark: &'static str },
    #[error("cannot {operation} {}", path.display())]
    File {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`cargo {}` failed; its messages are above. The files are renamed, `git diff` shows them", args.join(" "))]
    Cargo { args: Vec<String> },
}

/// Renames the clone, and removes its samples where that is asked for.
pub(crate) fn run(args: &InitArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let names = Names::parse(&args.name)?;
    let mut files = read(&config.root)?;
    renames::refuse_twice(&files)?;
    if !args.force && !is_committed(&config.root) {
        return Err(Error::Dirty.into());
    }
    let before = files.clone();
    renames::apply(&mut files, &names)?;
    marks::remove_init(&mut files)?;
    if args.without_samples {
        marks::remove_samples(&mut files)?;
    }
    let changed = write(&config.root, &before, &files)?;
    output::line(format!("{} {changed} files: this is {} now", paint(GREEN, "wrote"), names.package));
    // The lock file has the package by its name.
    cargo(config, &["update", "--workspace", "--offline", "--quiet"])?;
    if args.without_samples {
        begin_anew(config)?;
    }
    output::line(if args.without_samples {
        "next: review the migration, `cargo xtask dev`, and commit all of it"
    } else {
        "next: `cargo xtask dev`, and commit all of it"
    });
    Ok(ExitCode::SUCCESS)
}

/// Every text below the root that may name the package.
fn read(root: &Path) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).map_err(file("read", &folder))? {
            let item = item.map_err(file("read", &folder))?;
            let (path, kind) = (item.path(), item.file_type().map_err(file("read", &folder))?);
            let name = item.file_name();
            if kind.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
                folders.push(path);
            } else if kind.is_file()
                && let Ok(text) = fs::read_to_string(&path)
            {
                files.insert(path.strip_prefix(root).unwrap_or(&path).to_owned(), text);
            }
        }
    }
    Ok(files)
}

/// Whether Git would bring everything back.
fn is_committed(root: &Path) -> bool {
    let status = Command::new("git").args(["status", "--porcelain"]).current_dir(root).output();
    status.is_ok_and(|output| output.status.success() && output.stdout.is_empty())
}

/// Writes what differs, removes what is gone, and counts both.
fn write(root: &Path, before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) -> Result<usize, Error> {
    let mut changed = 0;
    for (name, text) in after.iter().filter(|(name, text)| before.get(*name) != Some(text)) {
        let path = root.join(name);
        fs::write(&path, text).map_err(file("write", &path))?;
        changed += 1;
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        let path = root.join(name);
        fs::remove_file(&path).map_err(file("remove", &path))?;
        changed += 1;
    }
    Ok(changed)
}

/// The first migration makes the tables that are left, and the document describes the routes that are.
fn begin_anew(config: &Config) -> Result<(), crate::Error> {
    fs::remove_dir_all(&config.out).map_err(file("remove", &config.out))?;
    generate::first("init", config)?;
    output::note("building the service, whose document is written anew");
    cargo(config, &["fmt", "--all"])?;
    let document = config.root.join(PACKAGE).join("openapi.json");
    let manifest = format!("{PACKAGE}/Cargo.toml");
    let mut print = process::cargo();
    let output = print.args(["run", "--quiet", "--manifest-path", &manifest, "--", "openapi"]);
    let output = output.current_dir(&config.root).stderr(std::process::Stdio::inherit()).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(fs::write(&document, output.stdout).map_err(file("write", &document))?)
        }
        _ => Err(Error::Cargo { args: vec!["run".to_owned(), "openapi".to_owned()] }.into()),
    }
}

fn cargo(config: &Config, args: &[&str]) -> Result<(), crate::Error> {
    let status = process::run(process::cargo().args(args).current_dir(&config.root))?;
    if status == ExitCode::SUCCESS {
        return Ok(());
    }
    Err(Error::Cargo { args: args.iter().map(ToString::to_string).collect() }.into())
}

fn file(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::File { operation, path, source }
}
