//! What the steps of a migration have to do with, and in which words: whoever looks for it in texts looks for nothing
//! else.

use std::collections::HashSet;

use schema::mentions::Mentions;
use schema::{Function, PUBLIC};

use super::Role::{self, Needs};
use crate::step::{
    ColumnStep, EnumStep, ExtensionStep, FunctionStep, Name, PartitionStep, SchemaStep, Step, TableStep, TypeStep,
    ViewChange, ViewStep,
};

/// What the steps of a migration make, change or drop of the things that texts name.
#[derive(Default)]
pub(in crate::plan) struct Known {
    /// The bare names of functions.
    pub(super) functions: HashSet<String>,
    /// Types and collations.
    pub(super) types: Vec<Name>,
    /// The types among them that are gone in the end.
    pub(super) dropped: Vec<Name>,
    /// The types, and relations whose rows are one, that get their name by a rename.
    pub(super) renamed: Vec<Name>,
    /// Types by the names that texts from before have for them, each with the one that it has now.
    pub(super) written: Vec<(Name, Name)>,
    /// Tables, views and partitions.
    pub(super) relations: Vec<Name>,
    /// Columns that are new, under their new name, each with what naming it means: one that is added may get its
    /// default after what reads it.
    pub(super) columns: Vec<(Role, Name, String)>,
    /// Columns that get another type, or are made anew.
    pub(super) retyped: Vec<(Name, String)>,
    pub(super) has_objects: bool,
}

/// Where the types and relations are that a text names without their schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Path {
    /// In `public`, as the default `search_path` has it.
    Default,
    /// In any schema, since the function sets its own.
    Own,
}

impl Path {
    /// The path while the function runs.
    pub(in crate::plan) fn of(function: &Function) -> Self {
        let mut settings = function.config.keys();
        if settings.any(|name| name.eq_ignore_ascii_case("search_path")) { Path::Own } else { Path::Default }
    }

    /// Whether the text may name the type or relation. A relation need not stand where one is read:
    /// `users.email%TYPE` qualifies a column by its table, and its rows have a type of its name.
    pub(in crate::plan) fn finds(self, mentions: &Mentions, Name { schema, name }: &Name) -> bool {
        match self {
            Path::Default => mentions.has_type(schema, name),
            Path::Own => mentions.has_name(schema, name),
        }
    }
}

impl Known {
    /// What `steps` have to do with; nothing where none of them is about an object, or makes a type anew.
    pub(in crate::plan) fn of(steps: &[Step]) -> Self {
        let is_about_object = |step: &Step| {
            matches!(
                step,
                Step::Type(_)
                    | Step::Function(_)
                    | Step::Trigger(_)
                    | Step::Statistics(_)
                    | Step::Partition(_)
                    | Step::Extension(_)
                    | Step::Enum(EnumStep::Recreate(_))
            )
        };
        let mut known = Known { has_objects: steps.iter().any(is_about_object), ..Known::default() };
        if !known.has_objects {
            return known;
        }
        for step in steps {
            known.add(step);
        }
        known.types.sort_unstable();
        known.types.dedup();
        known.relations.sort_unstable();
        known.relations.dedup();
        let is_rename = |step: &&Step| {
            matches!(
                step,
                Step::Enum(EnumStep::Rename { .. } | EnumStep::SetSchema { .. })
                    | Step::Schema(SchemaStep::Rename { .. })
            )
        };
        let renames: Vec<&Step> = steps.iter().filter(is_rename).collect();
        let written = known.types.iter().map(|name| (written(&renames, name), name.clone()));
        known.written = written.filter(|(written, name)| written != name).collect();
        known
    }

    fn add(&mut self, step: &Step) {
        match step {
            Step::Type(TypeStep::Create { definition, .. } | TypeStep::Drop { definition, recreated: true }) => {
                self.types.push(definition.name());
            }
            Step::Type(TypeStep::Drop { definition, recreated: false }) => {
                self.types.push(definition.name());
                self.dropped.push(definition.name());
            }
            Step::Type(TypeStep::Domain { name, .. } | TypeStep::Composite { name, .. }) => {
                self.types.push(name.clone());
            }
            Step::Extension(ExtensionStep::SetSchema { name, from, to }) => {
                self.types.extend(<[Name; 2]>::from(types_of_extension(name, from.as_deref(), to)));
            }
            Step::Enum(EnumStep::Create(declared) | EnumStep::Recreate(declared)) => {
                self.types.push(Name::of_enum(declared));
            }
            Step::Enum(EnumStep::Drop { name }) => {
                self.types.push(name.clone());
                self.dropped.push(name.clone());
            }
            Step::Enum(EnumStep::SetSchema { name, to, .. }) | Step::Type(TypeStep::SetSchema { name, to, .. }) => {
                self.types.push(Name::new(to, &name.name));
                self.renamed.push(Name::new(to, &name.name));
            }
            Step::Enum(EnumStep::Rename { name, to, .. }) | Step::Type(TypeStep::Rename { name, to, .. }) => {
                self.types.push(name.sibling(to));
                self.renamed.push(name.sibling(to));
            }
            Step::Function(FunctionStep::SetSchema { function, .. }) => {
                self.functions.insert(function.name.clone());
            }
            Step::Function(FunctionStep::Rename { to, .. }) => {
                self.functions.insert(to.clone());
            }
            Step::Function(
                FunctionStep::Create { function, .. }
                | FunctionStep::Replace(function)
                | FunctionStep::Drop { function, .. },
            ) => {
                self.functions.insert(function.name.clone());
            }
            Step::Table(TableStep::Create { table, .. } | TableStep::Drop { table, .. }) => {
                self.relations.push(Name::of(table));
            }
            Step::Table(TableStep::Rename { table, to, .. }) => {
                self.relations.push(table.sibling(to));
                self.renamed.push(table.sibling(to));
            }
            Step::Table(TableStep::SetSchema { table, to, .. }) => {
                self.relations.push(Name::new(to, &table.name));
                self.renamed.push(Name::new(to, &table.name));
            }
            Step::View(ViewStep { name, change: ViewChange::Create { .. } | ViewChange::Drop { .. }, .. }) => {
                self.relations.push(name.clone());
            }
            Step::Partition(PartitionStep::Create(partition) | PartitionStep::Drop(partition)) => {
                self.relations.push(Name::of_partition(partition));
            }
            Step::Column(ColumnStep::Add { table, column, rebuilt: false, .. }) => {
                self.columns.push((Role::Names, table.clone(), column.name.clone()));
            }
            Step::Column(ColumnStep::Add { table, column, rebuilt: true, .. }) => {
                self.retyped.push((table.clone(), column.name.clone()));
            }
            Step::Column(ColumnStep::Rename { table, to, .. }) => {
                self.columns.push((Needs, table.clone(), to.clone()));
            }
            Step::Column(ColumnStep::SetType { table, next, .. }) => {
                self.retyped.push((table.clone(), next.name.clone()));
            }
            _ => {}
        }
    }
}

/// The type that an extension moves, before and after: many, as citext and hstore, have one of their own name, and no
/// schema says what else there is.
pub(super) fn types_of_extension(name: &str, from: Option<&str>, to: &str) -> (Name, Name) {
    (Name::new(from.unwrap_or(PUBLIC), name), Name::new(to, name))
}

/// The name that a type has in texts from before: renames of enums and schemas leave those as they are written.
fn written(renames: &[&Step], name: &Name) -> Name {
    let mut name = name.clone();
    for step in renames.iter().rev() {
        match step {
            Step::Enum(EnumStep::Rename { name: from, to, .. }) if from.sibling(to) == name => name = from.clone(),
            Step::Enum(EnumStep::SetSchema { name: from, to, .. }) if Name::new(to, &from.name) == name => {
                name = from.clone();
            }
            Step::Schema(SchemaStep::Rename { from, to, .. }) if *to == name.schema => name.schema.clone_from(from),
            _ => {}
        }
    }
    name
}
