//! What can be renamed to what: the names of one kind of object, before and after.

use indexmap::IndexSet;
use schema::Map;

/// The names of one kind of object, before and after.
pub(super) struct Sides {
    pub(super) gone: IndexSet<String>,
    pub(super) new: IndexSet<String>,
    kept: IndexSet<String>,
    /// Whether arguments stand behind the names, which an answer may leave out and a rename keeps.
    has_arguments: bool,
}

impl Sides {
    pub(super) fn of<T>(previous: &Map<T>, next: &Map<T>) -> Self {
        let (kept, gone) = previous.keys().cloned().partition(|key| next.contains_key(key));
        let new = next.keys().filter(|key| !previous.contains_key(*key)).cloned().collect();
        Sides { gone, new, kept, has_arguments: false }
    }

    /// Those of functions, by their keys.
    pub(super) fn of_functions(previous: &IndexSet<&String>, next: &IndexSet<&String>) -> Self {
        let owned = |keys: &mut dyn Iterator<Item = &&String>| keys.map(|key| (*key).clone()).collect();
        Sides {
            gone: owned(&mut previous.difference(next)),
            new: owned(&mut next.difference(previous)),
            kept: owned(&mut previous.intersection(next)),
            has_arguments: true,
        }
    }

    /// The names as paths behind that of their table.
    pub(super) fn behind(self, table: &str) -> Self {
        let paths = |names: IndexSet<String>| names.into_iter().map(|name| format!("{table}.{name}")).collect();
        let Sides { gone, new, kept, has_arguments } = self;
        Sides { gone: paths(gone), new: paths(new), kept: paths(kept), has_arguments }
    }

    /// What an answer with these names renames.
    pub(super) fn pairs(&self, from: &str, to: &str) -> Vec<(String, String)> {
        let is_there = |set: &IndexSet<String>, name: &str| set.contains(name) || self.kept.contains(name);
        if !self.has_arguments {
            let is_pair = is_there(&self.gone, from) && is_there(&self.new, to);
            return is_pair.then(|| (from.to_owned(), to.to_owned())).into_iter().collect();
        }
        let named = |set: &IndexSet<String>, name: &str| -> Vec<String> {
            set.iter().chain(&self.kept).filter(|key| is_called(name, key)).cloned().collect()
        };
        let (was, is) = (named(&self.gone, from), named(&self.new, to));
        let pairs = was.iter().flat_map(|was| is.iter().map(move |is| (was.clone(), is.clone())));
        pairs.filter(|(was, is)| self.can_be(was, is)).collect()
    }

    /// Whether what has the name so far goes, for something else to take it.
    pub(super) fn gives_way(&self, from: &str, to: &str) -> bool {
        self.gone.contains(from) && self.kept.contains(to)
    }

    /// Whether a rename can make the one of the other.
    pub(super) fn can_be(&self, from: &str, to: &str) -> bool {
        !self.has_arguments || arguments(from) == arguments(to)
    }

    /// Whether an answer with that name means the object.
    pub(super) fn means(&self, name: &str, key: &str) -> bool {
        name == key || (self.has_arguments && is_called(name, key))
    }

    /// The name as an answer writes it: without the arguments where it is no other function's too.
    pub(super) fn written(&self, key: &str) -> String {
        let Some(name) = key.strip_suffix(arguments(key)).filter(|_| self.has_arguments) else { return key.to_owned() };
        let all = self.gone.iter().chain(&self.new).chain(&self.kept);
        if all.filter(|other| is_called(name, other)).count() == 1 { name.to_owned() } else { key.to_owned() }
    }
}

/// Whether a function goes by that name, with its arguments or without.
pub(super) fn is_called(name: &str, key: &str) -> bool {
    name == key || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('(') && rest == arguments(key))
}

/// The arguments in the key of a function, with their parentheses.
fn arguments(key: &str) -> &str {
    // A name may have a parenthesis too; but what ends a key has as many of the one kind as of the other.
    let mut depth = 0;
    let start = key.char_indices().rev().find(|(_, c)| {
        depth += match c {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    start.map_or("", |(at, _)| &key[at..])
}
