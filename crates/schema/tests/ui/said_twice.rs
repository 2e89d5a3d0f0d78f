use schema::{PgColumns, PgEnum, PgTable};

#[derive(PgColumns)]
#[table(schema = "auth", new(derive(Debug)))]
struct InSchema {
    a: i32,
}

#[derive(PgColumns)]
#[table(rls)]
struct Secured {
    a: i32,
}

#[derive(PgColumns)]
#[table(comments)]
struct Commented {
    a: i32,
}

#[derive(PgTable)]
#[table("users")]
#[index(on(name), filter = "id > 0", where = "id > 1")]
#[index(on(name.op("a").op("b")))]
#[index(on(name.asc().desc()))]
#[index(on(name.nulls_last().nulls_last()))]
struct User {
    #[column(identity(always, by_default))]
    id: i32,
    name: String,
}

#[derive(PgTable)]
#[table("teams", schema = "app")]
#[table(schema = "auth")]
struct Team {
    #[column(primary_key)]
    id: i32,
}

#[derive(PgEnum)]
#[pg_enum("role")]
#[pg_enum("user_role")]
enum Role {
    Member,
}

#[derive(PgEnum)]
#[pg_enum("mood")]
enum Mood {
    #[value("calm")]
    #[value("serene")]
    Calm,
}

fn main() {}
