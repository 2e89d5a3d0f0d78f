use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[index(on(email.down()))]
struct User {
    #[column(default = 1, default_now)]
    count: i32,
    #[column(text, varchar)]
    name: String,
    #[column(varchar(0))]
    empty: String,
    #[column(timestamp(7))]
    at: String,
    #[column(interval(fortnight))]
    span: String,
    #[column(uuid(3))]
    key: String,
    #[column(vector)]
    embedding: String,
    #[column(unique, unique)]
    email: String,
}

fn main() {}
