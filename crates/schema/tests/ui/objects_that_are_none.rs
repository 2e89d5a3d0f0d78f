use schema::build::Role;
use schema::pg_objects;

#[pg_objects]
fn argument(name: &str) -> [Role; 1] {
    [Role::new(name)]
}

#[pg_objects]
fn generic<T>() -> [Role; 0] {
    []
}

#[pg_objects]
async fn later() -> [Role; 0] {
    []
}

#[pg_objects]
fn nothing() {}

#[pg_objects("roles")]
fn named() -> [Role; 0] {
    []
}

#[pg_objects]
struct Roles;

fn main() {}
