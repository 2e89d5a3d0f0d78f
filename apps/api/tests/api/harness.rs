//! What the tests stand on.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_user_has_an_address() {
//!     let app = App::new().await;
//!     let answer = app.post("/users", json!({"email": "ann@example.com"})).await;
//!     assert_eq!(answer.status, 201, "{answer}");
//! }
//! ```

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use api::access;
use api::config::{self, DatabaseUrl, Http, Mode, Origins};
use api::db::Database;
use api::migrations::Migrations;
use api::readiness::Readiness;
use api::state::AppState;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use devdb::test::Template;
use serde_json::Value;
use tower::ServiceExt as _;

/// The service in this process, on a database of its own. The database is dropped with it.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) database: devdb::test::Database,
    /// Who sends the requests; nobody where it is empty.
    pub(crate) token: String,
}

/// An answer of the service.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The body; null where there is none.
    pub(crate) body: Value,
}

impl App {
    /// A migrated service, as an admin sees it who is no user of the lists.
    pub(crate) async fn new() -> Self {
        Self::with(http()).await
    }

    /// The same with given limits.
    pub(crate) async fn with(http: Http) -> Self {
        let database = migrated().await;
        let token = admin(&database).await;
        Self { token, ..Self::on(database, http) }
    }

    /// The service on a given database as nobody sees it; nothing is migrated.
    pub(crate) fn on(database: devdb::test::Database, http: Http) -> Self {
        let router = api::app::router(state(database.url()), &http);
        Self { router, database, token: String::new() }
    }

    /// The same service as this token's holder sees it.
    pub(crate) fn seen_by(self, token: String) -> Self {
        Self { token, ..self }
    }

    /// A token of a user.
    pub(crate) async fn token_of(&self, user: &str) -> String {
        let answer = self.post(&format!("/users/{user}/tokens"), serde_json::json!({"name": "test"})).await;
        assert_eq!(answer.status, 201, "{answer}");
        answer.text("secret")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body.to_string())).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// A request with any text as its body, called JSON.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<String>) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        self.request(request.body(body.map_or_else(Body::empty, Body::from)).unwrap()).await
    }

    /// A request with the token, if it has none of its own.
    pub(crate) async fn request(&self, mut request: Request<Body>) -> Answer {
        if !self.token.is_empty() && !request.headers().contains_key(header::AUTHORIZATION) {
            let token = format!("Bearer {}", self.token).parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, token);
        }
        answer(self.router.clone(), request).await
    }

    /// A user with this address; its id.
    pub(crate) async fn user(&self, email: &str) -> String {
        let answer = self.post("/users", serde_json::json!({ "email": email })).await;
        assert_eq!(answer.status, 201, "{answer}");
        answer.text("id")
    }

    // [sample]
    /// A post of this user; its id.
    pub(crate) async fn article(&self, author: &str, title: &str) -> String {
        let answer = self.post("/posts", serde_json::json!({ "author_id": author, "title": title })).await;
        assert_eq!(answer.status, 201, "{answer}");
        answer.text("id")
    }
    // [/sample]

    /// Runs SQL beside the service.
    pub(crate) async fn sql(&self, sql: &str) {
        self.database.connect().await.unwrap().batch_execute(sql).await.unwrap();
    }
}

impl Answer {
    /// The text of a field.
    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {self}")).to_owned()
    }

    /// The text of a field, if there is one.
    pub(crate) fn text_or_none(&self, field: &str) -> Option<&str> {
        self.body.get(field)?.as_str()
    }

    /// That this is a problem document of that status, about those fields.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, fields: &[&str]) {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{self}");
        assert_eq!(self.body["status"], status, "{self}");
        assert_eq!(self.text("request_id"), self.headers["x-request-id"].to_str().unwrap(), "{self}");
        assert!(!self.text("title").is_empty() && !self.text("detail").is_empty(), "{self}");
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let named: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{self}");
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.body)
    }
}

/// A router's answer to a request.
pub(crate) async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// A database with every migration and no rows.
pub(crate) async fn migrated() -> devdb::test::Database {
    let migrations = Migrations::embedded().unwrap();
    let texts: Vec<_> = migrations.texts().map(str::to_owned).collect();
    let setup = async move |url: devdb::Url| migrations.apply(&migrating(&url, Mode::Apply)).await.map(|_| ());
    Template::new("api", texts, setup).database().await.unwrap()
}

/// The address of the admin of the tests.
pub(crate) const ADMIN: &str = "admin@example.com";

/// The token of an admin, made where there is none.
pub(crate) async fn admin(database: &devdb::test::Database) -> String {
    token_at(database.url()).await
}

/// The same in the database that a URL names.
pub(crate) async fn token_at(url: &devdb::Url) -> String {
    let AppState { db, .. } = state(url);
    access::token(&db, ADMIN, "test").await.unwrap().reveal().to_owned()
}

/// A database without a table.
pub(crate) async fn empty() -> devdb::test::Database {
    devdb::test::Database::empty().await.unwrap()
}

/// What the handlers share, on a database. Readiness is asked anew each time.
pub(crate) fn state(url: &devdb::Url) -> AppState {
    let db = Database::new(&pooled(url));
    let readiness = Readiness::new(db.clone(), Migrations::embedded().unwrap()).fresh_for(Duration::ZERO);
    AppState::new(db, None, readiness, Duration::ZERO, None)
}

/// The whole configuration of a service on a database, with any free port.
pub(crate) fn serving(url: &devdb::Url, mode: Mode) -> config::Serve {
    config::Serve { http: http(), database: pooled(url), migrations: migrating(url, mode), development_user: None }
}

pub(crate) fn http() -> Http {
    Http {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        metrics_port: None,
        trusted_proxies: 0,
        // What a test changes beside the service holds at once.
        token_cache: Duration::ZERO,
        idle_timeout: Duration::from_secs(75),
        request_timeout: Duration::from_secs(20),
        body_limit: 1024 * 1024,
        cors_origins: Origins::None,
        shutdown_delay: Duration::ZERO,
        shutdown_timeout: Duration::from_secs(10),
    }
}

/// A pool of a few connections: many tests run at once.
fn pooled(url: &devdb::Url) -> config::Database {
    config::Database {
        url: DatabaseUrl::parse(url.reveal()).unwrap(),
        read_url: None,
        statement_timeout: Duration::ZERO,
        pool_size: 4,
        pool_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(10),
    }
}

pub(crate) fn migrating(url: &devdb::Url, mode: Mode) -> config::Migrations {
    let url = DatabaseUrl::parse(url.reveal()).unwrap();
    config::Migrations { mode, folder: None, url, connect_timeout: Duration::from_secs(10) }
}
