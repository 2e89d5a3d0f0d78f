//! A new table whose default or check calls a function in SQL that reads the table. PostgreSQL looks into
//! such a function when it is made, so the table comes first, without what calls the function, and that is
//! added afterwards.

use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{Check, Function, Schema, Table};

use super::Change;
use super::anew::signature;
use crate::diff;
use crate::plan::{Stage, Steps};
use crate::step::{ColumnStep, ConstraintStep, Name, Step, TableStep};

pub(super) fn plan(steps: &mut Steps, change: Change) {
    if change.next.objects.functions.is_empty() {
        return;
    }
    let reach = Reach { schema: change.next, created: change.tables.created.iter().map(|t| t.key()).collect() };
    let mut split = Vec::new();
    for step in steps.iter_mut() {
        if let Step::Table(TableStep::Create { table, .. }) = step {
            split.extend(take_out(table, &reach));
        }
    }
    for (stage, step) in split {
        steps.push(stage, step);
    }
}

/// Takes what must wait out of a table, as steps of its own.
fn take_out(table: &mut Table, reach: &Reach) -> Vec<(Stage, Step)> {
    let (name, key) = (Name::of(table), table.key());
    let waits = |expression: &str| reach.leads_to(expression, &key);
    let mut taken = Vec::new();
    for column in table.columns.values_mut() {
        let Some(default) = column.default_sql().filter(|default| waits(default)) else { continue };
        let (table, default) = (name.clone(), default.into_owned());
        let column_name = column.name.clone();
        column.default = None;
        let step = ColumnStep::SetDefault { table, column: column_name, default, cast: None, releases: None };
        taken.push((Stage::AlterTable, Step::Column(step)));
    }
    let checks: Vec<Check> = table.check_constraints.values().filter(|check| waits(&check.value)).cloned().collect();
    for check in checks {
        table.check_constraints.shift_remove(&check.name);
        let columns = table.columns.keys();
        let columns = columns.filter(|column| schema::mentions::mentions(&check.value, column)).cloned().collect();
        let step = ConstraintStep::AddCheck { table: name.clone(), check, columns };
        taken.push((Stage::AddCheck, Step::Constraint(step)));
    }
    taken
}

/// What functions and new tables need of each other.
struct Reach<'a> {
    schema: &'a Schema,
    /// The keys of new tables.
    created: HashSet<String>,
}

impl Reach<'_> {
    /// Whether an expression calls a function that can only be made once the table is there.
    fn leads_to(&self, expression: &str, table: &str) -> bool {
        let mut seen = HashSet::new();
        self.called(expression).any(|function| self.needs(function, table, &mut seen))
    }

    fn called<'b>(&'b self, expression: &str) -> impl Iterator<Item = &'b Function> {
        let names: HashSet<String> = may_call(expression).collect();
        self.schema.objects.functions.values().filter(move |function| names.contains(&function.name))
    }

    /// Whether the function needs the table, by itself or by way of other functions and new tables.
    fn needs(&self, function: &Function, table: &str, seen: &mut HashSet<String>) -> bool {
        if !seen.insert(function.key()) {
            return false;
        }
        let text = signature(function).chain(body_in_sql(function)).collect::<Vec<_>>().join(" , ");
        let mentions = Mentions::of(&text);
        let tables = self.schema.tables.iter().filter(|(key, _)| self.created.contains(*key));
        let mut tables = tables.filter(|(_, table)| mentions.has_type(table.schema_name(), &table.name));
        tables.any(|(key, other)| key == table || self.table_needs(other, table, seen))
            || body_in_sql(function).any(|body| self.called(body).any(|called| self.needs(called, table, seen)))
    }

    fn table_needs(&self, other: &Table, table: &str, seen: &mut HashSet<String>) -> bool {
        let defaults = other.columns.values().filter_map(|column| column.default_sql());
        let defaults: Vec<String> = defaults.map(std::borrow::Cow::into_owned).collect();
        let expressions = diff::expressions(other).chain(defaults.iter().map(String::as_str));
        let expressions: Vec<&str> = expressions.collect();
        expressions.iter().any(|expression| self.called(expression).any(|called| self.needs(called, table, seen)))
    }
}

/// The body that PostgreSQL looks into when the function is made.
pub(in crate::plan) fn body_in_sql(function: &Function) -> impl Iterator<Item = &str> {
    function.language.eq_ignore_ascii_case("sql").then_some(function.body.as_str()).into_iter()
}
