use std::cell::RefCell;

use devdb::test;
use schema::Schema;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{roles, server};

/// A database for one test, which empties it between its cases.
pub(crate) struct Database {
    client: RefCell<Client>,
    runtime: Runtime,
    /// What the names of its roles begin with.
    role_prefix: String,
    /// The server's major version.
    major: u32,
    _database: test::Database,
}

/// What PostgreSQL said of a statement.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) statement: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    /// Whether the rows that are there are the reason, and not the schema: classes 22, data
    /// exception, and 23, integrity constraint violation.
    pub(crate) fn is_about_rows(&self) -> bool {
        self.code.starts_with("22") || self.code.starts_with("23")
    }

    /// Whether it is PostgreSQL's own mistake, mended in 15: after DROP EXPRESSION the column still depends
    /// on what the expression named, and its type cannot be changed.
    pub(crate) fn is_mended_in_15(&self) -> bool {
        self.code == "XX000" && self.message.starts_with("found unexpected dependency for column")
    }
}

impl Database {
    pub(crate) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (database, client) = runtime.block_on(async {
            let database = test::Database::empty().await.unwrap();
            let client = database.connect().await.unwrap();
            // No crash is survived, so none needs to wait for the disk.
            client.batch_execute("SET synchronous_commit = off; SET client_min_messages = warning").await.unwrap();
            (database, client)
        });
        let mut database = Database {
            client: RefCell::new(client),
            runtime,
            role_prefix: String::new(),
            major: 0,
            _database: database,
        };
        database.role_prefix = database.texts(roles::PREFIX).remove(0);
        let version: u32 = database.texts("SHOW server_version_num")[0].parse().unwrap();
        database.major = version / 10_000;
        database
    }

    pub(crate) fn role_prefix(&self) -> &str {
        &self.role_prefix
    }

    /// Whether the server is older than that major version.
    pub(crate) fn is_before(&self, major: u32) -> bool {
        self.major < major
    }

    /// The schema without what the server is too old for.
    pub(crate) fn understood(&self, schema: Schema) -> Schema {
        server::without_newer(schema, self.major)
    }

    /// Runs one text of SQL.
    pub(crate) fn run(&self, statement: &str) -> Result<(), Refusal> {
        let done = self.runtime.block_on(self.client.borrow().batch_execute(statement));
        done.map_err(|error| {
            let error = error.as_db_error().unwrap_or_else(|| panic!("{error:?} at {statement}"));
            let detail = error.detail().unwrap_or_default();
            Refusal {
                statement: statement.to_owned(),
                code: error.code().code().to_owned(),
                message: format!("{} {detail}", error.message()),
            }
        })
    }

    /// Runs the statements in a transaction, which is left open: all in one message, or one by one where that is
    /// refused, to tell which of them is.
    pub(crate) fn run_all(&self, statements: &[String]) -> Result<(), Refusal> {
        if self.run(&format!("BEGIN;\n{}", statements.join(";\n"))).is_ok() {
            return Ok(());
        }
        self.run("ROLLBACK; BEGIN").unwrap();
        statements.iter().try_for_each(|statement| self.run(statement))
    }

    /// The first column of each row, as text.
    pub(crate) fn texts(&self, query: &str) -> Vec<String> {
        let answer = self.runtime.block_on(self.client.borrow().simple_query(query));
        let messages = answer.unwrap_or_else(|e| panic!("{e}: {query}"));
        let row = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        };
        messages.into_iter().filter_map(row).collect()
    }

    /// Everything in the catalog that a schema can say, a line each.
    pub(crate) fn catalog(&self) -> Vec<String> {
        let [catalog, roles] = [kit::prove::CATALOG, kit::prove::ROLES];
        // With nothing but pg_catalog in the path, every other name is printed with its schema. In one message, since
        // most of the time goes by waiting for an answer.
        let query = format!("SET search_path = pg_catalog; {catalog}; RESET search_path; {roles}");
        let own = format!("role {}", self.role_prefix);
        let is_own = |line: &String| line.starts_with(&own) || !line.starts_with("role ");
        self.texts(&query).into_iter().filter(is_own).collect()
    }

    /// Runs something asynchronous on the connection.
    pub(crate) fn with_client<T>(&self, work: impl AsyncFnOnce(&mut Client) -> T) -> T {
        self.runtime.block_on(work(&mut self.client.borrow_mut()))
    }

    /// Drops everything.
    pub(crate) fn clear(&self) {
        self.run(include_str!("clear.sql")).unwrap();
    }
}

/// The database goes by itself, its roles do not.
impl Drop for Database {
    fn drop(&mut self) {
        // A test that failed may have left a transaction open, or the connection closed.
        let sql = format!("ROLLBACK; {}", include_str!("clear.sql"));
        drop(self.runtime.block_on(self.client.borrow().batch_execute(&sql)));
    }
}
