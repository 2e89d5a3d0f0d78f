//! Names that objects have here alone: on their way to another one, or to their end. PostgreSQL allows no NUL in a name.

use schema::{Column, Map};

use crate::step::Name;

pub(super) fn in_passing(name: &String) -> String {
    format!("\0{name}")
}

pub(super) fn sibling_in_passing(name: &Name) -> Name {
    name.sibling(&in_passing(&name.name))
}

/// The name by which PostgreSQL knows the column that made way for another, and goes.
pub(crate) fn before_leaving(column: &str) -> Option<&str> {
    column.strip_prefix('\0')
}

/// Lets the columns whose names others take step aside, to be dropped: so ends a change by way of a second column.
pub(super) fn make_way(pairs: &mut Vec<(String, String)>, previous: &Map<Column>) {
    let is_left = |name: &String| pairs.iter().any(|(from, _)| from == name);
    let taken = pairs.iter().map(|(_, to)| to).filter(|to| previous.contains_key(*to) && !is_left(to));
    let leaving: Vec<_> = taken.map(|name| (name.clone(), in_passing(name))).collect();
    pairs.extend(leaving);
}
