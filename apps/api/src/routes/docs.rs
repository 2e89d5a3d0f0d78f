//! `/docs`: the OpenAPI document as a page, and the document itself. Both are in the binary.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Html;
use axum::routing::get;

use crate::state::AppState;

/// `{name}` is the service's.
const PAGE: &str = include_str!("../../assets/docs.html");

/// RapiDoc, <https://rapidocweb.com>, as npm has it, compressed.
const SCRIPT: &[u8] = include_bytes!("../../assets/rapidoc-9.3.8.min.js.gz");

/// The page runs its own script, asks its own server, and nobody else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     frame-ancestors 'none'",
);

/// The page, its script and the document.
pub(crate) fn routes(document: String) -> Router<AppState> {
    let page = Html(PAGE.replace("{name}", env!("CARGO_PKG_NAME")));
    let script =
        [(CONTENT_TYPE, "text/javascript"), (CONTENT_ENCODING, "gzip"), (CACHE_CONTROL, "public, max-age=86400")];
    Router::new()
        .route("/docs", get(async move || ([(CONTENT_SECURITY_POLICY, POLICY)], page)))
        .route("/docs/rapidoc.js", get(async move || (script, SCRIPT)))
        .route("/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], document)))
}
