//! Whether the process can do its work now, as load balancers ask every few seconds.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use migrator::chain;
use tokio::sync::Mutex;

use crate::db::Database;
use crate::migrations::{Gap, Migrations};

/// How long the database may take to answer.
const LIMIT: Duration = Duration::from_secs(1);

/// How long an answer holds: however many ask, the database is asked once a second.
const FRESH: Duration = Duration::from_secs(1);

/// What is asked, with its last answer.
#[derive(Debug)]
pub struct Readiness {
    db: Database,
    migrations: Migrations,
    fresh: Duration,
    draining: AtomicBool,
    pending: AtomicI64,
    last: Mutex<Option<Checked>>,
}

#[derive(Debug)]
struct Checked {
    at: Instant,
    result: Result<(), String>,
}

impl Readiness {
    /// Asks this database whether it has these migrations.
    pub fn new(db: Database, migrations: Migrations) -> Self {
        let (draining, pending) = (AtomicBool::new(false), AtomicI64::new(0));
        Self { db, migrations, fresh: FRESH, draining, pending, last: Mutex::new(None) }
    }

    /// Keeps an answer for this long.
    #[must_use]
    pub fn fresh_for(self, fresh: Duration) -> Self {
        Self { fresh, ..self }
    }

    /// From now on the process is not ready, since it is about to end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to end.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// How many migrations were pending when the database was asked last.
    pub fn pending(&self) -> i64 {
        self.pending.load(Ordering::Relaxed)
    }

    /// The pool has a connection, the database answers on it, and has every migration of this build.
    ///
    /// # Errors
    /// The reason why not, in words that may leave the process.
    pub async fn check(&self) -> Result<(), String> {
        if self.is_draining() {
            return Err("the process is stopping".to_owned());
        }
        // Whoever waits here meanwhile takes the answer of the one who asks.
        let mut last = self.last.lock().await;
        if let Some(checked) = last.as_ref().filter(|checked| checked.at.elapsed() < self.fresh) {
            return checked.result.clone();
        }
        let asked = tokio::time::timeout(LIMIT, self.ask()).await;
        let result = asked.unwrap_or_else(|_| Err(format!("the database did not answer within {LIMIT:?}")));
        *last = Some(Checked { at: Instant::now(), result: result.clone() });
        result
    }

    async fn ask(&self) -> Result<(), String> {
        let gap = async { self.migrations.gap(&self.db.session().await?).await };
        let gap = gap.await;
        if let Ok(gap) = &gap {
            let pending = if let Some(Gap::Pending(tags)) = gap { tags.len() } else { 0 };
            self.pending.store(pending as i64, Ordering::Relaxed);
        }
        match gap {
            Ok(None) => Ok(()),
            Ok(Some(Gap::Pending(tags))) => Err(format!("migrations are pending: {}", tags.join(", "))),
            Ok(Some(Gap::Refused(tags))) => {
                Err(format!("migrations were edited or passed over after being applied: {}", tags.join(", ")))
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "not ready");
                let reason = if error.is_unavailable() {
                    "the database is not available"
                } else {
                    "the ledger of migrations cannot be read"
                };
                Err(reason.to_owned())
            }
        }
    }
}
