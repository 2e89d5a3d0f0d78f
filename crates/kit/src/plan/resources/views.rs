//! Views, and what their queries name.

use schema::mentions::Mentions;

use super::Resource::{Column, PrimaryKey, Relation, Schema, Type};
use super::Role::{Creates, Destroys, Needs, Releases};
use super::{Role, Roles, cut_off};
use crate::step::{Name, Reads, ViewChange, ViewStep};

impl Roles {
    pub(super) fn view(&mut self, step: &ViewStep) {
        let ViewStep { name, is_materialized: _, change } = step;
        match change {
            ViewChange::Create { view, reads, .. } => {
                self.add(Needs, Schema(name.schema.clone()));
                self.relation(Creates, name.clone());
                self.reads(Needs, reads);
                self.keys_under(Needs, view.definition.as_deref(), reads);
            }
            ViewChange::Drop { reads, definition, calls: _, indexes, recreated: _ } => {
                self.add(Releases, Schema(name.schema.clone()));
                self.relation(Destroys, name.clone());
                self.reads(Releases, reads);
                self.keys_under(Releases, definition.as_deref(), reads);
                indexes.iter().for_each(|index| self.index_itself(Destroys, name, index));
            }
            ViewChange::SetSchema { to, carried, leg } => {
                carried.iter().for_each(|carried| self.carried(carried, &name.schema, to));
                self.add(Needs, Schema(to.clone()));
                self.add(Releases, Schema(name.schema.clone()));
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&Name::new(to, &name.name))));
            }
            ViewChange::Rename { to, leg } => {
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&name.sibling(to))));
            }
            ViewChange::SetOptions(_)
            | ViewChange::ResetOptions(_)
            | ViewChange::SetTablespace(_)
            | ViewChange::SetAccessMethod(_) => self.relation(Needs, name.clone()),
        }
    }

    pub(super) fn reads(&mut self, role: Role, Reads { relations, columns, types }: &Reads) {
        relations.iter().for_each(|name| self.relation(role, name.clone()));
        columns.iter().for_each(|(table, column)| self.add(role, Column(table.clone(), column.clone())));
        types.iter().for_each(|name| self.add(role, Type(name.clone())));
    }

    /// The primary keys that the query may stand on: one that groups by a key may name the other columns too.
    fn keys_under(&mut self, role: Role, query: Option<&str>, reads: &Reads) {
        if query.is_some_and(|query| Mentions::of(query).has_word("group")) {
            reads.relations.iter().for_each(|name| self.add(role, PrimaryKey(name.clone())));
        }
    }
}
