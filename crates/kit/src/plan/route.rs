//! The way of an object from its old name to its new one. `SET SCHEMA` and `RENAME TO` each change
//! one half of a name, and the name between them may be that of another object.

use std::collections::HashSet;

use schema::{Objects, Schema, names};

use super::{Stage, Steps};
use crate::diff::Pair;
use crate::rename::{Kind, Rename};
use crate::step::{Leg, Name, Step};

/// One statement on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    /// To another schema.
    SetSchema {
        /// The name so far.
        from: Name,
        /// The schema.
        to: String,
        /// Which part of the way.
        leg: Leg,
    },
    /// To another bare name.
    Rename {
        /// The name so far.
        from: Name,
        /// The bare name.
        to: String,
        /// Which part of the way.
        leg: Leg,
    },
}

impl Hop {
    /// The name so far.
    fn from(&self) -> &Name {
        match self {
            Hop::SetSchema { from, .. } | Hop::Rename { from, .. } => from,
        }
    }
}

/// Whether something has the name before the migration or after it that no relation, type or collation can have it beside.
pub(super) fn is_taken(schemas: Pair<&Schema>, name: &Name) -> bool {
    let key = &name.key();
    [schemas.previous, schemas.next].into_iter().any(|schema| {
        let Objects { collations, domains, composites, ranges, partitions, .. } = &schema.objects;
        let is_relation = schema.tables.contains_key(key)
            || schema.views.contains_key(key)
            || schema.sequences.contains_key(key)
            || partitions.contains_key(key);
        let is_type = schema.enums.contains_key(key)
            || domains.contains_key(key)
            || composites.contains_key(key)
            || ranges.contains_key(key);
        is_relation || is_type || collations.contains_key(key)
    })
}

/// The way of every renamed object of one kind, each with the name that it gets. What `exists`
/// under a name is in the way, and so is what has yet to leave it or comes by.
pub(super) fn routes(renames: &[Rename], kind: Kind, exists: impl Fn(&Name) -> bool) -> Vec<(&Name, Vec<Hop>)> {
    let of_kind = || renames.iter().filter_map(Rename::moved).filter(|(moved, ..)| *moved == kind);
    let is_taken = |name: &Name| exists(name) || of_kind().any(|(_, from, _)| from == name);
    let goes_to = |name: &Name| of_kind().find(|(_, from, _)| *from == name).map(|(_, _, to)| to);
    let count = of_kind().count();
    // Of the names that go round in a circle, the first that leaves its schema makes room for the others.
    let makes_room = |from: &Name| {
        let way: Vec<&Name> = std::iter::successors(goes_to(from), |name| goes_to(name)).take(count).collect();
        let mut leaving = of_kind().filter(|(_, from, to)| from.schema != to.schema && way.contains(from));
        way.contains(&from) && leaving.next().is_some_and(|(_, first, _)| first == from)
    };
    let mut on_the_way: HashSet<Name> = HashSet::new();
    let mut routes = Vec::new();
    for (_, from, to) in of_kind() {
        let hops = hops(from, to, makes_room(from), |name| is_taken(name) || on_the_way.contains(name));
        on_the_way.extend(hops.iter().skip(1).map(Hop::from).cloned());
        routes.push((to, hops));
    }
    routes
}

/// Adds the hops as steps: those before the first rename at the one stage, the rest at the other.
pub(super) fn add(
    steps: &mut Steps,
    routes: Vec<(&Name, Vec<Hop>)>,
    [moves, renames]: [Stage; 2],
    step: impl Fn(Hop) -> Step,
) {
    for (_, hops) in routes {
        let mut stage = moves;
        for hop in hops {
            if matches!(hop, Hop::Rename { .. }) {
                stage = renames;
            }
            steps.push(stage, step(hop));
        }
    }
}

/// The hops from one name to another: first to the other schema, as drizzle-kit goes; where that
/// name is taken, first to the other bare name; where that is taken too, by a name of its own. So goes
/// what `makes_room` in a circle of names; [`cycles`](super::cycles) parts the circles within a schema.
fn hops(from: &Name, to: &Name, makes_room: bool, is_taken: impl Fn(&Name) -> bool) -> Vec<Hop> {
    let set_schema = |from: &Name, leg| Hop::SetSchema { from: from.clone(), to: to.schema.clone(), leg };
    let rename = |from: &Name, to: &str, leg| Hop::Rename { from: from.clone(), to: to.to_owned(), leg };
    match (from.schema != to.schema, from.name != to.name) {
        (false, false) => Vec::new(),
        (true, false) if !makes_room => vec![set_schema(from, Leg::Whole)],
        (false, true) => vec![rename(from, &to.name, Leg::Whole)],
        (true, _) => {
            let (moved, renamed) = (to.sibling(&from.name), from.sibling(&to.name));
            if !is_taken(&moved) {
                return vec![set_schema(from, Leg::First), rename(&moved, &to.name, Leg::Last)];
            }
            if !is_taken(&renamed) {
                return vec![rename(from, &to.name, Leg::First), set_schema(&renamed, Leg::Last)];
            }
            let passing = passing(&to.name, |name| is_taken(&from.sibling(name)) || is_taken(&to.sibling(name)));
            vec![
                rename(from, &passing, Leg::First),
                set_schema(&from.sibling(&passing), Leg::Middle),
                rename(&to.sibling(&passing), &to.name, Leg::Last),
            ]
        }
    }
}

/// A bare name that is free, for an object on its way to another one.
pub(super) fn passing(to: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let name = |number: usize| {
        let prefix = format!("moving_{number}_");
        let room = names::MAX_BYTES - prefix.len();
        format!("{prefix}{}", &to[..to.floor_char_boundary(room)])
    };
    (1..).map(name).find(|name| !is_taken(name)).expect("a schema holds fewer objects than there are numbers")
}

#[cfg(test)]
mod tests {
    use super::{Hop, hops};
    use crate::step::Name;

    fn route(taken: &[&str]) -> Vec<String> {
        let hops = hops(&Name::new("a", "x"), &Name::new("b", "y"), false, |name| taken.contains(&name.key().as_str()));
        let text = |hop: &Hop| match hop {
            Hop::SetSchema { from, to, .. } => format!("{} to schema {to}", from.key()),
            Hop::Rename { from, to, .. } => format!("{} to {to}", from.key()),
        };
        hops.iter().map(text).collect()
    }

    #[test]
    fn a_name_that_is_taken_on_the_way_is_avoided() {
        assert_eq!(route(&[]), ["a.x to schema b", "b.x to y"]);
        assert_eq!(route(&["b.x"]), ["a.x to y", "a.y to schema b"]);
        assert_eq!(route(&["b.x", "a.y"]), ["a.x to moving_1_y", "a.moving_1_y to schema b", "b.moving_1_y to y"]);
    }
}
