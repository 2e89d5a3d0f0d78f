//! What the page asks, each question with its answer in JSON.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::catalog::{self, Name};
use crate::changes::ChangeList;
use crate::changes::import::ImportRequest;
use crate::console::{self, RunRequest, Runs};
use crate::error::Error;
use crate::project::{self, Project};
use crate::rows::{self, CellRequest, PageRequest, export};
use crate::sessions::Sessions;
use crate::{assets, definition};

/// The most of a question.
const BODY: usize = 2 * 1024 * 1024;
/// The most of a file that is imported.
const IMPORT: usize = 64 * 1024 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) sessions: Sessions,
    pub(crate) runs: Runs,
    pub(crate) project: Option<Arc<dyn Project>>,
    pub(crate) may_write: bool,
    pub(crate) audit: Arc<dyn Fn(&str) + Send + Sync>,
    /// What the page says it looks at.
    pub(crate) target: migrator::ServerTarget,
}

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", get(async || assets::page("index.html", StatusCode::OK)))
        .route("/assets/{name}", get(assets::asset))
        .route("/export", get(export_rows))
        .route("/api/about", get(about))
        .route("/api/overview", get(overview))
        .route("/api/map", get(map))
        .route("/api/columns", post(columns))
        .route("/api/structure", post(structure))
        .route("/api/definition", post(definition_of))
        .route("/api/rows", post(page))
        .route("/api/count", post(count))
        .route("/api/cell", post(cell))
        .route("/api/sql", post(run))
        .route("/api/cancel", post(cancel))
        .route("/api/preview", post(preview))
        .route("/api/save", post(save))
        .route("/api/migrations", get(migrations))
        .route("/api/comparisons", get(comparisons))
        .route("/api/findings", get(findings))
        .layer(DefaultBodyLimit::max(BODY))
        .merge(
            Router::new()
                .route("/api/import/preview", post(import_preview))
                .route("/api/import", post(import))
                .layer(DefaultBodyLimit::max(IMPORT)),
        )
        .fallback(async || Error::NoPath)
        .method_not_allowed_fallback(async || Error::Method)
        .with_state(app)
}

/// A body as the question that it is.
fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Error> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Malformed("the body cannot be read".to_owned()),
    })?;
    serde_json::from_slice(&body).map_err(|error| Error::Malformed(format!("the question cannot be read: {error}")))
}

type Body = Result<Bytes, BytesRejection>;
type Answer = Result<Json<Value>, Error>;
type RawAnswer = Result<Json<Box<RawValue>>, Error>;

async fn about(State(app): State<App>) -> Answer {
    let asked = "SELECT current_setting('server_version'), current_user::text, current_database()::text, \
         current_setting('drizzle.environment', true)";
    let failed = || Error::query("ask the server who it is");
    let row = app.sessions.read(async |client| client.query_one(asked, &[]).await.map_err(failed())).await?;
    let text = |at: usize| row.try_get::<_, Option<String>>(at).map_err(failed());
    Ok(Json(json!({
        "version": text(0)?,
        "user": text(1)?,
        "database": text(2)?,
        "environment": text(3)?.filter(|said| !said.is_empty()),
        "host": app.target.host,
        "write": app.may_write,
        "project": app.project.is_some(),
    })))
}

async fn overview(State(app): State<App>) -> RawAnswer {
    Ok(Json(app.sessions.read(catalog::overview).await?))
}

async fn map(State(app): State<App>) -> RawAnswer {
    Ok(Json(app.sessions.read(catalog::map).await?))
}

async fn columns(State(app): State<App>, body: Body) -> RawAnswer {
    let name: Name = read(body)?;
    Ok(Json(app.sessions.read(async |client| catalog::columns(client, &name).await).await?))
}

async fn structure(State(app): State<App>, body: Body) -> RawAnswer {
    let name: Name = read(body)?;
    Ok(Json(app.sessions.read(async |client| catalog::structure(client, &name).await).await?))
}

async fn definition_of(State(app): State<App>, body: Body) -> Answer {
    let name: Name = read(body)?;
    let mut client = app.sessions.reader_apart().await?;
    Ok(Json(json!({ "sql": definition::definition(&mut client, &name).await? })))
}

async fn page(State(app): State<App>, body: Body) -> Result<Json<rows::Page>, Error> {
    let request: PageRequest = read(body)?;
    Ok(Json(app.sessions.read(async |client| rows::page(client, request).await).await?))
}

async fn count(State(app): State<App>, body: Body) -> Answer {
    let request: PageRequest = read(body)?;
    Ok(Json(json!({ "rows": app.sessions.read(async |client| rows::count(client, request).await).await? })))
}

async fn cell(State(app): State<App>, body: Body) -> Answer {
    let request: CellRequest = read(body)?;
    Ok(Json(json!({ "value": app.sessions.read(async |client| rows::cell(client, request).await).await? })))
}

/// What a link has that leads to a file: the question as JSON, since an address holds texts.
#[derive(Deserialize)]
struct ExportQuery {
    of: String,
}

async fn export_rows(State(app): State<App>, Query(query): Query<ExportQuery>) -> Result<Response, Error> {
    let request = serde_json::from_str(&query.of);
    let request = request.map_err(|error| Error::Malformed(format!("the question cannot be read: {error}")))?;
    export::export(&app.sessions, request).await
}

async fn run(State(app): State<App>, body: Body) -> Answer {
    let request: RunRequest = read(body)?;
    let answer = console::run(&app.sessions, &app.runs, &request, app.may_write).await?;
    if answer["committed"] == true {
        (app.audit)(&request.sql);
    }
    Ok(Json(answer))
}

#[derive(Deserialize)]
struct CancelRequest {
    run: u64,
}

async fn cancel(State(app): State<App>, body: Body) -> Answer {
    let request: CancelRequest = read(body)?;
    Ok(Json(json!({ "cancelled": app.runs.cancel(request.run).await? })))
}

async fn preview(State(app): State<App>, body: Body) -> Answer {
    writing(&app)?;
    let changes: ChangeList = read(body)?;
    Ok(Json(json!({ "sql": changes.sql() })))
}

async fn save(State(app): State<App>, body: Body) -> Answer {
    writing(&app)?;
    let changes: ChangeList = read(body)?;
    let saved = changes.save(&app.sessions).await?;
    changes.audit().for_each(|line| (app.audit)(&line));
    Ok(Json(saved))
}

async fn import_preview(State(app): State<App>, body: Body) -> Answer {
    writing(&app)?;
    let request: ImportRequest = read(body)?;
    Ok(Json(request.preview(&app.sessions).await?))
}

async fn import(State(app): State<App>, body: Body) -> Answer {
    writing(&app)?;
    let request: ImportRequest = read(body)?;
    let rows = request.run(&app.sessions).await?;
    (app.audit)(&format!("imported {rows} rows into {}.{}", request.name.schema, request.name.table));
    Ok(Json(json!({ "rows": rows })))
}

fn writing(app: &App) -> Result<(), Error> {
    if app.may_write { Ok(()) } else { Err(Error::ReadOnly) }
}

async fn migrations(State(app): State<App>) -> Answer {
    Ok(Json(project::timeline(&ask(&app, |project| project.status()).await?)))
}

async fn comparisons(State(app): State<App>) -> Answer {
    Ok(Json(project::compared(&ask(&app, |project| project.comparisons()).await?)))
}

async fn findings(State(app): State<App>) -> Answer {
    Ok(Json(json!(ask(&app, |project| project.findings()).await?)))
}

/// Asks the project, on a thread where it may wait.
async fn ask<T: Send + 'static>(
    app: &App,
    question: impl FnOnce(&dyn Project) -> Result<T, String> + Send + 'static,
) -> Result<T, Error> {
    let project =
        app.project.clone().ok_or_else(|| Error::Project("there is no project around this database".to_owned()))?;
    let answer = tokio::task::spawn_blocking(move || question(project.as_ref())).await;
    answer.map_err(|error| Error::Project(format!("the project's answer was lost: {error}")))?.map_err(Error::Project)
}
