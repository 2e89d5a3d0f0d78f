//! The statements on whole databases. They take no parameters, so names are quoted here.

use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::Error;

/// A session that makes and drops databases, outside of any of them.
pub(crate) struct Admin {
    client: Client,
}

/// How `CREATE DATABASE` copies a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strategy {
    /// Before PostgreSQL 15 there was no choice.
    Only,
    /// Copies files and forces checkpoints: 30 ms for a template of 30 tables without fsync,
    /// but 110 ms with it.
    FileCopy,
    /// Copies block by block through the log: 50 ms without fsync, 60 ms with it.
    WalLog,
}

impl Admin {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Creates an empty database: a copy of template0, which has nothing of a site's own in it.
    pub(crate) async fn create(&self, name: &str) -> Result<(), Error> {
        self.copy("creating the database", name, "template0").await
    }

    /// Creates a copy of `template`.
    pub(crate) async fn clone(&self, name: &str, template: &str) -> Result<(), Error> {
        let operation = "cloning a template into the database";
        self.copy(operation, name, template).await
    }

    async fn copy(&self, operation: &'static str, name: &str, from: &str) -> Result<(), Error> {
        let strategy = match self.strategy(name).await? {
            Strategy::Only => "",
            Strategy::FileCopy => " STRATEGY FILE_COPY",
            Strategy::WalLog => " STRATEGY WAL_LOG",
        };
        let (new, from) = (quote(name), quote(from));
        let sql = format!("CREATE DATABASE {new} TEMPLATE {from}{strategy}");
        self.execute(operation, name, &sql).await
    }

    /// Drops a database, if it is there, together with the connections to it.
    pub(crate) async fn drop(&self, name: &str) -> Result<(), Error> {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(name));
        self.execute("dropping the database", name, &sql).await
    }

    /// Closes a finished template to connections, since it can be copied only while there are
    /// none, and marks it as complete by making it a template. In one statement at the end: what
    /// a crash leaves before is no template.
    pub(crate) async fn finish_template(&self, name: &str) -> Result<(), Error> {
        const ENDING: &str = "ending the connections to the template";
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        let ended = self.client.query(sql, &[&name]).await;
        ended.map_err(|source| statement(ENDING, name, source))?;
        let name_ = quote(name);
        let sql = format!("ALTER DATABASE {name_} IS_TEMPLATE true ALLOW_CONNECTIONS false");
        self.execute("finishing the template", name, &sql).await
    }

    /// Whether a complete template of that name is there.
    pub(crate) async fn has_template(&self, name: &str) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate";
        let found = self.client.query_opt(sql, &[&name]).await;
        let found = found.map_err(|source| statement("looking for the template", name, source))?;
        Ok(found.is_some())
    }

    /// Drops a template, which must be made an ordinary database before.
    pub(crate) async fn drop_template(&self, name: &str) -> Result<(), Error> {
        let sql = format!("ALTER DATABASE {} IS_TEMPLATE false", quote(name));
        self.execute("dropping the template", name, &sql).await?;
        self.drop(name).await
    }

    /// The names of the databases that begin with `prefix`.
    pub(crate) async fn databases(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let sql = "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)";
        let rows = self.client.query(sql, &[&prefix]).await;
        let rows = rows.map_err(|source| statement("listing the databases", prefix, source))?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Writes a note on a database.
    pub(crate) async fn comment(&self, name: &str, note: u64) -> Result<(), Error> {
        let sql = format!("COMMENT ON DATABASE {} IS '{note}'", quote(name));
        self.execute("writing a note on the database", name, &sql).await
    }

    /// The templates of that prefix with the notes on them.
    pub(crate) async fn templates(&self, prefix: &str) -> Result<Vec<(String, Option<u64>)>, Error> {
        let sql = "SELECT datname::text, shobj_description(oid, 'pg_database') FROM pg_database \
                   WHERE starts_with(datname::text, $1) AND datistemplate";
        let rows = self.client.query(sql, &[&prefix]).await;
        let rows = rows.map_err(|source| statement("listing the templates", prefix, source))?;
        let note = |text: Option<String>| text.and_then(|text| text.parse().ok());
        Ok(rows.iter().map(|row| (row.get(0), note(row.get(1)))).collect())
    }

    /// Takes an advisory lock if it is free. It is held until this session ends.
    pub(crate) async fn try_lock(&self, key: i64, database: &str) -> Result<bool, Error> {
        let sql = "SELECT pg_try_advisory_lock($1)";
        let row = self.client.query_one(sql, &[&key]).await;
        row.map(|row| row.get(0)).map_err(|source| statement("locking the template", database, source))
    }

    async fn strategy(&self, database: &str) -> Result<Strategy, Error> {
        let sql = "SELECT current_setting('server_version_num'), current_setting('fsync')";
        let answer = self.client.simple_query(sql).await;
        let answer = answer.map_err(|source| statement("asking the server's version for", database, source))?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((row.get(0)?.parse().ok()?, row.get(1)?)),
            _ => None,
        });
        Ok(row.map_or(Strategy::Only, |(version, fsync)| strategy(version, fsync)))
    }

    async fn execute(&self, operation: &'static str, name: &str, sql: &str) -> Result<(), Error> {
        let done = self.client.batch_execute(sql).await;
        done.map_err(|source| statement(operation, name, source))
    }
}

fn strategy(version: u32, fsync: &str) -> Strategy {
    match (version, fsync) {
        (..150_000, _) => Strategy::Only,
        (_, "off") => Strategy::FileCopy,
        _ => Strategy::WalLog,
    }
}

fn statement(operation: &'static str, database: &str, source: tokio_postgres::Error) -> Error {
    Error::Statement { operation, database: database.to_owned(), source }
}

/// An identifier as PostgreSQL reads it back. Names hold no zero byte, which it cannot hold.
fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_a_name_are_doubled() {
        assert_eq!(quote("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn files_are_copied_only_where_a_checkpoint_is_cheap() {
        assert_eq!(strategy(140_010, "off"), Strategy::Only);
        assert_eq!(strategy(150_003, "off"), Strategy::FileCopy);
        assert_eq!(strategy(170_000, "on"), Strategy::WalLog);
    }
}
