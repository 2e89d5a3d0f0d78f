use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[foreign_key(on(a, b), references(User::id))]
#[foreign_key(on(a))]
struct User {
    #[column(primary_key)]
    id: i32,
    #[column(references(id))]
    a: i32,
    #[column(references())]
    b: i32,
}

fn main() {}
