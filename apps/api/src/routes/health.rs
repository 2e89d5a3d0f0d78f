//! Whether the process lives, and whether it can do its work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use migrator::chain;
use serde::Serialize;

use crate::db::Database;
use crate::error::Error;
use crate::migrations::{Gap, Migrations};
use crate::state::AppState;

/// How long the database may take to answer a readiness check.
const LIMIT: Duration = Duration::from_secs(1);

/// `/livez` and `/readyz`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
}

/// The answer where all is well.
#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
}

/// The process answers. The database is not asked: to restart the process would not repair it.
async fn live() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// The pool has a connection, the database answers on it, and has every migration of this build.
async fn ready(State(db): State<Database>, State(migrations): State<Arc<Migrations>>) -> Result<Json<Health>, Error> {
    let check = tokio::time::timeout(LIMIT, check(&db, &migrations));
    let reason = check.await.unwrap_or_else(|_| Err(format!("the database did not answer within {LIMIT:?}")));
    match reason {
        Ok(()) => Ok(Json(Health { status: "ready" })),
        Err(reason) => Err(Error::NotReady(reason)),
    }
}

/// The error is the reason, in words that may leave the process.
async fn check(db: &Database, migrations: &Migrations) -> Result<(), String> {
    let asked = async { migrations.gap(&db.client().await?).await };
    match asked.await {
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
