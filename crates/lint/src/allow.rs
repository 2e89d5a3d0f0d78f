//! Exceptions, as comments in the file. Two ways to write one mean the same:
//!
//! ```sql
//! -- lint: allow(ban-drop-column, renaming-table) nobody reads it since March
//! -- squawk-ignore ban-drop-column, renaming-table
//! ```
//!
//! stands before a statement or in it and is for that statement; `lint: allow-file(…)` and
//! `squawk-ignore-file …` are for the whole file.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use squawk_syntax::SyntaxKind;

use crate::rules::{self, Rule};
use crate::script::{Script, Spot};
use crate::settings;

/// Where which rules are silent.
pub(crate) struct Allowed {
    exceptions: Vec<Exception>,
    unknown: Vec<Spot>,
}

struct Exception {
    rules: Rules,
    /// The number of the statement; none is the whole file.
    statement: Option<usize>,
}

enum Rules {
    All,
    Named(BTreeSet<&'static str>),
}

impl Allowed {
    pub(crate) fn read(script: &Script) -> Self {
        let mut allowed = Allowed { exceptions: Vec::new(), unknown: Vec::new() };
        let tokens = script.parse.syntax_node().descendants_with_tokens().filter_map(|element| element.into_token());
        for comment in tokens.filter(|token| token.kind() == SyntaxKind::COMMENT) {
            allowed.add(script, comment.text(), comment.text_range().start().into());
        }
        allowed
    }

    fn add(&mut self, script: &Script, comment: &str, start: usize) {
        let Some(Exemption { names, is_file }) = exemption(comment) else { return };
        let (mut rules, mut is_empty) = (BTreeSet::new(), true);
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            is_empty = false;
            match rules::named(name) {
                Some(rule) => drop(rules.insert(rule.name)),
                // One of squawk's that is not among ours has nothing to say here.
                None if squawk_linter::Rule::from_str(name).is_ok() => {}
                None => self.unknown.push(unknown(name, start + offset_in(comment, name))),
            }
        }
        let rules = if is_empty { Rules::All } else { Rules::Named(rules) };
        if is_file {
            self.exceptions.push(Exception { rules, statement: None });
        } else if let Some(number) = meant(script, start) {
            self.exceptions.push(Exception { rules, statement: Some(number) });
        }
    }

    /// Whether a comment allows this.
    pub(crate) fn covers(&self, rule: &Rule, script: &Script, spot: &Spot) -> bool {
        let number = script.statement_at(spot.range.start).map(|statement| statement.number);
        let is_here = |exception: &Exception| exception.statement.is_none() || exception.statement == number;
        self.exceptions.iter().any(|exception| is_here(exception) && exception.rules.contain(rule))
    }

    /// The names in comments that are no rule's.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &Spot> {
        self.unknown.iter()
    }
}

impl Rules {
    fn contain(&self, rule: &Rule) -> bool {
        match self {
            Rules::All => true,
            Rules::Named(names) => names.contains(rule.name),
        }
    }
}

/// What a comment says.
struct Exemption<'a> {
    /// Names with commas between.
    names: &'a str,
    is_file: bool,
}

fn exemption(comment: &str) -> Option<Exemption<'_>> {
    let body = match comment.strip_prefix("/*") {
        Some(body) => body.strip_suffix("*/").unwrap_or(body),
        None => comment.strip_prefix("--")?,
    };
    let body = body.trim();
    if let Some(rest) = body.strip_prefix("lint:") {
        let rest = rest.trim_start().strip_prefix("allow")?;
        let (rest, is_file) = rest.strip_prefix("-file").map_or((rest, false), |rest| (rest, true));
        let (names, _reason) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
        return Some(Exemption { names, is_file });
    }
    let rest = body.strip_prefix("squawk-ignore")?;
    let (rest, is_file) = rest.strip_prefix("-file").map_or((rest, false), |rest| (rest, true));
    let is_whole_word = rest.is_empty() || rest.starts_with(char::is_whitespace);
    is_whole_word.then(|| Exemption { names: rest.split("--").next().unwrap_or_default(), is_file })
}

/// The statement that a comment is for: the one around it, the one before it on its line, or else
/// the next.
fn meant(script: &Script, at: usize) -> Option<usize> {
    let is_on_line = |end: usize| !script.text[end..at].contains('\n');
    let before = script.statements.iter().rfind(|statement| statement.range.end <= at);
    match before {
        Some(before) if is_on_line(before.range.end) => Some(before.number),
        _ => script.statement_at(at).map(|statement| statement.number),
    }
}

fn offset_in(comment: &str, name: &str) -> usize {
    comment.find(name).unwrap_or_default()
}

fn unknown(name: &str, start: usize) -> Spot {
    let error = settings::unknown(name);
    let range = start..start + name.len();
    Spot { range, message: Some(error.to_string()), help: Some(format!("name {} or another rule", error.nearest)) }
}
