//! What the checks found, as a person, a program or GitHub reads it.

use std::path::PathBuf;

use kit::difference::{Change, Difference};
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, BOLD, DIM, GREEN, RED, github, paint};

/// One check by name, and how it ended.
pub(crate) struct Check {
    name: &'static str,
    state: State,
}

/// How a check ended.
pub(crate) enum State {
    /// What was found to hold.
    Ok(String),
    /// What does not hold.
    Differs(Findings),
    /// Why it was not made.
    NotChecked(String),
}

/// What does not hold, and what to do about it.
pub(crate) struct Findings {
    pub(crate) items: Vec<Finding>,
    pub(crate) next: String,
}

/// One thing that does not hold.
pub(crate) struct Finding {
    /// The file that it is about, if it is about one.
    file: Option<PathBuf>,
    lines: Vec<String>,
    json: Value,
}

impl Check {
    pub(crate) fn new(name: &'static str, state: State) -> Self {
        Check { name, state }
    }

    /// Whether it was made and everything holds.
    pub(crate) fn is_ok(&self) -> bool {
        matches!(self.state, State::Ok(_))
    }
}

impl Finding {
    /// Something about a file.
    pub(crate) fn in_file(file: PathBuf, message: String) -> Self {
        let json = json!({ "file": file, "message": message });
        Finding { lines: vec![format!("! {}: {message}", file.display())], file: Some(file), json }
    }

    /// Something that is no difference of two schemas.
    #[cfg(feature = "database")]
    pub(crate) fn plain(message: String) -> Self {
        Finding { file: None, lines: vec![format!("! {message}")], json: json!({ "message": message }) }
    }

    /// An object that differs between two schemas, by what these are called.
    pub(crate) fn difference(difference: Difference, previous: &str, next: &str) -> Self {
        let lines = difference.lines(previous, next);
        let Difference { kind, name, change } = difference;
        let json = match change {
            Change::OnlyPrevious => json!({ "kind": kind, "name": name, "onlyIn": previous }),
            Change::OnlyNext => json!({ "kind": kind, "name": name, "onlyIn": next }),
            Change::Changed(properties) => {
                let both = |property: &kit::difference::Property| json!({ "name": property.name, previous: property.previous, next: property.next });
                json!({ "kind": kind, "name": name, "properties": properties.iter().map(both).collect::<Vec<_>>() })
            }
        };
        Finding { file: None, lines, json }
    }
}

/// A line for each check, and below it what does not hold.
pub(super) fn print_text(checks: &[Check]) {
    for Check { name, state } in checks {
        let name = paint(BOLD, format!("{name:<8}"));
        match state {
            State::Ok(said) => output::line(format!("{name}  {}  {said}", paint(GREEN, "ok"))),
            State::NotChecked(reason) => {
                output::line(format!("{name}  {}", paint(DIM, format!("not checked: {reason}"))))
            }
            State::Differs(Findings { items, next }) => {
                let lines: Vec<&String> = items.iter().flat_map(|item| &item.lines).collect();
                let count = format!("{} {}", lines.len(), if lines.len() == 1 { "finding" } else { "findings" });
                output::line(format!("{name}  {}", paint(RED, count)));
                for line in lines {
                    output::line(format!("  {line}"));
                }
                output::line(format!("  next: {next}"));
            }
        }
    }
}

/// An object with a member for each check.
pub(super) fn print_json(checks: &[Check]) {
    let check = |Check { name, state }: &Check| match state {
        State::Ok(_) => json!({ "name": name, "state": "ok", "findings": [] }),
        State::NotChecked(reason) => json!({ "name": name, "state": "not checked", "reason": reason, "findings": [] }),
        State::Differs(Findings { items, next }) => {
            let findings: Vec<&Value> = items.iter().map(|item| &item.json).collect();
            json!({ "name": name, "state": "differs", "findings": findings, "next": next })
        }
    };
    output::line(format!("{:#}", json!({ "checks": checks.iter().map(check).collect::<Vec<_>>() })));
}

/// An annotation for each finding: of the file that it is about, or of the module that declares the tables.
pub(super) fn print_github(checks: &[Check], config: &Config) {
    let module = config.relative(&config.schema);
    for Check { name, state } in checks {
        let State::Differs(Findings { items, next }) = state else { continue };
        for item in items {
            let file = item.file.as_deref().unwrap_or(module).display().to_string();
            let text = format!("{}\nnext: {next}", item.lines.join("\n"));
            output::line(format!(
                "::error file={},title=check {name}::{}",
                github::property(&file),
                github::data(&text)
            ));
        }
    }
}
