//! Constraints and indexes that get another name and are the same otherwise.

use schema::names;

use super::{OldNames, Stage, Steps};
use crate::rename::Rename;
use crate::step::{ConstraintStep, IndexStep, Leg, Name, Part, Step};

/// Comes when every step is known that drops one: what is made anew for another reason gets its name with that.
pub(super) fn plan(steps: &mut Steps, old: OldNames) {
    for rename in old.0 {
        let Rename::Part { table, part, from, to } = rename else { continue };
        // A table has one primary key, whatever it is called.
        let is_it = |name: &&mut String| *part == Part::PrimaryKey || *name == to;
        if let Some(dropped) = steps.iter_mut().find_map(|step| dropped(step, table, *part).filter(is_it)) {
            from.clone_into(dropped);
        } else if names::stored(from) != names::stored(to) {
            steps.push(Stage::RenameColumn, step(table, *part, from, to, old));
        }
    }
}

/// The name in a step that drops such a part of the table.
fn dropped<'a>(step: &'a mut Step, of: &Name, part: Part) -> Option<&'a mut String> {
    match step {
        Step::Constraint(ConstraintStep::Drop { table, name, kind }) if table == of && kind.part() == part => {
            Some(name)
        }
        Step::Index(IndexStep::Drop { table, index, .. }) if table == of && part == Part::Index => {
            Some(&mut index.name)
        }
        _ => None,
    }
}

fn step(table: &Name, part: Part, from: &str, to: &str, old: OldNames) -> Step {
    let (to, leg) = (to.to_owned(), Leg::Whole);
    if part == Part::Index {
        return Step::Index(IndexStep::Rename { name: table.sibling(from), to, leg });
    }
    let is_implicit = part == Part::PrimaryKey && from == names::catalog(old.table(table), None, "pkey");
    let (table, from) = (table.clone(), from.to_owned());
    Step::Constraint(ConstraintStep::Rename { table, part, from, to, is_implicit, leg })
}
