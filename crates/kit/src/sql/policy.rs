use schema::Policy;
use schema::quote::{ident, ident_unless_plain};

use crate::step::{PolicyStep, PolicyTable};

pub(super) fn statement(step: &PolicyStep) -> String {
    match step {
        PolicyStep::Create { on, policy, replaced: _, needs: _ } => create(on, policy),
        PolicyStep::Alter { on, previous: _, next, needs: _, releases: _ } => {
            format!(
                "ALTER POLICY {} ON {on} TO {}{};",
                ident(&next.name),
                roles(next, |role| ident_unless_plain(role).into_owned()),
                conditions(next)
            )
        }
        PolicyStep::Rename { on, from, to, leg: _ } => {
            format!("ALTER POLICY {} ON {on} RENAME TO {};", ident(from), ident(to))
        }
        PolicyStep::Drop { on, early, policy, why: _, releases: _ } => {
            let name = early.as_ref().unwrap_or(&on.name).clone();
            format!("DROP POLICY {} ON {} CASCADE;", ident(&policy.name), PolicyTable { name, ..*on })
        }
    }
}

fn create(on: &PolicyTable, policy: &Policy) -> String {
    let (kind, command) = (policy.kind.unwrap_or_default().sql(), policy.command.unwrap_or_default().sql());
    let (name, roles, conditions) = (ident(&policy.name), roles(policy, ident), conditions(policy));
    format!("CREATE POLICY {name} ON {on} AS {kind} FOR {command} TO {roles}{conditions};")
}

/// The roles, but for PostgreSQL's own words each an identifier. drizzle-kit quotes one where it creates a policy, and
/// none where it alters one.
fn roles(policy: &Policy, ident: impl Fn(&str) -> String) -> String {
    let role = |name: &str| match name {
        "public" | "current_role" | "current_user" | "session_user" => name.to_owned(),
        name => ident(name),
    };
    policy.role_names().into_iter().map(role).collect::<Vec<_>>().join(", ")
}

fn conditions(policy: &Policy) -> String {
    let using = policy.using.as_ref().map(|condition| format!(" USING ({condition})"));
    let check = policy.with_check.as_ref().map(|condition| format!(" WITH CHECK ({condition})"));
    using.into_iter().chain(check).collect()
}
