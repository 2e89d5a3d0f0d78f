//! What every request is asked before anybody is let in, and what is asked of those that touch data.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{AsHeaderName, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Hosts;

/// The header that a page of another origin cannot send without being asked first, and nobody answers that question.
const HEADER: &str = "x-studio";

/// Why a request goes no further.
pub(super) struct Refused(pub(super) StatusCode, pub(super) &'static str);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

/// Whether a request was meant for us and by us, before anything else is looked at.
pub(super) fn ours(hosts: &Hosts, request: &Request) -> Result<(), Refused> {
    let headers = request.headers();
    let misdirected = |reason| Refused(StatusCode::MISDIRECTED_REQUEST, reason);
    let forbidden = |reason| Refused(StatusCode::FORBIDDEN, reason);
    let host = only(headers, HOST).ok_or_else(|| misdirected("there is not one Host"))?;
    let authority = request.uri().authority().map(|authority| authority.as_str());
    if !hosts.is_host(host) || authority.is_some_and(|authority| !hosts.is_host(authority)) {
        return Err(misdirected("this Host is not served here"));
    }
    if headers.contains_key(ORIGIN) && !only(headers, ORIGIN).is_some_and(|origin| hosts.is_origin(origin, host)) {
        return Err(forbidden("this Origin is not ours"));
    }
    let path = request.uri().path();
    let is_plain =
        path.starts_with('/') && path.chars().all(|letter| letter.is_ascii_alphanumeric() || "/-_.".contains(letter));
    if !is_plain || path.contains("//") || path.contains("/.") {
        return Err(Refused(StatusCode::BAD_REQUEST, "a path is written without escapes and dots"));
    }
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return Err(Refused(StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are used here"));
    }
    // A link from elsewhere may lead to the page, which shows nothing by itself; all else comes from the page.
    let is_visit = path == "/" && request.method() == Method::GET && only_is(headers, "sec-fetch-mode", "navigate");
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) if is_visit => Ok(()),
        Some(_) => Err(forbidden("this request comes from another page")),
    }
}

fn only(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next()?, values.next());
    if second.is_none() { first.to_str().ok() } else { None }
}

fn only_is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    only(headers, name) == Some(value)
}

pub(super) fn has_header(headers: &HeaderMap) -> Result<(), Refused> {
    if only_is(headers, HEADER, "1") {
        Ok(())
    } else {
        Err(Refused(StatusCode::FORBIDDEN, "the header x-studio is missing"))
    }
}

pub(super) fn wants_json(headers: &HeaderMap) -> Result<(), Refused> {
    has_header(headers)?;
    let kind = only(headers, CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or_default().trim());
    if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        Ok(())
    } else {
        Err(Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"))
    }
}
