use schema::quote::{ident, literal};
use tokio_postgres::Client;

use super::error::{Cause, Error};

/// What the name of a scratch database begins with. The process id of the session that made it follows, and the time.
const PREFIX: &str = "drizzle_scratch_";

/// A database of its own on the same server, to build a schema in without meeting what is there. It is made empty,
/// from `template0`, and dropped when it has served; one that a crash left behind is dropped by whoever makes the next.
#[derive(Debug)]
#[must_use = "the database stays until it is dropped"]
pub struct Scratch {
    name: String,
}

impl Scratch {
    /// Makes one on the server of `client`, which must be in no transaction. The role needs CREATEDB.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn create(client: &Client) -> Result<Self, Error> {
        const OPERATION: &str = "ask for what a scratch database must have";
        sweep(client).await;
        let query = "SELECT format('%s_%s', pg_backend_pid(), (extract(epoch FROM clock_timestamp()) * 1000)::bigint), \
             pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = current_database()";
        let row = client.query_one(query, &[]).await.map_err(Error::query(OPERATION))?;
        let suffix: String = row.try_get(0).map_err(Error::query(OPERATION))?;
        let encoding: String = row.try_get(1).map_err(Error::query(OPERATION))?;
        let name = format!("{PREFIX}{suffix}");
        let create = format!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'",
            ident(&name),
            literal(&encoding)
        );
        match client.batch_execute(&create).await {
            Ok(()) => Ok(Scratch { name }),
            Err(error) => Err(Error::Scratch { database: name, source: Cause::from(error) }),
        }
    }

    /// The name to connect to.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drops it.
    ///
    /// # Errors
    /// The server refuses, or is gone.
    pub async fn drop(self, client: &Client) -> Result<(), Error> {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(&self.name));
        client.batch_execute(&drop).await.map_err(Error::query("drop the scratch database"))
    }
}

/// Drops the scratch databases whose makers are gone. It is a courtesy: what refuses stays for another time.
async fn sweep(client: &Client) {
    let query = "SELECT datname::text FROM pg_database WHERE datname ~ ('^' || $1 || '[0-9]+_[0-9]+$') \
         AND split_part(datname, '_', 3)::integer NOT IN (SELECT pid FROM pg_stat_activity)";
    for row in client.query(query, &[&PREFIX]).await.unwrap_or_default() {
        if let Ok(name) = row.try_get::<_, String>(0) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {}", ident(&name))).await;
        }
    }
}
