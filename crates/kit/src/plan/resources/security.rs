//! Roles, and the policies that name them.

use schema::names::stored;

use super::Role::{Creates, Destroys, Needs, Releases, UsesFormer};
use super::{Resource, Role, Roles};
use crate::step::{Name, PolicyEnd, PolicyStep, RoleStep};

impl Roles {
    pub(super) fn role(&mut self, step: &RoleStep) {
        match step {
            RoleStep::Create(role) => self.roles(Creates, &[&role.name]),
            RoleStep::Alter { previous: _, next } => self.roles(Needs, &[&next.name]),
            RoleStep::Rename { from, to, leg } => {
                let role = |name: &String| Resource::Role(stored(name).to_owned());
                self.renamed(*leg, role(from), role(to));
            }
            RoleStep::Drop { name } => self.roles(Destroys, &[name]),
        }
    }

    pub(super) fn roles<S: AsRef<str>>(&mut self, role: Role, names: &[S]) {
        for name in names {
            self.add(role, Resource::Role(stored(name.as_ref()).to_owned()));
        }
    }

    pub(super) fn policy(&mut self, step: &PolicyStep) {
        match step {
            PolicyStep::Create { on, policy, replaced: _, needs } => {
                self.on_policy(Creates, &on.name, &policy.name);
                self.roles(Needs, &policy.role_names());
                self.reads(Needs, needs);
            }
            PolicyStep::Alter { on, previous, next, needs, releases } => {
                self.on_policy(Needs, &on.name, &next.name);
                let (old, new) = (previous.role_names(), next.role_names());
                self.roles(Needs, &new);
                self.roles(Releases, &old.into_iter().filter(|role| !new.contains(role)).collect::<Vec<_>>());
                self.reads(Needs, needs);
                self.reads(Releases, releases);
            }
            PolicyStep::Rename { on, from, to, leg } => {
                self.relation(Needs, on.name.clone());
                self.renamed(*leg, policy_of(&on.name, from), policy_of(&on.name, to));
            }
            PolicyStep::Drop { on, early, policy, why, releases } => {
                self.add(Destroys, policy_of(&on.name, &policy.name));
                match (early, why) {
                    (Some(name), _) => self.relation(UsesFormer, name.clone()),
                    (None, PolicyEnd::WithTable) => self.relation(Releases, on.name.clone()),
                    (None, PolicyEnd::Gone | PolicyEnd::Replaced) => self.relation(Needs, on.name.clone()),
                }
                self.roles(Releases, &policy.role_names());
                self.reads(Releases, releases);
            }
        }
    }

    fn on_policy(&mut self, role: Role, table: &Name, policy: &str) {
        self.relation(Needs, table.clone());
        self.add(role, policy_of(table, policy));
    }
}

fn policy_of(table: &Name, policy: &str) -> Resource {
    Resource::Policy(table.clone(), stored(policy).to_owned())
}
