use schema::PgTable;

struct Plain {
    id: i32,
}

#[derive(PgTable)]
#[table("users")]
struct User {
    #[column(references(Plain::id))]
    plain_id: i32,
    #[column(references(Missing::id))]
    missing_id: i32,
}

fn main() {}
