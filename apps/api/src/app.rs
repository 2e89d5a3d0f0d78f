//! The whole service as a value: routes, and what surrounds each request.

use axum::{Router, middleware};

use crate::access::authenticate;
use crate::client_address::locate;
use crate::config::Http;
use crate::error::Error;
use crate::layers::{around_all, farewell, limited};
use crate::openapi;
#[cfg(feature = "docs")]
use crate::routes::docs;
use crate::state::AppState;

/// The service. `config` gives the limits; the address is the server's affair.
pub fn router(state: AppState, config: &Http) -> Router {
    let openapi::Split { closed, open, probes, document } = openapi::split();
    // Around every route of the API; what is open by default is merged below.
    let api = closed.route_layer(middleware::from_fn_with_state(state.clone(), authenticate)).merge(open);
    #[cfg(feature = "docs")]
    let api = api.merge(docs::routes(document.to_json().expect("a document of text and numbers is valid JSON")));
    #[cfg(not(feature = "docs"))]
    drop(document);
    let api =
        api.fallback(async || Error::NotFound("path")).method_not_allowed_fallback(async || Error::MethodNotAllowed);
    // Probes come every few seconds: they are not logged, and have limits of their own.
    let probes = probes.method_not_allowed_fallback(async || Error::MethodNotAllowed);
    let locate = middleware::from_fn_with_state(config.trusted_proxies, locate);
    let routes = around_all(limited(api, config).layer(locate).merge(probes), config);
    let routes = routes.layer(middleware::from_fn_with_state(state.readiness.clone(), farewell));
    #[cfg(feature = "metrics")]
    let routes = routes.layer(middleware::from_fn_with_state(state.metrics.clone(), crate::metrics::measure));
    routes.with_state(state)
}

/// Puts around `routes` what every request gets.
pub fn with_layers<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    around_all(limited(routes, config), config)
}
