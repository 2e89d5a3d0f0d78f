//! Whether the process lives, and whether it can do its work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::readiness::Readiness;
use crate::state::AppState;

/// `/livez` and `/readyz`.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// The answer where all is well.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    status: &'static str,
}

/// The process answers. The database is not asked: to restart the process would not repair it.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, description = "The process runs", body = Health)))]
async fn live() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// The pool has a connection, the database answers on it, and has every migration of this build.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, description = "It can do its work", body = Health)))]
async fn ready(State(readiness): State<Arc<Readiness>>) -> Result<Json<Health>, Error> {
    readiness.check().await.map_err(Error::NotReady)?;
    Ok(Json(Health { status: "ready" }))
}
