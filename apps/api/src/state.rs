//! What the handlers share.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::db::Database;
use crate::readiness::Readiness;

/// What the handlers share. A handler takes the part that it needs: `State(db): State<Database>`.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The pool.
    pub db: Database,
    /// Whether the process can do its work.
    pub readiness: Arc<Readiness>,
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
