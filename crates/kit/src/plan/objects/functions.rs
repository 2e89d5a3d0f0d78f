use schema::{Function, FunctionKind};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::route::{self, Hop};
use crate::plan::{Stage, Steps};
use crate::rename::{Kind, Rename};
use crate::step::{ColumnStep, FunctionStep, Name, Step};

/// Functions: made before what calls them, dropped after it. One that PostgreSQL does not replace is dropped
/// and made again, and what calls it makes way: checks, indexes, views and so on where they are planned,
/// defaults here.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let functions = Matched::new(&change.previous.objects.functions, &change.next.objects.functions);
    let anew = change.recreated.anew();
    renames(steps, change, &functions);
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

/// `ALTER FUNCTION … SET SCHEMA` and `RENAME TO`. Functions of other arguments do not stand in each other's way.
fn renames(steps: &mut Steps, change: Change, functions: &Matched<Function>) {
    if !change.old.0.iter().any(|rename| matches!(rename, Rename::Function { .. })) {
        return;
    }
    for function in functions.kept.iter().map(|pair| pair.previous) {
        let identity = function.identity();
        let of_identity = |rename: &&Rename| match rename {
            Rename::Function { kind, arguments, .. } => *kind == function.kind && *arguments == identity,
            _ => false,
        };
        let renames: Vec<Rename> = change.old.0.iter().filter(of_identity).cloned().collect();
        let exists = |name: &Name| {
            functions.all().any(|other| Name::of_function(other) == *name && other.identity() == identity)
        };
        let kind = match function.kind {
            FunctionKind::Function => Kind::Function,
            FunctionKind::Procedure => Kind::Procedure,
        };
        let routes = route::routes(&renames, kind, exists).into_iter();
        let routes = routes.filter(|(to, _)| **to == Name::of_function(function)).collect();
        let called = |Name { schema, name }| Box::new(Function { schema, name, ..function.clone() });
        route::add(steps, routes, [Stage::MoveFunction, Stage::RenameFunction], |hop| {
            Step::Function(match hop {
                Hop::SetSchema { from, to, leg } => FunctionStep::SetSchema { function: called(from), to, leg },
                Hop::Rename { from, to, leg } => FunctionStep::Rename { function: called(from), to, leg },
            })
        });
    }
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
