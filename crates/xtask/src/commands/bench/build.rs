//! Cold builds, from an empty target folder: `cargo xtask generate`, and the API beside a bare service. Between the two
//! is that service with the packages on which every API of this workspace stands, and no more code.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::timing::{ratio, time};
use super::{Error, io, output};
use crate::commands::process;
use crate::config::Config;
use crate::output::line;

pub(super) fn run(config: &Config) -> Result<(), Error> {
    let folder = config.root.join("target/bench");
    let target = folder.join("cold");
    let (bare, with_packages) = (folder.join("bare"), folder.join("packages"));
    write_service(&bare, "", config)?;
    write_service(&with_packages, &packages(config), config)?;

    line("Cold debug builds from an empty target folder; wall time.");
    line("");
    let mut xtask = process::cargo();
    xtask.args(["run", "--quiet", "--package", "xtask", "--", "diff", "--from", "empty", "--to", "code"]);
    let schema = cold(xtask.current_dir(&config.root), &target)?;
    line(format!("cargo xtask, up to the SQL of the schema in code: {:.1} s", schema.as_secs_f64()));
    let mut api = process::cargo();
    let api = cold(api.args(["build", "--quiet", "--package", "api"]).current_dir(&config.root), &target)?;
    let build = |folder: &Path| cold(process::cargo().args(["build", "--quiet"]).current_dir(folder), &target);
    let (service, packages) = (build(&bare)?, build(&with_packages)?);
    line(format!("bare axum and deadpool-postgres: {:.1} s", service.as_secs_f64()));
    for (what, time) in [("the same with sea-query, refinery and the schema's derives", packages), ("API", api)] {
        line(format!("{what}: {:.1} s; ratio {:.2}", time.as_secs_f64(), ratio(time, service)));
    }
    Ok(())
}

/// The time of one build with nothing built before. What cargo downloads is there already.
fn cold(command: &mut Command, target: &Path) -> Result<Duration, Error> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(io("remove", target))?;
    }
    let (elapsed, printed) = time(|| output(command.env("CARGO_TARGET_DIR", target)));
    printed?;
    Ok(elapsed)
}

/// A service with one route and one query, on the versions that this workspace has locked; `more` are dependencies.
fn write_service(folder: &Path, more: &str, config: &Config) -> Result<(), Error> {
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(io("create", &source))?;
    let manifest = format!("{BARE_MANIFEST}{more}");
    for (name, text) in [("Cargo.toml", manifest.as_str()), ("src/main.rs", BARE_MAIN)] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(io("write", &path))?;
    }
    let lock = config.root.join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map_err(io("copy", &lock))?;
    Ok(())
}

/// What the API cannot do without: queries, typed rows of the declared schema, migrations when it starts, settings.
fn packages(config: &Config) -> String {
    let [migrator, schema] = ["migrator", "schema"].map(|name| config.root.join("crates").join(name));
    format!(
        r#"dotenvy = "0.15"
migrator = {{ path = {migrator:?}, default-features = false, features = ["database"] }}
schema = {{ path = {schema:?}, default-features = false, features = ["chrono", "derive", "rows", "uuid"] }}
sea-query = {{ version = "1", default-features = false, features = ["backend-postgres"] }}
sea-query-postgres = "0.6"
"#
    )
}

const BARE_MANIFEST: &str = r#"[workspace]

[package]
name = "bare"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
axum = "0.8"
deadpool-postgres = "0.14"
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal"] }
tokio-postgres = { version = "0.7", features = ["with-chrono-0_4", "with-uuid-1"] }
tracing = "0.1"
tracing-subscriber = "0.3"
"#;

const BARE_MAIN: &str = r#"use axum::{Json, Router, extract::State, routing::get};
use deadpool_postgres::{Config, Pool, Runtime};
use tokio_postgres::NoTls;

#[derive(serde::Serialize)]
struct User {
    id: i32,
    name: String,
}

async fn users(State(pool): State<Pool>) -> Json<Vec<User>> {
    let client = pool.get().await.expect("a connection");
    let rows = client.query("SELECT id, name FROM users", &[]).await.expect("rows");
    Json(rows.iter().map(|row| User { id: row.get(0), name: row.get(1) }).collect())
}

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt::init();
    let config = Config { url: std::env::var("DATABASE_URL").ok(), ..Config::default() };
    let pool = config.create_pool(Some(Runtime::Tokio1), NoTls).expect("a pool");
    let app = Router::new().route("/users", get(users)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await.expect("a port");
    axum::serve(listener, app).await.expect("a server");
}
"#;
