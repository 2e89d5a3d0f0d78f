use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[index(on(name, emial.desc()))]
#[unique(on(team))]
#[primary_key(id, tenant)]
#[index(on(name), include(emial))]
#[unique(on(name), include(team))]
struct User {
    id: i32,
    name: String,
    email: String,
}

fn main() {}
