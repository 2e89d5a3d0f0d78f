//! The one format in which errors leave: a problem document (RFC 9457, `application/problem+json`).
//!
//! ```json
//! {
//!   "title": "Unprocessable Entity",
//!   "status": 422,
//!   "detail": "the request has a value that is not allowed",
//!   "errors": [{ "field": "title", "message": "must not be empty" }],
//!   "request_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"
//! }
//! ```
//!
//! There is no `type`, which says that the status tells the kind of problem.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::request_id::RequestId;

/// The media type of error bodies.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field: a path of keys in a body, or the name of a query parameter.
    pub field: String,
    /// What is wrong with it, as in `must not be empty`.
    pub message: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// An error's body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// What is wrong with this request.
    pub detail: String,
    /// Which fields are wrong, where it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// The id under which the log tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
}

impl Problem {
    /// What is wrong with the request that this task answers.
    pub fn new(status: StatusCode, detail: String, errors: Vec<FieldError>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let request_id = RequestId::current().map(|id| id.as_str().to_owned());
        Self { title, status: status.as_u16(), detail, errors, request_id }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}
