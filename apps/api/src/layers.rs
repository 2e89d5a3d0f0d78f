//! What surrounds each request: its id, its line in the log, limits, and headers.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH,
    LOCATION, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};

use crate::config::{Http, Origins};
use crate::error::Error;
use crate::etag::not_modified;
use crate::idempotency::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use crate::readiness::Readiness;
use crate::request_id::{RequestId, X_REQUEST_ID, identify};

/// What every answer says, unless a handler says otherwise. This is an API: its answers are data of
/// whoever asks, to be kept by no proxy and to be shown by no browser as a page.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// How long a browser may remember what it may send.
const PREFLIGHT: Duration = Duration::from_secs(3600);

/// Puts a line in the log and limits around `routes`. A layer surrounds those that stand above it.
pub fn limited<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_response(DefaultOnResponse::new().level(Level::INFO))
        // Errors are logged where they are made, with their causes.
        .on_failure(());
    routes
        .layer(DefaultBodyLimit::max(config.body_limit))
        .layer(middleware::from_fn_with_state(config.body_limit, announced))
        .layer(middleware::from_fn_with_state(config.request_timeout, timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(trace)
}

/// Puts around `routes` what probes get, too. The id comes last, around whatever may make an error.
pub fn around_all<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    let routes = routes.layer(CatchPanicLayer::custom(panicked)).layer(middleware::from_fn(not_modified));
    #[cfg(feature = "compression")]
    let routes = routes.layer(tower_http::compression::CompressionLayer::new());
    let routes = match cors(&config.cors_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    let routes = routes.layer(middleware::map_response(with_headers));
    #[cfg(feature = "otel")]
    let routes = routes.layer(middleware::from_fn(crate::traces::trace));
    routes.layer(middleware::from_fn(identify))
}

/// Asks clients to leave once the process is about to end, so that none sends a request on a
/// connection that is being closed.
pub async fn farewell(State(readiness): State<Arc<Readiness>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if readiness.is_draining() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Refuses a body that says of itself that it is too large, before it has come.
async fn announced(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let length = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
    if length > limit { Error::TooLarge.into_response() } else { next.run(request).await }
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

/// Which pages of other origins may use the API; none where no origin is configured.
fn cors(origins: &Origins) -> Option<CorsLayer> {
    let origins = match origins {
        Origins::None => return None,
        Origins::Any => AllowOrigin::any(),
        Origins::These(origins) => AllowOrigin::list(origins.iter().cloned()),
    };
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, X_REQUEST_ID])
        .expose_headers([ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, X_REQUEST_ID])
        .max_age(PREFLIGHT);
    Some(cors)
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
