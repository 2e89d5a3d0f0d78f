//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.
//!
//! A route and its part of the document are one registration (`routes!`), so neither can be without
//! the other. The document is committed as `openapi.json`, so that a review shows what clients will
//! see; a test compares it, and `api openapi` prints it.

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::problem::{PROBLEM_JSON, Problem};
use crate::routes::{health, login, tokens, users};
use crate::state::AppState;

/// The name of the way to show who calls.
const TOKEN: &str = "token";

// Its title, version, description and license are the package's.
#[derive(OpenApi)]
#[openapi(
    components(schemas(Problem)),
    tags(
        (name = "users", description = "People with accounts"),
        (name = "tokens", description = "What shows the API who calls"),
        // [sample]
        (name = "posts", description = "What users wrote"),
        // [/sample]
        (name = "health", description = "For whoever runs the service"),
    ),
)]
struct Api;

/// The routes, and the document of all.
pub(crate) struct Split {
    /// Who calls these must show a token.
    pub(crate) closed: Router<AppState>,
    /// These are open to everybody.
    pub(crate) open: Router<AppState>,
    /// So are these, which are for whoever runs the service.
    pub(crate) probes: Router<AppState>,
    pub(crate) document: utoipa::openapi::OpenApi,
}

/// Parts the routes by who may call them.
pub(crate) fn split() -> Split {
    let (closed, mut document) = OpenApiRouter::with_openapi(Api::openapi())
        .merge(users::routes())
        .merge(tokens::routes())
        .merge(login::routes())
        // [sample]
        .merge(crate::routes::posts::routes())
        // [/sample]
        .split_for_parts();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of the API")).build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
    for operation in operations(&mut document) {
        operation.security = Some(vec![SecurityRequirement::new(TOKEN, [""; 0])]);
    }
    let (open, login) = login::open_routes().split_for_parts();
    let (probes, health) = health::routes().split_for_parts();
    document.merge(login);
    document.merge(health);
    operations(&mut document).for_each(with_problem);
    Split { closed, open, probes, document }
}

/// The document, as it is committed.
pub fn document() -> String {
    let Split { document, .. } = split();
    let text = document.to_pretty_json().expect("a document of text and numbers is valid JSON");
    format!("{text}\n")
}

fn operations(document: &mut utoipa::openapi::OpenApi) -> impl Iterator<Item = &mut Operation> {
    let paths = document.paths.paths.values_mut();
    paths.flat_map(|path| {
        [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete].into_iter().flatten()
    })
}

/// Every error of every route has the same format.
fn with_problem(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description("What went wrong").content(PROBLEM_JSON, content).build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}
