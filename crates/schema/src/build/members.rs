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
            match map.entry(name(&member).to_owned()) {
                Entry::Occupied(taken) => {
                    self.problems.push(Problem::declared_twice_in(self.object, &self.key, kind, taken.key()));
                }
                Entry::Vacant(free) => {
                    free.insert(member);
                }
            }
        }
    }
}
