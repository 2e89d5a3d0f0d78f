//! Entity tags: which version of a row a client has.
//!
//! A row's version is the time of its last change. It comes as `ETag`; sent back as `If-Match`, a
//! change is made only if nobody else has made one meanwhile, and is 412 otherwise. The condition is
//! part of the UPDATE, so that no other change slips in between. Sent back as `If-None-Match`, a
//! row that is unchanged is 304 without a body.

use axum::Json;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use schema::rows::Column;
use sea_query::extension::postgres::PgFunc;
use sea_query::{Expr, ExprTrait, Func};
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, Required};

use crate::error::Error;

/// A row that knows when it was changed last.
pub trait Versioned {
    /// When the row was changed last.
    fn version(&self) -> DateTime<Utc>;
}

/// A row as JSON, with its entity tag.
#[derive(Debug)]
pub struct Tagged<T>(pub T);

impl<T: Versioned + Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::from_str(&tag(self.0.version())).expect("digits in quotes are allowed in a header");
        ([(ETAG, tag)], Json(self.0)).into_response()
    }
}

/// Which versions the client is ready to change: `If-Match`. Without the header, any.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<Vec<DateTime<Utc>>>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let tags = tags(&parts.headers, IF_MATCH);
        let any = tags.is_empty() || tags.contains(&"*");
        Ok(Self((!any).then(|| tags.into_iter().filter_map(version).collect())))
    }
}

/// The header as the document has it, of a route that takes it.
impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let header = ParameterBuilder::new()
            .name(IF_MATCH.as_str())
            .parameter_in(ParameterIn::Header)
            .description(Some("The ETag of the version that may be changed"))
            .required(Required::False)
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        vec![header.build()]
    }
}

impl IfMatch {
    /// The condition on the row that is to be changed; none where any version will do.
    pub fn condition(&self, updated_at: Column) -> Option<Expr> {
        // One parameter, however many tags: each shape of a statement is prepared and kept.
        Some(updated_at.eq(PgFunc::any(Expr::value(self.0.clone()?))))
    }

    /// Nothing, if the client is ready to change this row.
    ///
    /// # Errors
    /// [`Error::Stale`]
    pub fn check(&self, row: &impl Versioned) -> Result<(), Error> {
        match &self.0 {
            Some(versions) if !versions.contains(&row.version()) => Err(Error::Stale),
            _ => Ok(()),
        }
    }
}

/// The version of a row that is being changed: now, and later than the version before, also where
/// the clock was set back.
pub fn next_version(updated_at: Column) -> Expr {
    let later = Expr::from(updated_at).add(Expr::cust("interval '1 microsecond'"));
    Func::greatest([Expr::current_timestamp(), later]).into()
}

/// Answers 304 where the client has what it asks for already.
pub async fn not_modified(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let had: Vec<String> = tags(request.headers(), IF_NONE_MATCH).into_iter().map(str::to_owned).collect();
    let mut response = next.run(request).await;
    let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
    let has = tag.is_some_and(|tag| had.iter().any(|had| had == "*" || had.trim_start_matches("W/") == tag));
    if safe && has && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        for header in [CONTENT_TYPE, CONTENT_LENGTH] {
            response.headers_mut().remove(header);
        }
    }
    response
}

/// 16 hex digits of microseconds since 1970, as PostgreSQL keeps the time.
fn tag(version: DateTime<Utc>) -> String {
    format!("\"{:016x}\"", version.timestamp_micros())
}

fn version(text: &str) -> Option<DateTime<Utc>> {
    let digits = text.strip_prefix('"')?.strip_suffix('"')?;
    let version = DateTime::from_timestamp_micros(i64::from_str_radix(digits, 16).ok()?)?;
    (tag(version) == text).then_some(version)
}

/// The entity tags of a header, as they stand there. No tag of ours has a comma.
fn tags(headers: &HeaderMap, name: HeaderName) -> Vec<&str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_read_back_is_the_same_version() {
        for micros in [0, 1, 1_700_000_000_123_456] {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            assert_eq!(version(&tag(time)), Some(time));
        }
    }

    #[test]
    fn other_text_is_no_version_of_ours() {
        for text in ["", "\"", "\"\"", "0000000000000001", "W/\"0000000000000001\"", "\"1\"", "\"+000000000000001\""] {
            assert_eq!(version(text), None, "{text}");
        }
    }
}
