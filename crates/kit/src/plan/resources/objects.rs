//! What drizzle-kit has no word for: who makes it, and what it stands on.

use schema::mentions::{Mentions, may_call};
use schema::{Function, Partition, Statistics, Trigger};

use super::Resource::{self, Calls, Function as Called, Relation, Schema, Signature, Type};
use super::Role::{Changes, Creates, Destroys, Frees, Needs, Releases, UsesFormer};
use super::known::types_of_extension;
use super::{Known, Path, Role, Roles, cut_off};
use crate::plan::objects::{argument_defaults, body_in_sql, signature};
use crate::step::{
    CompositeChange, DomainChange, ExtensionStep, FunctionStep, Leg, Name, PartitionStep, StatisticsStep, Step,
    TriggerStep, TypeDefinition, TypeKind, TypeStep,
};

impl Roles {
    /// What a step has to do with objects that no snapshot holds.
    pub(super) fn objects(&mut self, step: &Step, known: &Known) {
        match step {
            Step::Extension(step) => self.extension(step),
            Step::Type(step) => self.data_type(step, known),
            Step::Function(step) => self.function(step, known),
            Step::Trigger(step) => self.trigger(step, known),
            Step::Partition(step) => self.partition(step),
            Step::Statistics(step) => self.statistics(step, known),
            _ if known.has_objects => self.texts(step, known),
            _ => {}
        }
    }

    fn extension(&mut self, step: &ExtensionStep) {
        match step {
            ExtensionStep::Create(extension) => {
                extension.schema.iter().for_each(|schema| self.add(Needs, Schema(schema.clone())));
            }
            ExtensionStep::Update { .. } => {}
            ExtensionStep::SetSchema { name, from, to } => {
                from.iter().for_each(|from| self.add(Releases, Schema(from.clone())));
                self.add(Needs, Schema(to.clone()));
                let (from, to) = types_of_extension(name, from.as_deref(), to);
                self.add(Destroys, Type(from));
                self.add(Creates, Type(to));
            }
            ExtensionStep::Drop(extension) => {
                extension.schema.iter().for_each(|schema| self.add(Releases, Schema(schema.clone())));
            }
        }
    }

    /// What a rename frees and takes.
    pub(super) fn renamed_type(&mut self, step: &TypeStep) {
        let (kind, from, to, leg) = match step {
            TypeStep::SetSchema { kind, name, to, leg } => (kind, name, Name::new(to, &name.name), *leg),
            TypeStep::Rename { kind, name, to, leg } => (kind, name, name.sibling(to), *leg),
            _ => return,
        };
        self.renamed(leg, Type(from.clone()), Type(to.clone()));
        if matches!(kind, TypeKind::Composite) {
            self.renamed(leg, Relation(cut_off(from)), Relation(cut_off(&to)));
        }
        if from.schema != to.schema {
            self.add(Releases, Schema(from.schema.clone()));
            self.add(Needs, Schema(to.schema));
        }
    }

    /// What a rename frees and takes.
    pub(super) fn renamed_function(&mut self, step: &FunctionStep) {
        let (function, schema, name, leg) = match step {
            FunctionStep::SetSchema { function, to, leg } => (function, to, &function.name, *leg),
            FunctionStep::Rename { function, to, leg } => (function, &function.schema, to, *leg),
            _ => return,
        };
        let to = Function { schema: schema.clone(), name: name.clone(), ..function.as_ref().clone() };
        self.renamed(leg, Signature(function.signature()), Signature(to.signature()));
        if *schema != function.schema {
            self.add(Releases, Schema(function.schema.clone()));
            self.add(Needs, Schema(schema.clone()));
        }
    }

    /// What a rename frees and takes.
    pub(super) fn renamed_trigger(&mut self, step: &TriggerStep) {
        if let TriggerStep::Rename { table, from, to, is_constraint: _, leg } = step {
            let trigger = |name: &String| Resource::Trigger(table.clone(), name.clone());
            self.renamed(*leg, trigger(from), trigger(to));
            self.relation(Needs, table.clone());
        }
    }

    /// A type that is made, or made anew under the name that a rename may have given it.
    fn made(recreated: bool) -> Role {
        if recreated { Changes } else { Creates }
    }

    fn data_type(&mut self, step: &TypeStep, known: &Known) {
        match step {
            TypeStep::Create { definition, recreated } => {
                let (name, role) = (definition.name(), Roles::made(*recreated));
                self.add(Needs, Schema(name.schema.clone()));
                self.definition(Needs, definition, known);
                if matches!(definition.as_ref(), TypeDefinition::Composite(_)) {
                    self.add(role, Relation(cut_off(&name)));
                }
                self.add(role, Type(name));
            }
            TypeStep::Drop { definition, recreated } => {
                let (name, role) = (definition.name(), if *recreated { Changes } else { Destroys });
                self.add(Releases, Schema(name.schema.clone()));
                self.definition(Releases, definition, known);
                if matches!(definition.as_ref(), TypeDefinition::Composite(_)) {
                    self.add(role, Relation(cut_off(&name)));
                }
                self.add(role, Type(name));
            }
            // The functions that make ranges are told apart by the type of the bounds.
            TypeStep::Rename { kind: TypeKind::Range(range), .. }
            | TypeStep::SetSchema { kind: TypeKind::Range(range), .. } => self.names_type(&range.subtype, known),
            TypeStep::Rename { .. } | TypeStep::SetSchema { .. } => {}
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
            // Before a column steps aside: its text is read back by the attributes that it was written with. And before
            // what is made of the type, as a default that has all attributes.
            TypeStep::Composite { name, change } => match change {
                CompositeChange::Add(attribute) => {
                    self.add(Releases, Type(name.clone()));
                    self.add(Creates, Type(name.clone()));
                    self.names_type(&name.qualified(), known);
                    self.type_itself(Needs, &attribute.sql_type, known);
                }
                CompositeChange::Drop(attribute) => {
                    self.add(Releases, Type(name.clone()));
                    self.add(Creates, Type(name.clone()));
                    self.names_type(&name.qualified(), known);
                    self.type_itself(Releases, &attribute.sql_type, known);
                }
                CompositeChange::SetType { previous, next } => {
                    self.add(Changes, Type(name.clone()));
                    self.type_itself(Releases, previous, known);
                    self.type_itself(Needs, &next.sql_type, known);
                }
            },
        }
    }

    /// What a type is made of.
    fn definition(&mut self, role: Role, definition: &TypeDefinition, known: &Known) {
        match definition {
            TypeDefinition::Domain(domain) => {
                self.type_or_rows(role, &domain.base, known);
                domain.collation.iter().for_each(|collation| self.collation(role, collation, known));
                domain.default.iter().for_each(|default| self.calls(role, default, known));
                domain.check_constraints.values().for_each(|check| self.calls(role, &check.value, known));
            }
            TypeDefinition::Composite(composite) => {
                for attribute in composite.attributes.values() {
                    self.type_or_rows(role, &attribute.sql_type, known);
                    attribute.collation.iter().for_each(|collation| self.collation(role, collation, known));
                }
            }
            TypeDefinition::Range(range) => {
                self.type_itself(role, &range.subtype, known);
                range.collation.iter().for_each(|collation| self.collation(role, collation, known));
                if let Some(function) = &range.subtype_diff {
                    self.calls(role, &format!("{function}()"), known);
                }
            }
            TypeDefinition::Collation(_) => {}
        }
    }

    fn function(&mut self, step: &FunctionStep, known: &Known) {
        match step {
            FunctionStep::Create { function, recreated } => {
                self.add(Needs, Schema(function.schema.clone()));
                self.add(Roles::made(*recreated), Signature(function.signature()));
                self.add(Creates, Called(function.name.clone()));
                self.function_needs(function, known);
            }
            FunctionStep::SetSchema { function, to: _, leg } => {
                if matches!(leg, Leg::Whole | Leg::Last) {
                    self.add(Creates, Called(function.name.clone()));
                }
                self.names_signature(function, known);
            }
            FunctionStep::Rename { function, to, leg } => {
                if matches!(leg, Leg::Whole | Leg::Last) {
                    self.add(Creates, Called(to.clone()));
                }
                self.names_signature(function, known);
            }
            FunctionStep::Replace(function) => {
                self.add(Needs, Signature(function.signature()));
                self.add(Creates, Called(function.name.clone()));
                self.function_needs(function, known);
            }
            FunctionStep::Drop { function, recreated } => {
                self.add(Releases, Schema(function.schema.clone()));
                self.add(if *recreated { Changes } else { Destroys }, Signature(function.signature()));
                self.names_signature(function, known);
                self.add(Destroys, Calls(function.name.clone()));
                signature(function).for_each(|text| self.type_or_rows(Releases, text, known));
                argument_defaults(function).for_each(|default| self.calls(Releases, default, known));
            }
        }
    }

    /// The types that tell the function from others, by the names that they have in the end.
    fn names_signature(&mut self, function: &Function, known: &Known) {
        for text in function.identity() {
            self.names_type(text, known);
        }
    }

    /// What must be there for a function to be made: its types, and what a body in SQL names. In other
    /// languages a body is looked at when it runs, but for the types of variables.
    fn function_needs(&mut self, function: &Function, known: &Known) {
        signature(function).for_each(|text| self.type_or_rows(Needs, text, known));
        let path = Path::of(function);
        for text in argument_defaults(function).chain(body_in_sql(function)) {
            let names = may_call(text).filter(|name| known.functions.contains(name) && *name != function.name);
            names.for_each(|name| self.called(Needs, name));
            self.types_in(Needs, text, path, known);
        }
        for text in body_in_sql(function) {
            self.relations_in(Needs, text, path, known);
            let mentions = Mentions::of(text);
            for (role, table, column) in &known.columns {
                if path.finds(&mentions, table) && mentions.has_column(column) {
                    self.add(*role, Resource::Column(table.clone(), column.clone()));
                }
            }
        }
        if function.language.eq_ignore_ascii_case("plpgsql") {
            self.types_in(Needs, &function.body, path, known);
            let typed = function.body.split('%').map(last_name).collect::<Vec<_>>();
            let (of_rows, _) = typed.split_at(typed.len().saturating_sub(1));
            of_rows.iter().for_each(|text| self.relations_in(Needs, text, path, known));
        }
    }

    fn trigger(&mut self, step: &TriggerStep, known: &Known) {
        match step {
            TriggerStep::Create { trigger, recreated } => {
                // One that comes back was dropped under the name from before.
                if !recreated {
                    self.add(Creates, Resource::Trigger(trigger_table(trigger), trigger.name.clone()));
                }
                self.relation(Needs, trigger_table(trigger));
                self.columns(Needs, &trigger_table(trigger), &trigger.columns);
                self.add(Needs, Signature(trigger.function_key()));
                trigger.when.iter().for_each(|when| self.condition(when, &trigger_table(trigger), known));
            }
            TriggerStep::Drop { trigger, recreated: _ } => {
                self.relation(UsesFormer, trigger_table(trigger));
                self.relation(Releases, trigger_table(trigger));
                self.columns(Releases, &trigger_table(trigger), &trigger.columns);
                self.add(Releases, Signature(trigger.function_key()));
                trigger.when.iter().for_each(|when| self.calls(Releases, when, known));
            }
            TriggerStep::Rename { .. } => {}
            TriggerStep::SetState(trigger) => {
                self.relation(Needs, trigger_table(trigger));
                self.add(Needs, Resource::Trigger(trigger_table(trigger), trigger.name.clone()));
            }
        }
    }

    /// What the condition of a trigger, or an expression of statistics, names.
    fn condition(&mut self, when: &str, of_table: &Name, known: &Known) {
        self.calls(Needs, when, known);
        let mentions = Mentions::of(when);
        let new = known.columns.iter().map(|(role, table, column)| (*role, table, column));
        let retyped = known.retyped.iter().map(|(table, column)| (Needs, table, column));
        for (role, table, column) in new.chain(retyped).filter(|(_, table, _)| *table == of_table) {
            if mentions.has_column(column) {
                self.add(role, Resource::Column(table.clone(), column.clone()));
            }
        }
    }

    fn statistics(&mut self, step: &StatisticsStep, known: &Known) {
        let itself = |of: &Statistics| Resource::Statistics(cut_off(&Name::new(&of.schema, &of.name)));
        let table = |of: &Statistics| Name::new(&of.table_schema, &of.table);
        match step {
            StatisticsStep::Create { statistics, recreated: _ } => {
                self.add(Creates, itself(statistics));
                self.add(Needs, Schema(statistics.schema.clone()));
                self.relation(Needs, table(statistics));
                self.columns(Needs, &table(statistics), &statistics.columns);
                statistics.expressions.iter().for_each(|sql| self.condition(sql, &table(statistics), known));
            }
            StatisticsStep::Drop { statistics, recreated: _ } => {
                self.add(Destroys, itself(statistics));
                self.add(Releases, Schema(statistics.schema.clone()));
                self.relation(UsesFormer, table(statistics));
                self.relation(Releases, table(statistics));
                self.columns(Releases, &table(statistics), &statistics.columns);
                statistics.expressions.iter().for_each(|sql| self.calls(Releases, sql, known));
            }
            StatisticsStep::SetTarget(statistics) => {
                self.add(Needs, itself(statistics));
                self.columns(Needs, &table(statistics), &statistics.columns);
            }
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
            PartitionStep::Detach(partition) => {
                self.relation(Releases, parent(partition));
                self.relation(Releases, Name::of_partition(partition));
            }
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
