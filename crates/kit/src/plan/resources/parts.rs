//! Columns, constraints and indexes: the parts of a table.

use schema::{Index, names};

use super::Resource::{self, Constraint, NotNull, Relation, Type};
use super::Role::{Alters, Changes, Creates, Destroys, Needs, Releases};
use super::{Role, Roles, cut_off};
use crate::plan::indexes;
use crate::rename::before_leaving;
use crate::step::{ColumnStep, ConstraintKind, ConstraintStep, DefaultCast, IndexStep, Name};

/// A constraint, by the part of its name that PostgreSQL keeps.
fn constraint(table: &Name, name: &str) -> Resource {
    Constraint(table.clone(), names::stored(name).to_owned())
}

impl Roles {
    pub(super) fn column(&mut self, step: &ColumnStep) {
        match step {
            ColumnStep::Add { table, column, rebuilt, needs, collation: _, is_virtual: _ } => {
                // What is rebuilt may have got its name by a rename.
                self.on_column(if *rebuilt { Changes } else { Creates }, table, &column.name);
                self.type_of(Needs, column);
                self.draws(Needs, column.default_sql().as_deref());
                if column.primary_key {
                    self.primary_key(Creates, table, "", std::slice::from_ref(&column.name));
                }
                self.sequence_of(Creates, table, column);
                self.columns(Needs, table, needs);
            }
            ColumnStep::Drop { table, column, rebuilt, key, sequence, collation: _, releases } => {
                self.on_column(if *rebuilt { Changes } else { Destroys }, table, &column.name);
                before_leaving(&column.name).into_iter().for_each(|name| self.on_column(Destroys, table, name));
                if let Some(key) = key {
                    self.primary_key(Destroys, table, key, std::slice::from_ref(&column.name));
                }
                match sequence {
                    Some(sequence) => self.relation(Destroys, sequence.clone()),
                    None => self.sequence_of(Destroys, table, column),
                }
                self.type_of(Releases, column);
                self.draws(Releases, column.default_sql().as_deref());
                self.columns(Releases, table, releases);
            }
            ColumnStep::Rename { table, from, to, leg } => {
                self.relation(Needs, table.clone());
                let column = |name: &String| Resource::Column(table.clone(), name.clone());
                self.renamed(*leg, column(from), column(to));
            }
            ColumnStep::SetType { table, previous, next, .. } => {
                self.on_column(Changes, table, &next.name);
                self.type_of(Releases, previous);
                self.type_of(Needs, next);
            }
            ColumnStep::SetDefault { table, column, default, cast, releases, previous } => {
                self.on_column(Alters, table, column);
                self.draws(Needs, Some(default));
                self.draws(Releases, previous.as_deref());
                if let Some(name) = releases {
                    self.add(Releases, Type(name.clone()));
                }
                if let Some(DefaultCast::Column(column)) = cast {
                    self.type_of(Needs, column);
                }
            }
            ColumnStep::DropDefault { table, column, releases, default } => {
                self.on_column(Alters, table, column);
                self.draws(Releases, default.as_deref());
                if let Some(name) = releases {
                    self.add(Releases, Type(name.clone()));
                }
            }
            ColumnStep::DropNotNull { table, column } => {
                self.on_column(Alters, table, column);
                self.add(Destroys, NotNull(table.clone(), column.clone()));
            }
            ColumnStep::SetStorage { table, column, .. } | ColumnStep::SetCompression { table, column, .. } => {
                self.on_column(Needs, table, column);
            }
            ColumnStep::SetNotNull { table, column } | ColumnStep::AlterIdentity { table, column, .. } => {
                self.on_column(Alters, table, column);
            }
            ColumnStep::AddIdentity { table, column, sql_type: _, identity } => {
                self.on_column(Alters, table, column);
                self.relation(Creates, table.sibling(&identity.name));
            }
            ColumnStep::DropIdentity { table, column, sequence } => {
                self.on_column(Alters, table, column);
                self.relation(Destroys, table.sibling(sequence));
            }
            ColumnStep::DropExpression { table, column, expression: _, releases } => {
                self.on_column(Changes, table, column);
                self.columns(Releases, table, releases);
            }
        }
    }

    pub(super) fn on_column(&mut self, role: Role, table: &Name, column: &str) {
        self.relation(Needs, table.clone());
        self.add(role, Resource::Column(table.clone(), column.to_owned()));
    }

    pub(super) fn constraint(&mut self, step: &ConstraintStep) {
        match step {
            ConstraintStep::AddPrimaryKey { table, key, objects } => {
                // An unnamed key belongs to its column, and has its turn among what becomes of that.
                let role = if key.name.is_empty() { Alters } else { Needs };
                self.add_constraint(role, table, &key.name, &key.columns);
                self.columns(Needs, table, &objects.include);
                self.primary_key(Creates, table, &key.name, &key.columns);
            }
            ConstraintStep::AddUnique { table, unique, objects } => {
                self.add_constraint(Needs, table, &unique.name, &unique.columns);
                self.columns(Needs, table, &objects.include);
                self.unique_index(Creates, table, &unique.name, &unique.columns);
            }
            ConstraintStep::AddCheck { table, check, columns, objects: _ } => {
                self.add_constraint(Needs, table, &check.name, columns);
            }
            ConstraintStep::AddExclusion { table, exclusion, columns } => {
                self.add_constraint(Needs, table, &exclusion.name, columns);
                self.relation(Creates, table.sibling(&exclusion.name));
            }
            ConstraintStep::AddForeignKey { table, key, objects: _ } => {
                self.add_constraint(Needs, table, &key.name, &key.columns_from);
                self.add(Needs, Resource::Unlogged(table.clone()));
                self.foreign_key(Needs, key);
            }
            ConstraintStep::SetDeferral { table, .. } => self.relation(Needs, table.clone()),
            ConstraintStep::Drop { table, name, kind } => {
                self.relation(Needs, table.clone());
                self.add(Destroys, constraint(table, name));
                match kind {
                    ConstraintKind::PrimaryKey { columns, include, is_implicit: _ } => {
                        self.columns(Releases, table, columns);
                        self.columns(Releases, table, include);
                        self.primary_key(Destroys, table, name, columns);
                        for column in columns {
                            self.add(Releases, NotNull(table.clone(), column.clone()));
                        }
                    }
                    ConstraintKind::Unique { columns, include } => {
                        self.columns(Releases, table, columns);
                        self.columns(Releases, table, include);
                        self.unique_index(Destroys, table, name, columns);
                    }
                    ConstraintKind::Check { columns, condition: _ } => self.columns(Releases, table, columns),
                    ConstraintKind::Exclusion { columns, exclusion: _ } => {
                        self.columns(Releases, table, columns);
                        self.relation(Destroys, table.sibling(name));
                    }
                    ConstraintKind::ForeignKey(key) => {
                        self.columns(Releases, table, &key.columns_from);
                        self.foreign_key(Releases, key);
                    }
                }
            }
            ConstraintStep::Rename { table, part, from, to, leg, is_implicit: _ } => {
                self.belongs_to(table);
                self.relation(Needs, table.clone());
                if part.has_index() {
                    self.renamed(*leg, Relation(cut_off(&table.sibling(from))), Relation(cut_off(&table.sibling(to))));
                }
                self.renamed(*leg, constraint(table, from), constraint(table, to));
            }
        }
    }

    pub(super) fn add_constraint(&mut self, role: Role, table: &Name, name: &str, columns: &[String]) {
        self.relation(Needs, table.clone());
        self.add(Creates, constraint(table, name));
        self.columns(role, table, columns);
    }

    /// The index behind a key, and the key itself.
    pub(super) fn unique_index(&mut self, role: Role, table: &Name, name: &str, columns: &[String]) {
        self.relation(role, table.sibling(name));
        self.key(role, table, columns);
    }

    pub(super) fn foreign_key(&mut self, role: Role, key: &schema::ForeignKey) {
        let target = Name::new(key.schema_to_name(), &key.table_to);
        self.relation(role, target.clone());
        self.columns(role, &target, &key.columns_to);
        self.key(role, &target, &key.columns_to);
        self.add(role, Resource::Logged(target));
    }

    pub(super) fn index(&mut self, step: &IndexStep) {
        match step {
            IndexStep::Create { table, index, columns, .. } => {
                self.relation(Needs, table.clone());
                self.columns(Needs, table, columns);
                self.index_itself(Creates, table, index);
            }
            IndexStep::Drop { table, index, columns } => {
                self.relation(Needs, table.clone());
                self.columns(Releases, table, columns);
                self.index_itself(Destroys, table, index);
            }
            IndexStep::Rename { name, to, leg } => {
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&name.sibling(to))));
            }
        }
    }

    pub(super) fn index_itself(&mut self, role: Role, table: &Name, index: &Index) {
        self.relation(role, table.sibling(&index.name));
        if let Some(columns) = indexes::key(index) {
            self.key(role, table, &columns);
        }
    }
}
