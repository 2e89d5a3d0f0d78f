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
    /// As `--create-rest`.
    create_rest: bool,
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

/// How many questions are listed: who has more of them wants an answer for all.
const LISTED: usize = 20;

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
        for question in renames.iter().take(LISTED) {
            writeln!(f, "\n  {question}")?;
            for answer in question.likely_answers() {
                writeln!(f, "    {answer}")?;
            }
        }
        if let Some(rest) = renames.len().checked_sub(LISTED + 1) {
            writeln!(f, "\n  and {}", plural(rest + 1, "more such question", "more such questions"))?;
        }
        for guess in guesses {
            writeln!(f, "\n  {guess}\n    {}", guess.accept())?;
            writeln!(f, "    or with another expression, which may name any column of the row")?;
        }
        write!(f, "\nnext: run the command again with one flag for each, or put them into a file for --hints")?;
        if renames.len() > 1 {
            write!(f, "; --create-rest answers for all that was not renamed")?;
        }
        Ok(())
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Finds out what was renamed and how values convert: by the answers that are there, then by asking where there is a
/// terminal.
pub(crate) fn settle(previous: &Schema, next: &Schema, mut answers: Answers) -> Result<Resolved, crate::Error> {
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
        if let Some((question, others)) = renames.split_first() {
            match ask(question, !others.is_empty())? {
                Reply::One(answer) => answers.push(answer),
                Reply::CreateTheRest => answers = answers.create_the_rest(),
            }
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
    let answers = Answers::new(answers);
    Ok(if args.create_rest || file.create_rest { answers.create_the_rest() } else { answers })
}

fn read_file(path: &Path) -> Result<File, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    parse_file(&text, path)
}

fn parse_file(text: &str, path: &Path) -> Result<File, Error> {
    let invalid = |error: toml::de::Error| Error::Invalid { path: path.to_owned(), reason: error.to_string() };
    toml::from_str(text).map_err(invalid)
}

/// What a person answers to one question.
enum Reply {
    One(Answer),
    CreateTheRest,
}

fn ask(question: &Question, are_others_open: bool) -> Result<Reply, Error> {
    let answers = question.answers();
    let mut labels: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Answer::Rename { from, to, .. } => format!("~ renamed from {from} to {to}"),
            Answer::Create { name, .. } => format!("+ {name} is new"),
            Answer::Using { column, expression } => format!("{column} becomes {expression}"),
        })
        .collect();
    // A new object is what renames nothing by mistake.
    let default = labels.len() - 1;
    if are_others_open {
        labels.push("+ it is new, and so is all else that is left to ask about".to_owned());
    }
    let prompt = format!("Is {} {} new, or renamed?", question.kind.word(), question.created);
    let select = dialoguer::Select::new().with_prompt(prompt).items(&labels).default(default);
    let chosen = select.interact().map_err(Error::Prompt)?;
    Ok(answers.get(chosen).map_or(Reply::CreateTheRest, |answer| Reply::One(answer.clone())))
}

fn ask_how(guess: &Guess) -> Result<Answer, Error> {
    let Guess { column, from, to, expression } = guess;
    let prompt = format!("{column} has no cast from {from} to {to}. Its values become");
    let input = dialoguer::Input::<String>::new().with_prompt(prompt).default(expression.clone());
    let expression = input.interact_text().map_err(Error::Prompt)?;
    Ok(Answer::Using { column: column.clone(), expression })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Column, Object, Table, types};

    use super::*;

    fn schema<const N: usize>(tables: [&str; N]) -> Schema {
        let table = |name: &str| Object::from(Table::new(name).column(Column::new("id", types::integer())));
        schema::build::schema(tables.map(table)).unwrap()
    }

    #[test]
    fn a_file_answers_for_all_that_is_left() {
        let (previous, next) = (schema(["a", "b"]), schema(["b", "c", "d", "e"]));
        let open = |hints: &str| resolve(&previous, &next, &parse(hints).unwrap()).questions.len();
        assert_eq!(open(""), 3);
        assert_eq!(open("create_rest = true"), 0);
        let renamed = resolve(&previous, &next, &parse("rename = ['public.a=public.d']\ncreate_rest = true").unwrap());
        assert_eq!((renamed.renames.len(), renamed.questions.len()), (1, 0));
    }

    #[test]
    fn of_many_questions_and_candidates_the_first_and_likeliest_are_listed() {
        let many = |prefix: &str| -> Vec<String> { (1..=30).map(|number| format!("{prefix}_{number}")).collect() };
        let tables = |names: &[String]| {
            let table =
                |name: &String| Object::from(Table::new(name.as_str()).column(Column::new("id", types::integer())));
            schema::build::schema(names.iter().map(table)).unwrap()
        };
        let renames = resolve(&tables(&many("user")), &tables(&many("member")), &Answers::default()).questions;
        let text = Unanswered { renames, guesses: Vec::new() }.to_string();
        expect![[r#"
            30 questions are left open; nothing was written

              is table public.member_1 new, or was it renamed from public.user_1 or public.user_10 or public.user_11 or public.user_12 or public.user_13, or from one of 25 others?
                --rename public.user_1=public.member_1
                --rename public.user_10=public.member_1
                --rename public.user_11=public.member_1
                --rename public.user_12=public.member_1
                --rename public.user_13=public.member_1
                --create public.member_1

              is table public.member_10 new, or was it renamed from public.user_10 or public.user_1 or public.user_11 or public.user_12 or public.user_13, or from one of 25 others?
                --rename public.user_10=public.member_10"#]].assert_eq(&text.lines().take(12).collect::<Vec<_>>().join("\n"));
        expect![[r#"
                --create public.member_27

              and 10 more such questions

            next: run the command again with one flag for each, or put them into a file for --hints; --create-rest answers for all that was not renamed"#]].assert_eq(&text.lines().skip(160).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn what_is_left_open_is_said_with_its_answers() {
        let renames = resolve(&schema(["a"]), &schema(["b", "c"]), &Answers::default()).questions;
        expect![[r#"
            2 questions are left open; nothing was written

              is table public.b new, or was it renamed from public.a?
                --rename public.a=public.b
                --create public.b

              is table public.c new, or was it renamed from public.a?
                --rename public.a=public.c
                --create public.c

            next: run the command again with one flag for each, or put them into a file for --hints; --create-rest answers for all that was not renamed"#]]
        .assert_eq(&Unanswered { renames, guesses: Vec::new() }.to_string());
    }
}
