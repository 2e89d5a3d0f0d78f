//! What the handlers share.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::db::Database;
use crate::migrations::Migrations;

/// What the handlers share. A handler takes the part that it needs: `State(db): State<Database>`.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The pool.
    pub db: Database,
    /// The migrations of this build, for the readiness check.
    pub migrations: Arc<Migrations>,
}

impl FromRef<AppState> for Database {
    fn from_ref(state: &AppState) -> Self {
        state.db.clone()
    }
}

impl FromRef<AppState> for Arc<Migrations> {
    fn from_ref(state: &AppState) -> Self {
        state.migrations.clone()
    }
}
