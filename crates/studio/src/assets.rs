//! The page: built from `ui/` into `dist/`, which is committed, and put into the binary.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use include_dir::{Dir, include_dir};

use crate::error::Error;

static DIST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/dist");

/// One of the HTML files.
pub(crate) fn page(name: &str, status: StatusCode) -> Response {
    let mut response = file(name);
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// Code and style of the page. Their names have a hash of what is in them.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let mut response = file(&format!("assets/{name}"));
    if response.status() == StatusCode::OK {
        let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
        response.headers_mut().insert(CACHE_CONTROL, forever);
    }
    response
}

fn file(path: &str) -> Response {
    let Some(file) = DIST.get_file(path) else { return Error::NoPath.into_response() };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = Response::new(Body::from(file.contents()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
