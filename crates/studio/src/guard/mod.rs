//! Who gets in. Every request passes here before any route is looked for, and every answer on its way out.
//!
//! - **Where it says it goes**: `Host` is exactly one of ours. A page that has its name point to 127.0.0.1 sends its own
//!   name.
//! - **Where it comes from**: `Origin`, where there is one, is ours, and so is what `Sec-Fetch-Site` says. Another page
//!   on this machine is not ours, although its cookies would be sent.
//! - **How it is written**: a path has no escapes and no dots, so that there is one way to write each.
//! - **Who sends it**: the cookie of a session, which is given for the one-time token, or for the password where one is
//!   set.
//! - **What it wants**: only GET and POST; what is asked of the data needs a header that no form and no plain link can
//!   send, and a body that says it is JSON.

mod checks;
mod headers;
mod hosts;
mod secret;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Mutex;

pub use hosts::Hosts;
pub(crate) use secret::Secret;
use secret::{Tokens, random};

use crate::assets;
use checks::{Refused, has_header, ours, wants_json};

/// How long a request may take, its body included. A file that is exported is the answer's body, and not counted.
const REQUEST: Duration = Duration::from_secs(60);
/// How long an answer of the project may take, which may have to build what it asks first.
const PROJECT: Duration = Duration::from_secs(15 * 60);
/// How long each wrong password keeps the next one waiting.
const WRONG_PASSWORD: Duration = Duration::from_secs(1);

/// Marks a connection on which a request of a session came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trusted(pub(crate) Arc<AtomicBool>);

/// What the guard knows.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Inner>);

struct Inner {
    hosts: Hosts,
    cookie: String,
    tokens: Tokens,
    password: Option<Secret>,
    /// Passwords are tried one after another.
    trying: Mutex<()>,
}

impl Guard {
    /// A guard, and the token that opens it once.
    pub(crate) fn new(hosts: Hosts, password: Option<Secret>) -> Result<(Self, String), getrandom::Error> {
        let token = random()?;
        let tokens = Tokens::new(&token);
        // Cookies do not know of ports: each studio has a name of its own.
        let cookie = format!("studio_{}", hosts.port());
        Ok((Self(Arc::new(Inner { hosts, cookie, tokens, password, trying: Mutex::new(()) })), token))
    }

    fn has_session(&self, headers: &HeaderMap) -> bool {
        let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.0.cookie && self.0.tokens.is_session(value))
    }

    /// Lets in, with a session of its own.
    fn let_in(&self, status: StatusCode) -> Response {
        let Ok(session) = random() else {
            return Refused(StatusCode::INTERNAL_SERVER_ERROR, "there is no randomness").into_response();
        };
        self.0.tokens.add_session(&session);
        let cookie = format!("{}={session}; Path=/; HttpOnly; SameSite=Strict", self.0.cookie);
        let mut response = status.into_response();
        response.headers_mut().insert(SET_COOKIE, HeaderValue::from_str(&cookie).expect("a name and hex digits"));
        response
    }
}

/// Around everything.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let is_of_project = ["/api/migrations", "/api/comparisons", "/api/findings"].contains(&request.uri().path());
    let limit = if is_of_project { PROJECT } else { REQUEST };
    let mut response = match tokio::time::timeout(limit, answer(&guard, request, next)).await {
        Ok(response) => response,
        Err(_) => crate::error::Error::TooSlow.into_response(),
    };
    headers::add(response.headers_mut());
    response
}

async fn answer(guard: &Guard, request: Request, next: Next) -> Response {
    if let Err(refused) = ours(&guard.0.hosts, &request) {
        return refused.into_response();
    }
    let path = request.uri().path().to_owned();
    let is_in = guard.has_session(request.headers());
    if let (true, Some(trusted)) = (is_in, request.extensions().get::<Trusted>()) {
        trusted.0.store(true, Ordering::Relaxed);
    }
    match (request.method(), path.as_str()) {
        (&Method::GET, "/") if token(&request).is_some() => {
            if is_in {
                return home(StatusCode::SEE_OTHER.into_response());
            }
            let token = token(&request).unwrap_or_default();
            if guard.0.password.is_none() && guard.0.tokens.take(token) {
                return home(guard.let_in(StatusCode::SEE_OTHER));
            }
            closed(guard)
        }
        (&Method::POST, "/login") => match wants_json(request.headers()) {
            Ok(()) => log_in(guard, request).await,
            Err(refused) => refused.into_response(),
        },
        // The page's own code is no secret, and the page of the password needs it.
        (&Method::GET, path) if path.starts_with("/assets/") => next.run(request).await,
        _ if !is_in && path == "/" => closed(guard),
        _ if !is_in => {
            Refused(StatusCode::UNAUTHORIZED, "there is no session; open the address that was printed").into_response()
        }
        (method, path) if path.starts_with("/api/") => {
            let allowed =
                if method == Method::POST { wants_json(request.headers()) } else { has_header(request.headers()) };
            match allowed {
                Ok(()) => next.run(request).await,
                Err(refused) => refused.into_response(),
            }
        }
        _ => next.run(request).await,
    }
}

/// The token in the address, as it was printed.
fn token(request: &Request) -> Option<&str> {
    request.uri().query()?.strip_prefix("token=")
}

async fn log_in(guard: &Guard, request: Request) -> Response {
    let Some(password) = &guard.0.password else {
        return Refused(StatusCode::NOT_FOUND, "there is no password").into_response();
    };
    let Ok(body) = axum::body::to_bytes(request.into_body(), 4096).await else {
        return Refused(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large").into_response();
    };
    let given: Option<String> = serde_json::from_slice::<serde_json::Value>(&body)
        .ok()
        .and_then(|body| body.get("password")?.as_str().map(str::to_owned));
    let _one_at_a_time = guard.0.trying.lock().await;
    if given.is_some_and(|given| password.is(&given)) {
        return guard.let_in(StatusCode::NO_CONTENT);
    }
    tokio::time::sleep(WRONG_PASSWORD).await;
    Refused(StatusCode::UNAUTHORIZED, "this is not the password").into_response()
}

fn home(mut response: Response) -> Response {
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
    response
}

/// The page for who is not in: with a password it is asked for, else where the address is found is said.
fn closed(guard: &Guard) -> Response {
    let page = if guard.0.password.is_some() { "login.html" } else { "closed.html" };
    assets::page(page, StatusCode::UNAUTHORIZED)
}
