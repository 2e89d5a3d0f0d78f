//! Constraints and indexes that become others in nothing but their name, as all of a table do that are named after it.
//! Nobody is asked: whether one of them is renamed or made anew, nothing is lost. But a rename builds no index and reads
//! no row, for which it is the safer form.

use schema::{Exclusion, Map, PrimaryKey, Schema, Table, TableObjects, names};

use super::{Rename, Resolver, apply};
use crate::diff::{self, Pair, same_foreign_key, same_index};
use crate::step::{Name, Part};

impl Resolver<'_> {
    /// Comes when every expression names what it names as it is called from now on.
    pub(super) fn parts(&mut self) {
        for key in self.kept_tables() {
            let name = Name::of(&self.next.tables[&key]);
            let was = self.renames.iter().find_map(|rename| match rename {
                Rename::Table { from, to } if *to == name => Some(from.clone()),
                _ => None,
            });
            let was = was.unwrap_or_else(|| name.clone());
            // What goes along to another schema keeps its name on the way.
            if was.schema != name.schema {
                continue;
            }
            for (part, from, to) in renamed(Pair { previous: &self.previous, next: self.next }, &key, &was.name) {
                let as_declared = &self.next.tables[&key];
                apply::part(&mut self.previous, as_declared, part, &from, &to);
                self.renames.push(Rename::Part { table: name.clone(), part, from, to });
            }
        }
    }
}

/// What is renamed of a table: its old name and its new one.
fn renamed(schemas: Pair<&Schema>, key: &str, table_then: &str) -> Vec<(Part, String, String)> {
    let none = TableObjects::default();
    let Pair { previous, next } = schemas;
    let [beside_was, beside_is] = [previous, next].map(|schema| schema.objects.tables.get(key).unwrap_or(&none));
    let (was, is) = (&previous.tables[key], &next.tables[key]);
    let mut found = Vec::new();
    found.extend(primary_key(Pair { previous: was, next: is }, [beside_was, beside_is], table_then));
    let mut add = |part, pairs: Vec<(String, String)>| found.extend(pairs.into_iter().map(|(a, b)| (part, a, b)));
    let (of_was, of_is) = (&beside_was.unique_constraints, &beside_is.unique_constraints);
    add(
        Part::Unique,
        pairs(&was.unique_constraints, &is.unique_constraints, |was, is| {
            was.columns == is.columns
                && was.nulls_not_distinct == is.nulls_not_distinct
                && same(of_was, &was.name, of_is, &is.name)
        }),
    );
    let (of_was, of_is) = (&beside_was.check_constraints, &beside_is.check_constraints);
    add(
        Part::Check,
        pairs(&was.check_constraints, &is.check_constraints, |was, is| {
            was.value == is.value && same(of_was, &was.name, of_is, &is.name)
        }),
    );
    let (of_was, of_is) = (&beside_was.foreign_keys, &beside_is.foreign_keys);
    add(
        Part::ForeignKey,
        pairs(&was.foreign_keys, &is.foreign_keys, |was, is| {
            same_foreign_key(was, is) && same(of_was, &was.name, of_is, &is.name)
        }),
    );
    add(
        Part::Exclusion,
        pairs(&beside_was.exclusion_constraints, &beside_is.exclusion_constraints, |was, is| {
            Exclusion { name: is.name.clone(), ..was.clone() } == *is
        }),
    );
    let (of_was, of_is) = (&beside_was.indexes, &beside_is.indexes);
    add(
        Part::Index,
        pairs(&was.indexes, &is.indexes, |was, is| same_index(was, is) && same(of_was, &was.name, of_is, &is.name)),
    );
    found
}

/// The names of what is gone, each with that of the first that is new and the same otherwise.
fn pairs<T>(previous: &Map<T>, next: &Map<T>, is_same: impl Fn(&T, &T) -> bool) -> Vec<(String, String)> {
    let gone = previous.iter().filter(|(name, _)| !next.contains_key(*name));
    let mut new: Vec<(&String, &T)> = next.iter().filter(|(name, _)| !previous.contains_key(*name)).collect();
    let mut pairs = Vec::new();
    for (from, was) in gone {
        if let Some(at) = new.iter().position(|(_, is)| is_same(was, is)) {
            pairs.push((from.clone(), new.remove(at).0.clone()));
        }
    }
    pairs
}

/// Whether the two have the same beside their entries.
fn same<T: PartialEq>(previous: &Map<T>, was: &str, next: &Map<T>, is: &str) -> bool {
    previous.get(was) == next.get(is)
}

/// A primary key whose name is said, or was: one that is implied before and after goes with the name of its table.
/// The two names may be one.
fn primary_key(
    Pair { previous, next }: Pair<&Table>,
    [beside_was, beside_is]: [&TableObjects; 2],
    table_then: &str,
) -> Option<(Part, String, String)> {
    let (was, is) = (diff::primary_key(previous)?, diff::primary_key(next)?);
    let is_same = was.columns == is.columns
        && same(&beside_was.composite_primary_keys, &was.name, &beside_is.composite_primary_keys, &is.name);
    let name = |key: &PrimaryKey, table: &str| match key.name.as_str() {
        "" => names::catalog(table, None, "pkey"),
        name => name.to_owned(),
    };
    (is_same && was.name != is.name).then(|| (Part::PrimaryKey, name(&was, table_then), name(&is, &next.name)))
}
