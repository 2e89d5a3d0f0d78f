//! Whether the process lives, and whether it can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::error::Error;
use crate::readiness::Readiness;
use crate::state::AppState;

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

async fn ready(State(readiness): State<Arc<Readiness>>) -> Result<Json<Health>, Error> {
    readiness.check().await.map_err(Error::NotReady)?;
    Ok(Json(Health { status: "ready" }))
}
