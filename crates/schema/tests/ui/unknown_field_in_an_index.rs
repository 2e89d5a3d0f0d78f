use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[index(on(name, emial.desc()))]
#[unique(on(team))]
#[primary_key(id, tenant)]
struct User {
    id: i32,
    name: String,
    email: String,
}

fn main() {}
