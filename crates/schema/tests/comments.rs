//! Doc comments that are comments of the database too.
#![cfg(feature = "derive")]
#![allow(clippy::unwrap_used, dead_code)]

use schema::{PgColumns, PgEnum, PgTable, PgView};

/// How a person feels.
#[derive(PgEnum)]
#[pg_enum("mood", schema = "app", comments)]
enum Mood {
    /// A label has no comment.
    Good,
}

/// Not the type's: it does not say `comments`.
#[derive(PgEnum)]
#[pg_enum("kind")]
enum Kind {
    Plain,
}

/// Of no table.
#[derive(PgColumns)]
struct Timestamps {
    /// When the row was made.
    created_at: i64,
}

/// A person with an account.
///
/// It's kept for good.
#[derive(PgTable)]
#[table("users", schema = "app", comments)]
struct User {
    /// The number on the badge.
    #[column(name = "number", primary_key)]
    id: i32,
    mood: Mood,
    /// A group has no comment.
    #[column(flatten)]
    timestamps: Timestamps,
}

/// Not the table's.
#[derive(PgTable)]
#[table("notes")]
struct Note {
    /// Not the column's.
    #[column(primary_key)]
    id: i32,
    #[column(flatten)]
    timestamps: Timestamps,
}

/// Who is here.
#[derive(PgView)]
#[view("present", query = "select number, created_at from app.users", comments)]
struct Present {
    /// The number on the badge.
    number: Option<i32>,
    #[column(flatten)]
    timestamps: Timestamps,
}

#[test]
fn they_are_comments_where_the_declaration_says_so() {
    let objects = schema::declared().unwrap().objects;
    let comments: String =
        objects.comments.iter().map(|(key, comment)| format!("{key}: {:?}\n", comment.text)).collect();
    expect_test::expect![[r#"
        column app.users.created_at: "When the row was made."
        column app.users.number: "The number on the badge."
        column public.present.created_at: "When the row was made."
        column public.present.number: "The number on the badge."
        table app.users: "A person with an account.\n\nIt's kept for good."
        type app.mood: "How a person feels."
        view public.present: "Who is here."
    "#]]
    .assert_eq(&comments);
}
