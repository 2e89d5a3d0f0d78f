//! The three routes as somebody writes them who needs nothing else: axum, tokio-postgres, a prepared
//! statement, and a panic where anything is wrong.

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use deadpool_postgres::{Config, Pool, Runtime};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio_postgres::{NoTls, Row};
use uuid::Uuid;

use crate::CONNECTIONS;

/// What has the benchmark serve this.
pub(crate) const ARGUMENT: &str = "--handwritten";

/// The variable that says whether it asks for the token, `1` or `0`.
pub(crate) const ASKING: &str = "ASKING";

#[derive(Serialize)]
struct User {
    id: Uuid,
    email: String,
    name: Option<String>,
    role: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Page {
    items: Vec<User>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct NewUser {
    email: String,
    name: String,
}

#[tokio::main]
pub(crate) async fn serve() {
    let mut config = Config { url: std::env::var("DATABASE_URL").ok(), ..Config::default() };
    config.pool = Some(deadpool_postgres::PoolConfig::new(CONNECTIONS));
    let pool = config.create_pool(Some(Runtime::Tokio1), NoTls).unwrap();
    let routes = Router::new().route("/users/{id}", get(user)).route("/users", post(create).get(users));
    let asking = std::env::var(ASKING).is_ok_and(|asking| asking == "1");
    let routes = if asking { routes.layer(from_fn_with_state(pool.clone(), authenticate)) } else { routes };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    eprintln_address(&listener);
    axum::serve(listener, routes.with_state(pool)).await.unwrap();
}

#[allow(clippy::print_stderr)] // Where it listens, as the service says it.
fn eprintln_address(listener: &tokio::net::TcpListener) {
    eprintln!("listening on http://{}", listener.local_addr().unwrap());
}

async fn authenticate(State(pool): State<Pool>, request: Request, next: Next) -> Response {
    let token = request.headers()[header::AUTHORIZATION].to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
    let client = pool.get().await.unwrap();
    let sql = "SELECT u.id, u.email, u.name, u.role::text, u.created_at, u.updated_at FROM api_tokens t \
               JOIN users u ON u.id = t.user_id WHERE t.hash = $1 AND (t.expires_at IS NULL OR t.expires_at > now())";
    let statement = client.prepare_cached(sql).await.unwrap();
    let row = client.query_opt(&statement, &[&Sha256::digest(token).as_slice()]).await.unwrap();
    drop(client);
    match row.map(|row| User::of(&row)) {
        Some(user) if user.role == "admin" => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn user(State(pool): State<Pool>, Path(id): Path<Uuid>) -> Json<User> {
    let client = pool.get().await.unwrap();
    let sql = "SELECT id, email, name, role::text, created_at, updated_at FROM users WHERE id = $1";
    let statement = client.prepare_cached(sql).await.unwrap();
    Json(User::of(&client.query_one(&statement, &[&id]).await.unwrap()))
}

async fn users(State(pool): State<Pool>) -> Json<Page> {
    let client = pool.get().await.unwrap();
    let sql = "SELECT id, email, name, role::text, created_at, updated_at FROM users \
               ORDER BY created_at DESC, id DESC LIMIT 21";
    let statement = client.prepare_cached(sql).await.unwrap();
    let rows = client.query(&statement, &[]).await.unwrap();
    let items: Vec<_> = rows.iter().take(20).map(User::of).collect();
    let next_cursor =
        (rows.len() > 20).then(|| format!("{}~{}", items[19].created_at.timestamp_micros(), items[19].id));
    Json(Page { items, next_cursor })
}

async fn create(State(pool): State<Pool>, Json(new): Json<NewUser>) -> (StatusCode, Json<User>) {
    let client = pool.get().await.unwrap();
    let sql = "INSERT INTO users (email, name) VALUES ($1, $2) \
               RETURNING id, email, name, role::text, created_at, updated_at";
    let statement = client.prepare_cached(sql).await.unwrap();
    let row = client.query_one(&statement, &[&new.email, &new.name]).await.unwrap();
    (StatusCode::CREATED, Json(User::of(&row)))
}

impl User {
    fn of(row: &Row) -> Self {
        Self {
            id: row.get(0),
            email: row.get(1),
            name: row.get(2),
            role: row.get(3),
            created_at: row.get(4),
            updated_at: row.get(5),
        }
    }
}
