use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(serial)]
    id: String,
    #[column(varchar(10))]
    age: Option<i32>,
    #[column(bigint)]
    count: i32,
}

fn main() {}
