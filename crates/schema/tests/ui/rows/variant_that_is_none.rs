use schema::{PgEnum, PgTable};

#[derive(PgEnum)]
#[pg_enum("user_role")]
enum Role {
    Member,
}

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(default = Role::Membr)]
    role: Role,
}

fn main() {}
