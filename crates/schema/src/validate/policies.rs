//! Roles and row-level security policies.

use super::Problem;
use crate::model::{Policy, Schema};

/// Everything that is wrong with the roles and policies of `schema`.
pub(super) fn problems(schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in schema.roles.keys() {
        if let Some(why) = reserved(name) {
            let object = format!("role \"{name}\"");
            problems.push(Problem { object, message: format!("its name {why}; rename it") });
        }
    }
    for table in schema.tables.values() {
        let of_table = |policy: &Policy| format!("policy \"{}\" on \"{}\"", policy.name, table.key());
        problems.extend(table.policies.values().flat_map(|policy| check(&of_table(policy), policy)));
    }
    for policy in schema.policies.values() {
        let object = format!("policy \"{}\"", policy.name);
        problems.extend(check(&object, policy));
        if policy.on.is_none() {
            problems.push(Problem { object, message: "it is on no table; name one".to_owned() });
        }
    }
    problems
}

/// Why PostgreSQL makes no role of that name.
fn reserved(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("is empty"),
        "public" | "none" => Some("is a word of PostgreSQL for no single role"),
        name if name.starts_with("pg_") => Some("begins with pg_, which PostgreSQL keeps for its own roles"),
        _ => None,
    }
}

fn check(object: &str, policy: &Policy) -> Vec<Problem> {
    let mut messages = Vec::new();
    let command = policy.command.unwrap_or_default();
    if policy.using.is_some() && !command.has_using() {
        messages.push("it is for INSERT, which reads no row; say WITH CHECK in place of USING".to_owned());
    }
    if policy.with_check.is_some() && !command.has_check() {
        messages.push(format!("it is for {}, which writes no row; say USING in place of WITH CHECK", command.sql()));
    }
    let roles = policy.roles.as_deref().unwrap_or_default();
    if let Some(role) = super::first_repeated(roles) {
        messages.push(format!("it names the role \"{role}\" twice; remove one of the two"));
    }
    if policy.roles.as_ref().is_some_and(Vec::is_empty) {
        messages.push("it is for no role; name one, or \"public\" for everybody".to_owned());
    }
    if roles.len() > 1 && roles.iter().any(|role| role == "public") {
        messages.push("\"public\" is everybody; remove the other roles, or \"public\"".to_owned());
    }
    messages.into_iter().map(|message| Problem { object: object.to_owned(), message }).collect()
}
