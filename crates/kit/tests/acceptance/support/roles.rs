//! Roles belong to the server, on which other tests run and perhaps a developer's databases live.
//! So each database of a test has roles of its own, told by a prefix.

use kit::rename::{Answer, Kind};
use schema::Schema;
use schema::quote::ident;

use super::case::Case;

/// The prefix as SQL; `clear.sql` and the catalog look for it. It takes 14 of a name's 63 bytes.
pub(super) const PREFIX: &str = "SELECT 'test_' || left(md5(current_database()), 8) || '_'";

impl Case {
    /// The same case with the prefix before the name of every role.
    pub(super) fn with_roles_of(&self, prefix: &str) -> Case {
        let mut case = Case {
            is_one_way: self.is_one_way,
            is_safer: self.is_safer,
            previous: self.previous.clone(),
            next: self.next.clone(),
            ..Case::default()
        };
        rename_roles(&mut case.previous, prefix);
        rename_roles(&mut case.next, prefix);
        let (was, is) = (&self.previous, &self.next);
        let prefixed = |answer: &Answer| match answer {
            Answer::Rename { kind: None | Some(Kind::Role), from, to }
                if was.roles.contains_key(from) && is.roles.contains_key(to) =>
            {
                Answer::Rename { kind: Some(Kind::Role), from: format!("{prefix}{from}"), to: format!("{prefix}{to}") }
            }
            other => other.clone(),
        };
        case.answers.extend(self.answers.iter().map(prefixed));
        let created = |sql: &String| match sql.strip_prefix("CREATE ROLE \"").and_then(|rest| rest.strip_suffix('"')) {
            Some(name) => format!("CREATE ROLE {}", ident(&format!("{prefix}{name}"))),
            None => sql.clone(),
        };
        case.precondition.extend(self.precondition.iter().map(created));
        case
    }
}

fn rename_roles(schema: &mut Schema, prefix: &str) {
    schema.roles = std::mem::take(&mut schema.roles)
        .into_values()
        .map(|mut role| {
            role.name.insert_str(0, prefix);
            (role.name.clone(), role)
        })
        .collect();
    let of_tables = schema.tables.values_mut().flat_map(|table| table.policies.values_mut());
    let policies = of_tables.chain(schema.policies.values_mut());
    for role in policies.flat_map(|policy| policy.roles.iter_mut().flatten()) {
        if !["public", "current_role", "current_user", "session_user"].contains(&role.as_str()) {
            role.insert_str(0, prefix);
        }
    }
}
