//! Databases that are migrated once and cloned for each test.

use std::fmt;
use std::time::{Duration, Instant};

use super::admin::Admin;
use super::database::Database;
use super::error::Error;
use super::{connect, name, server, sweep};
use crate::server::Server;
use crate::url::Url;

/// Longer than any set-up of a template takes; then its process hangs.
const LIMIT: Duration = Duration::from_secs(180);

const PAUSE: Duration = Duration::from_millis(10);

/// How to set up the database that tests get clones of.
#[derive(Clone)]
pub struct Template<S> {
    database: String,
    setup: S,
}

impl<S, E> Template<S>
where
    S: AsyncFn(Url) -> Result<(), E>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// A template that `setup`, given the URL of an empty database, fills.
    ///
    /// `content` is all that the outcome depends on, such as the text of each migration: other
    /// content means another database, and the same content the one that is there, also from
    /// other processes and earlier runs.
    pub fn new<C>(name: &str, content: impl IntoIterator<Item = C>, setup: S) -> Self
    where
        C: AsRef<[u8]>,
    {
        Self { database: name::template(name, content), setup }
    }

    /// A clone for one test, on [`super::server`].
    ///
    /// # Errors
    /// There is no server, or `setup` or a statement failed.
    pub async fn database(&self) -> Result<Database, crate::Error> {
        Ok(self.database_on(server().await?).await?)
    }

    /// A clone for one test, on a given server.
    ///
    /// # Errors
    /// `setup` or a statement failed.
    pub async fn database_on(&self, server: &Server) -> Result<Database, Error> {
        let admin = Admin::new(connect(server.url()).await?);
        self.ensure(&admin, server).await?;
        Database::make(server, &admin, Some(&self.database)).await
    }

    /// Makes the template unless it is there. Many processes may ask at once; one does the work.
    async fn ensure(&self, admin: &Admin, server: &Server) -> Result<(), Error> {
        let name = &self.database;
        if admin.has_template(name).await? {
            return Ok(());
        }
        // On a session of its own: when it ends, in order or by a crash, the lock is free.
        let holder = Admin::new(connect(server.url()).await?);
        lock(&holder, name).await?;
        if holder.has_template(name).await? {
            return Ok(());
        }
        holder.drop(name).await?; // half made, by a process that crashed
        holder.create(name).await?;
        let url = server.database(name);
        (self.setup)(url).await.map_err(|error| Error::Setup { database: name.clone(), source: error.into() })?;
        holder.comment(name, sweep::now()).await?;
        holder.finish_template(name).await
    }
}

impl<S> fmt::Debug for Template<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("database", &self.database).finish_non_exhaustive()
    }
}

/// Waits for the template's advisory lock. It is polled: a waiting statement would hold a
/// snapshot, for which `CREATE INDEX CONCURRENTLY` waits.
async fn lock(holder: &Admin, database: &str) -> Result<(), Error> {
    let key = key(database);
    let deadline = Instant::now() + LIMIT;
    while !holder.try_lock(key, database).await? {
        if Instant::now() > deadline {
            return Err(Error::TemplateBusy { database: database.to_owned(), seconds: LIMIT.as_secs(), key });
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// The lock's key: the hash at the end of the template's name.
fn key(database: &str) -> i64 {
    let hash = database.rsplit('_').next().unwrap_or_default();
    u64::from_str_radix(hash, 16).expect("name::template ends in 64 bits in hex").cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_template_has_a_lock_of_its_own() {
        let (first, second) = (name::template("api", ["1"]), name::template("api", ["2"]));
        assert_ne!(key(&first), key(&second));
        assert_eq!(key("devdb_template_x_ffffffffffffffff"), -1);
    }
}
