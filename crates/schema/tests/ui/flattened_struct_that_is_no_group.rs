use schema::{PgColumns, PgTable};

struct Plain {
    at: i32,
}

#[derive(PgColumns)]
#[index(on(at))]
struct Indexed {
    at: i32,
}

#[derive(PgColumns)]
struct Group {
    at: i32,
}

#[derive(PgTable)]
#[table("events")]
#[index(on(group))]
struct Event {
    #[column(flatten)]
    group: Group,
}

#[derive(PgTable)]
#[table("plain")]
struct Table {
    #[column(flatten)]
    plain: Plain,
}

fn main() {}
