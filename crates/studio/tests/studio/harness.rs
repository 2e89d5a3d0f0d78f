//! A studio on a database of its own, in this process.

use std::fmt;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use devdb::test::Database;
use migrator::Server;
use serde_json::Value;
use studio::{Hosts, Studio};
use tower::ServiceExt as _;

/// The address that the studio of these tests believes to have.
pub(crate) const HOST: &str = "127.0.0.1:4983";

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) token: String,
    pub(crate) database: Database,
    pub(crate) audited: Arc<Mutex<Vec<String>>>,
    cookie: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl World {
    /// A studio that reads, with a session.
    pub(crate) async fn reading(setup: &str) -> Self {
        Self::new(setup, |studio| studio).await
    }

    /// A studio that edits, with a session.
    pub(crate) async fn writing(setup: &str) -> Self {
        Self::new(setup, |studio| studio.write(true)).await
    }

    pub(crate) async fn new(setup: &str, with: impl FnOnce(Studio) -> Studio) -> Self {
        let mut world = Self::outside(setup, with).await;
        let answer = answer(&world.router, world.get(&format!("/?token={}", world.token))).await;
        let cookie = answer.headers.get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        world.cookie = cookie.and_then(|cookie| cookie.split(';').next().map(str::to_owned)).unwrap_or_default();
        world
    }

    /// A studio without a session: its token is still unused.
    pub(crate) async fn outside(setup: &str, with: impl FnOnce(Studio) -> Studio) -> Self {
        let database = Database::empty().await.unwrap();
        database.connect().await.unwrap().batch_execute(setup).await.unwrap();
        let audited = Arc::new(Mutex::new(Vec::new()));
        let lines = audited.clone();
        let studio = Studio::new(Server::from_url(database.url().reveal()).unwrap());
        let studio = with(studio).audit(move |line| lines.lock().unwrap().push(line.to_owned()));
        let (router, token) = studio.router(Hosts::of(HOST.parse().unwrap())).unwrap();
        Self { router, token, database, audited, cookie: String::new() }
    }

    /// A request as the page sends it.
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header("host", HOST).header("x-studio", "1");
        request = request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin");
        if method == "POST" {
            request = request.header("content-type", "application/json").header("origin", format!("http://{HOST}"));
        }
        request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Request<Body> {
        self.request("GET", path, None)
    }

    pub(crate) async fn ask(&self, path: &str) -> Answer {
        answer(&self.router, self.get(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(&self.router, self.request("POST", path, Some(&body))).await
    }

    /// Runs SQL in the console.
    pub(crate) async fn run(&self, sql: &str) -> Answer {
        self.post("/api/sql", serde_json::json!({ "sql": sql })).await
    }

    /// Runs SQL beside the studio.
    pub(crate) async fn beside(&self, sql: &str) -> Option<String> {
        let client = self.database.connect().await.unwrap();
        client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self}"))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.text)
    }
}

pub(crate) async fn answer(router: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text }
}
