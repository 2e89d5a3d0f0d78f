//! Values of enums. Nobody is asked, as drizzle-kit asks nobody: a value that goes while another one comes is mostly no
//! rename, and rows that have it make a migration fail that takes it for gone.

use schema::{Enum, Map, Schema};

use super::sides::Sides;
use super::{Kind, Rename, Resolver, apply};
use crate::step::Name;

impl Resolver<'_> {
    /// Comes when the enums have their new names.
    pub(super) fn values(&mut self) {
        let kept = self.previous.enums.keys().filter(|key| self.next.enums.contains_key(*key));
        let named: Vec<String> = kept.filter(|key| self.names_part_of(key)).cloned().collect();
        for key in named {
            let (was, is) = (&self.previous.enums[&key], &self.next.enums[&key]);
            let (of, sides) = (Name::of_enum(is), Sides::of(&values(was), &values(is)).behind(&key));
            for (at, from, to) in self.renamed(Kind::Value, &sides) {
                // What takes the name of a value that stays so long would need a name in passing.
                if !sides.gone.contains(&from) || !sides.new.contains(&to) {
                    continue;
                }
                self.used[at] = true;
                let [from, to] = [from, to].map(|path| path[key.len() + 1..].to_owned());
                apply::value(&mut self.previous, &of, &from, &to);
                self.renames.push(Rename::Value { of: of.clone(), from, to });
            }
        }
    }
}

fn values(of: &Enum) -> Map<()> {
    of.values.iter().map(|value| (value.clone(), ())).collect()
}

/// Whether there is a value of the path `schema.enum.value`.
pub(super) fn has(schema: &Schema, path: &str) -> bool {
    let mut enums = schema.enums.iter();
    enums.any(|(key, of)| {
        let value = path.strip_prefix(key.as_str()).and_then(|rest| rest.strip_prefix('.'));
        value.is_some_and(|value| of.values.iter().any(|other| other == value))
    })
}
