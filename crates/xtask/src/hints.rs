//! Answers to "is it new, or was it renamed?": from flags, from a hints file, or from a person.

use std::fmt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use kit::rename::{Answer, Answers, ParseError, Question, Resolved, resolve};
use schema::Schema;
use serde::Deserialize;

use crate::cli::RenameArgs;
use crate::output;

/// A hints file: the flags of one migration, to be kept with it or written by a program.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// As `--rename`.
    rename: Vec<String>,
    /// As `--create`.
    create: Vec<String>,
}

/// Why answers cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the hints file {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the hints file {} is not valid: {reason}", path.display())]
    Invalid { path: PathBuf, reason: String },
    #[error(transparent)]
    Rename(#[from] ParseError),
    #[error(
        "{answer} names nothing that changes: OLD must be gone and NEW must be new in this migration, both under the \
         new names of what they are in; a rename of the table itself comes first"
    )]
    Unused { answer: Answer },
    #[error("cannot read the answer")]
    Prompt(#[source] dialoguer::Error),
}

/// Questions that nobody is there to answer.
#[derive(Debug)]
pub(crate) struct Unanswered(Vec<Question>);

impl std::error::Error for Unanswered {}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} left open; nothing was written", plural(self.0.len(), "question is", "questions are"))?;
        for question in &self.0 {
            writeln!(f, "\n  {question}")?;
            for answer in question.answers() {
                writeln!(f, "    {answer}")?;
            }
        }
        write!(f, "\nnext: run the command again with one flag for each, or put them into a file for --hints")
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Finds out what was renamed: by the flags and the file, then by asking where there is a terminal.
pub(crate) fn settle(previous: &Schema, next: &Schema, args: &RenameArgs) -> Result<Resolved, crate::Error> {
    let mut answers = read(args)?;
    loop {
        let resolved = resolve(previous, next, &answers);
        match (resolved.questions.first(), resolved.unused.first()) {
            (None, None) => return Ok(resolved),
            (None, Some(answer)) => return Err(Error::Unused { answer: answer.clone() }.into()),
            (Some(question), _) if output::is_interactive() => answers.push(ask(question)?),
            (Some(_), _) => return Err(Unanswered(resolved.questions).into()),
        }
    }
}

/// The answers that are given beforehand.
pub(crate) fn read(args: &RenameArgs) -> Result<Answers, Error> {
    let file = args.hints.as_deref().map(read_file).transpose()?.unwrap_or_default();
    let mut answers = Vec::new();
    for rename in args.rename.iter().chain(&file.rename) {
        answers.push(Answer::rename(rename)?);
    }
    answers.extend(args.create.iter().chain(&file.create).map(|name| Answer::create(name)));
    Ok(Answers::new(answers))
}

fn read_file(path: &Path) -> Result<File, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let invalid = |error: toml::de::Error| Error::Invalid { path: path.to_owned(), reason: error.to_string() };
    toml::from_str(&text).map_err(invalid)
}

fn ask(question: &Question) -> Result<Answer, Error> {
    let answers = question.answers();
    let labels: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Answer::Rename { from, to, .. } => format!("~ renamed from {from} to {to}"),
            Answer::Create { name, .. } => format!("+ {name} is new"),
        })
        .collect();
    let prompt = format!("Is {} {} new, or renamed?", question.kind.word(), question.created);
    // The last answer, a new object, is the one that renames nothing by mistake.
    let select = dialoguer::Select::new().with_prompt(prompt).items(&labels).default(labels.len() - 1);
    let chosen = select.interact().map_err(Error::Prompt)?;
    Ok(answers[chosen].clone())
}
