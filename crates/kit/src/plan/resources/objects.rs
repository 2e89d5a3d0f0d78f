//! What drizzle-kit has no word for: who makes it, and who names it. Names are looked for in the texts of
//! other steps, and so only where a step of this migration has to do with what they name.

use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{Column, Function, Index, Partition, Policy, Table, Trigger};

use super::Resource::{self, Calls, Function as Called, Relation, Schema, Signature, Type};
use super::Role::{Changes, Creates, Destroys, Frees, Needs, Releases, UsesFormer};
use super::{Role, Roles, cut_off};
use crate::plan::objects::{argument_defaults, body_in_sql, exclusion_expressions, signature};
use crate::step::{
    ColumnStep, CompositeChange, ConstraintKind, ConstraintStep, DomainChange, EnumStep, ExtensionStep, FunctionStep,
    IndexStep, Name, PartitionStep, PolicyStep, Step, TableStep, TriggerStep, TypeDefinition, TypeStep, ViewChange,
    ViewStep,
};

/// What the steps of a migration make, change or drop of the things that texts name.
#[derive(Default)]
pub(in crate::plan) struct Known {
    /// The bare names of functions.
    functions: HashSet<String>,
    /// Types and collations.
    types: Vec<Name>,
    /// Tables, views and partitions.
    relations: Vec<Name>,
    /// Columns that are new, under their new name.
    columns: Vec<(Name, String)>,
    has_objects: bool,
}

impl Known {
    /// What `steps` have to do with; nothing where none of them is about an object.
    pub(in crate::plan) fn of(steps: &[Step]) -> Self {
        let mut known = Known::default();
        for step in steps {
            known.add(step);
        }
        known.types.sort_unstable();
        known.types.dedup();
        known.relations.sort_unstable();
        known.relations.dedup();
        if known.has_objects { known } else { Known::default() }
    }

    fn add(&mut self, step: &Step) {
        self.has_objects |= matches!(
            step,
            Step::Type(_) | Step::Function(_) | Step::Trigger(_) | Step::Partition(_) | Step::Extension(_)
        );
        match step {
            Step::Type(TypeStep::Create { definition, .. } | TypeStep::Drop { definition, .. }) => {
                self.types.push(definition.name());
            }
            Step::Type(TypeStep::Domain { name, .. } | TypeStep::Composite { name, .. }) => {
                self.types.push(name.clone());
            }
            Step::Enum(EnumStep::Create(declared) | EnumStep::Recreate(declared)) => {
                self.types.push(Name::of_enum(declared));
            }
            Step::Enum(EnumStep::Drop { name }) => self.types.push(name.clone()),
            Step::Enum(EnumStep::SetSchema { name, to, .. }) => self.types.push(Name::new(to, &name.name)),
            Step::Enum(EnumStep::Rename { name, to, .. }) => self.types.push(name.sibling(to)),
            Step::Function(
                FunctionStep::Create { function, .. }
                | FunctionStep::Replace(function)
                | FunctionStep::Drop { function, .. },
            ) => {
                self.functions.insert(function.name.clone());
            }
            Step::Table(TableStep::Create { table, .. } | TableStep::Drop { table }) => {
                self.relations.push(Name::of(table));
            }
            Step::Table(TableStep::Rename { table, to, .. }) => self.relations.push(table.sibling(to)),
            Step::Table(TableStep::SetSchema { table, to, .. }) => self.relations.push(Name::new(to, &table.name)),
            Step::View(ViewStep { name, change: ViewChange::Create { .. } | ViewChange::Drop { .. }, .. }) => {
                self.relations.push(name.clone());
            }
            Step::Partition(PartitionStep::Create(partition) | PartitionStep::Drop(partition)) => {
                self.relations.push(Name::of_partition(partition));
            }
            Step::Column(ColumnStep::Add { table, column, .. }) => {
                self.columns.push((table.clone(), column.name.clone()));
            }
            Step::Column(ColumnStep::Rename { table, to, .. }) => self.columns.push((table.clone(), to.clone())),
            _ => {}
        }
    }
}

impl Roles {
    /// What a step has to do with objects that no snapshot holds.
    pub(super) fn objects(&mut self, step: &Step, known: &Known) {
        match step {
            Step::Extension(step) => self.extension(step),
            Step::Type(step) => self.data_type(step, known),
            Step::Function(step) => self.function(step, known),
            Step::Trigger(step) => self.trigger(step, known),
            Step::Partition(step) => self.partition(step),
            _ if known.has_objects => self.texts(step, known),
            _ => {}
        }
    }

    /// The functions that expressions call.
    fn calls(&mut self, role: Role, expression: &str, known: &Known) {
        if known.functions.is_empty() && known.types.is_empty() {
            return;
        }
        for name in may_call(expression).filter(|name| known.functions.contains(name)) {
            self.called(role, name);
        }
        self.types_in(role, expression, known);
    }

    fn called(&mut self, role: Role, name: String) {
        self.add(role, if role == Releases { Calls(name) } else { Called(name) });
    }

    /// The types that a text names.
    fn types_in(&mut self, role: Role, text: &str, known: &Known) {
        if known.types.is_empty() {
            return;
        }
        let mentions = Mentions::of(text);
        for name in known.types.iter().filter(|name| mentions.has_type(&name.schema, &name.name)) {
            self.add(role, Type(name.clone()));
        }
    }

    fn texts(&mut self, step: &Step, known: &Known) {
        match step {
            Step::Table(TableStep::Create { table, objects }) => {
                table.columns.values().for_each(|column| self.column_texts(Needs, column, known));
                let checks = table.check_constraints.values();
                checks.for_each(|check| self.calls(Needs, &check.value, known));
                let collations = objects.columns.values().filter_map(|column| column.collation.as_ref());
                collations.for_each(|collation| self.types_in(Needs, &schema::quote::ident(&collation.name), known));
            }
            Step::Table(TableStep::Drop { table }) => self.dropped_table(table, known),
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
            Step::View(ViewStep { change: ViewChange::Drop { definition, .. }, .. }) => {
                definition.iter().for_each(|query| self.calls(Releases, query, known));
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
            self.types_in(role, &column.sql_type, known);
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
    }

    fn column_step(&mut self, step: &ColumnStep, known: &Known) {
        match step {
            ColumnStep::Add { column, collation, .. } => {
                self.column_texts(Needs, column, known);
                let collation = collation.as_ref().map(|collation| schema::quote::ident(&collation.name));
                collation.iter().for_each(|name| self.types_in(Needs, name, known));
            }
            ColumnStep::Drop { column, .. } => self.column_texts(Releases, column, known),
            ColumnStep::SetType { previous, next, using, collation, .. } => {
                if previous.type_schema.is_none() && previous.sql_type != next.sql_type {
                    self.types_in(Releases, &previous.sql_type, known);
                }
                if next.type_schema.is_none() && previous.sql_type != next.sql_type {
                    self.types_in(Needs, &next.sql_type, known);
                }
                using.iter().for_each(|using| self.calls(Needs, using, known));
                let collation = collation.as_ref().map(|collation| schema::quote::ident(&collation.name));
                collation.iter().for_each(|name| self.types_in(Needs, name, known));
            }
            ColumnStep::SetDefault { default, .. } => self.calls(Needs, default, known),
            ColumnStep::DropDefault { default, .. } => {
                default.iter().for_each(|default| self.calls(Releases, default, known));
            }
            ColumnStep::Rename { .. }
            | ColumnStep::SetStorage { .. }
            | ColumnStep::SetCompression { .. }
            | ColumnStep::SetNotNull { .. }
            | ColumnStep::DropNotNull { .. }
            | ColumnStep::AddIdentity { .. }
            | ColumnStep::AlterIdentity { .. }
            | ColumnStep::DropIdentity { .. }
            | ColumnStep::DropExpression { .. } => {}
        }
    }

    fn index_texts(&mut self, role: Role, index: &Index, known: &Known) {
        let keys = index.columns.iter().filter(|column| column.is_expression).map(|column| column.expression.as_str());
        keys.chain(index.predicate.as_deref()).for_each(|expression| self.calls(role, expression, known));
    }

    fn extension(&mut self, step: &ExtensionStep) {
        match step {
            ExtensionStep::Create(extension) => {
                extension.schema.iter().for_each(|schema| self.add(Needs, Schema(schema.clone())));
            }
            ExtensionStep::Update { .. } => {}
            ExtensionStep::SetSchema { name: _, from, to } => {
                from.iter().for_each(|from| self.add(Releases, Schema(from.clone())));
                self.add(Needs, Schema(to.clone()));
            }
            ExtensionStep::Drop(extension) => {
                extension.schema.iter().for_each(|schema| self.add(Releases, Schema(schema.clone())));
            }
        }
    }

    fn data_type(&mut self, step: &TypeStep, known: &Known) {
        match step {
            TypeStep::Create { definition, recreated: _ } => {
                let name = definition.name();
                self.add(Needs, Schema(name.schema.clone()));
                self.definition(Needs, definition, known);
                if matches!(definition.as_ref(), TypeDefinition::Composite(_)) {
                    self.add(Creates, Relation(cut_off(&name)));
                }
                self.add(Creates, Type(name));
            }
            TypeStep::Drop { definition, recreated: _ } => {
                let name = definition.name();
                self.add(Releases, Schema(name.schema.clone()));
                self.definition(Releases, definition, known);
                if matches!(definition.as_ref(), TypeDefinition::Composite(_)) {
                    self.add(Destroys, Relation(cut_off(&name)));
                }
                self.add(Destroys, Type(name));
            }
            TypeStep::Domain { name, change } => {
                self.add(Needs, Type(name.clone()));
                match change {
                    DomainChange::SetDefault(default) => self.calls(Needs, default, known),
                    DomainChange::DropDefault(default) => self.calls(Releases, default, known),
                    DomainChange::AddCheck(check) => self.calls(Needs, &check.value, known),
                    DomainChange::DropCheck(check) => self.calls(Releases, &check.value, known),
                    DomainChange::SetNotNull | DomainChange::DropNotNull => {}
                }
            }
            TypeStep::Composite { name, change } => match change {
                // Before a column steps aside: its text is read back by the attributes that it was written with.
                CompositeChange::Add(attribute) => {
                    self.add(Releases, Type(name.clone()));
                    self.types_in(Needs, &attribute.sql_type, known);
                }
                CompositeChange::Drop(attribute) => {
                    self.add(Releases, Type(name.clone()));
                    self.types_in(Releases, &attribute.sql_type, known);
                }
                CompositeChange::SetType(attribute) => {
                    self.add(Changes, Type(name.clone()));
                    self.types_in(Needs, &attribute.sql_type, known);
                }
            },
        }
    }

    /// What a type is made of.
    fn definition(&mut self, role: Role, definition: &TypeDefinition, known: &Known) {
        let collation = |name: &schema::CollationName| schema::quote::ident(&name.name);
        match definition {
            TypeDefinition::Domain(domain) => {
                self.types_in(role, &domain.base, known);
                domain.collation.iter().for_each(|name| self.types_in(role, &collation(name), known));
                domain.default.iter().for_each(|default| self.calls(role, default, known));
                domain.check_constraints.values().for_each(|check| self.calls(role, &check.value, known));
            }
            TypeDefinition::Composite(composite) => {
                for attribute in composite.attributes.values() {
                    self.types_in(role, &attribute.sql_type, known);
                    attribute.collation.iter().for_each(|name| self.types_in(role, &collation(name), known));
                }
            }
            TypeDefinition::Range(range) => {
                self.types_in(role, &range.subtype, known);
                range.collation.iter().for_each(|name| self.types_in(role, &collation(name), known));
                if let Some(function) = &range.subtype_diff {
                    self.calls(role, &format!("{function}()"), known);
                }
            }
            TypeDefinition::Collation(_) => {}
        }
    }

    fn function(&mut self, step: &FunctionStep, known: &Known) {
        match step {
            FunctionStep::Create { function, recreated: _ } => {
                self.add(Needs, Schema(function.schema.clone()));
                self.add(Creates, Signature(function.key()));
                self.add(Creates, Called(function.name.clone()));
                self.function_needs(function, known);
            }
            FunctionStep::Replace(function) => {
                self.add(Creates, Called(function.name.clone()));
                self.function_needs(function, known);
            }
            FunctionStep::Drop { function, recreated: _ } => {
                self.add(Releases, Schema(function.schema.clone()));
                self.add(Destroys, Signature(function.key()));
                self.add(Destroys, Calls(function.name.clone()));
                for text in signature(function) {
                    self.types_in(Releases, text, known);
                    self.relations_in(Releases, text, known);
                }
                argument_defaults(function).for_each(|default| self.calls(Releases, default, known));
            }
        }
    }

    /// What must be there for a function to be made: its types, and what a body in SQL names. In other
    /// languages a body is looked at when it runs, but for the types of variables.
    fn function_needs(&mut self, function: &Function, known: &Known) {
        for text in signature(function) {
            self.types_in(Needs, text, known);
            self.relations_in(Needs, text, known);
        }
        for text in argument_defaults(function).chain(body_in_sql(function)) {
            let names = may_call(text).filter(|name| known.functions.contains(name) && *name != function.name);
            names.for_each(|name| self.called(Needs, name));
            self.types_in(Needs, text, known);
        }
        for text in body_in_sql(function) {
            self.relations_in(Needs, text, known);
            let mentions = Mentions::of(text);
            for (table, column) in &known.columns {
                if mentions.has_type(&table.schema, &table.name) && mentions.has_column(column) {
                    self.add(Needs, Resource::Column(table.clone(), column.clone()));
                }
            }
        }
        if function.language.eq_ignore_ascii_case("plpgsql") {
            self.types_in(Needs, &function.body, known);
            let typed = function.body.split('%').map(last_name).collect::<Vec<_>>();
            let (of_rows, _) = typed.split_at(typed.len().saturating_sub(1));
            of_rows.iter().for_each(|text| self.relations_in(Needs, text, known));
        }
    }

    fn relations_in(&mut self, role: Role, text: &str, known: &Known) {
        if known.relations.is_empty() {
            return;
        }
        let mentions = Mentions::of(text);
        for name in &known.relations {
            // `users.email%TYPE` qualifies a column by its table.
            if mentions.has_type(&name.schema, &name.name) || mentions.has_relation(&name.schema, &name.name) {
                self.relation(role, name.clone());
            }
        }
    }

    fn trigger(&mut self, step: &TriggerStep, known: &Known) {
        match step {
            TriggerStep::Create { trigger, recreated: _ } => {
                self.relation(Needs, trigger_table(trigger));
                self.columns(Needs, &trigger_table(trigger), &trigger.columns);
                self.called(Needs, trigger.function.clone());
                trigger.when.iter().for_each(|when| self.calls(Needs, when, known));
            }
            TriggerStep::Drop { trigger, recreated: _ } => {
                self.relation(UsesFormer, trigger_table(trigger));
                self.relation(Releases, trigger_table(trigger));
                self.columns(Releases, &trigger_table(trigger), &trigger.columns);
                self.called(Releases, trigger.function.clone());
                trigger.when.iter().for_each(|when| self.calls(Releases, when, known));
            }
            TriggerStep::SetState(trigger) => self.relation(Needs, trigger_table(trigger)),
        }
    }

    fn partition(&mut self, step: &PartitionStep) {
        let parent = |partition: &Partition| Name::new(&partition.parent_schema, &partition.parent);
        match step {
            PartitionStep::Create(partition) => {
                self.add(Needs, Schema(partition.schema.clone()));
                self.relation(Needs, parent(partition));
                self.relation(Creates, Name::of_partition(partition));
            }
            PartitionStep::Attach(partition) => {
                self.relation(Needs, parent(partition));
                self.relation(Needs, Name::of_partition(partition));
            }
            PartitionStep::Detach(partition) => self.relation(Releases, parent(partition)),
            PartitionStep::Drop(partition) => {
                self.add(Releases, Schema(partition.schema.clone()));
                self.relation(Releases, parent(partition));
                self.relation(Destroys, Name::of_partition(partition));
            }
            PartitionStep::Rename { from, to } => {
                self.add(Needs, Schema(to.schema.clone()));
                self.add(Releases, Schema(from.schema.clone()));
                self.relation(Frees, from.clone());
                self.relation(Creates, to.clone());
            }
        }
    }
}

fn trigger_table(trigger: &Trigger) -> Name {
    Name::new(&trigger.schema, &trigger.table)
}

/// The name, with its qualifiers, that a text ends with.
fn last_name(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '"');
    &text[text.rfind(|c| !is_part(c)).map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8))..]
}
