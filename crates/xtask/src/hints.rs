//! Answers to "is it new, or was it renamed?" and "what becomes of the values?": from flags, from a
//! hints file, or from a person.

use std::fmt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use kit::plan::{Guess, guesses};
use kit::rename::{Answer, Answers, ParseError, Question, Resolved, UsingError, resolve};
use schema::Schema;
use serde::Deserialize;

use crate::cli::AnswerArgs;
use crate::output;

/// A hints file: the flags of one migration, to be kept with it or written by a program.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// As `--rename`.
    rename: Vec<String>,
    /// As `--create`.
    create: Vec<String>,
    /// As `--using`.
    using: Vec<String>,
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
    #[error(transparent)]
    Using(#[from] UsingError),
    #[error("{answer} names nothing that changes: {}", rule(answer))]
    Unused { answer: Answer },
    #[error("cannot read the answer")]
    Prompt(#[source] dialoguer::Error),
}

/// What an answer must name.
fn rule(answer: &Answer) -> &'static str {
    match answer {
        Answer::Rename { .. } => {
            "OLD must be there before this migration and NEW after it, and neither may stay what it is; both are under \
             the new names of what they are in, so a rename of the table itself comes first"
        }
        Answer::Create { .. } => "the object must be new in this migration",
        Answer::Using { .. } => "the column must be there before and after this migration, with another type",
    }
}

/// Questions that nobody is there to answer.
#[derive(Debug)]
pub(crate) struct Unanswered {
    renames: Vec<Question>,
    guesses: Vec<Guess>,
}

impl std::error::Error for Unanswered {}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unanswered { renames, guesses } = self;
        let count = renames.len() + guesses.len();
        writeln!(f, "{} left open; nothing was written", plural(count, "question is", "questions are"))?;
        for question in renames {
            writeln!(f, "\n  {question}")?;
            for answer in question.answers() {
                writeln!(f, "    {answer}")?;
            }
        }
        for guess in guesses {
            writeln!(f, "\n  {guess}\n    {}", guess.accept())?;
            writeln!(f, "    or with another expression, which may name any column of the row")?;
        }
        write!(f, "\nnext: run the command again with one flag for each, or put them into a file for --hints")
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Finds out what was renamed and how values convert: by the flags and the file, then by asking where
/// there is a terminal.
pub(crate) fn settle(previous: &Schema, next: &Schema, args: &AnswerArgs) -> Result<Resolved, crate::Error> {
    let mut answers = read(args)?;
    loop {
        let mut resolved = resolve(previous, next, &answers);
        let renames = std::mem::take(&mut resolved.questions);
        // Which columns are the same is known once the renames are.
        let guesses = if renames.is_empty() { guesses(&resolved, next) } else { Vec::new() };
        if renames.is_empty() && guesses.is_empty() {
            return match resolved.unused.first() {
                Some(answer) => Err(Error::Unused { answer: answer.clone() }.into()),
                None => Ok(resolved),
            };
        }
        if !output::is_interactive() {
            return Err(Unanswered { renames, guesses }.into());
        }
        if let Some(question) = renames.first() {
            answers.push(ask(question)?);
        }
        for guess in &guesses {
            answers.push(ask_how(guess)?);
        }
    }
}

/// The answers that are given beforehand.
pub(crate) fn read(args: &AnswerArgs) -> Result<Answers, Error> {
    let file = args.hints.as_deref().map(read_file).transpose()?.unwrap_or_default();
    given(args, &file)
}

/// The answers of a file's text alone.
pub(crate) fn parse(text: &str) -> Result<Answers, Error> {
    given(&AnswerArgs::default(), &parse_file(text, Path::new("hints"))?)
}

fn given(args: &AnswerArgs, file: &File) -> Result<Answers, Error> {
    let mut answers = Vec::new();
    for rename in args.rename.iter().chain(&file.rename) {
        answers.push(Answer::rename(rename)?);
    }
    for using in args.using.iter().chain(&file.using) {
        answers.push(Answer::using(using)?);
    }
    answers.extend(args.create.iter().chain(&file.create).map(|name| Answer::create(name)));
    Ok(Answers::new(answers))
}

fn read_file(path: &Path) -> Result<File, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    parse_file(&text, path)
}

fn parse_file(text: &str, path: &Path) -> Result<File, Error> {
    let invalid = |error: toml::de::Error| Error::Invalid { path: path.to_owned(), reason: error.to_string() };
    toml::from_str(text).map_err(invalid)
}

fn ask(question: &Question) -> Result<Answer, Error> {
    let answers = question.answers();
    let labels: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Answer::Rename { from, to, .. } => format!("~ renamed from {from} to {to}"),
            Answer::Create { name, .. } => format!("+ {name} is new"),
            Answer::Using { column, expression } => format!("{column} becomes {expression}"),
        })
        .collect();
    let prompt = format!("Is {} {} new, or renamed?", question.kind.word(), question.created);
    // The last answer, a new object, is the one that renames nothing by mistake.
    let select = dialoguer::Select::new().with_prompt(prompt).items(&labels).default(labels.len() - 1);
    let chosen = select.interact().map_err(Error::Prompt)?;
    Ok(answers[chosen].clone())
}

fn ask_how(guess: &Guess) -> Result<Answer, Error> {
    let Guess { column, from, to, expression } = guess;
    let prompt = format!("{column} has no cast from {from} to {to}. Its values become");
    let input = dialoguer::Input::<String>::new().with_prompt(prompt).default(expression.clone());
    let expression = input.interact_text().map_err(Error::Prompt)?;
    Ok(Answer::Using { column: column.clone(), expression })
}
