//! Row-level security policies, each asked about among those of its table.

use indexmap::IndexSet;
use schema::{Map, Policy, Schema};

use super::{Kind, Rename, Resolver, apply, unmatched};
use crate::step::Name;

impl Resolver<'_> {
    pub(super) fn policies(&mut self) {
        let keys: Vec<String> =
            self.previous.tables.keys().filter(|key| self.next.tables.contains_key(*key)).cloned().collect();
        for key in keys {
            let table = &self.previous.tables[&key];
            let name = Name::of(table);
            let names = unmatched(&table.policies, &self.next.tables[&key].policies);
            for (from, to) in self.settle_in(Kind::Policy, &key, names) {
                let policies = self.previous.tables.get_mut(&key).map(|table| &mut table.policies);
                apply::policy(policies, &from, &to);
                self.renames.push(Rename::Policy { table: name.clone(), from, to });
            }
        }
    }

    /// Policies on tables that are declared elsewhere, asked by the text that names the table.
    pub(super) fn linked_policies(&mut self) {
        let tables: IndexSet<String> = self.previous.policies.values().filter_map(|policy| policy.on.clone()).collect();
        for on in tables {
            let of_table = |schema: &Schema| -> Map<Policy> {
                let policies = schema.policies.iter().filter(|(_, policy)| policy.on.as_ref() == Some(&on));
                policies.map(|(name, policy)| (name.clone(), policy.clone())).collect()
            };
            let (previous, next) = (of_table(&self.previous), of_table(self.next));
            let Some((schema, table)) = previous.values().find_map(Policy::linked_table) else { continue };
            for (from, to) in self.settle_in(Kind::Policy, &on, unmatched(&previous, &next)) {
                apply::policy(Some(&mut self.previous.policies), &from, &to);
                self.renames.push(Rename::Policy { table: Name::new(&schema, &table), from, to });
            }
        }
    }
}
