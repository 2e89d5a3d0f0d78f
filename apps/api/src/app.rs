//! The whole service as a value: routes, and what surrounds each request.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};

use crate::config::Http;
use crate::error::Error;
use crate::readiness::Readiness;
use crate::request_id::{RequestId, identify};
use crate::routes::{health, posts, users};
use crate::state::AppState;

/// The service. `config` gives the limits; the address is the server's affair.
pub fn router(state: AppState, config: &Http) -> Router {
    let api = Router::new()
        .merge(users::routes())
        .merge(posts::routes())
        .fallback(async || Error::NotFound("path"))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed);
    // Probes come every few seconds: they are not logged, and have limits of their own.
    let routes = around_all(limited(api, config).merge(health::routes()));
    routes.layer(middleware::from_fn_with_state(state.readiness.clone(), farewell)).with_state(state)
}

/// Puts around `routes` what every request gets.
pub fn with_layers<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    around_all(limited(routes, config))
}

/// A log line and limits. A layer surrounds those that stand above it.
fn limited<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_response(DefaultOnResponse::new().level(Level::INFO))
        // Errors are logged where they are made, with their causes.
        .on_failure(());
    routes
        .layer(DefaultBodyLimit::max(config.body_limit))
        .layer(middleware::from_fn_with_state(config.request_timeout, timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(trace)
}

/// What probes get, too. The id comes last and so surrounds whatever may make an error.
fn around_all<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer(CatchPanicLayer::custom(panicked)).layer(middleware::from_fn(identify))
}

/// Asks clients to leave once the process is about to end, so that none sends a request on a
/// connection that is being closed.
async fn farewell(State(readiness): State<Arc<Readiness>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if readiness.is_draining() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Answers 503 where the handler takes too long. It is dropped then, at the point where it waits.
async fn timeout(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(?limit, "request timed out");
            Error::NotReady(format!("the request took longer than {} s", limit.as_secs_f64())).into_response()
        }
    }
}

/// The panic's message is for the log; the client learns that there was a fault.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Error::Internal(format!("the handler panicked: {message}").into()).into_response()
}

/// What each line of the log says about its request. The query string is left out: people put
/// secrets there.
fn span<B>(request: &axum::http::Request<B>) -> Span {
    let id = request.extensions().get::<RequestId>().map(RequestId::as_str).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}
