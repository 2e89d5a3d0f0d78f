//! A new table whose default or check calls a function in SQL that reads the table, or a new column whose default
//! does. PostgreSQL looks into such a function when it is made, so the table or column comes first, without what
//! calls the function, and that is added afterwards. The rows that are there get the default then, as they would with
//! the column: by a conversion to the type that it has, which no trigger and no policy sees.

use std::borrow::Cow;
use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{Check, CheckObjects, CollationName, Column, Function, Schema, Table};

use super::Change;
use super::anew::signature;
use crate::diff;
use crate::plan::resources::Path;
use crate::plan::{Stage, Steps};
use crate::step::{ColumnStep, ConstraintStep, Name, Step, TableStep};

pub(super) fn plan(steps: &mut Steps, change: Change) {
    if change.next.objects.functions.is_empty() {
        return;
    }
    let reach = Reach { schema: change.next, created: change.tables.created.iter().map(|t| t.key()).collect() };
    let mut split = Vec::new();
    for step in steps.iter_mut() {
        match step {
            Step::Table(TableStep::Create { table, .. }) => split.extend(take_out(table, &reach)),
            Step::Column(ColumnStep::Add { table, column, rebuilt: false, collation, needs: _, is_virtual: _ }) => {
                split.extend(take_default_out(table, column, collation.as_ref(), &reach));
            }
            _ => {}
        }
    }
    for (stage, step) in split {
        steps.push(stage, step);
    }
}

/// Takes what must wait out of a table, as steps of its own.
fn take_out(table: &mut Table, reach: &Reach) -> Vec<(Stage, Step)> {
    let name = Name::of(table);
    let waits = |expression: &str| reach.leads_to(expression, Target { table: &name, column: None });
    let mut taken: Vec<(Stage, Step)> =
        table.columns.values_mut().filter_map(|column| default_of(&name, column, waits)).collect();
    let checks: Vec<Check> = table.check_constraints.values().filter(|check| waits(&check.value)).cloned().collect();
    for check in checks {
        table.check_constraints.shift_remove(&check.name);
        let columns = table.columns.keys();
        let columns = columns.filter(|column| schema::mentions::mentions(&check.value, column)).cloned().collect();
        let step = ConstraintStep::AddCheck { table: name.clone(), check, columns, objects: CheckObjects::default() };
        taken.push((Stage::AddCheck, Step::Constraint(step)));
    }
    taken
}

/// Takes the default out of a new column of a table that is there, with what the rows have of it, and NOT NULL.
fn take_default_out(
    table: &Name,
    column: &mut Column,
    collation: Option<&CollationName>,
    reach: &Reach,
) -> Vec<(Stage, Step)> {
    let whole = column.clone();
    let waits = |default: &str| reach.leads_to(default, Target { table, column: Some(&whole.name) });
    let Some(default) = default_of(table, column, waits) else { return Vec::new() };
    let fill = ColumnStep::SetType {
        table: table.clone(),
        previous: Box::new(column.clone()),
        next: Box::new(whole.clone()),
        using: whole.default_sql().map(Cow::into_owned),
        collation: collation.cloned(),
        leaves: None,
    };
    let mut taken = vec![default, (Stage::AlterTable, Step::Column(fill))];
    if !column.primary_key && std::mem::take(&mut column.not_null) {
        let step = ColumnStep::SetNotNull { table: table.clone(), column: whole.name };
        taken.push((Stage::AlterTable, Step::Column(step)));
    }
    taken
}

/// Takes the default out of the column, if it waits.
fn default_of(table: &Name, column: &mut Column, waits: impl Fn(&str) -> bool) -> Option<(Stage, Step)> {
    let default = column.default_sql().filter(|default| waits(default))?.into_owned();
    column.default = None;
    let (table, column) = (table.clone(), column.name.clone());
    let step = ColumnStep::SetDefault { table, column, default, cast: None, releases: None, previous: None };
    Some((Stage::AlterTable, Step::Column(step)))
}

/// A new table, or a new column of a table that is there.
#[derive(Clone, Copy)]
struct Target<'a> {
    table: &'a Name,
    column: Option<&'a str>,
}

impl Target<'_> {
    fn is_in(self, mentions: &Mentions, path: Path) -> bool {
        path.finds(mentions, self.table) && self.column.is_none_or(|column| mentions.has_column(column))
    }
}

/// What functions and new tables need of each other.
struct Reach<'a> {
    schema: &'a Schema,
    /// The keys of new tables.
    created: HashSet<String>,
}

impl Reach<'_> {
    /// Whether an expression calls a function that can only be made once the target is there.
    fn leads_to(&self, expression: &str, target: Target) -> bool {
        let mut seen = HashSet::new();
        self.called(expression).any(|function| self.needs(function, target, &mut seen))
    }

    fn called<'b>(&'b self, expression: &str) -> impl Iterator<Item = &'b Function> {
        let names: HashSet<String> = may_call(expression).collect();
        self.schema.objects.functions.values().filter(move |function| names.contains(&function.name))
    }

    /// Whether the function needs the target, by itself or by way of other functions and new tables.
    fn needs(&self, function: &Function, target: Target, seen: &mut HashSet<String>) -> bool {
        if !seen.insert(function.key()) {
            return false;
        }
        let text = signature(function).chain(body_in_sql(function)).collect::<Vec<_>>().join(" , ");
        let (mentions, path) = (Mentions::of(&text), Path::of(function));
        if target.is_in(&mentions, path) {
            return true;
        }
        let tables = self.schema.tables.iter().filter(|(key, _)| self.created.contains(*key));
        let mut tables = tables.filter(|(_, table)| path.finds(&mentions, &Name::of(table)));
        tables.any(|(_, other)| self.table_needs(other, target, seen))
            || body_in_sql(function).any(|body| self.called(body).any(|called| self.needs(called, target, seen)))
    }

    fn table_needs(&self, other: &Table, target: Target, seen: &mut HashSet<String>) -> bool {
        let defaults = other.columns.values().filter_map(|column| column.default_sql());
        let defaults: Vec<String> = defaults.map(Cow::into_owned).collect();
        let expressions = diff::expressions(other).chain(defaults.iter().map(String::as_str));
        let expressions: Vec<&str> = expressions.collect();
        expressions.iter().any(|expression| self.called(expression).any(|called| self.needs(called, target, seen)))
    }
}

/// The body that PostgreSQL looks into when the function is made.
pub(in crate::plan) fn body_in_sql(function: &Function) -> impl Iterator<Item = &str> {
    function.language.eq_ignore_ascii_case("sql").then_some(function.body.as_str()).into_iter()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Column, Function, Table, schema, types};

    use crate::Migration;
    use crate::rename::{Answers, resolve};

    #[test]
    fn rows_get_a_default_that_waits_before_they_must_have_one() {
        let items = || Table::new("items").column(Column::new("id", types::integer()));
        let next = Function::new("next").returns("integer").sql("select coalesce(max(place), 0) + 1 from items");
        let place = Column::new("place", types::integer()).not_null().default_sql("next()");
        let previous = schema([items().into()]).unwrap();
        let next = schema([items().column(place).into(), next.into()]).unwrap();
        let migration = Migration::new(crate::plan::plan(&resolve(&previous, &next, &Answers::default()), &next));
        let lines = migration.steps().iter().flat_map(|step| {
            let hazards = step.hazards.iter().map(|hazard| format!("  ! {hazard}"));
            step.statements.iter().cloned().chain(hazards)
        });
        expect![[r#"
            ALTER TABLE "items" ADD COLUMN "place" integer;
            CREATE FUNCTION "public"."next"() RETURNS integer
            	LANGUAGE "sql"
            	AS $$select coalesce(max(place), 0) + 1 from items$$;
            ALTER TABLE "items" ALTER COLUMN "place" SET DEFAULT next();
            ALTER TABLE "items" ALTER COLUMN "place" SET DATA TYPE integer USING next();
              ! lock: "items" is rewritten under an exclusive lock
            ALTER TABLE "items" ALTER COLUMN "place" SET NOT NULL;
              ! may fail: "items"."place" becomes NOT NULL; it fails if a row has NULL there
              ! lock: "items" is scanned under an exclusive lock"#]]
        .assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    }
}
