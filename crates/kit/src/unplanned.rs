//! The differences that there are no steps for yet: roles and policies. A caller must refuse
//! them by name; leaving them out in silence would leave the database behind the snapshot.

use schema::{Map, Schema};

/// The objects that differ and that [`plan`](crate::plan::plan) does not look at, as a person names
/// them, in the order of their kinds.
pub fn unplanned(previous: &Schema, next: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    differing("role", &previous.roles, &next.roles, &mut found);
    differing("policy", &previous.policies, &next.policies, &mut found);
    let none = Map::new();
    for key in previous.tables.keys().chain(next.tables.keys().filter(|key| !previous.tables.contains_key(*key))) {
        let policies = |schema: &Schema| schema.tables.get(key).map_or_else(|| none.clone(), |t| t.policies.clone());
        let mut names = Vec::new();
        differing("policy", &policies(previous), &policies(next), &mut names);
        // The policies of a table go with it.
        if next.tables.contains_key(key) {
            found.extend(names.into_iter().map(|name| format!("{name} on \"{key}\"")));
        }
    }
    found
}

fn differing<T: PartialEq>(kind: &str, previous: &Map<T>, next: &Map<T>, found: &mut Vec<String>) {
    let changed = previous.iter().filter(|(key, object)| next.get(*key) != Some(object)).map(|(key, _)| key);
    let created = next.keys().filter(|key| !previous.contains_key(*key));
    found.extend(changed.chain(created).map(|key| format!("{kind} \"{key}\"")));
}

#[cfg(test)]
mod tests {
    use schema::Role;

    use super::*;

    fn with_role(inherit: bool) -> Schema {
        let role = Role { name: "app".to_owned(), create_db: false, create_role: false, inherit };
        Schema { roles: Map::from_iter([("app".to_owned(), role)]), ..Schema::default() }
    }

    #[test]
    fn what_is_new_gone_or_changed_is_named_once() {
        let (one, other, none) = (with_role(true), with_role(false), Schema::default());
        assert_eq!(unplanned(&none, &one), ["role \"app\""]);
        assert_eq!(unplanned(&one, &none), ["role \"app\""]);
        assert_eq!(unplanned(&one, &other), ["role \"app\""]);
        assert_eq!(unplanned(&one, &one), [""; 0]);
    }
}
