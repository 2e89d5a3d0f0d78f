use schema::{PgEnum, PgTable};

#[derive(PgEnum)]
#[pg_enum("user_role")]
enum Role {
    Member,
}

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(default = "many")]
    count: i32,
    #[column(default = "member")]
    role: Role,
    #[column(default = 3)]
    name: Option<String>,
}

fn main() {
    let _ = Role::Member;
}
