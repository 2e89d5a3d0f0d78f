//! axum's extractors, with refusals in this service's error format.

use std::error::Error as _;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;
use crate::problem::FieldError;

/// The body, read from JSON.
///
/// What is no JSON is 400; JSON that does not fit the struct is 422 and names the field. Let the
/// struct derive `#[serde(deny_unknown_fields)]`, so that a misspelt field is not lost in silence.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        from_json(&json_bytes(request, state).await?).map(Json)
    }
}

/// The body that is called JSON, as it came.
pub(crate) async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    if !is_json(request.headers()) {
        return Err(Error::NotJson);
    }
    Bytes::from_request(request, state).await.map_err(|rejection| unreadable(&rejection))
}

/// Whether the media type is `application/json` or a relative such as `application/merge-patch+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unreadable(rejection: &BytesRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Malformed("the body ended early".to_owned()),
    }
}

pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        // serde_json calls a number in an enum's place a syntax error, so the category does not tell. A value is read
        // whole, and so is a text that is no UTF-8.
        match serde_json::from_slice::<Value>(body) {
            Ok(_) => Error::Invalid(vec![misfit(&path, &error)]),
            Err(error) => not_json(&error),
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::Malformed(format!("the body is not valid JSON: {error}"))
}

/// Which field serde complains about: the one it was in, or the one that it names itself.
fn misfit(path: &str, error: &impl ToString) -> FieldError {
    let message = error.to_string();
    // The place is that of the field, which the path tells better.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let prefixes = ["missing field `", "unknown field `", "duplicate field `"];
    let named = prefixes.iter().find_map(|prefix| message.strip_prefix(prefix)).and_then(|rest| rest.split('`').next());
    let field = match (path, named) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) if path != name && !path.ends_with(&format!(".{name}")) => format!("{path}.{name}"),
        (".", None) => String::new(),
        (path, _) => path.to_owned(),
    };
    FieldError { field, message: message.to_owned() }
}

/// The query string. What does not fit is 422 and names the parameter; unknown ones are ignored.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => {
                // The cause reads as in `limit: invalid digit found in string`.
                let cause = rejection.source().map_or_else(|| rejection.body_text(), ToString::to_string);
                let (path, message) = cause.split_once(": ").unwrap_or((".", &cause));
                Err(Error::Invalid(vec![misfit(path, &message)]))
            }
        }
    }
}

/// What the path names, such as an id; where that cannot be read, the request is 400.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(rejection) => Err(Error::Malformed(rejection.body_text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Body {
        title: String,
        #[serde(default)]
        tags: Vec<String>,
        part: Option<Part>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Part {
        number: u8,
    }

    fn refused(body: &str) -> (String, String) {
        match from_json::<Body>(body.as_bytes()).unwrap_err() {
            Error::Invalid(mut errors) => {
                let FieldError { field, message } = errors.remove(0);
                (field, message)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_by_its_path() {
        assert_eq!(refused(r#"{"title": 1}"#).0, "title");
        assert_eq!(refused(r#"{"title": "a", "tags": ["b", null]}"#).0, "tags[1]");
        let (field, message) = refused(r#"{"title": "a", "part": {"number": 256}}"#);
        assert_eq!((field.as_str(), message.as_str()), ("part.number", "invalid value: integer `256`, expected u8"));
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(refused("{}"), ("title".to_owned(), "missing field `title`".to_owned()));
        assert_eq!(refused(r#"{"title": "a", "part": {}}"#).0, "part.number");
    }

    #[test]
    fn an_unknown_field_is_named() {
        assert_eq!(refused(r#"{"title": "a", "titel": "b"}"#).0, "titel");
        assert_eq!(refused(r#"{"title": "a", "part": {"nummer": 1}}"#).0, "part.nummer");
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for body in ["", "{", "nul", "{\"title\": \"\u{1}\"}"] {
            assert!(matches!(from_json::<Body>(body.as_bytes()), Err(Error::Malformed(_))), "{body}");
        }
        assert!(matches!(from_json::<Body>(b"\xff"), Err(Error::Malformed(_))));
        assert!(matches!(from_json::<Body>(b"{\"title\": \"a\"} {"), Err(Error::Malformed(_))));
    }
}
