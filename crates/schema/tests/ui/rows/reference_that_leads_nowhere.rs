use schema::PgTable;

struct Plain {
    id: i32,
}

#[derive(PgTable)]
#[table("teams")]
struct Team {
    #[column(primary_key)]
    id: i32,
    slug: String,
}

#[derive(PgTable)]
#[table("users")]
#[foreign_key(on(team_id, name), references(Team::id, Team::name))]
struct User {
    #[column(references(Team::key))]
    team_id: i32,
    #[column(references(Team::slug))]
    other_id: i32,
    #[column(references(Plain::id))]
    plain_id: i32,
    #[column(references(Missing::id))]
    missing_id: i32,
    name: String,
}

fn main() {}
