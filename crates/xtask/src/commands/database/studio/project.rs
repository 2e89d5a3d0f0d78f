//! What the studio asks of the workspace: migrations, comparisons and lint, as the commands of these names know them.

use std::path::Path;
use std::process::Stdio;

use kit::difference::differences;
use migrator::{Server, Status};
use schema::Schema;
use serde::Deserialize;
use studio::{Comparison, Finding, Project};

use crate::commands::database::compare::{compare, undo_or_keep};
use crate::commands::database::{block_on, migrate};
use crate::commands::hand_on::{self, Binary};
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;

/// The exit code of `lint` where something is found that must not stay.
const FOUND: i32 = 3;

/// The workspace around a database.
pub(super) struct Workspace {
    url: String,
    config: Config,
}

impl Workspace {
    pub(super) fn new(url: String, config: Config) -> Self {
        Self { url, config }
    }

    fn read_status(&self) -> Result<Status, Error> {
        block_on(migrate::migrator(Some(&self.url), &self.config)?.status())?.map_err(Error::from)
    }

    fn compare_all(&self) -> Result<Vec<Comparison>, Error> {
        let folder = Folder::open(&self.config.out, &self.config.file())?;
        let code = crate::declared::schema(&self.config)?;
        Ok(vec![self.code(&folder, &code)?, self.database(&folder, code)?])
    }

    /// The code beside the newest migration.
    fn code(&self, folder: &Folder, code: &Schema) -> Result<Comparison, Error> {
        let newest = folder.newest_snapshot()?.map(|snapshot| snapshot.schema).unwrap_or_default();
        let tag = folder.journal().entries().last().map(|entry| entry.tag.clone());
        let differences = differences(&newest, code);
        let advice =
            (!differences.is_empty()).then_some("`cargo xtask generate` writes the migration that is missing.");
        Ok(Comparison {
            part: "Migrations and code".to_owned(),
            previous: tag.unwrap_or_else(|| "the migrations (there are none)".to_owned()),
            next: "the code".to_owned(),
            differences,
            notes: Vec::new(),
            advice: advice.map(str::to_owned),
        })
    }

    /// The database beside its newest applied migration, or beside the code where none is applied.
    fn database(&self, folder: &Folder, code: Schema) -> Result<Comparison, Error> {
        let status = self.read_status()?;
        let newest = status.applied().last().map(|migration| migration.tag().to_owned());
        let given = match &newest {
            Some(tag) => folder.snapshot_of(tag)?.schema,
            None => code,
        };
        let compared = block_on(compare(&Server::from_url(&self.url)?, given, &self.config))??;
        let differences = differences(&compared.found, &compared.given);
        let advice = match (&newest, differences.is_empty()) {
            (_, true) => None,
            (Some(tag), false) => Some(format!("{}.", undo_or_keep(tag))),
            (None, false) => Some("`cargo xtask migrate` or `push` brings the database to the code.".to_owned()),
        };
        let notes = compared.not_compared.iter().map(|found| format!("Not compared: {}", found.shortened()));
        let notes = notes.chain(
            compared.left_alone.iter().map(|found| format!("Not declared, and left alone: {}", found.shortened())),
        );
        Ok(Comparison {
            part: "Database".to_owned(),
            previous: "the database".to_owned(),
            next: newest.unwrap_or_else(|| "the code".to_owned()),
            differences,
            notes: notes.collect(),
            advice,
        })
    }
}

/// One line of `lint --json`.
#[derive(Deserialize)]
struct Line {
    rule: String,
    level: String,
    file: String,
    line: usize,
    message: String,
    help: String,
}

impl Project for Workspace {
    fn status(&self) -> Result<Status, String> {
        self.read_status().map_err(|error| migrator::chain(&error))
    }

    fn comparisons(&self) -> Result<Vec<Comparison>, String> {
        self.compare_all().map_err(|error| migrator::chain(&error))
    }

    /// Asks the linter, which is a program of its own: its parser takes long to compile.
    fn findings(&self) -> Result<Vec<Finding>, String> {
        let mut lint = hand_on::command(Binary::Lint);
        lint.args(["lint", "--json"]).current_dir(&self.config.root).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = lint.output().map_err(|error| format!("cannot run the linter: {error}"))?;
        if !output.status.success() && output.status.code() != Some(FOUND) {
            return Err("the linter failed; the terminal says why".to_owned());
        }
        let lines: Vec<Line> = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("the linter's answer cannot be read: {error}"))?;
        Ok(lines.into_iter().map(Line::into_finding).collect())
    }
}

impl Line {
    fn into_finding(self) -> Finding {
        let Self { rule, level, file, line, message, help } = self;
        let tag = Path::new(&file).file_stem().map_or(file.clone(), |stem| stem.to_string_lossy().into_owned());
        Finding { tag, rule, level, line, message, help }
    }
}
