//! What the conditions of a policy stand on. PostgreSQL neither drops nor retypes what a policy
//! names, and `CASCADE` takes the policy along.

use std::collections::{BTreeSet, HashMap};

use schema::mentions::Mentions;
use schema::{Policy, Schema, Table};

use crate::plan::OldNames;
use crate::plan::casts::enum_of;
use crate::rename::Kind;
use crate::step::{Name, Reads};

/// The objects of a schema by the bare names that its conditions have for them. A name that could
/// mean several objects means all of them.
pub(in crate::plan) struct Scope<'a> {
    schema: &'a Schema,
    old: OldNames<'a>,
    tables: ByName,
    views: ByName,
    enums: ByName,
}

/// The names that objects have now, and those in which conditions are written, by the latter without their schema.
type ByName = HashMap<String, Vec<(Name, Name)>>;

impl<'a> Scope<'a> {
    /// The objects of `schema`, whose conditions were written before the renames of `old`.
    pub(in crate::plan) fn new(schema: &'a Schema, old: OldNames<'a>) -> Self {
        let by_name = |kind, names: Vec<Name>| {
            let mut by_name = ByName::new();
            for name in names {
                let written = old.written(kind, &name);
                by_name.entry(written.name.clone()).or_default().push((name, written));
            }
            by_name
        };
        Scope {
            schema,
            old,
            tables: by_name(Kind::Table, schema.tables.values().map(Name::of).collect()),
            views: by_name(Kind::View, schema.views.values().map(Name::of_view).collect()),
            enums: by_name(Kind::Enum, schema.enums.values().map(Name::of_enum).collect()),
        }
    }

    /// Everything that the conditions of the policy on that table name, by the names of now.
    pub(in crate::plan) fn reads(&self, policy: &Policy, table: &Name) -> Reads {
        let mut reads = Reads::default();
        for condition in policy.expressions() {
            self.read(condition, table, &mut reads);
        }
        reads
    }

    fn read(&self, condition: &str, table: &Name, reads: &mut Reads) {
        let mentions = Mentions::of(condition);
        if let Some(own) = self.schema.tables.get(&table.key()) {
            self.columns(&mentions, own, reads);
        }
        let words: BTreeSet<&str> = mentions.names().collect();
        for (name, written) in named(&words, &self.tables) {
            if name != table
                && mentions.has_relation(&written.schema, &written.name)
                && let Some(other) = self.schema.tables.get(&name.key())
            {
                self.columns(&mentions, other, reads);
                add(&mut reads.relations, name.clone());
            }
        }
        for (name, written) in named(&words, &self.views) {
            if mentions.has_relation(&written.schema, &written.name) {
                add(&mut reads.relations, name.clone());
            }
        }
        for (name, written) in named(&words, &self.enums) {
            if mentions.has_type(&written.schema, &written.name) {
                add(&mut reads.types, name.clone());
            }
        }
    }

    fn columns(&self, mentions: &Mentions, table: &Table, reads: &mut Reads) {
        let name = Name::of(table);
        for column in table.columns.values() {
            if mentions.has_column(self.old.column(&name, &column.name)) {
                add(&mut reads.columns, (name.clone(), column.name.clone()));
                // A literal beside the column has its type.
                enum_of(column).into_iter().for_each(|name| add(&mut reads.types, name));
            }
        }
    }
}

/// The objects that one of the words may mean.
fn named<'a>(words: &BTreeSet<&str>, by_name: &'a ByName) -> impl Iterator<Item = &'a (Name, Name)> {
    words.iter().filter_map(|word| by_name.get(*word)).flatten()
}

/// The same objects but for the order.
pub(super) fn are_same(one: &Reads, other: &Reads) -> bool {
    let is_empty =
        |Reads { relations, columns, types }: Reads| relations.is_empty() && columns.is_empty() && types.is_empty();
    is_empty(without(one, other)) && is_empty(without(other, one))
}

/// What only the one names.
pub(super) fn without(one: &Reads, other: &Reads) -> Reads {
    fn only<T: Clone + PartialEq>(items: &[T], others: &[T]) -> Vec<T> {
        items.iter().filter(|item| !others.contains(item)).cloned().collect()
    }
    Reads {
        relations: only(&one.relations, &other.relations),
        columns: only(&one.columns, &other.columns),
        types: only(&one.types, &other.types),
    }
}

/// What either names.
pub(super) fn union(one: &Reads, other: &Reads) -> Reads {
    let mut union = one.clone();
    let Reads { relations, columns, types } = without(other, one);
    union.relations.extend(relations);
    union.columns.extend(columns);
    union.types.extend(types);
    union
}

fn add<T: PartialEq>(items: &mut Vec<T>, item: T) {
    if !items.contains(&item) {
        items.push(item);
    }
}
