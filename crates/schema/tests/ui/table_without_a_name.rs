use schema::PgTable;

#[derive(PgTable)]
struct User {
    id: i32,
}

fn main() {}
