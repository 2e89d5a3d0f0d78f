use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(identity, default = 1)]
    id: i32,
    count: i32,
    #[column(name = "count")]
    number: i32,
    #[column(primary_key)]
    key: Option<i32>,
    #[column(serial)]
    serial: Option<i32>,
}

fn main() {}
