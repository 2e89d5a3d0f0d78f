use schema::PgTable;

#[derive(PgTable)]
#[table("members")]
struct Member {
    #[column(primary_key)]
    user_id: i32,
    #[column(primary_key)]
    team_id: i32,
}

fn main() {}
