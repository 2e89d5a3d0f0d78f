use schema::{PgColumns, PgTable};

#[derive(PgColumns)]
struct Group {
    at: i32,
}

#[derive(PgTable)]
#[table("logs")]
#[index(on(group.when))]
struct Log {
    #[column(flatten)]
    group: Group,
}

fn main() {}
