use schema::{PgEnum, PgTable};

#[derive(PgTable)]
#[table("users")]
struct User(i32);

#[derive(PgTable)]
#[table("roles")]
enum Role {
    Admin,
}

#[derive(PgTable)]
#[table("pages")]
struct Page<T> {
    content: T,
}

#[derive(PgEnum)]
#[pg_enum("mood")]
struct Mood {
    good: bool,
}

fn main() {}
