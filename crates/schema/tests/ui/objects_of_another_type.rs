use schema::build::Role;
use schema::pg_objects;

#[pg_objects]
fn one() -> Role {
    Role::new("member")
}

fn main() {}
