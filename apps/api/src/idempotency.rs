//! Creating once, however often the client has to ask.
//!
//! A client that gets no answer does not know whether its request was carried out. With an
//! `Idempotency-Key` it may send the request again: the key is kept with the answer in the
//! transaction that creates, so that either both are there or neither is, and whoever comes with the
//! key again gets that answer. A request that was refused leaves nothing behind, and may be corrected
//! under its key.
//!
//! A key belongs to its caller, and to the request that came with it first: another one is 422. While
//! the first runs, the second is 409. After a day a key is forgotten.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schema::rows::FromRow;
use sea_query::{Condition, Expr, ExprTrait, Func, LockBehavior, LockType, OnConflict, Query, SelectStatement};
use sea_query_postgres::PostgresBinder;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, Required};
use uuid::Uuid;

use crate::access::Caller;
use crate::db::schema::{IdempotencyKey, NewIdempotencyKey};
use crate::db::{self, Database, Session, Transaction, query};
use crate::error::Error;
use crate::extract;

/// The header with the key.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What an answer has that was given before.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// How long a key is kept, in SQL.
const LIFETIME: &str = "interval '24 hours'";

/// The most characters of a key.
const MAX_LENGTH: usize = 255;

/// How many forgotten keys each new one removes.
const SWEEP: u64 = 100;

/// A body, and the key that came with it.
#[derive(Debug)]
pub struct Once<T> {
    /// The body, read from JSON.
    pub body: T,
    /// The key, if there is one.
    pub key: Key,
}

/// The key of a request, if it has one.
#[derive(Clone, Debug)]
pub struct Key(Option<Given>);

#[derive(Clone, Debug)]
struct Given {
    caller: Uuid,
    key: String,
    fingerprint: Vec<u8>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Once<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let key = key(&parts.headers)?;
        let caller = Caller::from_request_parts(&mut parts, state).await?.user().id;
        let place = format!("{} {}\n", parts.method, parts.uri.path());
        let body = extract::json_bytes(Request::from_parts(parts, body), state).await?;
        let given = key.map(|key| Given { caller, key, fingerprint: digest(&[place.as_bytes(), &body]) });
        Ok(Self { body: extract::from_json(&body)?, key: Key(given) })
    }
}

/// The header as the document has it, of a route that takes it.
impl IntoParams for Key {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let visible = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_LENGTH));
        let header = ParameterBuilder::new()
            .name(IDEMPOTENCY_KEY.as_str())
            .parameter_in(ParameterIn::Header)
            .description(Some("Under which the request may be sent again, and is carried out once"))
            .required(Required::False)
            .schema(Some(visible.pattern(Some("^[!-~]+$"))));
        vec![header.build()]
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let allowed = (1..=MAX_LENGTH).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic);
    match value.to_str() {
        Ok(text) if allowed => Ok(Some(text.to_owned())),
        _ => Err(Error::Malformed(format!("an Idempotency-Key has 1 to {MAX_LENGTH} visible ASCII characters"))),
    }
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().to_vec()
}

/// Where what is created goes: a connection, or the transaction that has the key, too.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Each statement is for itself.
    Plain(&'a Session),
    /// All is done, and the key kept, or nothing.
    Once(&'a Transaction<'a>),
}

impl Work<'_> {
    /// As [`query::one`].
    ///
    /// # Errors
    /// As [`query::one`].
    pub async fn one<T: FromRow>(self, statement: &(impl PostgresBinder + Sync)) -> Result<T, db::Error> {
        match self {
            Self::Plain(session) => query::one(session, statement).await,
            Self::Once(transaction) => query::one(transaction, statement).await,
        }
    }

    /// As [`query::once`].
    ///
    /// # Errors
    /// As [`query::once`].
    pub async fn once<T: FromRow>(self, statement: &(impl PostgresBinder + Sync)) -> Result<Vec<T>, db::Error> {
        match self {
            Self::Plain(session) => query::once(session, statement).await,
            Self::Once(transaction) => query::once(transaction, statement).await,
        }
    }
}

impl Key {
    /// Does the work, if the key is not known, and answers.
    ///
    /// # Errors
    /// The work fails; the key came with another request, or the first with it still runs.
    pub async fn once<R: IntoResponse>(
        self,
        db: &Database,
        work: impl AsyncFnOnce(Work<'_>) -> Result<R, Error>,
    ) -> Result<Response, Error> {
        let mut session = db.session().await?;
        let Some(given) = self.0 else { return Ok(work(Work::Plain(&session)).await?.into_response()) };
        let transaction = session.transaction().await?;
        given.lock(&transaction).await?;
        if let Some(before) = query::optional(&transaction, &given.select()).await? {
            return given.again(before);
        }
        let (new, answer) = given.kept(work(Work::Once(&transaction)).await?.into_response()).await?;
        query::execute(&transaction, &upsert(new)).await?;
        query::execute(&transaction, &sweep()).await?;
        transaction.commit().await?;
        Ok(answer)
    }
}

impl Given {
    /// Takes the key until the transaction ends. Whoever has it already is still at work.
    async fn lock(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let digest = digest(&[self.caller.as_bytes(), self.key.as_bytes()]);
        let number = i64::from_be_bytes(*digest.first_chunk().expect("a digest has 32 bytes"));
        let select = Query::select().expr(Func::cust("pg_try_advisory_xact_lock").arg(number)).take();
        let rows = query::rows(transaction, &select).await?;
        let taken = rows.first().ok_or(db::Error::NoRow)?.try_get(0).map_err(db::Error::Row)?;
        if taken { Ok(()) } else { Err(Error::Running) }
    }

    fn select(&self) -> SelectStatement {
        Query::select()
            .columns(IdempotencyKey::columns())
            .from(IdempotencyKey::TABLE)
            .and_where(IdempotencyKey::user_id.eq(self.caller))
            .and_where(IdempotencyKey::key.eq(self.key.as_str()))
            .and_where(Expr::from(IdempotencyKey::created_at).gte(cutoff()))
            .take()
    }

    /// The answer that was given before, to the same request.
    fn again(&self, before: IdempotencyKey) -> Result<Response, Error> {
        if before.fingerprint != self.fingerprint {
            return Err(Error::field(IDEMPOTENCY_KEY.as_str(), "came with another request before"));
        }
        let mut response = Response::new(Body::from(before.body));
        *response.status_mut() = StatusCode::CREATED;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        for (name, text) in [(LOCATION, before.location), (ETAG, before.etag)] {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
                headers.insert(name, value);
            }
        }
        Ok(response)
    }

    /// What is kept of an answer, and the answer.
    async fn kept(self, answer: Response) -> Result<(NewIdempotencyKey, Response), Error> {
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(|error| Error::Internal(error.into()))?;
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let new = NewIdempotencyKey {
            location: text(LOCATION),
            etag: text(ETAG),
            ..NewIdempotencyKey::new(self.caller, self.key, self.fingerprint, body.to_vec())
        };
        Ok((new, Response::from_parts(parts, Body::from(body))))
    }
}

/// Older keys are forgotten.
fn cutoff() -> Expr {
    Expr::from(Func::cust("now")).sub(Expr::cust(LIFETIME))
}

/// In place of one that is forgotten and not yet removed.
fn upsert(new: NewIdempotencyKey) -> sea_query::InsertStatement {
    let columns = IdempotencyKey::columns().into_iter();
    let replaced = columns.filter(|column| ![IdempotencyKey::user_id, IdempotencyKey::key].contains(column));
    new.into_insert()
        .on_conflict(
            OnConflict::columns([IdempotencyKey::user_id, IdempotencyKey::key])
                .update_columns(replaced.collect::<Vec<_>>())
                .to_owned(),
        )
        .take()
}

/// Removes some that are forgotten. Another transaction may be doing the same.
fn sweep() -> sea_query::DeleteStatement {
    let key = || [IdempotencyKey::user_id, IdempotencyKey::key];
    let old = Query::select()
        .columns(key())
        .from(IdempotencyKey::TABLE)
        .and_where(Expr::from(IdempotencyKey::created_at).lt(cutoff()))
        .limit(SWEEP)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    let old = Condition::all().add(Expr::tuple(key().map(Expr::from)).in_subquery(old));
    Query::delete().from_table(IdempotencyKey::TABLE).cond_where(old).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_can_be_seen() {
        let given = |text: &str| {
            key(&HeaderMap::from_iter([(IDEMPOTENCY_KEY, HeaderValue::from_bytes(text.as_bytes()).unwrap())]))
        };
        assert_eq!(key(&HeaderMap::new()).unwrap(), None);
        for text in ["1", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", &"a".repeat(255)] {
            assert_eq!(given(text).unwrap().as_deref(), Some(text));
        }
        for text in ["", "two words", "ä", &"a".repeat(256)] {
            assert!(given(text).is_err(), "{text}");
        }
    }
}
