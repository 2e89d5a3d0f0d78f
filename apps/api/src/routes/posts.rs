//! `/posts`: what users wrote.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use chrono::Utc;
use schema::TableName;
use schema::rows::{Changes, Column, FromRow, present};
use sea_query::{Condition, Expr, ExprTrait, Func, Query};
use serde::Deserialize;
use uuid::Uuid;

use super::{Created, created};
use crate::db::Database;
use crate::db::schema::{NewPost, Post, PostChanges, PostStatus};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::pagination::{self, Cursor, Items, Listed, Page};
use crate::state::AppState;
use crate::validation::Validation;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/posts", get(list).post(create)).route("/posts/{id}", get(read).patch(update).delete(remove))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreatePost {
    author_id: Uuid,
    title: String,
    body: Option<String>,
    status: Option<PostStatus>,
    tags: Option<Vec<String>>,
}

impl CreatePost {
    fn validate(self) -> Result<NewPost, Error> {
        let Self { author_id, title, body, status, tags } = self;
        check(Some(&title), body.as_deref(), tags.as_deref())?;
        // One clock for all three: a post is not published before it exists.
        let now = (status == Some(PostStatus::Published)).then(Utc::now);
        let (published_at, created_at, updated_at) = (now, now, now);
        Ok(NewPost { body, status, tags, published_at, created_at, updated_at, ..NewPost::new(author_id, title) })
    }
}

/// What is absent stays as it is. A post keeps its author.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdatePost {
    #[serde(default, deserialize_with = "present")]
    title: Option<String>,
    #[serde(default, deserialize_with = "present")]
    body: Option<String>,
    #[serde(default, deserialize_with = "present")]
    status: Option<PostStatus>,
    #[serde(default, deserialize_with = "present")]
    tags: Option<Vec<String>>,
}

impl UpdatePost {
    fn validate(self) -> Result<PostChanges, Error> {
        let Self { title, body, status, tags } = self;
        check(title.as_deref(), body.as_deref(), tags.as_deref())?;
        Ok(PostChanges { title, body, status, tags, ..PostChanges::default() })
    }
}

fn check(title: Option<&str>, body: Option<&str>, tags: Option<&[String]>) -> Result<(), Error> {
    let mut validation = Validation::default();
    if let Some(title) = title {
        validation.text("title", title, 1..=200);
    }
    if let Some(body) = body {
        validation.text("body", body, 0..=100_000);
    }
    let tags = tags.unwrap_or_default();
    validation.check("tags", tags.len() <= 20, "must be 20 tags at most");
    for (number, tag) in tags.iter().enumerate() {
        validation.text(&format!("tags[{number}]"), tag, 1..=50);
    }
    validation.finish()
}

impl Listed for Post {
    const TABLE: TableName = Post::TABLE;
    const CREATED_AT: Column = Post::created_at;
    const ID: Column = Post::id;

    fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at, id: self.id }
    }
}

/// Which posts a list has: `?status=published&author_id=…`.
#[derive(Debug, Deserialize)]
struct Filter {
    status: Option<PostStatus>,
    author_id: Option<Uuid>,
}

async fn create(
    State(db): State<Database>,
    extract::Json(body): extract::Json<CreatePost>,
) -> Result<Created<Post>, Error> {
    let insert = body.validate()?.into_insert().returning(Query::returning().columns(Post::columns())).take();
    let post: Post = db.one(&insert).await?;
    Ok(created("/posts", post.id, post))
}

async fn list(
    State(db): State<Database>,
    extract::Query(filter): extract::Query<Filter>,
    page: Page,
) -> Result<Json<Items<Post>>, Error> {
    let condition = Condition::all()
        .add_option(filter.status.map(|status| Post::status.eq(status)))
        .add_option(filter.author_id.map(|author| Post::author_id.eq(author)));
    Ok(Json(pagination::list(&db, condition, page).await?))
}

/// A page of one user's posts.
pub(super) async fn by_author(db: &Database, author: Uuid, page: Page) -> Result<Items<Post>, Error> {
    pagination::list(db, Condition::all().add(Post::author_id.eq(author)), page).await
}

async fn read(State(db): State<Database>, Path(id): Path<Uuid>) -> Result<Json<Post>, Error> {
    Ok(Json(find(&db, id).await?))
}

async fn find(db: &Database, id: Uuid) -> Result<Post, Error> {
    let select = Query::select().columns(Post::columns()).from(Post::TABLE).and_where(Post::id.eq(id)).take();
    db.optional(&select).await?.ok_or(Error::NotFound("post"))
}

async fn update(
    State(db): State<Database>,
    Path(id): Path<Uuid>,
    extract::Json(body): extract::Json<UpdatePost>,
) -> Result<Json<Post>, Error> {
    let changes = body.validate()?;
    if changes.is_empty() {
        return Ok(Json(find(&db, id).await?));
    }
    let published_at = changes.status.map(|status| match status {
        // A post that is published already keeps its time.
        PostStatus::Published => Func::coalesce([Expr::from(Post::published_at), Expr::current_timestamp()]).into(),
        PostStatus::Draft => Expr::null(),
    });
    let update = changes
        .into_update()
        .values(published_at.map(|time| (Post::published_at, time)))
        .value(Post::updated_at, Expr::current_timestamp())
        .and_where(Post::id.eq(id))
        .returning(Query::returning().columns(Post::columns()))
        .take();
    Ok(Json(db.optional(&update).await?.ok_or(Error::NotFound("post"))?))
}

async fn remove(State(db): State<Database>, Path(id): Path<Uuid>) -> Result<StatusCode, Error> {
    let delete = Query::delete().from_table(Post::TABLE).and_where(Post::id.eq(id)).take();
    match db.execute(&delete).await? {
        0 => Err(Error::NotFound("post")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
