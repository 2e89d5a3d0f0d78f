//! What the handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use migrator::Report;

use crate::db::Database;
#[cfg(feature = "metrics")]
use crate::metrics::Metrics;
use crate::readiness::Readiness;

/// What the handlers share. A handler takes the part that it needs: `State(db): State<Database>`.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The pool.
    pub db: Database,
    /// Whether the process can do its work.
    pub readiness: Arc<Readiness>,
    /// What is counted for Prometheus.
    #[cfg(feature = "metrics")]
    pub metrics: Arc<Metrics>,
}

impl AppState {
    /// On a pool; `report` is what the start has applied.
    #[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "it is only counted"))]
    pub fn new(db: Database, readiness: Readiness, report: Option<&Report>) -> Self {
        let readiness = Arc::new(readiness);
        #[cfg(feature = "metrics")]
        let metrics = Arc::new(Metrics::new(vec![("primary", db.clone())], readiness.clone(), report));
        Self {
            db,
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

impl FromRef<AppState> for Arc<Readiness> {
    fn from_ref(state: &AppState) -> Self {
        state.readiness.clone()
    }
}
