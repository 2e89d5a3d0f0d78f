//! `/login`, `/logout` and `/users/{id}/password`: a token for a password.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{TimeDelta, Utc};
use schema::rows::{Column, FromRow};
use sea_query::{Condition, Expr, ExprTrait, Func, OnConflict, Query};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::tokens::CreatedToken;
use super::users;
use crate::access::{self, Caller, LOGIN, Secret};
use crate::callers::Callers;
use crate::client_address::ClientAddress;
use crate::db::schema::{ApiToken, MAX_EMAIL, NewApiToken, NewPassword, Password, User};
use crate::db::{self, Database, query};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::passwords::{MAX_PASSWORD, MIN_PASSWORD};
use crate::state::{AppState, Logins};
use crate::validation::Validation;

/// How long a login lasts.
const LIFETIME: TimeDelta = TimeDelta::days(14);

/// What is open to everybody.
pub(crate) fn open_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(login))
}

/// What is not.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(logout)).routes(routes!(set_password))
}

// No Debug: neither of the two shows a password.

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    #[schema(format = Email, min_length = 1, max_length = 254)]
    email: String,
    #[schema(format = Password, min_length = 1, max_length = 128)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPassword {
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
    /// The password so far, for who changes their own.
    #[schema(format = Password)]
    current: Option<String>,
}

impl Login {
    fn validate(&self) -> Result<(), Error> {
        let mut validation = Validation::default();
        validation.text("email", &self.email, 1..=MAX_EMAIL as usize);
        validation.text("password", &self.password, 1..=MAX_PASSWORD);
        validation.finish()
    }
}

impl SetPassword {
    fn validate(&self) -> Result<(), Error> {
        let mut validation = Validation::default();
        validation.text("password", &self.password, MIN_PASSWORD..=MAX_PASSWORD);
        validation.finish()
    }
}

/// Gives a token that lasts 14 days for an email address and a password.
#[utoipa::path(
    post,
    path = "/login",
    tag = "tokens",
    operation_id = "login",
    request_body = Login,
    responses((status = 201, description = "The token", body = CreatedToken)),
)]
async fn login(
    State(db): State<Database>,
    State(logins): State<Logins>,
    ClientAddress(from): ClientAddress,
    extract::Json(body): extract::Json<Login>,
) -> Result<(StatusCode, Json<CreatedToken>), Error> {
    body.validate()?;
    let Login { email, password } = body;
    logins.attempts.admit(&email, from)?;
    // One query, whether there is no such user or no password.
    let known = stored(&db, Expr::from(Func::lower(User::email)).eq(Func::lower(email))).await?;
    let hash = known.as_ref().map(|known| known.hash.clone());
    match (logins.passwords.verify(password, hash).await?, known) {
        (true, Some(known)) => Ok((StatusCode::CREATED, Json(begin(&db, known.user_id).await?))),
        _ => Err(Error::WrongLogin),
    }
}

/// The password of the user who fulfils a condition.
async fn stored(db: &Database, condition: Expr) -> Result<Option<Password>, db::Error> {
    let select = Query::select()
        .columns(Password::columns().into_iter().map(Column::qualified))
        .from(Password::TABLE)
        .inner_join(User::TABLE, Expr::col(User::id.qualified()).equals(Password::user_id.qualified()))
        .and_where(condition)
        .take();
    db.optional(&select).await
}

/// A new token of the user, in place of those that have ended.
async fn begin(db: &Database, user: Uuid) -> Result<CreatedToken, Error> {
    let secret = Secret::random();
    let new = NewApiToken::new(user, LOGIN.to_owned(), secret.hash());
    let new = NewApiToken { expires_at: Some(Utc::now() + LIFETIME), ..new };
    let insert = new.into_insert().returning(Query::returning().columns(ApiToken::columns())).take();
    let ended = Query::delete()
        .from_table(ApiToken::TABLE)
        .and_where(ApiToken::user_id.eq(user))
        .and_where(Expr::from(ApiToken::expires_at).lt(Expr::current_timestamp()))
        .take();
    let session = db.session().await?;
    query::execute(&session, &ended).await?;
    let token = query::one(&session, &insert).await?;
    Ok(CreatedToken::new(token, &secret))
}

/// Ends the token that the request came with.
#[utoipa::path(
    post,
    path = "/logout",
    tag = "tokens",
    operation_id = "logout",
    responses((status = 204, description = "The token is worth nothing any more")),
)]
async fn logout(
    State(db): State<Database>,
    State(callers): State<Arc<Callers>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<StatusCode, Error> {
    let token = access::presented(&headers).ok_or(Error::Unauthenticated)?;
    let delete = Query::delete().from_table(ApiToken::TABLE).and_where(ApiToken::hash.eq(token)).take();
    db.execute(&delete).await?;
    callers.forget(caller.user().id);
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a user's password, and ends every other login of theirs. An admin may, and the user, who shows
/// the password so far.
#[utoipa::path(
    put,
    path = "/users/{id}/password",
    tag = "users",
    operation_id = "set_password",
    params(("id" = Uuid, Path)),
    request_body = SetPassword,
    responses((status = 204, description = "It is the password from now on")),
)]
async fn set_password(
    State(AppState { db, logins, callers, .. }): State<AppState>,
    caller: Caller,
    ClientAddress(from): ClientAddress,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<SetPassword>,
) -> Result<StatusCode, Error> {
    caller.require_owner(id)?;
    body.validate()?;
    let SetPassword { password, current } = body;
    let user = users::find(&db, id).await?;
    if caller.user().id == id
        && let Some(known) = stored(&db, Expr::col(User::id.qualified()).eq(id)).await?
    {
        // Whoever has got hold of a token alone must not guess here either.
        logins.attempts.admit(&user.email, from)?;
        let current = current.ok_or_else(|| Error::field("current", "must be the password so far"))?;
        if !logins.passwords.verify(current, Some(known.hash)).await? {
            return Err(Error::field("current", "is not the password so far"));
        }
    }
    let hash = logins.passwords.hash(password).await?;
    replace(&db, id, hash, access::presented(&headers)).await?;
    callers.forget(id);
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps the hash, and of the user's logins only the one with the token `kept`.
async fn replace(db: &Database, user: Uuid, hash: String, kept: Option<Vec<u8>>) -> Result<(), Error> {
    let insert = NewPassword::new(user, hash)
        .into_insert()
        .on_conflict(
            OnConflict::column(Password::user_id)
                .update_column(Password::hash)
                .value(Password::changed_at, Expr::current_timestamp())
                .to_owned(),
        )
        .take();
    let others = Condition::all()
        .add(ApiToken::user_id.eq(user))
        .add(ApiToken::name.eq(LOGIN))
        .add_option(kept.map(|hash| ApiToken::hash.ne(hash)));
    let ended = Query::delete().from_table(ApiToken::TABLE).cond_where(others).take();
    let mut session = db.session().await?;
    let transaction = session.transaction().await?;
    query::execute(&transaction, &insert).await?;
    query::execute(&transaction, &ended).await?;
    transaction.commit().await?;
    Ok(())
}
