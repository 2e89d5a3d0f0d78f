//! `/users`: people with accounts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use schema::TableName;
use schema::rows::{Changes, Column, FromRow, present};
use sea_query::{Condition, Expr, ExprTrait, Query};
use serde::Deserialize;
use uuid::Uuid;

use super::{Created, created, posts};
use crate::db::Database;
use crate::db::schema::{MAX_EMAIL, NewUser, User, UserChanges, UserRole};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::pagination::{self, Cursor, Items, Listed, Page};
use crate::state::AppState;
use crate::validation::Validation;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/users", get(list).post(create))
        .route("/users/{id}", get(read).patch(update).delete(remove))
        .route("/users/{id}/posts", get(list_posts))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateUser {
    email: String,
    name: Option<String>,
    role: Option<UserRole>,
}

impl CreateUser {
    fn validate(self) -> Result<NewUser, Error> {
        let Self { email, name, role } = self;
        check(Some(&email), name.as_deref())?;
        Ok(NewUser { name, role, ..NewUser::new(email) })
    }
}

/// What is absent stays as it is; a `name` of null is removed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateUser {
    #[serde(default, deserialize_with = "present")]
    email: Option<String>,
    #[serde(default, deserialize_with = "present")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    role: Option<UserRole>,
}

impl UpdateUser {
    fn validate(self) -> Result<UserChanges, Error> {
        let Self { email, name, role } = self;
        check(email.as_deref(), name.as_ref().and_then(Option::as_deref))?;
        Ok(UserChanges { email, name, role, ..UserChanges::default() })
    }
}

fn check(email: Option<&str>, name: Option<&str>) -> Result<(), Error> {
    let mut validation = Validation::default();
    if let Some(email) = email {
        validation.email("email", email, MAX_EMAIL as usize);
    }
    if let Some(name) = name {
        validation.text("name", name, 1..=100);
    }
    validation.finish()
}

impl Listed for User {
    const TABLE: TableName = User::TABLE;
    const CREATED_AT: Column = User::created_at;
    const ID: Column = User::id;

    fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at, id: self.id }
    }
}

async fn create(
    State(db): State<Database>,
    extract::Json(body): extract::Json<CreateUser>,
) -> Result<Created<User>, Error> {
    let insert = body.validate()?.into_insert().returning(Query::returning().columns(User::columns())).take();
    let user: User = db.one(&insert).await?;
    Ok(created("/users", user.id, user))
}

async fn list(State(db): State<Database>, page: Page) -> Result<Json<Items<User>>, Error> {
    Ok(Json(pagination::list(&db, Condition::all(), page).await?))
}

async fn read(State(db): State<Database>, Path(id): Path<Uuid>) -> Result<Json<User>, Error> {
    Ok(Json(find(&db, id).await?))
}

async fn find(db: &Database, id: Uuid) -> Result<User, Error> {
    let select = Query::select().columns(User::columns()).from(User::TABLE).and_where(User::id.eq(id)).take();
    db.optional(&select).await?.ok_or(Error::NotFound("user"))
}

async fn update(
    State(db): State<Database>,
    Path(id): Path<Uuid>,
    extract::Json(body): extract::Json<UpdateUser>,
) -> Result<Json<User>, Error> {
    let changes = body.validate()?;
    if changes.is_empty() {
        return Ok(Json(find(&db, id).await?));
    }
    let update = changes
        .into_update()
        .value(User::updated_at, Expr::current_timestamp())
        .and_where(User::id.eq(id))
        .returning(Query::returning().columns(User::columns()))
        .take();
    Ok(Json(db.optional(&update).await?.ok_or(Error::NotFound("user"))?))
}

/// The posts go with their author.
async fn remove(State(db): State<Database>, Path(id): Path<Uuid>) -> Result<StatusCode, Error> {
    let delete = Query::delete().from_table(User::TABLE).and_where(User::id.eq(id)).take();
    match db.execute(&delete).await? {
        0 => Err(Error::NotFound("user")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

async fn list_posts(
    State(db): State<Database>,
    Path(id): Path<Uuid>,
    page: Page,
) -> Result<Json<Items<crate::db::schema::Post>>, Error> {
    let posts = posts::by_author(&db, id, page).await?;
    if posts.items.is_empty() {
        // Nobody's posts are no empty list.
        find(&db, id).await?;
    }
    Ok(Json(posts))
}
