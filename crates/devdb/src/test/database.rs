//! The database of one test.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_postgres::Client;

use super::admin::Admin;
use super::error::Error;
use super::name::Maker;
use super::{blocking, connect, server, sweep};
use crate::server::Server;
use crate::url::Url;

/// A database that is there for one test and is dropped with this value, also when the test
/// panics. If even that is prevented (the process is killed), a later run drops it.
#[derive(Debug)]
#[must_use = "the database is dropped together with this value"]
pub struct Database {
    name: String,
    server: Url,
    url: Url,
}

impl Database {
    /// An empty database on [`super::server`].
    ///
    /// # Errors
    /// There is no server, or it refuses.
    pub async fn empty() -> Result<Self, crate::Error> {
        Ok(Self::empty_on(server().await?).await?)
    }

    /// An empty database on a given server.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn empty_on(server: &Server) -> Result<Self, Error> {
        let admin = Admin::new(connect(server.url()).await?);
        Self::make(server, &admin, None).await
    }

    /// Makes a database, as a clone if a template is given.
    pub(crate) async fn make(server: &Server, admin: &Admin, template: Option<&str>) -> Result<Self, Error> {
        static SWEPT: AtomicBool = AtomicBool::new(false);
        if !SWEPT.swap(true, Ordering::Relaxed) {
            sweep::sweep(admin, template).await;
        }
        let name = Maker::current().database();
        // Before the statement, so that a test that is cancelled meanwhile drops it too.
        let database = Self { url: server.database(&name), server: server.url().clone(), name };
        match template {
            Some(template) => admin.clone(&database.name, template).await?,
            None => admin.create(&database.name).await?,
        }
        Ok(database)
    }

    /// The URL of this database.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The name of this database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection to this database. It must not outlive the runtime it is made in.
    ///
    /// # Errors
    /// The server does not take it.
    pub async fn connect(&self) -> Result<Client, Error> {
        connect(&self.url).await
    }

    /// Leaves the database there, to be looked at after the test, and returns its URL. A run six
    /// hours later, or any run after this process has ended, drops it.
    pub fn keep(mut self) -> Url {
        let url = self.url.clone();
        mem::take(&mut self.name); // no name, nothing to drop
        url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = mem::take(&mut self.name);
        if name.is_empty() {
            return;
        }
        let server = self.server.clone();
        let dropped = blocking(move || async move {
            let admin = Admin::new(connect(&server).await?);
            admin.drop(&name).await
        });
        // A drop cannot fail, and a second panic would abort the tests; a later run sweeps.
        drop(dropped);
    }
}
