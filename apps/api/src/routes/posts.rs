//! `/posts`: what users wrote.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use schema::TableName;
use schema::rows::{self, Changes, Column, FromRow, present};
use sea_query::extension::postgres::PgExpr as _;
use sea_query::{Condition, Expr, ExprTrait, Func, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{created, users};
use crate::access::Caller;
use crate::db::Database;
use crate::db::schema::{NewPost, Post, PostChanges, PostStatus};
use crate::error::Error;
use crate::etag::{IfMatch, Tagged, Versioned, next_version};
use crate::extract::{self, Path};
use crate::idempotency::{self, Once, Work};
use crate::pagination::{self, Items, KeyOf, Listed, Page, SortBy};
use crate::state::{AppState, Replica};
use crate::validation::Validation;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(list_of_author))
        .routes(routes!(create_all))
        .routes(routes!(read, update, remove))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePost {
    author_id: Uuid,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[schema(max_length = 100_000)]
    body: Option<String>,
    status: Option<PostStatus>,
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
}

impl CreatePost {
    fn validate(self) -> Result<NewPost, Error> {
        let mut validation = Validation::default();
        let post = self.checked(&mut validation, "");
        validation.finish()?;
        Ok(post)
    }

    /// Notes what is wrong with the fields, whose names begin with `prefix`.
    fn checked(self, validation: &mut Validation, prefix: &str) -> NewPost {
        let Self { author_id, title, body, status, tags } = self;
        check(validation, prefix, Some(&title), body.as_deref(), tags.as_deref());
        // One clock for all three: a post is not published before it exists.
        let now = (status == Some(PostStatus::Published)).then(Utc::now);
        let (published_at, created_at, updated_at) = (now, now, now);
        NewPost { body, status, tags, published_at, created_at, updated_at, ..NewPost::new(author_id, title) }
    }
}

/// What is absent stays as it is. A post keeps its author.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdatePost {
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    title: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(max_length = 100_000, nullable = false)]
    body: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    status: Option<PostStatus>,
    #[serde(default, deserialize_with = "present")]
    #[schema(max_items = 20, nullable = false)]
    tags: Option<Vec<String>>,
}

impl UpdatePost {
    fn validate(self) -> Result<PostChanges, Error> {
        let Self { title, body, status, tags } = self;
        let mut validation = Validation::default();
        check(&mut validation, "", title.as_deref(), body.as_deref(), tags.as_deref());
        validation.finish()?;
        Ok(PostChanges { title, body, status, tags, ..PostChanges::default() })
    }
}

fn check(validation: &mut Validation, prefix: &str, title: Option<&str>, body: Option<&str>, tags: Option<&[String]>) {
    if let Some(title) = title {
        validation.text(&format!("{prefix}title"), title, 1..=200);
    }
    if let Some(body) = body {
        validation.text(&format!("{prefix}body"), body, 0..=100_000);
    }
    let tags = tags.unwrap_or_default();
    validation.check(&format!("{prefix}tags"), tags.len() <= 20, "must be 20 tags at most");
    for (number, tag) in tags.iter().enumerate() {
        validation.text(&format!("{prefix}tags[{number}]"), tag, 1..=50);
    }
}

/// Several posts, of which all are created or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePosts {
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<CreatePost>,
}

/// The most posts of a batch.
const MAX_BATCH: usize = 500;

impl CreatePosts {
    fn validate(self) -> Result<Vec<NewPost>, Error> {
        let mut validation = Validation::default();
        let length = (1..=MAX_BATCH).contains(&self.items.len());
        validation.check("items", length, format!("must be 1 to {MAX_BATCH} posts"));
        let items = self.items.into_iter().enumerate();
        let posts = items.map(|(number, post)| post.checked(&mut validation, &format!("items[{number}]."))).collect();
        validation.finish()?;
        Ok(posts)
    }
}

/// Created posts, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedPosts {
    items: Vec<Post>,
}

impl Versioned for Post {
    fn version(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

impl Listed for Post {
    const TABLE: TableName = Post::TABLE;
    const ID: Column = Post::id;
    const CREATED_AT: Column = Post::created_at;
    const SORT: &'static [SortBy<Self>] = &[
        SortBy { column: Post::created_at, key: KeyOf::Time(|post| post.created_at) },
        SortBy { column: Post::updated_at, key: KeyOf::Time(|post| post.updated_at) },
        SortBy { column: Post::title, key: KeyOf::Text(|post| post.title.clone()) },
    ];

    fn id(&self) -> Uuid {
        self.id
    }
}

/// Which posts a list has: `?status=published&author_id=…&tag=…`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    status: Option<PostStatus>,
    author_id: Option<Uuid>,
    tag: Option<String>,
}

/// Creates a post.
#[utoipa::path(
    post,
    path = "/posts",
    tag = "posts",
    operation_id = "create_post",
    params(idempotency::Key),
    request_body = CreatePost,
    responses((status = 201, description = "Created", body = Post, headers(("etag" = String, description = "Its version"), ("location" = String, description = "Where it is from now on")))),
)]
async fn create(
    State(db): State<Database>,
    caller: Caller,
    Once { body, key }: Once<CreatePost>,
) -> Result<Response, Error> {
    caller.require_owner(body.author_id)?;
    let insert = body.validate()?.into_insert().returning(Query::returning().columns(Post::columns())).take();
    let create = async |work: Work<'_>| {
        let post: Post = work.one(&insert).await?;
        Ok(created("/posts", post.id, post))
    };
    key.once(&db, create).await
}

/// Creates all posts or none.
#[utoipa::path(
    post,
    path = "/posts/batch",
    tag = "posts",
    operation_id = "create_posts",
    params(idempotency::Key),
    request_body = CreatePosts,
    responses((status = 201, description = "Created", body = CreatedPosts)),
)]
async fn create_all(
    State(db): State<Database>,
    caller: Caller,
    Once { body, key }: Once<CreatePosts>,
) -> Result<Response, Error> {
    body.items.iter().try_for_each(|post| caller.require_owner(post.author_id))?;
    let insert =
        rows::insert(Post::TABLE, body.validate()?).returning(Query::returning().columns(Post::columns())).take();
    let create = async |work: Work<'_>| {
        // Each number of posts is another statement, of which none is worth keeping.
        let items = work.once(&insert).await?;
        Ok((StatusCode::CREATED, Json(CreatedPosts { items })))
    };
    key.once(&db, create).await
}

/// Lists posts, newest first unless told otherwise.
#[utoipa::path(
    get,
    path = "/posts",
    tag = "posts",
    operation_id = "list_posts",
    params(pagination::Parameters, Filter),
    responses((status = 200, description = "A page of posts", body = Items<Post>)),
)]
async fn list(
    State(Replica(db)): State<Replica>,
    caller: Caller,
    extract::Query(filter): extract::Query<Filter>,
    page: Page<Post>,
) -> Result<Json<Items<Post>>, Error> {
    let condition = Condition::all()
        .add_option(visible(&caller))
        .add_option(filter.status.map(|status| Post::status.eq(status)))
        .add_option(filter.author_id.map(|author| Post::author_id.eq(author)))
        .add_option(filter.tag.map(|tag| Expr::from(Post::tags).contains(Expr::value(vec![tag]))));
    Ok(Json(pagination::list(&db, condition, page).await?))
}

/// Lists the posts of one user.
#[utoipa::path(
    get,
    path = "/users/{id}/posts",
    tag = "users",
    operation_id = "list_posts_of_user",
    params(("id" = Uuid, Path), pagination::Parameters),
    responses((status = 200, description = "A page of posts", body = Items<Post>)),
)]
async fn list_of_author(
    State(Replica(db)): State<Replica>,
    caller: Caller,
    Path(id): Path<Uuid>,
    page: Page<Post>,
) -> Result<Json<Items<Post>>, Error> {
    let condition = Condition::all().add(Post::author_id.eq(id)).add_option(visible(&caller));
    let posts = pagination::list(&db, condition, page).await?;
    if posts.items.is_empty() {
        // Nobody's posts are no empty list.
        users::find(&db, id).await?;
    }
    Ok(Json(posts))
}

/// Gives one post.
#[utoipa::path(
    get,
    path = "/posts/{id}",
    tag = "posts",
    operation_id = "get_post",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The post", body = Post, headers(("etag" = String, description = "Its version"))), (status = 304, description = "The client has it, by If-None-Match")),
)]
async fn read(State(db): State<Database>, caller: Caller, Path(id): Path<Uuid>) -> Result<Tagged<Post>, Error> {
    Ok(Tagged(find(&db, &caller, id).await?))
}

/// A draft is seen by its author, and by an admin; what is not seen is not there.
fn visible(caller: &Caller) -> Option<Condition> {
    let published = Post::status.eq(PostStatus::Published);
    let mine = Post::author_id.eq(caller.user().id);
    (!caller.is_admin()).then(|| Condition::any().add(published).add(mine))
}

async fn find(db: &Database, caller: &Caller, id: Uuid) -> Result<Post, Error> {
    let condition = Condition::all().add(Post::id.eq(id)).add_option(visible(caller));
    let select = Query::select().columns(Post::columns()).from(Post::TABLE).cond_where(condition).take();
    db.optional(&select).await?.ok_or(Error::NotFound("post"))
}

/// Nothing, if the post is the caller's to change. It keeps its author, so that this stays true.
async fn require_author(db: &Database, caller: &Caller, id: Uuid) -> Result<(), Error> {
    if caller.is_admin() {
        return Ok(());
    }
    caller.require_owner(find(db, caller, id).await?.author_id)
}

/// Why no row was touched: there is none, or not in the version that the client knows.
async fn untouched(db: &Database, caller: &Caller, id: Uuid) -> Error {
    find(db, caller, id).await.err().unwrap_or(Error::Stale)
}

/// Changes what is given.
#[utoipa::path(
    patch,
    path = "/posts/{id}",
    tag = "posts",
    operation_id = "update_post",
    params(("id" = Uuid, Path), IfMatch),
    request_body = UpdatePost,
    responses((status = 200, description = "The post as it is now", body = Post, headers(("etag" = String, description = "Its version")))),
)]
async fn update(
    State(db): State<Database>,
    caller: Caller,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    extract::Json(body): extract::Json<UpdatePost>,
) -> Result<Tagged<Post>, Error> {
    require_author(&db, &caller, id).await?;
    let changes = body.validate()?;
    if changes.is_empty() {
        let post = find(&db, &caller, id).await?;
        if_match.check(&post)?;
        return Ok(Tagged(post));
    }
    let published_at = changes.status.map(|status| match status {
        // A post that is published already keeps its time.
        PostStatus::Published => Func::coalesce([Expr::from(Post::published_at), Expr::current_timestamp()]).into(),
        PostStatus::Draft => Expr::null(),
    });
    let update = changes
        .into_update()
        .values(published_at.map(|time| (Post::published_at, time)))
        .value(Post::updated_at, next_version(Post::updated_at))
        .and_where(Post::id.eq(id))
        .and_where_option(if_match.condition(Post::updated_at))
        .returning(Query::returning().columns(Post::columns()))
        .take();
    match db.optional(&update).await? {
        Some(post) => Ok(Tagged(post)),
        None => Err(untouched(&db, &caller, id).await),
    }
}

/// Deletes a post.
#[utoipa::path(
    delete,
    path = "/posts/{id}",
    tag = "posts",
    operation_id = "delete_post",
    params(("id" = Uuid, Path), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
async fn remove(
    State(db): State<Database>,
    caller: Caller,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    require_author(&db, &caller, id).await?;
    let delete = Query::delete()
        .from_table(Post::TABLE)
        .and_where(Post::id.eq(id))
        .and_where_option(if_match.condition(Post::updated_at))
        .take();
    match db.execute(&delete).await? {
        0 => Err(untouched(&db, &caller, id).await),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
