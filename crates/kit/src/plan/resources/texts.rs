//! What texts name: the functions, types and relations in expressions, queries and bodies. They are looked
//! for only where a step of this migration has to do with what they name.

use schema::mentions::{Mentions, may_call};
use schema::{CollationName, Column, Index, Policy, Table};

use super::Resource::{Calls, Function as Called, Signature, Type};
use super::Role::{Needs, Releases};
use super::{Known, Path, Role, Roles};
use crate::plan::objects::exclusion_expressions;
use crate::step::{
    ColumnStep, ConstraintKind, ConstraintStep, IndexStep, PolicyStep, Step, TableStep, ViewChange, ViewStep,
};

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
