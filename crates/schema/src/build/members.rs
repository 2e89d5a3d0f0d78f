//! What a table or view holds under unique names.

use indexmap::map::Entry;

use crate::model::Map;
use crate::validate::Problem;

/// Adds members to one table or view and notes each whose name is taken.
pub(super) struct Members<'a> {
    pub(super) object: &'static str,
    pub(super) key: String,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Members<'_> {
    pub(super) fn add<T>(
        &mut self,
        kind: &'static str,
        map: &mut Map<T>,
        members: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> &str,
    ) {
        for member in members {
            self.add_one(kind, map, member, &name);
        }
    }

    /// Adds members that come with what a snapshot has no place for.
    pub(super) fn add_with<T, O: Default + PartialEq>(
        &mut self,
        kind: &'static str,
        (map, beside): (&mut Map<T>, &mut Map<O>),
        members: impl IntoIterator<Item = (T, O)>,
        name: impl Fn(&T) -> &str,
    ) {
        for (member, objects) in members {
            let key = name(&member).to_owned();
            if self.add_one(kind, map, member, &name) && objects != O::default() {
                beside.insert(key, objects);
            }
        }
    }

    /// Adds a member unless its name is taken.
    fn add_one<T>(&mut self, kind: &'static str, map: &mut Map<T>, member: T, name: impl Fn(&T) -> &str) -> bool {
        match map.entry(name(&member).to_owned()) {
            Entry::Occupied(taken) => {
                self.problems.push(Problem::declared_twice_in(self.object, &self.key, kind, taken.key()));
                false
            }
            Entry::Vacant(free) => {
                free.insert(member);
                true
            }
        }
    }
}
