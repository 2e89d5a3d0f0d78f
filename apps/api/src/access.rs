//! Who calls, and what they may do.
//!
//! A client shows a token: `Authorization: Bearer api_…`. A token is random, so a plain hash of it
//! is all that the table keeps, and reading the table gives nobody access. A password is not random
//! and has a slow hash ([`passwords`](crate::passwords)); `POST /login` gives a token for it that
//! ends. [`authenticate`] surrounds every route but
//! the probes, the documents and the login, so a new route is closed until somebody opens it. A handler asks
//! for a [`Caller`], or for an [`Admin`] where only those may call.
//!
//! To use something else, such as sessions or an identity provider's tokens, replace
//! [`authenticate`]: the rest only needs to know the user.

use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Utc};
use schema::rows::{Column, FromRow};
use sea_query::{Condition, Expr, ExprTrait, Func, Query};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::db::schema::{ApiToken, NewApiToken, NewUser, User, UserRole};
use crate::db::{self, Database, query};
use crate::error::Error;
use crate::state::AppState;

/// What a token begins with, so that people and scanners of repositories know what it is.
const PREFIX: &str = "api_";

/// A token as its owner has it. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one, of 244 random bits of the operating system.
    pub fn random() -> Self {
        Self(format!("{PREFIX}{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()))
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(_)")
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// The user whose token came with the request.
#[derive(Clone, Debug)]
pub struct Caller(Arc<User>);

impl Caller {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.0
    }

    /// Whether they may do everything.
    pub fn is_admin(&self) -> bool {
        self.0.role == UserRole::Admin
    }

    /// Nothing, if what belongs to this user is theirs to change.
    ///
    /// # Errors
    /// [`Error::Forbidden`]
    pub fn require_owner(&self, user: Uuid) -> Result<(), Error> {
        if self.is_admin() || self.0.id == user { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Nothing, if they may do everything.
    ///
    /// # Errors
    /// [`Error::Forbidden`]
    pub fn require_admin(&self) -> Result<(), Error> {
        if self.is_admin() { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Unauthenticated)
    }
}

/// A caller who may do everything; anybody else is refused.
#[derive(Clone, Debug)]
pub struct Admin(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.require_admin()?;
        Ok(Self(caller))
    }
}

/// Finds out who calls, or refuses the request.
///
/// # Errors
/// [`Error::Unauthenticated`] without a valid token.
pub async fn authenticate(State(state): State<AppState>, mut request: Request, next: Next) -> Result<Response, Error> {
    let hash = presented(request.headers()).ok_or(Error::Unauthenticated)?;
    let user = match state.callers.get(&hash) {
        Some(user) => user,
        None => {
            let lookup = state.callers.look_up();
            let Owner { user, expires_at } = owner(&state.db, &hash).await?.ok_or(Error::Unauthenticated)?;
            let (user, now) = (Arc::new(user), Utc::now());
            let valid_for = expires_at.map(|end| (end - now).to_std().unwrap_or_default());
            state.callers.keep(lookup, hash, user.clone(), valid_for);
            user
        }
    };
    request.extensions_mut().insert(Caller(user));
    Ok(next.run(request).await)
}

/// What is kept of the token that a request came with.
pub fn presented(headers: &HeaderMap) -> Option<Vec<u8>> {
    bearer(headers).map(hash)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(PREFIX)).then_some(token)
}

/// The user with a token, and when that ends.
struct Owner {
    user: User,
    expires_at: Option<DateTime<Utc>>,
}

impl FromRow for Owner {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self { user: User::from_row(row)?, expires_at: row.try_get(ApiToken::expires_at.name)? })
    }

    fn columns() -> Vec<Column> {
        [User::columns(), vec![ApiToken::expires_at]].concat()
    }
}

async fn owner(db: &Database, hash: &[u8]) -> Result<Option<Owner>, db::Error> {
    let [user, user_id, expires_at] = [User::id, ApiToken::user_id, ApiToken::expires_at].map(Column::qualified);
    let valid = Condition::any()
        .add(Expr::col(expires_at.clone()).is_null())
        .add(Expr::col(expires_at).gt(Expr::current_timestamp()));
    let select = Query::select()
        .columns(Owner::columns().into_iter().map(Column::qualified))
        .from(ApiToken::TABLE)
        .inner_join(User::TABLE, Expr::col(user).equals(user_id))
        .and_where(Expr::col(ApiToken::hash.qualified()).eq(hash))
        .cond_where(valid)
        .take();
    db.optional(&select).await
}

/// The name of the token that a start for development makes.
pub const DEVELOPMENT: &str = "development";

/// The name of the tokens that a login makes.
pub const LOGIN: &str = "login";

/// The name of the token that the command `token` makes.
pub const COMMAND_LINE: &str = "command line";

/// A new token of this name for the user with this address, in place of an earlier one of the name.
/// Where there is no such user, an admin is made.
///
/// # Errors
/// The database refuses it.
pub async fn token(db: &Database, email: &str, name: &str) -> Result<Secret, db::Error> {
    let secret = Secret::random();
    let mut session = db.session().await?;
    let transaction = session.transaction().await?;
    let select = Query::select()
        .columns(User::columns())
        .from(User::TABLE)
        .and_where(Expr::from(Func::lower(User::email)).eq(Func::lower(email)))
        .take();
    let user: User = match query::optional(&transaction, &select).await? {
        Some(user) => user,
        None => {
            let user = NewUser { role: Some(UserRole::Admin), ..NewUser::new(email.to_owned()) };
            let insert = user.into_insert().returning(Query::returning().columns(User::columns())).take();
            query::one(&transaction, &insert).await?
        }
    };
    let last = Query::delete()
        .from_table(ApiToken::TABLE)
        .and_where(ApiToken::user_id.eq(user.id))
        .and_where(ApiToken::name.eq(name))
        .take();
    query::execute(&transaction, &last).await?;
    let token = NewApiToken::new(user.id, name.to_owned(), secret.hash());
    query::execute(&transaction, &token.into_insert()).await?;
    transaction.commit().await?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_comes_as_bearer_and_looks_like_one_of_ours() {
        let token = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            bearer(&headers).map(str::to_owned)
        };
        for value in ["Bearer api_1", "bearer api_1", "BEARER api_1"] {
            assert_eq!(token(value).as_deref(), Some("api_1"), "{value}");
        }
        for value in ["", "api_1", "Basic api_1", "Bearer  api_1", "Bearer eyJ", "Bearerapi_1"] {
            assert_eq!(token(value), None, "{value}");
        }
    }

    #[test]
    fn two_tokens_differ_and_neither_is_shown() {
        let (one, other) = (Secret::random(), Secret::random());
        assert!(one.reveal() != other.reveal() && one.hash() != other.hash());
        assert_eq!(one.reveal().len(), 68);
        assert_eq!(format!("{one:?}"), "Secret(_)");
    }
}
