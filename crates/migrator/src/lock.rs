//! The lock that lets one process at a time migrate a database.
//!
//! It is a session-level advisory lock on a connection of its own, asked for again and again
//! instead of waited for: a session that is blocked in `pg_advisory_lock` holds a snapshot, on
//! which a CREATE INDEX CONCURRENTLY of the lock's holder would wait for ever.
//!
//! A process that dies loses its connections, and with them the lock; but the server may still be
//! busy with the last thing it was told, which may be a COMMIT, or an index that takes an hour. So
//! every transaction of a run, and the session in which statements run outside of one, holds a second
//! key, and who gets the lock waits until that is free too, before it reads the ledger.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::connect::{Server, Session, Target};
use crate::connect_error::ConnectError;
use crate::database_error::DatabaseError;
use crate::ledger::Ledger;

/// How soon the lock is asked for a second time; the pause doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// The longest pause between two attempts: what a waiting process may lose when the lock is free.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// How long a notification may take to come to a session that waits for it.
const NOTIFICATION: Duration = Duration::from_secs(5);

/// The two keys of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Keys {
    /// Held by the one process that may migrate, on a connection of its own.
    lock: i64,
    /// Held (shared) by each of its transactions, and while statements run outside of one.
    work: i64,
}

/// The lock, held for as long as its session lives.
pub(crate) struct Lock {
    session: Session,
    keys: Keys,
}

impl Lock {
    /// Opens a session and asks for the lock until `wait` is over; `work` is the session in which it is needed.
    pub(crate) async fn acquire(
        server: &Server,
        work: &Session,
        ledger: &Ledger,
        wait: Duration,
    ) -> Result<Self, LockError> {
        let session = server.connect(Some("lock")).await?;
        if !has_session_to_itself(&session, &work.client).await.map_err(|source| LockError::Session { source })? {
            return Err(LockError::Pooler { target: server.target() });
        }
        let query = |source| LockError::Query { ledger: ledger.qualified(), source };
        let client = &session.client;
        let keys = prepare(client, ledger).await.map_err(query)?;
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut locked = false;
        loop {
            locked = locked || try_lock(client, keys.lock).await.map_err(query)?;
            if locked && is_free(client, keys.work).await.map_err(query)? {
                tracing::info!(waited_ms = millis(started.elapsed()), "migration lock taken");
                return Ok(Self { session, keys });
            }
            let left = wait.saturating_sub(started.elapsed());
            if left.is_zero() {
                let holders = holders(client, keys).await.map_err(query)?;
                return Err(LockError::TimedOut { ledger: ledger.qualified(), waited: wait, holders });
            }
            if pause == FIRST_PAUSE {
                tracing::info!("another process is migrating this database, waiting for it");
            }
            sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The key that the work of the run holds, shared.
    pub(crate) fn work_key(&self) -> i64 {
        self.keys.work
    }

    /// Whether the session that holds the lock is still connected, as far as this side knows.
    pub(crate) fn is_held(&self) -> bool {
        !self.session.client.is_closed()
    }

    /// The connection that holds the lock, for a question beside the run.
    pub(crate) fn client(&self) -> &Client {
        &self.session.client
    }

    /// Gives the lock back. A failure is of no consequence: the session ends in any case.
    pub(crate) async fn release(self) {
        let unlock = "SELECT pg_advisory_unlock($1)";
        let released = self.session.client.query_typed(unlock, &[(&self.keys.lock, Type::INT8)]).await;
        if let Err(error) = released {
            let error = DatabaseError::from(error);
            tracing::debug!(%error, "migration lock not released, its session ends instead");
        }
    }
}

/// Whether a connection has a session of the server to itself. Behind a pooler that lends one for a transaction at a
/// time, the lock would stay with whichever session was lent when it was asked for, and guard nothing.
///
/// While the connection is idle, such a pooler lends its session to the next who asks, or lends the connection another
/// one later: the other connection, in a transaction, brings the one or the other about. Where many ask at once, it may
/// get its own back all the same. What is certain is that a notification reaches nobody to whom no session is lent, and
/// that is waited for.
async fn has_session_to_itself(session: &Session, other: &Client) -> Result<bool, DatabaseError> {
    let pid = async |client: &Client| -> Result<i32, DatabaseError> {
        Ok(client.query_typed_one("SELECT pg_backend_pid()", &[]).await?.try_get(0)?)
    };
    let before = pid(&session.client).await?;
    other.batch_execute("BEGIN").await?;
    let others = pid(other).await?;
    let after = pid(&session.client).await?;
    other.batch_execute("ROLLBACK").await?;
    Ok(before == after && before != others && is_notified(session, other).await?)
}

/// Whether a notification of another connection comes to a session that does nothing but wait for it.
async fn is_notified(session: &Session, other: &Client) -> Result<bool, DatabaseError> {
    // A name that no other process waits by: its notification must not pass for ours.
    let name = "SELECT 'migrator_' || md5(pg_backend_pid() || random()::text || clock_timestamp())";
    let channel: String = other.query_typed_one(name, &[]).await?.try_get(0)?;
    session.client.batch_execute(&format!("LISTEN {channel}")).await?;
    other.query_typed("SELECT pg_notify($1, '')", &[(&channel, Type::TEXT)]).await?;
    let mut heard = session.channel.clone();
    Ok(timeout(NOTIFICATION, heard.wait_for(|heard| *heard == channel)).await.is_ok_and(|heard| heard.is_ok()))
}

/// Keeps the session from being ended while it is idle, and computes the keys.
async fn prepare(client: &Client, ledger: &Ledger) -> Result<Keys, DatabaseError> {
    // The setting came with PostgreSQL 14; from an older catalog the query selects no row for it.
    let row = client
        .query_typed_one(
            "SELECT current_database()::text, \
             (SELECT set_config(name, '0', false) FROM pg_settings \
             WHERE name = 'idle_session_timeout')",
            &[],
        )
        .await?;
    let database: String = row.try_get(0)?;
    Ok(Keys::of(&database, ledger))
}

async fn try_lock(client: &Client, key: i64) -> Result<bool, DatabaseError> {
    let row = client.query_typed_one("SELECT pg_try_advisory_lock($1)", &[(&key, Type::INT8)]).await?;
    Ok(row.try_get(0)?)
}

/// Whether nobody holds a key at the moment, not even shared.
async fn is_free(client: &Client, key: i64) -> Result<bool, DatabaseError> {
    let row = client
        .query_typed_one(
            "SELECT CASE WHEN pg_try_advisory_lock($1) THEN pg_advisory_unlock($1) ELSE false END",
            &[(&key, Type::INT8)],
        )
        .await?;
    Ok(row.try_get(0)?)
}

impl Keys {
    /// The first eight bytes of a SHA-256 over the names, so that every process and every version
    /// of this crate computes the same keys.
    fn of(database: &str, ledger: &Ledger) -> Self {
        let key = |purpose| {
            let mut hash = Sha256::new();
            for part in [purpose, database, ledger.schema(), ledger.table()] {
                hash.update(part);
                hash.update([0]);
            }
            hash.finalize().iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
        };
        Self { lock: key("migration lock"), work: key("migration work") }
    }
}

/// Finds the sessions that hold the lock or are at work; none if they have just ended.
async fn holders(client: &Client, keys: Keys) -> Result<Vec<Holder>, DatabaseError> {
    // PostgreSQL shows a key of 64 bits as two halves, with objsubid 1.
    let rows = client
        .query_typed(
            "SELECT l.pid, a.application_name, a.state, \
             to_char(a.query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') \
             FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid) \
             WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
             AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND (l.classid::bigint << 32 | l.objid::bigint) IN ($1, $2) \
             AND l.pid <> pg_backend_pid() \
             ORDER BY (l.classid::bigint << 32 | l.objid::bigint) <> $1, l.pid",
            &[(&keys.lock, Type::INT8), (&keys.work, Type::INT8)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Holder {
                pid: row.try_get(0)?,
                application_name: row.try_get(1)?,
                state: row.try_get(2)?,
                query_start: row.try_get(3)?,
            })
        })
        .collect()
}

/// A session of the process that holds the lock: that of the lock, or one at work on a migration.
/// What the role may not see is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The server's process, as `pg_terminate_backend` takes it.
    pub pid: i32,
    /// The session's `application_name`.
    pub application_name: Option<String>,
    /// `active`, `idle` and so on.
    pub state: Option<String>,
    /// When its latest query began.
    pub query_start: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        let fields =
            [("application_name", &self.application_name), ("state", &self.state), ("query_start", &self.query_start)];
        for (name, value) in fields {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                write!(f, ", {name} {value}")?;
            }
        }
        Ok(())
    }
}

/// Why the lock is not ours.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The session for the lock could not be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),

    /// It could not be found out whether the session is ours alone, or what its settings are.
    #[error("cannot ask the server for its sessions and their settings; nothing was changed. Run again")]
    Session {
        /// What the server says.
        source: DatabaseError,
    },

    /// The connection goes through a pooler that lends sessions for a transaction at a time.
    #[error(
        "{target} is a pooler that gives a connection another session for each transaction (as PgBouncer with pool_mode \
         = transaction), where a lock would guard nothing; nothing was changed. Migrate over the server's own address \
         (MIGRATION_DATABASE_URL), or over a pool with pool_mode = session"
    )]
    Pooler {
        /// What was connected to.
        target: Target,
    },

    /// Someone else held it all the time.
    #[error(
        "the lock for {ledger} was not free within {waited:?}; nothing was changed. {} Run again \
         when it is free, or allow a longer wait",
        held_by(holders)
    )]
    TimedOut {
        /// The ledger's quoted name.
        ledger: String,
        /// How long it was waited for.
        waited: Duration,
        /// Who holds it; none if it was released in the last moment.
        holders: Vec<Holder>,
    },

    /// The server failed while the lock was asked for.
    #[error("cannot ask for the lock for {ledger}; nothing was changed. Run again")]
    Query {
        /// The ledger's quoted name.
        ledger: String,
        /// What the server says.
        source: DatabaseError,
    },

    /// The session of the lock ended during the run.
    #[error(
        "the connection that holds the lock was lost before {tag}; what was applied before it \
         stays, and it was not begun. Run again"
    )]
    Lost {
        /// The tag of the migration that was not begun.
        tag: String,
    },
}

fn held_by(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return "It was released in the last moment.".to_owned();
    }
    let who: Vec<_> = holders.iter().map(ToString::to_string).collect();
    let end: Vec<_> = holders.iter().map(|holder| format!("pg_terminate_backend({})", holder.pid)).collect();
    format!("It is held by {}. If that hangs, end it with SELECT {}.", who.join("; "), end.join(", "))
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change of these numbers would let an old and a new version migrate at the same time.
    #[test]
    fn the_keys_never_change() {
        let keys = Keys::of("app", &Ledger::default());
        assert_eq!(keys, Keys { lock: 5_967_405_061_276_348_873, work: -4_082_172_167_932_874_742 });
    }

    #[test]
    fn another_database_or_ledger_has_other_keys() {
        let ledger = Ledger::default();
        assert_ne!(Keys::of("app", &ledger), Keys::of("other", &ledger));
        assert_ne!(Keys::of("app", &ledger), Keys::of("app", &Ledger::new("drizzle", ledger.table())));
        assert_ne!(Keys::of("ab", &Ledger::new("c", "d")), Keys::of("a", &Ledger::new("bc", "d")));
    }
}
