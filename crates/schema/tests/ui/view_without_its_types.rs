use schema::PgView;

struct Sql;

struct Money(i64);

#[derive(PgView)]
#[view("query", query = Sql)]
struct Query {
    id: i32,
}

#[derive(PgView)]
#[view("types", query = "select 1 as price")]
struct Types {
    price: Money,
}

fn main() {}
