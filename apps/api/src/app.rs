//! The whole service as a value: routes, and what surrounds each request.

use axum::{Router, middleware};

use crate::config::Http;
use crate::error::Error;
use crate::layers::{around_all, farewell, limited};
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
    let routes = around_all(limited(api, config).merge(health::routes()), config);
    routes.layer(middleware::from_fn_with_state(state.readiness.clone(), farewell)).with_state(state)
}

/// Puts around `routes` what every request gets.
pub fn with_layers<S: Clone + Send + Sync + 'static>(routes: Router<S>, config: &Http) -> Router<S> {
    around_all(limited(routes, config), config)
}
