use schema::PgEnum;

#[derive(PgEnum)]
enum Unnamed {
    A,
}

#[derive(PgEnum)]
#[pg_enum("shape")]
enum Shape {
    Circle(f64),
}

#[derive(PgEnum)]
#[pg_enum("twice", rename_all = "lowercase")]
enum Twice {
    Ab,
    AB,
}

#[derive(PgEnum)]
#[pg_enum("case", rename_all = "snake")]
enum Case {
    A,
}

fn main() {}
