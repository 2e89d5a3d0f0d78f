use schema::PgTable;

struct Money(i64);

#[derive(PgTable)]
#[table("accounts")]
struct Account {
    balance: Money,
    owner: usize,
}

fn main() {}
