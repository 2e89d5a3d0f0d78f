//! Row-level security policies, each asked about among those of its table.

use indexmap::IndexSet;
use schema::{Map, Policy, Schema};

use super::{Kind, Rename, Resolver, apply, in_passing, in_turn};
use crate::step::Name;

impl Resolver<'_> {
    pub(super) fn policies(&mut self) {
        for key in self.kept_tables() {
            let (table, next) = (&self.previous.tables[&key], &self.next.tables[&key]);
            let name = Name::of(table);
            let Some(sides) = self.sides_in(&key, &table.policies, &next.policies) else { continue };
            let pairs = self.settle_in(Kind::Policy, &key, sides);
            for (from, to) in in_turn(&pairs, in_passing) {
                apply::policy(&mut self.previous, &name, &from, &to);
            }
            let renames = pairs.into_iter().map(|(from, to)| Rename::Policy { table: name.clone(), from, to });
            self.renames.extend(renames);
        }
    }

    /// Policies on tables that are declared elsewhere, asked by the text that names the table. An answer may name it
    /// without quotes, like any other table.
    pub(super) fn linked_policies(&mut self) {
        let tables: IndexSet<String> = self.previous.policies.values().filter_map(|policy| policy.on.clone()).collect();
        for on in tables {
            let of_table = |schema: &Schema| -> Map<Policy> {
                let policies = schema.policies.iter().filter(|(_, policy)| policy.on.as_ref() == Some(&on));
                policies.map(|(name, policy)| (name.clone(), policy.clone())).collect()
            };
            let (previous, next) = (of_table(&self.previous), of_table(self.next));
            let Some((schema, table)) = previous.values().find_map(Policy::linked_table) else { continue };
            let key = schema::key(&schema, &table);
            let path = if self.names_part_of(&key) { key } else { on.clone() };
            let Some(sides) = self.sides_in(&path, &previous, &next) else { continue };
            let pairs = self.settle_in(Kind::Policy, &path, sides);
            let name = Name::new(&schema, &table);
            for (from, to) in in_turn(&pairs, in_passing) {
                apply::linked_policy(&mut self.previous, &name, &from, &to);
            }
            let renames = pairs.into_iter().map(|(from, to)| Rename::Policy { table: name.clone(), from, to });
            self.renames.extend(renames);
        }
    }
}
