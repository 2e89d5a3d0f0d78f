use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::step::{ColumnStep, FunctionStep, Name, Step};

/// Functions: made before what calls them, dropped after it. One that PostgreSQL does not replace is dropped
/// and made again, and what calls it makes way: checks, indexes, views and so on where they are planned,
/// defaults here.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let functions = Matched::new(&change.previous.objects.functions, &change.next.objects.functions);
    let anew = change.recreated.anew();
    for created in &functions.created {
        let step = FunctionStep::Create { function: Box::new((*created).clone()), recreated: false };
        steps.push(Stage::CreateFunction, Step::Function(step));
    }
    for Pair { previous, next } in functions.kept.iter().copied() {
        let function = Box::new(next.clone());
        if anew.has_function(&next.key()) {
            let step = FunctionStep::Drop { function: Box::new(previous.clone()), recreated: true };
            steps.push(Stage::RecreateFunction, Step::Function(step));
            let step = FunctionStep::Create { function, recreated: true };
            steps.push(Stage::CreateFunction, Step::Function(step));
        } else if previous != next {
            steps.push(Stage::CreateFunction, Step::Function(FunctionStep::Replace(function)));
        }
    }
    for dropped in &functions.dropped {
        let step = FunctionStep::Drop { function: Box::new((*dropped).clone()), recreated: false };
        steps.push(Stage::DropFunction, Step::Function(step));
    }
    defaults(steps, change);
}

/// Defaults that call a function which is made anew.
fn defaults(steps: &mut Steps, change: Change) {
    let anew = change.recreated.anew();
    for table in &change.tables.kept {
        let name = Name::of(table.next);
        let touched = change.touched.of(&name.key());
        for Pair { previous, next } in Matched::new(&table.previous.columns, &table.next.columns).kept {
            let Some(default) = previous.default_sql().filter(|default| anew.calls(default)) else { continue };
            let is_rebuilt = touched.is_some_and(|touched| touched.rebuilt.contains(&next.name));
            if is_rebuilt || change.recreated.takes(Pair { previous, next }) {
                continue;
            }
            let column = next.name.clone();
            // A default that goes or changes has a step of its own; but a changed one would be set too late.
            let stays = next.default_sql().as_deref() == Some(&default);
            if next.default.is_some() {
                let default = Some(default.clone().into_owned());
                let (table, column) = (name.clone(), column.clone());
                let step = ColumnStep::DropDefault { table, column, releases: None, default };
                steps.push(Stage::DropExpression, Step::Column(step));
            }
            if stays && previous.sql_type == next.sql_type {
                let (table, default) = (name.clone(), default.into_owned());
                let step = ColumnStep::SetDefault { table, column, default, cast: None, releases: None };
                steps.push(Stage::AlterTable, Step::Column(step));
            }
        }
    }
}
