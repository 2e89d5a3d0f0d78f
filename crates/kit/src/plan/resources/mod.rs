//! What each step makes, needs and drops: the facts that [`order`](super::order) goes by.

use schema::mentions::relations_in_literals;
use schema::{Column, PUBLIC, Table, names};

use super::casts::enum_of;
use super::constraints::sorted;
use super::serial;
use crate::diff::primary_key;
use crate::step::{
    Belongings, Carried, EnumStep, Leg, Name, SchemaStep, SequenceStep, SerialStep, Stay, Step, TableStep,
};

mod known;
mod objects;
mod parts;
mod security;
mod texts;
mod views;

pub(super) use known::{Known, Path};

/// Something that one step makes and another needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Resource {
    /// A schema.
    Schema(String),
    /// An enum or other type, or a collation.
    Type(Name),
    /// A role.
    Role(String),
    /// A policy of a table.
    Policy(Name, String),
    /// A table, index or sequence: they share one namespace.
    Relation(Name),
    /// A column.
    Column(Name, String),
    /// The NOT NULL of a column.
    NotNull(Name, String),
    /// That a table is in the write-ahead log, as one that is must find what it references.
    Logged(Name),
    /// That a table is not, so that it may reference another such one.
    Unlogged(Name),
    /// The name of a constraint.
    Constraint(Name, String),
    /// The place of a table's one primary key.
    PrimaryKey(Name),
    /// A name that an object has between two steps.
    Passing(Box<Resource>),
    /// That a set of columns is unique, as a foreign key needs it.
    Key(Name, Vec<String>),
    /// Extended statistics.
    Statistics(Name),
    /// A trigger of a table or view.
    Trigger(Name, String),
    /// A function by its bare name, as it is called in the end.
    Function(String),
    /// A function by its bare name, as it was called so far.
    Calls(String),
    /// A function by its key.
    Signature(String),
}

/// What a step does with a resource. Of the steps that share one, those with an earlier role run
/// earlier; but [`UsesFormer`](Role::UsesFormer) comes only before [`Frees`](Role::Frees), and
/// [`Releases`](Role::Releases) only before [`Destroys`](Role::Destroys) and [`Changes`](Role::Changes),
/// and [`Names`](Role::Names), after all before it, only before [`Changes`](Role::Changes), and
/// [`Alters`](Role::Alters), after all before it, only in its turn among [`Changes`](Role::Changes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Uses it under the name that it has before it is renamed.
    UsesFormer,
    /// Stops using it.
    Releases,
    /// Drops it.
    Destroys,
    /// Takes its name away from it, so that another can have the name.
    Frees,
    /// Makes it.
    Creates,
    /// Names it as it is called in the end, before anything else is made of it.
    Names,
    /// Changes what nothing stands on, as the default of a column, or what stands on it follows, as a value's name.
    Alters,
    /// Makes something else of it, as a new type for a column. Changes of one resource keep their order.
    Changes,
    /// Uses it as it is in the end.
    Needs,
}

/// Two names that PostgreSQL cuts off to the same one are the same.
fn cut_off(name: &Name) -> Name {
    name.sibling(names::stored(&name.name))
}

/// The roles of one step, gathered.
pub(super) struct Roles(Vec<(Role, Resource)>);

/// Every resource that `step` has to do with.
pub(super) fn of(step: &Step) -> Vec<(Role, Resource)> {
    let mut roles = Roles(Vec::new());
    match step {
        Step::Schema(step) => roles.schema(step),
        Step::Enum(step) => roles.enumeration(step),
        Step::Serial(step) => roles.serial(step),
        Step::Sequence(step) => roles.sequence(step),
        Step::Role(step) => roles.role(step),
        Step::Table(step) => roles.table(step),
        Step::Column(step) => roles.column(step),
        Step::Constraint(step) => roles.constraint(step),
        Step::Index(step) => roles.index(step),
        Step::View(step) => roles.view(step),
        Step::Policy(step) => roles.policy(step),
        Step::Type(step) => roles.renamed_type(step),
        Step::Function(step) => roles.renamed_function(step),
        Step::Trigger(step) => roles.renamed_trigger(step),
        // See `objects`, also for what else becomes of the three above.
        Step::Extension(_) | Step::Partition(_) | Step::Statistics(_) => {}
        // Comes last by its stage.
        Step::Comment(_) => {}
    }
    roles.0
}

/// Every resource that `step` has to do with, those among them that only texts name.
pub(super) fn with_objects(step: &Step, known: &Known) -> Vec<(Role, Resource)> {
    let mut roles = Roles(of(step));
    roles.objects(step, known);
    roles.0
}

use Resource::{Key, Passing, PrimaryKey, Relation, Schema, Type};
use Role::{Alters, Changes, Creates, Destroys, Frees, Needs, Releases};

impl Roles {
    fn add(&mut self, role: Role, resource: Resource) {
        self.0.push((role, resource));
    }

    /// Gives a resource of this step another role.
    fn replace(&mut self, was: Role, is: Role, resource: &Resource) {
        let roles = self.0.iter_mut().filter(|(role, of)| *role == was && of == resource);
        roles.for_each(|(role, _)| *role = is);
    }

    fn relation(&mut self, role: Role, name: Name) {
        self.add(role, Relation(cut_off(&name)));
    }

    /// A name goes and another comes. What has a name in passing gets it, then what belongs to it is renamed, then
    /// it goes on.
    fn renamed(&mut self, leg: Leg, from: Resource, to: Resource) {
        match leg {
            Leg::Whole => {
                self.add(Frees, from);
                self.add(Creates, to);
            }
            Leg::First => {
                self.add(Frees, from);
                self.add(Creates, Passing(Box::new(to)));
            }
            Leg::Middle => {
                self.add(Changes, Passing(Box::new(from)));
                self.add(Creates, Passing(Box::new(to)));
            }
            Leg::Last => {
                self.add(Changes, Passing(Box::new(from)));
                self.add(Creates, to);
            }
        }
    }

    /// Renames a part of a table while the table has that name in passing.
    fn belongs_to(&mut self, table: &Name) {
        self.add(Role::Names, Passing(Box::new(Relation(cut_off(table)))));
    }

    fn columns(&mut self, role: Role, table: &Name, columns: &[String]) {
        for column in columns {
            self.add(role, Resource::Column(table.clone(), column.clone()));
        }
    }

    fn type_of(&mut self, role: Role, column: &Column) {
        if let Some(name) = enum_of(column) {
            self.add(role, Type(name));
        }
    }

    fn key(&mut self, role: Role, table: &Name, columns: &[String]) {
        self.add(role, Key(table.clone(), sorted(columns)));
    }

    fn schema(&mut self, step: &SchemaStep) {
        match step {
            SchemaStep::Create { name } => self.add(Creates, Schema(name.clone())),
            SchemaStep::Rename { from, to, leg } => {
                self.renamed(*leg, Schema(from.clone()), Schema(to.clone()));
            }
            SchemaStep::Drop { name } => self.add(Destroys, Schema(name.clone())),
        }
    }

    fn enumeration(&mut self, step: &EnumStep) {
        match step {
            EnumStep::Create(declared) => {
                self.add(Needs, Schema(declared.schema.clone()));
                self.add(Creates, Type(Name::of_enum(declared)));
            }
            EnumStep::SetSchema { name, to, leg } => {
                self.add(Needs, Schema(to.clone()));
                self.add(Releases, Schema(name.schema.clone()));
                self.renamed(*leg, Type(name.clone()), Type(Name::new(to, &name.name)));
            }
            EnumStep::Rename { name, to, leg } => {
                self.renamed(*leg, Type(name.clone()), Type(name.sibling(to)));
            }
            // After a rename has given it the name.
            EnumStep::Recreate(declared) => self.add(Changes, Type(Name::of_enum(declared))),
            EnumStep::RenameValue { name, .. } => self.add(Alters, Type(name.clone())),
            EnumStep::AddValue { name, .. } => self.add(Needs, Type(name.clone())),
            EnumStep::Drop { name } => {
                self.add(Releases, Schema(name.schema.clone()));
                self.add(Destroys, Type(name.clone()));
            }
        }
    }

    fn sequence(&mut self, step: &SequenceStep) {
        match step {
            SequenceStep::Create(sequence) => {
                self.add(Needs, Schema(sequence.schema.clone()));
                self.relation(Creates, Name::new(&sequence.schema, &sequence.name));
            }
            SequenceStep::Alter { name, options: _ } => self.relation(Needs, name.clone()),
            SequenceStep::SetSchema { name, to, leg } => {
                self.add(Needs, Schema(to.clone()));
                self.add(Releases, Schema(name.schema.clone()));
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&Name::new(to, &name.name))));
            }
            SequenceStep::Rename { name, to, leg } => {
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&name.sibling(to))));
            }
            SequenceStep::Drop { name } => {
                self.add(Releases, Schema(name.schema.clone()));
                self.relation(Destroys, name.clone());
            }
        }
    }

    fn serial(&mut self, step: &SerialStep) {
        match step {
            SerialStep::CreateOwned { name, table, column, .. } => {
                self.relation(Creates, name.clone());
                self.on_column(Alters, table, column);
            }
            // Under the name that a rename may have given it just before.
            SerialStep::SetType { name, .. } => self.relation(Needs, name.clone()),
            SerialStep::Drop { name, table, column } => {
                self.relation(Destroys, name.clone());
                self.on_column(Alters, table, column);
            }
            SerialStep::Continue { table, column, .. } => self.on_column(Alters, table, column),
            SerialStep::Rename { name, to, table, is_settled, is_implicit: _, leg } => {
                match is_settled {
                    true => self.add(Role::Names, Relation(cut_off(table))),
                    false => self.belongs_to(table),
                }
                self.renamed(*leg, Relation(cut_off(name)), Relation(cut_off(&name.sibling(to))));
            }
        }
    }

    fn table(&mut self, step: &TableStep) {
        match step {
            TableStep::Create { table, objects: _ } => self.create_table(table),
            TableStep::EnableRls { table, .. }
            | TableStep::DisableRls { table }
            | TableStep::SetRlsForced { table, .. }
            | TableStep::SetParameters { table, .. }
            | TableStep::ResetParameters { table, .. } => {
                self.relation(Needs, table.clone());
            }
            TableStep::SetUnlogged { table, is_unlogged, references } => {
                self.relation(Needs, table.clone());
                let (itself, others) = if *is_unlogged { (Destroys, Releases) } else { (Creates, Needs) };
                self.add(itself, Resource::Logged(table.clone()));
                if *is_unlogged {
                    self.add(Creates, Resource::Unlogged(table.clone()));
                }
                references.iter().for_each(|other| self.add(others, Resource::Logged(other.clone())));
            }
            TableStep::Drop { table, with } => self.drop_table(table, with),
            TableStep::SetSchema { table, to, carried, leg } => {
                carried.iter().for_each(|carried| self.carried(carried, &table.schema, to));
                self.add(Needs, Schema(to.clone()));
                self.add(Releases, Schema(table.schema.clone()));
                self.renamed(*leg, Relation(cut_off(table)), Relation(cut_off(&Name::new(to, &table.name))));
            }
            TableStep::Rename { table, to, leg } => {
                self.renamed(*leg, Relation(cut_off(table)), Relation(cut_off(&table.sibling(to))));
            }
        }
    }

    fn carried(&mut self, Carried { name, is_sequence: _, stay }: &Carried, from: &str, to: &str) {
        let [from, to] = [from, to].map(|schema| Relation(cut_off(&Name::new(schema, name))));
        match stay {
            Stay::Keeps => self.renamed(Leg::Whole, from, to),
            Stay::Leaves => self.add(Frees, from),
            Stay::Passes => self.renamed(Leg::Middle, from, to),
        }
    }

    fn create_table(&mut self, table: &Table) {
        self.add(Needs, Schema(table.schema_name().to_owned()));
        for column in table.columns.values() {
            self.type_of(Needs, column);
            self.draws(Needs, column.default_sql().as_deref());
        }
        self.table_with_parts(Creates, table);
    }

    fn drop_table(&mut self, table: &Table, with: &Belongings) {
        let name = Name::of(table);
        self.add(Releases, Schema(name.schema.clone()));
        for column in table.columns.values() {
            self.type_of(Releases, column);
            self.draws(Releases, column.default_sql().as_deref());
        }
        self.table_with_parts(Destroys, table);
        for index in table.indexes.values() {
            self.index_itself(Destroys, &name, index);
        }
        for policy in table.policies.values() {
            self.roles(Releases, &policy.role_names());
        }
        let Belongings { exclusions, partitions, calls: _, expressions: _, reads, references } = with;
        self.reads(Releases, reads);
        references.iter().for_each(|key| self.foreign_key(Releases, key));
        exclusions.iter().for_each(|exclusion| self.relation(Destroys, name.sibling(exclusion)));
        for partition in partitions {
            self.add(Releases, Schema(partition.schema.clone()));
            self.relation(Destroys, partition.clone());
        }
    }

    /// The table and the sequences and keys that are made by CREATE TABLE.
    fn table_with_parts(&mut self, role: Role, table: &Table) {
        let name = Name::of(table);
        for column in table.columns.values() {
            self.sequence_of(role, &name, column);
        }
        for unique in table.unique_constraints.values() {
            self.unique_index(role, &name, &unique.name, &unique.columns);
        }
        if let Some(key) = primary_key(table) {
            self.primary_key(role, &name, &key.name, &key.columns);
        }
        self.relation(role, name);
    }

    /// The sequence that belongs to the column.
    fn sequence_of(&mut self, role: Role, table: &Name, column: &Column) {
        if let Some(sequence) = serial::of_column(table, column) {
            self.relation(role, sequence);
        }
    }

    /// The sequences that a default draws from, which may come with a column of another table.
    fn draws(&mut self, role: Role, default: Option<&str>) {
        for (schema, name) in default.into_iter().flat_map(relations_in_literals) {
            self.relation(role, Name::new(schema.as_deref().unwrap_or(PUBLIC), &name));
        }
    }

    /// A primary key, which PostgreSQL names after the table if it has no name.
    fn primary_key(&mut self, role: Role, table: &Name, name: &str, columns: &[String]) {
        self.add(role, PrimaryKey(table.clone()));
        let name = if name.is_empty() { names::catalog(&table.name, None, "pkey") } else { name.to_owned() };
        self.unique_index(role, table, &name, columns);
    }
}
