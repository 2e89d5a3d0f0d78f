//! `/users`: people with accounts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use schema::TableName;
use schema::rows::{Changes, Column, FromRow, present};
use sea_query::{Condition, Expr, ExprTrait, Func, Query};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::created;
use crate::access::{Admin, Caller};
use crate::callers::Callers;
use crate::db::Database;
use crate::db::schema::{MAX_EMAIL, NewUser, User, UserChanges, UserRole};
use crate::error::Error;
use crate::etag::{IfMatch, Tagged, Versioned, next_version};
use crate::extract::{self, Path};
use crate::idempotency::{self, Once, Work};
use crate::pagination::{self, Items, KeyOf, Listed, Page, SortBy};
use crate::state::{AppState, Replica};
use crate::validation::Validation;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, remove))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateUser {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 100)]
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
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateUser {
    #[serde(default, deserialize_with = "present")]
    #[schema(format = Email, max_length = 254, nullable = false)]
    email: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
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

impl Versioned for User {
    fn version(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

impl Listed for User {
    const TABLE: TableName = User::TABLE;
    const ID: Column = User::id;
    const CREATED_AT: Column = User::created_at;
    const SORT: &'static [SortBy<Self>] = &[
        SortBy { column: User::created_at, key: KeyOf::Time(|user| user.created_at) },
        SortBy { column: User::updated_at, key: KeyOf::Time(|user| user.updated_at) },
        SortBy { column: User::email, key: KeyOf::Text(|user| user.email.clone()) },
    ];

    fn id(&self) -> Uuid {
        self.id
    }
}

/// Creates a user. Only an admin may.
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    operation_id = "create_user",
    params(idempotency::Key),
    request_body = CreateUser,
    responses((status = 201, description = "Created", body = User, headers(("etag" = String, description = "Its version"), ("location" = String, description = "Where it is from now on")))),
)]
async fn create(State(db): State<Database>, _: Admin, Once { body, key }: Once<CreateUser>) -> Result<Response, Error> {
    let insert = body.validate()?.into_insert().returning(Query::returning().columns(User::columns())).take();
    let create = async |work: Work<'_>| {
        let user: User = work.one(&insert).await?;
        Ok(created("/users", user.id, user))
    };
    key.once(&db, create).await
}

/// Which users a list has: `?role=admin&email=…`, whatever the address's case.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    role: Option<UserRole>,
    email: Option<String>,
}

/// Lists users, newest first unless told otherwise.
#[utoipa::path(
    get,
    path = "/users",
    tag = "users",
    operation_id = "list_users",
    params(pagination::Parameters, Filter),
    responses((status = 200, description = "A page of users", body = Items<User>)),
)]
async fn list(
    State(Replica(db)): State<Replica>,
    extract::Query(filter): extract::Query<Filter>,
    page: Page<User>,
) -> Result<Json<Items<User>>, Error> {
    let condition = Condition::all()
        .add_option(filter.role.map(|role| User::role.eq(role)))
        .add_option(filter.email.map(|email| Expr::from(Func::lower(User::email)).eq(Func::lower(email))));
    Ok(Json(pagination::list(&db, condition, page).await?))
}

/// Gives one user.
#[utoipa::path(
    get,
    path = "/users/{id}",
    tag = "users",
    operation_id = "get_user",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The user", body = User, headers(("etag" = String, description = "Its version"))), (status = 304, description = "The client has it, by If-None-Match")),
)]
async fn read(State(db): State<Database>, Path(id): Path<Uuid>) -> Result<Tagged<User>, Error> {
    Ok(Tagged(find(&db, id).await?))
}

pub(super) async fn find(db: &Database, id: Uuid) -> Result<User, Error> {
    let select = Query::select().columns(User::columns()).from(User::TABLE).and_where(User::id.eq(id)).take();
    db.optional(&select).await?.ok_or(Error::NotFound("user"))
}

/// Why no row was touched: there is none, or not in the version that the client knows.
async fn untouched(db: &Database, id: Uuid) -> Error {
    find(db, id).await.err().unwrap_or(Error::Stale)
}

/// Changes what is given. An admin may, and the user, whose role is for an admin to change.
#[utoipa::path(
    patch,
    path = "/users/{id}",
    tag = "users",
    operation_id = "update_user",
    params(("id" = Uuid, Path), IfMatch),
    request_body = UpdateUser,
    responses((status = 200, description = "The user as it is now", body = User, headers(("etag" = String, description = "Its version")))),
)]
async fn update(
    State(db): State<Database>,
    State(callers): State<Arc<Callers>>,
    caller: Caller,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    extract::Json(body): extract::Json<UpdateUser>,
) -> Result<Tagged<User>, Error> {
    caller.require_owner(id)?;
    if body.role.is_some() {
        caller.require_admin()?;
    }
    let changes = body.validate()?;
    if changes.is_empty() {
        let user = find(&db, id).await?;
        if_match.check(&user)?;
        return Ok(Tagged(user));
    }
    let update = changes
        .into_update()
        .value(User::updated_at, next_version(User::updated_at))
        .and_where(User::id.eq(id))
        .and_where_option(if_match.condition(User::updated_at))
        .returning(Query::returning().columns(User::columns()))
        .take();
    let updated = db.optional(&update).await?;
    callers.forget(id);
    match updated {
        Some(user) => Ok(Tagged(user)),
        None => Err(untouched(&db, id).await),
    }
}

/// Deletes a user. An admin may, and the user. What is theirs goes with them.
#[utoipa::path(
    delete,
    path = "/users/{id}",
    tag = "users",
    operation_id = "delete_user",
    params(("id" = Uuid, Path), IfMatch),
    responses((status = 204, description = "Deleted")),
)]
async fn remove(
    State(db): State<Database>,
    State(callers): State<Arc<Callers>>,
    caller: Caller,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    caller.require_owner(id)?;
    let delete = Query::delete()
        .from_table(User::TABLE)
        .and_where(User::id.eq(id))
        .and_where_option(if_match.condition(User::updated_at))
        .take();
    let deleted = db.execute(&delete).await?;
    callers.forget(id);
    match deleted {
        0 => Err(untouched(&db, id).await),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
