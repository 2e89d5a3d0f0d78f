//! A database that is there for one attempt.

use devdb::Server;
use devdb::test::Database;
use kit::prove;
use migrator::{Migrator, Statement, Target};
use schema::quote::ident;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::Subject;

/// The names of the server's roles.
pub(super) const ROLE_NAMES: &str = "SELECT rolname FROM pg_roles";

/// Why there is nothing to prove a migration on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot make a scratch database")]
    Make(#[source] devdb::test::Error),
    #[error("the migrations before it do not apply to an empty database; correct them first, or prove them")]
    Earlier(#[source] Box<migrator::Error>),
    #[error("the scratch database does not answer")]
    Query(#[source] tokio_postgres::Error),
}

/// What PostgreSQL said of a statement.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// From 1.
    pub(super) number: usize,
    pub(super) of: usize,
    pub(super) statement: String,
    pub(super) code: String,
    pub(super) message: String,
}

impl Refusal {
    /// Whether the rows that are there are the reason, and not the schema: classes 22, data
    /// exception, and 23, integrity constraint violation.
    pub(super) fn is_about_rows(&self) -> bool {
        self.code.starts_with("22") || self.code.starts_with("23")
    }
}

/// A scratch database, dropped with this value.
pub(super) struct Scratch {
    client: Client,
    _database: Database,
}

impl Scratch {
    /// An empty one.
    pub(super) async fn empty(server: &Server) -> Result<Self, Error> {
        let database = Database::empty_on(server).await.map_err(Error::Make)?;
        Self::connect(database).await
    }

    /// One with the migrations before the subject applied, as `migrate` applies them.
    pub(super) async fn before(subject: &Subject, server: &Server) -> Result<Self, Error> {
        let database = Database::empty_on(server).await.map_err(Error::Make)?;
        if let Some(newest) = subject.migrations.iter().take(subject.earlier).last() {
            let earlier = |error| Error::Earlier(Box::new(error));
            let url = database.url().reveal();
            let migrator = Migrator::from_url(subject.migrations.clone(), url).map_err(earlier)?;
            let migrator = migrator.ledger(subject.ledger.clone()).target(Target::Version(newest.idx().into()));
            migrator.run().await.map_err(earlier)?;
        }
        Self::connect(database).await
    }

    async fn connect(database: Database) -> Result<Self, Error> {
        let client = database.connect().await.map_err(Error::Make)?;
        // No crash is survived, so none needs to wait for the disk.
        let settings = "SET synchronous_commit = off; SET client_min_messages = warning";
        client.batch_execute(settings).await.map_err(Error::Query)?;
        Ok(Scratch { client, _database: database })
    }

    /// Runs statements as `migrate` does: in one transaction, which is rolled back where one is
    /// refused, but for those that run on their own.
    pub(super) async fn run(&self, statements: &[String]) -> Result<Result<(), Refusal>, Error> {
        let units = migrator::units(statements.iter().map(String::as_str));
        let of = units.iter().map(|unit| unit.statements.len()).sum();
        for unit in &units {
            let done = match unit.runs_alone() {
                true => self.each(&unit.statements, of).await?,
                false => self.transaction(&unit.statements, of).await?,
            };
            if done.is_err() {
                return Ok(done);
            }
        }
        Ok(Ok(()))
    }

    async fn transaction(&self, statements: &[Statement<'_>], of: usize) -> Result<Result<(), Refusal>, Error> {
        self.control("BEGIN").await?;
        let done = self.each(statements, of).await?;
        match &done {
            Err(_) => self.control("ROLLBACK").await?,
            // A constraint that is deferred is checked only now.
            Ok(()) => match self.client.batch_execute("COMMIT").await {
                Ok(()) => {}
                Err(error) => {
                    let last = statements.last().map_or(of, |statement| statement.number);
                    return Ok(Err(refusal(error, last, of, "COMMIT")?));
                }
            },
        }
        Ok(done)
    }

    /// The catalog of a schema, built from empty in a transaction that is rolled back.
    pub(super) async fn catalog_from_empty(
        &self,
        statements: &[String],
    ) -> Result<Result<Vec<String>, Refusal>, Error> {
        self.control("BEGIN").await?;
        let parts: Vec<_> = (1..).zip(statements).map(|(number, text)| Statement { number, line: 1, text }).collect();
        let built = match self.each(&parts, parts.len()).await? {
            Ok(()) => Ok(self.catalog().await?),
            Err(refusal) => Err(refusal),
        };
        self.control("ROLLBACK").await?;
        Ok(built)
    }

    async fn each(&self, statements: &[Statement<'_>], of: usize) -> Result<Result<(), Refusal>, Error> {
        for statement in statements {
            if let Err(error) = self.client.batch_execute(statement.text).await {
                return Ok(Err(refusal(error, statement.number, of, statement.text)?));
            }
        }
        Ok(Ok(()))
    }

    /// Puts rows into every table that takes them, and returns the keys of those that do not.
    pub(super) async fn fill(&self, mut inserts: Vec<prove::Insert>) -> Vec<String> {
        // A foreign key may need the rows of another table first.
        loop {
            let mut refused = Vec::new();
            for insert in &inserts {
                if self.client.batch_execute(&insert.statement).await.is_err() {
                    refused.push(insert.clone());
                }
            }
            if refused.len() == inserts.len() {
                return refused.into_iter().map(|insert| insert.table).collect();
            }
            inserts = refused;
        }
    }

    /// The extensions that migrations by hand have made.
    pub(super) async fn extensions(&self) -> Result<Vec<String>, Error> {
        let names = self.texts("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid").await?;
        Ok(names.iter().map(|name| format!("CREATE EXTENSION IF NOT EXISTS {} CASCADE", ident(name))).collect())
    }

    /// The names of the server's roles.
    pub(super) async fn roles(&self) -> Result<Vec<String>, Error> {
        self.texts(ROLE_NAMES).await
    }

    /// Everything in the catalog that a schema can say, a line each.
    pub(super) async fn catalog(&self) -> Result<Vec<String>, Error> {
        self.control("SET search_path = pg_catalog").await?;
        let lines = self.texts(prove::CATALOG).await?;
        self.control("RESET search_path").await?;
        Ok(lines)
    }

    /// The first column of each row, as text.
    pub(super) async fn texts(&self, query: &str) -> Result<Vec<String>, Error> {
        texts(&self.client, query).await
    }

    async fn control(&self, statement: &str) -> Result<(), Error> {
        self.client.batch_execute(statement).await.map_err(Error::Query)
    }
}

/// The first column of every row.
pub(super) async fn texts(client: &Client, query: &str) -> Result<Vec<String>, Error> {
    let messages = client.simple_query(query).await.map_err(Error::Query)?;
    let row = |message: SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
        _ => None,
    };
    Ok(messages.into_iter().filter_map(row).collect())
}

/// What the server said; anything else is an error of ours.
fn refusal(error: tokio_postgres::Error, number: usize, of: usize, statement: &str) -> Result<Refusal, Error> {
    let Some(said) = error.as_db_error() else { return Err(Error::Query(error)) };
    let detail = said.detail().map(|detail| format!("; {detail}")).unwrap_or_default();
    Ok(Refusal {
        number,
        of,
        statement: statement.to_owned(),
        code: said.code().code().to_owned(),
        message: format!("{}{detail}", said.message()),
    })
}
