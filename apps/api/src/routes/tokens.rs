//! `/users/{id}/tokens`: what shows the API who calls.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use schema::rows::FromRow;
use sea_query::{ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::access::{Caller, Secret};
use crate::callers::Callers;
use crate::db::Database;
use crate::db::schema::{ApiToken, NewApiToken};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::state::AppState;
use crate::validation::Validation;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// When it ends; never, if not given.
    expires_at: Option<DateTime<Utc>>,
}

impl CreateToken {
    fn validate(self, user: Uuid, secret: &Secret) -> Result<NewApiToken, Error> {
        let Self { name, expires_at } = self;
        let mut validation = Validation::default();
        validation.text("name", &name, 1..=100);
        validation.check("expires_at", expires_at.is_none_or(|time| time > Utc::now()), "must be in the future");
        validation.finish()?;
        Ok(NewApiToken { expires_at, ..NewApiToken::new(user, name, secret.hash()) })
    }
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedToken {
    #[serde(flatten)]
    token: ApiToken,
    /// What the client sends as `Authorization: Bearer …`. It is shown this once.
    secret: String,
}

impl CreatedToken {
    pub(super) fn new(token: ApiToken, secret: &Secret) -> Self {
        Self { token, secret: secret.reveal().to_owned() }
    }
}

/// The tokens of a user.
#[derive(Debug, Serialize, ToSchema)]
struct Tokens {
    items: Vec<ApiToken>,
}

/// Creates a token for a user, and shows it once.
#[utoipa::path(
    post,
    path = "/users/{id}/tokens",
    tag = "tokens",
    operation_id = "create_token",
    params(("id" = Uuid, Path)),
    request_body = CreateToken,
    responses((status = 201, description = "Created", body = CreatedToken)),
)]
async fn create(
    State(db): State<Database>,
    caller: Caller,
    Path(id): Path<Uuid>,
    extract::Json(body): extract::Json<CreateToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Error> {
    caller.require_owner(id)?;
    let secret = Secret::random();
    let insert = body.validate(id, &secret)?.into_insert();
    let token = db.one(&insert.to_owned().returning(Query::returning().columns(ApiToken::columns())).take()).await?;
    Ok((StatusCode::CREATED, Json(CreatedToken::new(token, &secret))))
}

/// Lists the tokens of a user, newest first, without their secrets.
#[utoipa::path(
    get,
    path = "/users/{id}/tokens",
    tag = "tokens",
    operation_id = "list_tokens",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The tokens", body = Tokens)),
)]
async fn list(State(db): State<Database>, caller: Caller, Path(id): Path<Uuid>) -> Result<Json<Tokens>, Error> {
    caller.require_owner(id)?;
    let select = Query::select()
        .columns(ApiToken::columns())
        .from(ApiToken::TABLE)
        .and_where(ApiToken::user_id.eq(id))
        .order_by_columns([(ApiToken::created_at, Order::Desc), (ApiToken::id, Order::Desc)])
        .take();
    Ok(Json(Tokens { items: db.all(&select).await? }))
}

/// Deletes a token, which ends its use at once.
#[utoipa::path(
    delete,
    path = "/users/{id}/tokens/{token_id}",
    tag = "tokens",
    operation_id = "delete_token",
    params(("id" = Uuid, Path), ("token_id" = Uuid, Path)),
    responses((status = 204, description = "Deleted")),
)]
async fn remove(
    State(db): State<Database>,
    State(callers): State<Arc<Callers>>,
    caller: Caller,
    Path((id, token)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    caller.require_owner(id)?;
    let delete = Query::delete()
        .from_table(ApiToken::TABLE)
        .and_where(ApiToken::id.eq(token))
        .and_where(ApiToken::user_id.eq(id))
        .take();
    let deleted = db.execute(&delete).await?;
    callers.forget(id);
    match deleted {
        0 => Err(Error::NotFound("token")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
