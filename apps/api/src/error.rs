//! The one error of the handlers, which leaves as a [`Problem`].
//!
//! What the client can do nothing about is logged with all its causes and leaves without them.

use std::time::Duration;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use migrator::chain;
use tokio_postgres::error::SqlState;

use crate::db::{self, Rule, Violation};
use crate::problem::{FieldError, Problem};

/// How many seconds a client should wait before it tries again what is unavailable now.
const RETRY_AFTER_SECONDS: u64 = 1;

/// Why a request is not answered as it was meant to be.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request cannot be read.
    #[error("{0}")]
    Malformed(String),

    /// 401: no token came, or one that does not hold.
    #[error("a valid token is needed: Authorization: Bearer api_...")]
    Unauthenticated,

    /// 401: the email address or the password of a login is wrong; which of them is not told.
    #[error("email or password is wrong")]
    WrongLogin,

    /// 403: the caller is known and may not do this.
    #[error("this is not yours to do")]
    Forbidden,

    /// 404: there is no such thing, named as in `user`.
    #[error("there is no such {0}")]
    NotFound(&'static str),

    /// 405: the path is right, and the method is not.
    #[error("the method is not allowed here; see the Allow header")]
    MethodNotAllowed,

    /// 409: the request contradicts what is stored.
    #[error("the request contradicts what is stored")]
    Conflict(Vec<FieldError>),

    /// 409: the same request is being carried out.
    #[error("the first request with this Idempotency-Key is still running")]
    Running,

    /// 412: somebody else has changed it meanwhile.
    #[error("it was changed meanwhile; read it again, and send its ETag as If-Match")]
    Stale,

    /// 413: the body is too large.
    #[error("the body is too large")]
    TooLarge,

    /// 415: the body is not JSON.
    #[error("the body must be JSON, with the header Content-Type: application/json")]
    NotJson,

    /// 422: the request can be read, but has values that are not allowed.
    #[error("the request has a value that is not allowed")]
    Invalid(Vec<FieldError>),

    /// 429: too often; after this time another may come.
    #[error("too many attempts; try again in {} s", .0.as_secs())]
    TooMany(Duration),

    /// 503: for the reason given, not now.
    #[error("{0}")]
    NotReady(String),

    /// 503: the database does not answer.
    #[error("the database is not available")]
    Unavailable(#[source] db::Error),

    /// 500: a fault of this service.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A single field is wrong.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated | Self::WrongLogin => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) | Self::Running => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotReady(_) | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// After how many seconds the same request may do better.
    fn wait(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs()),
            Self::Running | Self::NotReady(_) | Self::Unavailable(_) => Some(RETRY_AFTER_SECONDS),
            _ => None,
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(_) => tracing::error!(error = chain(self), "request failed"),
            Self::Unavailable(_) => tracing::warn!(error = chain(self), "request failed"),
            _ => {}
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        if let Some(violation) = error.violation() {
            return violation.into();
        }
        // A data exception: text that is too long or has a NUL, a number out of range.
        let data = error.code().is_some_and(|code: &SqlState| code.code().starts_with("22"));
        match error {
            error if error.is_unavailable() => Self::Unavailable(error),
            error if error.is_timeout() => Self::NotReady("the database took too long".to_owned()),
            error if error.is_rolled_back() => Self::NotReady("it met another change; try again".to_owned()),
            _ if data => Self::Invalid(Vec::new()),
            error => Self::Internal(Box::new(error)),
        }
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        let message = match violation.rule {
            Rule::Unique => "is taken".to_owned(),
            Rule::References => "names nothing that exists".to_owned(),
            Rule::Referenced => "is still in use".to_owned(),
            Rule::Check => format!("is not allowed by the rule {}", violation.constraint),
            Rule::NotNull => "must not be null".to_owned(),
        };
        let together = if violation.fields.len() > 1 { ", together with the other fields" } else { "" };
        let errors = violation.fields.into_iter().map(|field| FieldError::new(field, format!("{message}{together}")));
        let errors = errors.collect();
        match violation.rule {
            Rule::Unique | Rule::Referenced => Self::Conflict(errors),
            Rule::References | Rule::Check | Rule::NotNull => Self::Invalid(errors),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let (status, detail, wait) = (self.status(), self.to_string(), self.wait());
        let errors = match self {
            Self::Conflict(errors) | Self::Invalid(errors) => errors,
            _ => Vec::new(),
        };
        let mut response = Problem::new(status, detail, errors).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = wait {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
