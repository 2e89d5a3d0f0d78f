//! The tables. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.
//!
//! A struct is a table and the row that queries return; beside it come `NewUser` for INSERT,
//! `UserChanges` for UPDATE and the identifiers `User::TABLE` and `User::email` for sea-query. When
//! this file grows, make it a folder `schema/` with a `mod.rs`.
//!
//! A view derives `PgView`; roles, sequences, functions and all else come from functions with `#[pg_objects]`, as
//! docs/schema.md shows.
//!
//! Lists are read newest first. PostgreSQL reads an ascending index backwards for that; Drizzle's
//! `desc` is `DESC NULLS LAST`, which does not fit `ORDER BY created_at DESC`.
//!
// [sample]
//! What stands between `[sample]` and `[/sample]`, here and elsewhere, `cargo xtask init --without-samples` removes.
//!
// [/sample]
//! The schema binary compiles this module alone, after every edit. What only the service needs,
//! such as serde, is behind its feature `server`.

use chrono::{DateTime, Utc};
use schema::{PgEnum, PgTable};
use uuid::Uuid;

/// The longest address that a mail server takes is 254 characters.
pub const MAX_EMAIL: u32 = 254;

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[cfg_attr(
    feature = "server",
    derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema),
    serde(rename_all = "snake_case")
)]
#[pg_enum("user_role")]
pub enum UserRole {
    /// Reads and writes what is their own.
    Member,
    /// Reads and writes everything.
    Admin,
}

/// A person with an account.
#[derive(Clone, Debug, PgTable)]
#[cfg_attr(feature = "server", derive(serde::Serialize, utoipa::ToSchema))]
#[table("users")]
#[index(name = "users_email_lower_idx", on(sql("lower(email)")), unique)]
#[index(on(created_at, id))]
#[check("users_email_form", "email like '_%@_%'")]
#[check("users_name_length", "char_length(name) between 1 and 100")]
pub struct User {
    /// Made by the database.
    #[column(primary_key, default_random)]
    pub id: Uuid,
    /// As it was entered. The index on `lower(email)` keeps it unique whatever its case, so the column
    /// needs no constraint of its own.
    #[column(varchar(MAX_EMAIL))]
    pub email: String,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// What the account may do.
    #[column(default = UserRole::Member)]
    pub role: UserRole,
    /// When the row was made.
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    /// When the row was changed last.
    #[column(default_now)]
    pub updated_at: DateTime<Utc>,
}

/// What shows the API that its holder acts for a user.
#[derive(Clone, Debug, PgTable)]
#[cfg_attr(feature = "server", derive(serde::Serialize, utoipa::ToSchema))]
#[table("api_tokens")]
#[index(on(user_id))]
pub struct ApiToken {
    /// Made by the database.
    #[column(primary_key, default_random)]
    pub id: Uuid,
    /// For whom it acts. Tokens go with their user's account.
    #[column(references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    /// What it is for, in its owner's words.
    pub name: String,
    /// The SHA-256 of its secret, which is kept nowhere.
    #[column(unique)]
    #[cfg_attr(feature = "server", serde(skip))]
    pub hash: Vec<u8>,
    /// When it ends; none for one that does not.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the row was made.
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}

/// The password that a user logs in with. It has a table of its own, so that no row of `users` that is
/// read, logged or sent holds it.
#[derive(Clone, PgTable)]
#[table("passwords")]
pub struct Password {
    /// Whose it is. It goes with their account.
    #[column(primary_key, references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    /// Algorithm, parameters, salt and hash.
    pub hash: String,
    /// When it was set.
    #[column(default_now)]
    pub changed_at: DateTime<Utc>,
}

/// A request that was carried out under a key of its client, and the answer to it.
#[derive(Clone, Debug, PgTable)]
#[table("idempotency_keys")]
#[primary_key(user_id, key)]
#[index(on(created_at))]
pub struct IdempotencyKey {
    /// Whose key it is. Keys go with their user's account.
    #[column(references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    /// The key.
    pub key: String,
    /// The SHA-256 of the request, which must be the same each time.
    pub fingerprint: Vec<u8>,
    /// Where the answer says that the new row is.
    pub location: Option<String>,
    /// The new row's entity tag.
    pub etag: Option<String>,
    /// The answer's body.
    pub body: Vec<u8>,
    /// When the request came first.
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}

// [sample]
/// Who sees a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[cfg_attr(
    feature = "server",
    derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema),
    serde(rename_all = "snake_case")
)]
#[pg_enum("post_status")]
pub enum PostStatus {
    /// Its author.
    Draft,
    /// Everybody.
    Published,
}

/// Something that a user wrote.
#[derive(Clone, Debug, PgTable)]
#[cfg_attr(feature = "server", derive(serde::Serialize, utoipa::ToSchema))]
#[table("posts")]
#[index(on(author_id, created_at, id))]
#[index(on(created_at, id))]
#[index(name = "posts_published_idx", on(created_at, id), filter = "status = 'published'")]
#[check("posts_title_not_empty", "title <> ''")]
#[check("posts_published_at_set", "(status = 'published') = (published_at is not null)")]
pub struct Post {
    /// Made by the database.
    #[column(primary_key, default_random)]
    pub id: Uuid,
    /// Who wrote it. Posts go with their author's account.
    #[column(references(User::id, on_delete = cascade))]
    pub author_id: Uuid,
    /// The headline.
    pub title: String,
    /// The text.
    #[column(default = "")]
    pub body: String,
    /// Who sees it.
    #[column(default = PostStatus::Draft)]
    pub status: PostStatus,
    /// Words to find it by.
    #[column(default = [])]
    pub tags: Vec<String>,
    /// When it was published; none for a draft.
    pub published_at: Option<DateTime<Utc>>,
    /// When the row was made.
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    /// When the row was changed last.
    #[column(default_now)]
    pub updated_at: DateTime<Utc>,
}
// [/sample]
