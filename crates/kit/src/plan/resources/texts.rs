//! What texts name: the functions, types and relations in expressions, queries and bodies. They are looked
//! for only where a step of this migration has to do with what they name.

use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{CollationName, Column, Function, Index, PUBLIC, Policy, Table};

use super::Resource::{Calls, Function as Called, Signature, Type};
use super::Role::{Needs, Releases};
use super::{Role, Roles};
use crate::plan::objects::exclusion_expressions;
use crate::step::{
    ColumnStep, ConstraintKind, ConstraintStep, EnumStep, ExtensionStep, FunctionStep, IndexStep, Name, PartitionStep,
    PolicyStep, SchemaStep, Step, TableStep, TypeStep, ViewChange, ViewStep,
};

/// What the steps of a migration make, change or drop of the things that texts name.
#[derive(Default)]
pub(in crate::plan) struct Known {
    /// The bare names of functions.
    pub(super) functions: HashSet<String>,
    /// Types and collations.
    types: Vec<Name>,
    /// The types among them that are gone in the end.
    dropped: Vec<Name>,
    /// The types, and relations whose rows are one, that get their name by a rename.
    renamed: Vec<Name>,
    /// Types by the names that texts from before have for them, each with the one that it has now.
    written: Vec<(Name, Name)>,
    /// Tables, views and partitions.
    relations: Vec<Name>,
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

impl Roles {
    /// The functions that expressions call.
    pub(super) fn calls(&mut self, role: Role, expression: &str, known: &Known) {
        if known.functions.is_empty() && known.types.is_empty() {
            return;
        }
        for name in may_call(expression).filter(|name| known.functions.contains(name)) {
            self.called(role, name);
        }
        self.types_in(role, expression, Path::Default, known);
    }

    pub(super) fn called(&mut self, role: Role, name: String) {
        self.add(role, if role == Releases { Calls(name) } else { Called(name) });
    }

    /// The types that a text names.
    pub(super) fn types_in(&mut self, role: Role, text: &str, path: Path, known: &Known) {
        if known.types.is_empty() {
            return;
        }
        let mentions = Mentions::of(text);
        for name in known.types.iter().filter(|name| path.finds(&mentions, name)) {
            self.add(role, Type(name.clone()));
        }
        if role == Releases {
            let written = known.written.iter().filter(|(written, _)| path.finds(&mentions, written));
            written.for_each(|(_, name)| self.add(role, Type(name.clone())));
        }
    }

    /// The type that a text is, or that the elements of its array have.
    pub(super) fn type_itself(&mut self, role: Role, sql_type: &str, known: &Known) {
        if known.types.is_empty() {
            return;
        }
        let mentions = Mentions::of(sql_type);
        for name in known.types.iter().filter(|name| mentions.has_type(&name.schema, &name.name)) {
            self.add(role, Type(name.clone()));
        }
    }

    /// The type that a text is, or the relation whose rows are one.
    pub(super) fn type_or_rows(&mut self, role: Role, sql_type: &str, known: &Known) {
        self.type_itself(role, sql_type, known);
        self.relations_in(role, sql_type, Path::Default, known);
    }

    /// The type that a text is, where a rename gives it the name that the text has for it.
    pub(super) fn names_type(&mut self, sql_type: &str, known: &Known) {
        if known.renamed.is_empty() {
            return;
        }
        let mentions = Mentions::of(sql_type);
        for name in known.renamed.iter().filter(|name| mentions.has_type(&name.schema, &name.name)) {
            if known.relations.contains(name) {
                self.relation(Role::Names, name.clone());
            }
            if known.types.contains(name) {
                self.add(Role::Names, Type(name.clone()));
            }
        }
    }

    pub(super) fn collation(&mut self, role: Role, collation: &CollationName, known: &Known) {
        let key = collation.key();
        for name in known.types.iter().filter(|name| name.key() == key) {
            self.add(role, Type(name.clone()));
        }
    }

    pub(super) fn relations_in(&mut self, role: Role, text: &str, path: Path, known: &Known) {
        if known.relations.is_empty() {
            return;
        }
        let mentions = Mentions::of(text);
        for name in known.relations.iter().filter(|name| path.finds(&mentions, name)) {
            self.relation(role, name.clone());
        }
    }

    pub(super) fn texts(&mut self, step: &Step, known: &Known) {
        match step {
            Step::Table(TableStep::Create { table, objects }) => {
                table.columns.values().for_each(|column| self.column_texts(Needs, column, known));
                let checks = table.check_constraints.values();
                checks.for_each(|check| self.calls(Needs, &check.value, known));
                let collations = objects.columns.values().filter_map(|column| column.collation.as_ref());
                collations.for_each(|collation| self.collation(Needs, collation, known));
            }
            Step::Table(TableStep::Drop { table, with }) => {
                self.dropped_table(table, known);
                with.calls.iter().for_each(|key| self.add(Releases, Signature(key.clone())));
                with.expressions.iter().for_each(|expression| self.calls(Releases, expression, known));
            }
            Step::Column(step) => self.column_step(step, known),
            Step::Constraint(ConstraintStep::AddCheck { check, .. }) => self.calls(Needs, &check.value, known),
            Step::Constraint(ConstraintStep::AddExclusion { exclusion, .. }) => {
                exclusion_expressions(exclusion).for_each(|expression| self.calls(Needs, expression, known));
            }
            Step::Constraint(ConstraintStep::Drop { kind, .. }) => match kind {
                ConstraintKind::Check { condition, .. } => self.calls(Releases, condition, known),
                ConstraintKind::Exclusion { exclusion, .. } => {
                    exclusion_expressions(exclusion).for_each(|expression| self.calls(Releases, expression, known));
                }
                ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::ForeignKey(_) => {}
            },
            Step::Index(IndexStep::Create { index, .. }) => self.index_texts(Needs, index, known),
            Step::Index(IndexStep::Drop { index, .. }) => self.index_texts(Releases, index, known),
            Step::View(ViewStep { change: ViewChange::Create { view, .. }, .. }) => {
                view.definition.iter().for_each(|query| self.calls(Needs, query, known));
            }
            Step::View(ViewStep { change: ViewChange::Drop { definition, calls, indexes, .. }, .. }) => {
                definition.iter().for_each(|query| self.calls(Releases, query, known));
                indexes.iter().for_each(|index| self.index_texts(Releases, index, known));
                calls.iter().for_each(|key| self.add(Releases, Signature(key.clone())));
            }
            Step::Policy(step) => self.policy_texts(step, known),
            _ => {}
        }
    }

    fn policy_texts(&mut self, step: &PolicyStep, known: &Known) {
        let mut calls = |role, policy: &Policy| {
            policy.expressions().for_each(|condition| self.calls(role, condition, known));
        };
        match step {
            PolicyStep::Create { policy, .. } => calls(Needs, policy),
            PolicyStep::Alter { previous, next, .. } => {
                calls(Releases, previous);
                calls(Needs, next);
            }
            PolicyStep::Drop { policy, .. } => calls(Releases, policy),
            PolicyStep::Rename { .. } => {}
        }
    }

    fn column_texts(&mut self, role: Role, column: &Column, known: &Known) {
        if column.type_schema.is_none() {
            self.type_itself(role, &column.sql_type, known);
        }
        if let Some(default) = column.default_sql() {
            self.calls(role, &default, known);
        }
        if let Some(generated) = &column.generated {
            self.calls(role, &generated.expression, known);
        }
    }

    fn dropped_table(&mut self, table: &Table, known: &Known) {
        table.columns.values().for_each(|column| self.column_texts(Releases, column, known));
        crate::diff::expressions(table).for_each(|expression| self.calls(Releases, expression, known));
        let conditions = table.policies.values().flat_map(Policy::expressions);
        conditions.for_each(|condition| self.calls(Releases, condition, known));
    }

    fn column_step(&mut self, step: &ColumnStep, known: &Known) {
        match step {
            ColumnStep::Add { column, collation, .. } => {
                self.column_texts(Needs, column, known);
                collation.iter().for_each(|collation| self.collation(Needs, collation, known));
            }
            ColumnStep::Drop { column, collation, .. } => {
                self.column_texts(Releases, column, known);
                collation.iter().for_each(|collation| self.collation(Releases, collation, known));
            }
            ColumnStep::SetType { previous, next, using, collation, leaves, .. } => {
                leaves.iter().for_each(|collation| self.collation(Releases, collation, known));
                if previous.type_schema.is_none() && previous.sql_type != next.sql_type {
                    self.type_itself(Releases, &previous.sql_type, known);
                }
                if next.type_schema.is_none() && previous.sql_type != next.sql_type {
                    self.type_itself(Needs, &next.sql_type, known);
                    // While its domain is made anew, a column may have a type that is about to go.
                    let mentions = Mentions::of(&next.sql_type);
                    let dropped = known.dropped.iter().filter(|name| mentions.has_type(&name.schema, &name.name));
                    dropped.for_each(|name| self.replace(Needs, Releases, &Type(name.clone())));
                }
                using.iter().for_each(|using| self.calls(Needs, using, known));
                collation.iter().for_each(|collation| self.collation(Needs, collation, known));
            }
            ColumnStep::SetDefault { default, .. } => self.calls(Needs, default, known),
            ColumnStep::DropDefault { default, .. } => {
                default.iter().for_each(|default| self.calls(Releases, default, known));
            }
            ColumnStep::DropExpression { expression, .. } => self.calls(Releases, expression, known),
            ColumnStep::Rename { .. }
            | ColumnStep::SetStorage { .. }
            | ColumnStep::SetCompression { .. }
            | ColumnStep::SetNotNull { .. }
            | ColumnStep::DropNotNull { .. }
            | ColumnStep::AddIdentity { .. }
            | ColumnStep::AlterIdentity { .. }
            | ColumnStep::DropIdentity { .. } => {}
        }
    }

    fn index_texts(&mut self, role: Role, index: &Index, known: &Known) {
        crate::diff::expressions_of_index(index).for_each(|expression| self.calls(role, expression, known));
    }
}
