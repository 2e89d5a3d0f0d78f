// What schema.ts declares: drizzle-kit must see the same schema in both. They are twins of each other alone, so that a
// clone of this workspace keeps its tables without TypeScript.
use chrono::{DateTime, Utc};

#[derive(PgEnum)]
#[pg_enum("user_role")]
pub enum UserRole {
    Member,
    Admin,
}

#[derive(PgTable)]
#[table("users")]
#[index(name = "users_email_lower_idx", on(sql("lower(email)")), unique)]
#[index(on(created_at, id))]
#[check("users_email_form", "email like '_%@_%'")]
#[check("users_name_length", "char_length(name) between 1 and 100")]
pub struct User {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    #[column(varchar(254))]
    pub email: String,
    pub name: Option<String>,
    #[column(default = UserRole::Member)]
    pub role: UserRole,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    #[column(default_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(PgTable)]
#[table("api_tokens")]
#[index(on(user_id))]
pub struct ApiToken {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    #[column(references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    pub name: String,
    #[column(unique)]
    pub hash: Vec<u8>,
    pub expires_at: Option<DateTime<Utc>>,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}

// The second migration begins here.
#[derive(PgTable)]
#[table("passwords")]
pub struct Password {
    #[column(primary_key, references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    pub hash: String,
    #[column(default_now)]
    pub changed_at: DateTime<Utc>,
}

#[derive(PgTable)]
#[table("idempotency_keys")]
#[primary_key(user_id, key)]
#[index(on(created_at))]
pub struct IdempotencyKey {
    #[column(references(User::id, on_delete = cascade))]
    pub user_id: Uuid,
    pub key: String,
    pub fingerprint: Vec<u8>,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub body: Vec<u8>,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}

#[derive(PgEnum)]
#[pg_enum("post_status")]
pub enum PostStatus {
    Draft,
    Published,
}

#[derive(PgTable)]
#[table("posts")]
#[index(on(author_id, created_at, id))]
#[index(on(created_at, id))]
#[index(name = "posts_published_idx", on(created_at, id), filter = "status = 'published'")]
#[check("posts_title_not_empty", "title <> ''")]
#[check("posts_published_at_set", "(status = 'published') = (published_at is not null)")]
pub struct Post {
    #[column(primary_key, default_random)]
    pub id: Uuid,
    #[column(references(User::id, on_delete = cascade))]
    pub author_id: Uuid,
    pub title: String,
    #[column(default = "")]
    pub body: String,
    #[column(default = PostStatus::Draft)]
    pub status: PostStatus,
    #[column(default = [])]
    pub tags: Vec<String>,
    pub published_at: Option<DateTime<Utc>>,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    #[column(default_now)]
    pub updated_at: DateTime<Utc>,
}
