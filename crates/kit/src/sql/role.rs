use schema::Role;
use schema::quote::ident;

use crate::step::RoleStep;

pub(super) fn statement(step: &RoleStep) -> String {
    match step {
        RoleStep::Create(role) => create(role),
        RoleStep::Alter { previous: _, next } => alter(next),
        RoleStep::Rename { from, to, leg: _ } => format!("ALTER ROLE {} RENAME TO {};", ident(from), ident(to)),
        RoleStep::Drop { name } => format!("DROP ROLE {};", ident(name)),
    }
}

/// Says what is not PostgreSQL's default.
fn create(role: &Role) -> String {
    let Role { name, create_db, create_role, inherit } = role;
    let options = [(*create_db, " CREATEDB"), (*create_role, " CREATEROLE"), (!inherit, " NOINHERIT")];
    let options: String = options.iter().filter(|(is_said, _)| *is_said).map(|(_, option)| *option).collect();
    let with = if options.is_empty() { "" } else { " WITH" };
    format!("CREATE ROLE {}{with}{options};", ident(name))
}

/// Says everything, as drizzle-kit does.
fn alter(role: &Role) -> String {
    let Role { name, create_db, create_role, inherit } = role;
    let create_db = if *create_db { "CREATEDB" } else { "NOCREATEDB" };
    let create_role = if *create_role { "CREATEROLE" } else { "NOCREATEROLE" };
    let inherit = if *inherit { "INHERIT" } else { "NOINHERIT" };
    format!("ALTER ROLE {} WITH {create_db} {create_role} {inherit};", ident(name))
}
