//! The handlers, a file for each resource.
//!
//! A handler says of itself what the OpenAPI document needs, and `routes!` registers both at once.
//!
//! A file has the routes at its top, then what clients send, then the handlers. Clients send
//! structs of their own, not the table's `NewUser`: a column that is added to a table is not
//! thereby open to everyone who writes.

#[cfg(feature = "docs")]
pub(crate) mod docs;
pub(crate) mod health;
pub(crate) mod login;
// [sample]
pub(crate) mod posts;
// [/sample]
pub(crate) mod tokens;
pub(crate) mod users;

use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use uuid::Uuid;

use crate::etag::Tagged;

/// 201 with the new row, and where it is from now on.
type Created<T> = (StatusCode, [(HeaderName, String); 1], Tagged<T>);

fn created<T>(collection: &str, id: Uuid, row: T) -> Created<T> {
    (StatusCode::CREATED, [(LOCATION, format!("{collection}/{id}"))], Tagged(row))
}
