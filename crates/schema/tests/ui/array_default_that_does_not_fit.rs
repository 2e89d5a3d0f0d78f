use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(default = [1, 2])]
    tags: Vec<String>,
}

fn main() {}
