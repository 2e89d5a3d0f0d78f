//! The id of a request: the client's own or a new one.
//!
//! It stands in every line of the log, in the answer's header, and in the body of an error, so that
//! a client's complaint leads to the lines that explain it.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The header in which an id comes and goes.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An id that is longer is no id: it would only fill the log.
const MAX_LENGTH: usize = 128;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of a request, in the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id of the request that this task answers, if it answers one.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("an id is visible ASCII")
    }

    /// What the client sent, if that can be an id; else a new one.
    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(X_REQUEST_ID).filter(|value| is_id(value.as_bytes())).cloned();
        Self(given.unwrap_or_else(|| {
            let id = Uuid::new_v4().to_string();
            HeaderValue::from_str(&id).expect("hex digits and hyphens are allowed in a header")
        }))
    }
}

fn is_id(bytes: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
}

/// Gives the request its id, and the answer the same one. Belongs around everything else.
pub async fn identify(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let mut response = CURRENT.scope(id.clone(), next.run(request)).await;
    response.headers_mut().insert(X_REQUEST_ID, id.0);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> String {
        let headers = HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_str(text).unwrap())]);
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn what_a_client_sends_is_kept_if_it_can_be_an_id() {
        for text in ["1", "7c9e6679-7425-40de-944b-e07fc1f90ae7", &"a".repeat(128)] {
            assert_eq!(id(text), text);
        }
    }

    #[test]
    fn anything_else_gets_a_new_one() {
        for text in ["", "two words", "tab\there", "ä", &"a".repeat(129)] {
            assert_eq!(id(text).len(), 36, "{text}");
        }
        assert_eq!(RequestId::of(&HeaderMap::new()).as_str().len(), 36);
    }
}
