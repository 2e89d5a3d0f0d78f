use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[index(on(sql("lower(email)")), unique)]
struct User {
    email: String,
}

fn main() {}
