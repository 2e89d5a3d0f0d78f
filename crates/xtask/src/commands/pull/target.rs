//! Where the code goes, and whether it may.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kit::codegen::Layout;

use super::{Error, layout};
use crate::cli::PullArgs;
use crate::config::Config;
use crate::output;

/// Where the code goes.
pub(crate) struct Target {
    place: Place,
    layout: Layout,
    may_overwrite: bool,
    root: PathBuf,
}

enum Place {
    Stdout,
    /// The module without its extension: `src/db/schema` stands for `schema.rs` and for `schema/mod.rs`.
    Module(PathBuf),
}

impl Target {
    /// The place that the flags name, else the schema module of drizzle.toml.
    pub(crate) fn new(args: &PullArgs, config: &Config) -> Self {
        let module = args.out.clone().unwrap_or_else(|| config.schema.clone());
        let module = if module.extension().is_some_and(|extension| extension == "rs") {
            module.with_extension("")
        } else {
            module
        };
        let module = if module.file_name().is_some_and(|name| name == "mod") {
            module.parent().unwrap_or(&module).to_owned()
        } else {
            module
        };
        let place = if args.stdout { Place::Stdout } else { Place::Module(module) };
        Target { place, layout: layout(args), may_overwrite: args.force, root: config.root.clone() }
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self.place, Place::Stdout)
    }

    /// The folder that the module is in.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Stdout => None,
            Place::Module(module) => module.parent(),
        }
    }

    /// Writes the files, or prints them; gives those that were written because they differed.
    pub(crate) fn write(&self, files: &BTreeMap<String, String>) -> Result<Vec<PathBuf>, Error> {
        let files: Vec<(&str, String)> =
            files.iter().map(|(path, text)| (path.as_str(), self.formatted(text))).collect();
        let Place::Module(module) = &self.place else {
            for (path, text) in &files {
                if files.len() > 1 {
                    output::line(format!("// {path}"));
                }
                output::line(text.trim_end());
            }
            return Ok(Vec::new());
        };
        let place = |path: &str| match path.strip_prefix("schema/") {
            Some(inside) => module.join(inside),
            None => module.with_extension("rs"),
        };
        let differs = |(path, text): &&(&str, String)| fs::read_to_string(place(path)).ok().as_ref() != Some(text);
        let changed: Vec<(PathBuf, &String)> =
            files.iter().filter(differs).map(|(path, text)| (place(path), text)).collect();
        let replaced = self.other_form(module);
        for path in changed.iter().map(|(path, _)| path).chain(&replaced) {
            self.ask_to_overwrite(path)?;
        }
        for (path, text) in &changed {
            let folder = path.parent().unwrap_or(Path::new(""));
            fs::create_dir_all(folder).map_err(io("create", folder))?;
            fs::write(path, text).map_err(io("write", path))?;
        }
        if let Some(path) = &replaced {
            fs::remove_file(path).map_err(io("remove", path))?;
        }
        Ok(changed.into_iter().map(|(path, _)| path).collect())
    }

    /// The file of the same module in the other layout, which Rust would not let stand beside this one.
    fn other_form(&self, module: &Path) -> Option<PathBuf> {
        let other = match self.layout {
            Layout::OneFile => module.join("mod.rs"),
            Layout::FilePerSchema => module.with_extension("rs"),
        };
        other.exists().then_some(other)
    }

    /// Refuses to lose what Git does not have, unless a person says so.
    fn ask_to_overwrite(&self, path: &Path) -> Result<(), Error> {
        let Some(why) = unsaved(path).filter(|_| !self.may_overwrite) else { return Ok(()) };
        let kept = || Error::Kept { path: path.strip_prefix(&self.root).unwrap_or(path).to_owned(), why };
        if !output::is_interactive() {
            return Err(kept());
        }
        let question = format!("{} {why}. Overwrite it?", path.display());
        match dialoguer::Confirm::new().with_prompt(question).default(false).interact() {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(kept()),
        }
    }

    /// The code as this workspace's rustfmt has it. Where there is none, the code is in its layout but for details.
    fn formatted(&self, text: &str) -> String {
        rustfmt(text, &self.root).unwrap_or_else(|| text.to_owned())
    }
}

fn io(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { operation, path, source }
}

/// Why the file would be lost, if it would be: Git does not have it, or has it otherwise.
fn unsaved(path: &Path) -> Option<&'static str> {
    if !path.exists() {
        return None;
    }
    let git = |arguments: &[&str]| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let output = Command::new("git").args(arguments).arg("--").arg(path.file_name()?).current_dir(folder).output();
        output.ok().filter(|output| output.status.success()).map(|output| output.stdout)
    };
    if git(&["ls-files", "--error-unmatch"]).is_none() {
        return Some("is not in Git");
    }
    match git(&["status", "--porcelain"]) {
        Some(changes) if changes.is_empty() => None,
        _ => Some("has changes that are not committed"),
    }
}

fn rustfmt(text: &str, root: &Path) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let given = text.to_owned();
    // Both ends at once: a pipe holds less than a schema.
    let writer = std::thread::spawn(move || input.write_all(given.as_bytes()).is_ok());
    let output = child.wait_with_output().ok()?;
    let is_written = writer.join().unwrap_or(false);
    let formatted = String::from_utf8(output.stdout).ok()?;
    (is_written && output.status.success() && !formatted.is_empty()).then_some(formatted)
}
