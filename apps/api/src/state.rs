//! What the handlers share.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use migrator::Report;

use crate::attempts::Attempts;
use crate::callers::Callers;
use crate::db::Database;
#[cfg(feature = "metrics")]
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::readiness::Readiness;

/// What the handlers share. A handler takes the part that it needs: `State(db): State<Database>`.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The pool.
    pub db: Database,
    /// What lists are read from.
    pub replica: Replica,
    /// Who called a moment ago.
    pub callers: Arc<Callers>,
    /// What a login needs.
    pub logins: Logins,
    /// Whether the process can do its work.
    pub readiness: Arc<Readiness>,
    /// What is counted for Prometheus.
    #[cfg(feature = "metrics")]
    pub metrics: Arc<Metrics>,
}

/// What lists are read from: a replica of the database, which may be a moment behind, or the database
/// itself.
#[derive(Clone, Debug)]
pub struct Replica(pub Database);

/// What a login needs.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    /// Compares passwords.
    pub passwords: Arc<Passwords>,
    /// Counts attempts.
    pub attempts: Arc<Attempts>,
}

impl AppState {
    /// On a pool, and one of a replica, where there is one. A caller is known for `token_cache`; `report` is what the start has applied.
    #[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "it is only counted"))]
    pub fn new(
        db: Database,
        replica: Option<Database>,
        readiness: Readiness,
        token_cache: Duration,
        report: Option<&Report>,
    ) -> Self {
        let readiness = Arc::new(readiness);
        #[cfg(feature = "metrics")]
        let metrics = {
            let pools = [("primary", Some(db.clone())), ("replica", replica.clone())];
            let pools = pools.into_iter().filter_map(|(name, pool)| Some((name, pool?))).collect();
            Arc::new(Metrics::new(pools, readiness.clone(), report))
        };
        Self {
            replica: Replica(replica.unwrap_or_else(|| db.clone())),
            db,
            callers: Arc::new(Callers::new(token_cache)),
            logins: Logins::default(),
            readiness,
            #[cfg(feature = "metrics")]
            metrics,
        }
    }
}

impl FromRef<AppState> for Database {
    fn from_ref(state: &AppState) -> Self {
        state.db.clone()
    }
}

impl FromRef<AppState> for Replica {
    fn from_ref(state: &AppState) -> Self {
        state.replica.clone()
    }
}

impl FromRef<AppState> for Arc<Callers> {
    fn from_ref(state: &AppState) -> Self {
        state.callers.clone()
    }
}

impl FromRef<AppState> for Logins {
    fn from_ref(state: &AppState) -> Self {
        state.logins.clone()
    }
}

impl FromRef<AppState> for Arc<Readiness> {
    fn from_ref(state: &AppState) -> Self {
        state.readiness.clone()
    }
}
