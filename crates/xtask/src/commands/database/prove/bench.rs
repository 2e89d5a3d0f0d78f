//! The server that scratch databases are made on, and the roles that migrations make there: those
//! belong to no database, and do not go with one.

use devdb::Server;
use kit::prove;
use schema::Schema;
use schema::quote::ident;
use tokio_postgres::NoTls;

use super::Subject;
use super::scratch::{Error, ROLE_NAMES, Scratch, texts};

/// Where a migration is tried.
pub(super) struct Bench {
    pub(super) server: Server,
    /// Roles of the two schemas that the server did not have, and so are ours to drop.
    roles: Vec<String>,
}

impl Bench {
    pub(super) async fn new(subject: &Subject, server: Server) -> Result<Self, Error> {
        let there = on(&server, ROLE_NAMES).await?;
        let declared = subject.previous.roles.values().chain(subject.next.roles.values());
        let mut roles: Vec<String> =
            declared.map(|role| role.name.clone()).filter(|name| !there.contains(name)).collect();
        roles.sort_unstable();
        roles.dedup();
        Ok(Bench { server, roles })
    }

    /// The roles that are ours, as the catalog has them now.
    pub(super) async fn roles(&self, scratch: &Scratch) -> Result<Vec<String>, Error> {
        let is_ours = |line: &String| self.roles.iter().any(|role| line.starts_with(&format!("role {role} createdb ")));
        Ok(scratch.texts(prove::ROLES).await?.into_iter().filter(is_ours).collect())
    }

    /// Drops the roles, so that the next attempt can make them. No scratch database may be left that
    /// has something of theirs.
    pub(super) async fn clear(&self) -> Result<(), Error> {
        if self.roles.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.roles.iter().map(|role| ident(role)).collect();
        on(&self.server, &format!("DROP ROLE IF EXISTS {}", names.join(", "))).await?;
        Ok(())
    }
}

/// Runs one statement on the server, in the database of its URL.
async fn on(server: &Server, statement: &str) -> Result<Vec<String>, Error> {
    let connected = tokio_postgres::connect(server.url().reveal(), NoTls).await;
    let (client, connection) = connected.map_err(Error::Query)?;
    let connection = tokio::spawn(connection);
    let texts = texts(&client, statement).await;
    drop(client);
    // What the connection has to say, the client has said already.
    drop(connection.await);
    texts
}

/// The schema without the roles that are there already.
pub(super) fn without(schema: &Schema, roles: &[String]) -> Schema {
    let mut schema = schema.clone();
    schema.roles.retain(|_, role| !roles.contains(&role.name));
    schema
}
