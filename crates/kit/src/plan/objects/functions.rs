use schema::{Function, FunctionKind};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::route::{self, Hop};
use crate::plan::{Stage, Steps};
use crate::rename::{Kind, Rename};
use crate::step::{FunctionStep, Name, Step};

/// Functions: made before what calls them, dropped after it. One that PostgreSQL does not replace is dropped
/// and made again, and what calls it makes way: checks, defaults, indexes, views and so on, each where
/// it is planned.
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
