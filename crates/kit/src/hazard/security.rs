//! Roles and policies: who may do less, or see more, than before.

use schema::{Policy, PolicyKind};

use super::Finder;
use super::HazardKind::{Breaks, MayFail};
use crate::diff::same_policy;
use crate::step::{PolicyEnd, PolicyStep, PolicyTable, RoleStep};

impl Finder<'_> {
    pub(super) fn role(&mut self, step: &RoleStep) {
        match step {
            RoleStep::Create(role) => {
                let why = "roles belong to all databases of the server, and another one may have made it";
                self.add(MayFail, format!("role \"{}\" fails if it exists; {why}", role.name));
            }
            RoleStep::Alter { previous, next } => {
                let rights = [
                    (previous.create_db && !next.create_db, "may create databases"),
                    (previous.create_role && !next.create_role, "may create roles"),
                    (previous.inherit && !next.inherit, "has the rights of the roles that it is a member of"),
                ];
                for (_, right) in rights.iter().filter(|(is_lost, _)| *is_lost) {
                    self.add(Breaks, format!("role \"{}\" no longer {right}", next.name));
                }
            }
            RoleStep::Rename { from, to, leg: _ } => {
                let password = "if its password is kept as MD5, that is gone too";
                self.add(Breaks, format!("role \"{from}\" is called \"{to}\" from here on; {password}"));
            }
            RoleStep::Drop { name } => {
                let why = "it fails while the role owns or may do something, in any database of the server";
                self.add(MayFail, format!("role \"{name}\" is dropped; {why}"));
                self.add(Breaks, format!("nobody can log in as \"{name}\" or act as it from here on"));
            }
        }
    }

    pub(super) fn policy(&mut self, step: &PolicyStep) {
        match step {
            PolicyStep::Create { on, policy, replaced: None, needs: _ } => {
                let is_restrictive = policy.kind == Some(PolicyKind::Restrictive);
                if is_restrictive && !self.new_tables.contains(&on.name) {
                    let name = &policy.name;
                    self.add(Breaks, format!("policy \"{name}\" hides rows of {on} that other policies allow"));
                }
            }
            PolicyStep::Create { on, policy, replaced: Some(previous), needs: _ } => {
                self.other_rows(on, previous, policy);
            }
            PolicyStep::Alter { on, previous, next, needs: _, releases: _ } => self.other_rows(on, previous, next),
            PolicyStep::Drop { on, policy, why: PolicyEnd::Gone, early: _, releases: _ }
                if !self.open_tables.contains(&on.name) =>
            {
                let name = &policy.name;
                self.add(
                    Breaks,
                    match policy.kind.unwrap_or_default() {
                        PolicyKind::Permissive => {
                            format!(
                                "the rows of {on} that only policy \"{name}\" allowed are out of reach from here on"
                            )
                        }
                        PolicyKind::Restrictive => {
                            format!("the rows of {on} that only policy \"{name}\" hid are open from here on")
                        }
                    },
                );
            }
            PolicyStep::Drop { .. } | PolicyStep::Rename { .. } => {}
        }
    }

    /// A policy that is made anew because of something that it mentions allows what it allowed.
    fn other_rows(&mut self, on: &PolicyTable, previous: &Policy, next: &Policy) {
        if !same_policy(previous, next) && !self.open_tables.contains(&on.name) {
            self.add(Breaks, format!("policy \"{}\" on {on} allows other rows from here on", next.name));
        }
    }
}
