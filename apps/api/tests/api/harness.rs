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
use std::sync::Arc;
use std::time::Duration;

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
}

/// An answer of the service.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The body; null where there is none.
    pub(crate) body: Value,
}

impl App {
    /// A migrated service without rows.
    pub(crate) async fn new() -> Self {
        Self::on(migrated().await, http())
    }

    /// The service on a given database, with given limits; nothing is migrated.
    pub(crate) fn on(database: devdb::test::Database, http: Http) -> Self {
        let router = api::app::router(state(database.url()), &http);
        Self { router, database }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body.to_string())).await
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

    pub(crate) async fn request(&self, request: Request<Body>) -> Answer {
        answer(self.router.clone(), request).await
    }

    /// A user with this address; its id.
    pub(crate) async fn user(&self, email: &str) -> String {
        let answer = self.post("/users", serde_json::json!({ "email": email })).await;
        assert_eq!(answer.status, 201, "{answer}");
        answer.text("id")
    }

    /// A post of this user; its id.
    pub(crate) async fn article(&self, author: &str, title: &str) -> String {
        let answer = self.post("/posts", serde_json::json!({ "author_id": author, "title": title })).await;
        assert_eq!(answer.status, 201, "{answer}");
        answer.text("id")
    }

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

/// A database without a table.
pub(crate) async fn empty() -> devdb::test::Database {
    devdb::test::Database::empty().await.unwrap()
}

/// What the handlers share, on a database. Readiness is asked anew each time.
pub(crate) fn state(url: &devdb::Url) -> AppState {
    let db = Database::new(&pooled(url));
    let readiness = Readiness::new(db.clone(), Migrations::embedded().unwrap()).fresh_for(Duration::ZERO);
    AppState { db, readiness: Arc::new(readiness) }
}

/// The whole configuration of a service on a database, with any free port.
pub(crate) fn serving(url: &devdb::Url, mode: Mode) -> config::Serve {
    config::Serve { http: http(), database: pooled(url), migrations: migrating(url, mode) }
}

pub(crate) fn http() -> Http {
    Http {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
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
        pool_size: 4,
        pool_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(10),
    }
}

pub(crate) fn migrating(url: &devdb::Url, mode: Mode) -> config::Migrations {
    let url = DatabaseUrl::parse(url.reveal()).unwrap();
    config::Migrations { mode, folder: None, url, connect_timeout: Duration::from_secs(10) }
}
