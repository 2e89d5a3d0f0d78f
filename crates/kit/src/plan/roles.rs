use std::collections::HashSet;

use schema::{Role, Schema};

use super::{Stage, Steps};
use crate::diff::{self, Matched};
use crate::rename::Rename;
use crate::step::{Leg, RoleStep, Step};

/// Roles: made before what names them, dropped after it.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, renames: &[Rename]) {
    let roles = Matched::new(&previous.roles, &next.roles);
    for rename in renames {
        if let Rename::Role { from, to } = rename {
            let step = RoleStep::Rename { from: from.clone(), to: to.clone(), leg: Leg::Whole };
            steps.push(Stage::RenameRole, Step::Role(step));
        }
    }
    // A role that a policy names is there, whoever declares it.
    let named: HashSet<&str> = diff::policies(next).flat_map(|placed| placed.policy.role_names()).collect();
    for dropped in roles.dropped.iter().filter(|role| !named.contains(role.name.as_str())) {
        steps.push(Stage::DropRole, Step::Role(RoleStep::Drop { name: dropped.name.clone() }));
    }
    for created in &roles.created {
        steps.push(Stage::CreateRole, Step::Role(RoleStep::Create((*created).clone())));
    }
    for pair in roles.changed(Role::eq) {
        let step = RoleStep::Alter { previous: pair.previous.clone(), next: pair.next.clone() };
        steps.push(Stage::AlterRole, Step::Role(step));
    }
}
