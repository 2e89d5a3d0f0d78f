use schema::PgTable;

#[derive(PgTable)]
#[table("users", shema = "auth")]
#[index(on(name), metod = gin)]
struct User {
    #[column(primery_key)]
    id: i32,
    #[column(varchr(255))]
    name: String,
    #[column(frobnicate)]
    email: String,
    #[column(references(User::id, on_delete = cascad))]
    parent_id: Option<i32>,
}

fn main() {}
