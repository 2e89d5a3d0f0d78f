use schema::PgTable;

#[derive(PgTable)]
#[table("users")]
#[index(on(name), include())]
#[index(on(name), nulls_not_distinct)]
#[unique(on(name), defferable)]
#[primary_key(on(id), include(tenant), match_full)]
#[check("positive", "id > 0", inherit)]
#[foreign_key(on(id), references(User::id), match_ful)]
struct User {
    #[column(references(User::id, initially_defered))]
    id: i32,
    #[column(unique(include(id)))]
    name: String,
}

fn main() {}
