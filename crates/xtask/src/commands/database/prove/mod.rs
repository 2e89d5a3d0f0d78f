//! `prove`: a migration in scratch databases. Earlier migrations and rows are there when it runs; then
//! the catalog must be that of the schema built from empty, and rows that stay must be as they were.
//! The way back is tried as well.

mod back;
mod bench;
mod compared;
mod forward;
mod report;
mod scratch;

use std::process::ExitCode;

use devdb::Server;
use kit::prove::Difference;
use migrator::{Ledger, Migrations};
use schema::Schema;

use super::{block_on, connection, ledger};
use crate::cli::ProveArgs;
use crate::config::Config;
use crate::folder::{self, Folder};
use crate::hints;

use bench::Bench;
pub(crate) use compared::compare;
pub(crate) use scratch::Error as ScratchError;
use scratch::Refusal;

/// A migration to be proven.
pub(crate) struct Subject {
    /// What a report calls it.
    pub(crate) tag: String,
    /// The migrations of the folder.
    pub(crate) migrations: Migrations,
    /// How many of them run before it.
    pub(crate) earlier: usize,
    /// The ledger that they are recorded in.
    pub(crate) ledger: Ledger,
    /// The schema before it.
    pub(crate) previous: Schema,
    /// The schema after it.
    pub(crate) next: Schema,
    /// Which objects of the one are which of the other.
    pub(crate) resolved: kit::rename::Resolved,
    /// Its statements.
    pub(crate) statements: Vec<String>,
}

/// What became of a migration.
#[derive(Debug)]
pub(super) struct Proof {
    /// The schema is the same before and after it: it was written by hand, and may make what no schema
    /// says.
    by_hand: bool,
    /// PostgreSQL does not take it, whatever rows there are.
    refused: Option<Refusal>,
    /// PostgreSQL does not take it with sample rows in the tables; then it ran without any.
    refused_with_rows: Option<Refusal>,
    /// How many tables had rows that were to stay.
    tables: usize,
    /// Rows that are not as they were.
    changed: Vec<String>,
    /// How the catalog differs from the one to expect; none where that is not known.
    differences: Result<Vec<Difference>, Refusal>,
    /// The way back, where the way there led to the schema.
    back: Option<Back>,
}

/// What became of the way back.
#[derive(Debug)]
enum Back {
    Reached,
    Refused(Refusal),
    Differs(Vec<Difference>),
}

impl Proof {
    fn holds(&self) -> bool {
        let is_wrong = |difference: &Difference| !self.by_hand || matches!(difference, Difference::Missing(_));
        let differs = self.differences.as_ref().is_ok_and(|differences| differences.iter().any(is_wrong));
        self.refused.is_none() && self.changed.is_empty() && !differs
    }
}

/// Proves a migration of the folder.
pub(super) fn run(args: &ProveArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let subject = subject(args, config)?;
    let is_proven = prove(&subject, server(config)?)?;
    Ok(if is_proven { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Proves a migration and prints what became of it. Returns whether it holds.
pub(crate) fn prove(subject: &Subject, server: Server) -> Result<bool, crate::Error> {
    let proof = block_on(async {
        let bench = Bench::new(subject, server).await?;
        let proof = forward::run(subject, &bench).await;
        bench.clear().await?;
        proof
    })??;
    report::print(subject, &proof);
    Ok(proof.holds())
}

/// The server for tests, found or started.
pub(crate) fn server(config: &Config) -> Result<Server, connection::Error> {
    Ok(devdb::test_server(&options(config)?)?)
}

/// The server for tests, if it is up.
pub(crate) fn server_at_hand(config: &Config) -> Result<Option<Server>, connection::Error> {
    let options = options(config)?;
    match options.url {
        Some(_) => Ok(Some(devdb::test_server(&options)?)),
        None => Ok(devdb::status(&options, devdb::Purpose::Test)),
    }
}

fn options(config: &Config) -> Result<devdb::Options, connection::Error> {
    let mut options = connection::options(config)?;
    options.url = connection::variable("TEST_DATABASE_URL")?;
    Ok(options)
}

fn subject(args: &ProveArgs, config: &Config) -> Result<Subject, crate::Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let migrations = Migrations::from_folder(&config.out)?;
    let entries = folder.journal().entries();
    let entry = match &args.tag {
        Some(tag) => folder.entry(tag)?,
        None => entries.last().ok_or(folder::Error::Empty)?,
    };
    let (earlier, tag) = (entries.iter().take_while(|before| before.idx < entry.idx).count(), entry.tag.clone());
    let previous = folder.schema_before(entry)?;
    let next = folder.snapshot_of(&tag)?.schema;
    let answers = hints::read(&args.answers)?.create_the_rest();
    let resolved = kit::rename::resolve(&previous, &next, &answers);
    if let Some(answer) = resolved.unused.first() {
        return Err(hints::Error::Unused { answer: answer.clone() }.into());
    }
    let migration = migrations.iter().find(|migration| migration.tag() == tag);
    let statements = migration.into_iter().flat_map(migrator::Migration::statements);
    let statements = statements.map(|statement| statement.text.to_owned()).collect();
    Ok(Subject { tag, earlier, ledger: ledger(config), previous, next, resolved, statements, migrations })
}
