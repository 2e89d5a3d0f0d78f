//! Names that change places: `a` becomes `b` while `b` becomes `a`. None of them is free before
//! another one has left it, so the first of the circle goes by a name in passing.

use std::collections::{HashMap, HashSet};

use super::resources::{self, Resource, Role};
use super::{Stage, Steps, route};
use crate::step::{
    ColumnStep, ConstraintStep, EnumStep, FunctionStep, IndexStep, Leg, PolicyStep, RoleStep, SchemaStep, SequenceStep,
    SerialStep, Step, TableStep, TriggerStep, TypeStep, ViewChange, ViewStep,
};

/// Parts the first rename of every circle in two.
pub(super) fn part(Steps(mut steps): Steps) -> Steps {
    let first = first_of_circles(&mut steps);
    if first.is_empty() {
        return Steps(steps);
    }
    let names = steps.iter_mut().filter_map(|(_, step)| renaming(step)).flat_map(|r| [r.from.clone(), r.to.clone()]);
    let taken: HashSet<String> = names.collect();
    let mut parted = Vec::with_capacity(steps.len() + first.len());
    for (at, (stage, step)) in steps.into_iter().enumerate() {
        if first.contains(&at) {
            parted.extend(in_two(step, &taken).map(|step| (stage, step)));
        } else {
            parted.push((stage, step));
        }
    }
    Steps(parted)
}

/// Where the first step of every circle stands.
fn first_of_circles(steps: &mut [(Stage, Step)]) -> HashSet<usize> {
    let ends: Vec<(usize, Ends)> =
        steps.iter_mut().enumerate().filter_map(|(at, (_, step))| Some((at, ends(step)?))).collect();
    let mut leaving: HashMap<&Resource, Vec<usize>> = HashMap::new();
    for (at, (_, ends)) in ends.iter().enumerate() {
        ends.frees.iter().for_each(|resource| leaving.entry(resource).or_default().push(at));
    }
    let waits_for = |at: usize| ends[at].1.takes.iter().filter_map(|resource| leaving.get(resource)).flatten().copied();
    let mut first = HashSet::new();
    for start in 0..ends.len() {
        let mut seen = HashSet::new();
        let mut waiting: Vec<usize> = waits_for(start).collect();
        while let Some(at) = waiting.pop() {
            if at == start {
                first.insert(ends[start].0);
                break;
            }
            if !first.contains(&ends[at].0) && seen.insert(at) {
                waiting.extend(waits_for(at));
            }
        }
    }
    first
}

/// What a rename frees, and what it takes: a constraint, and its index.
struct Ends {
    frees: Vec<Resource>,
    takes: Vec<Resource>,
}

fn ends(step: &mut Step) -> Option<Ends> {
    renaming(step).filter(|renaming| *renaming.leg == Leg::Whole)?;
    let roles = resources::of(step);
    let of_role = |wanted: Role| roles.iter().filter(|(role, _)| *role == wanted).map(|(_, of)| of.clone()).collect();
    Some(Ends { frees: of_role(Role::Frees), takes: of_role(Role::Creates) })
}

fn in_two(step: Step, taken: &HashSet<String>) -> [Step; 2] {
    let (mut first, mut last) = (step.clone(), step);
    if let (Some(first), Some(last)) = (renaming(&mut first), renaming(&mut last)) {
        let passing = route::passing(last.to, |name| taken.contains(name));
        first.to.clone_from(&passing);
        *last.from = passing;
        (*first.leg, *last.leg) = (Leg::First, Leg::Last);
    }
    [first, last]
}

/// The parts of a rename.
struct Renaming<'a> {
    from: &'a mut String,
    to: &'a mut String,
    leg: &'a mut Leg,
}

/// The parts of the step, if it renames something.
fn renaming(step: &mut Step) -> Option<Renaming<'_>> {
    match step {
        Step::Enum(EnumStep::Rename { name, to, leg })
        | Step::Index(IndexStep::Rename { name, to, leg })
        | Step::Sequence(SequenceStep::Rename { name, to, leg })
        | Step::Serial(SerialStep::Rename { name, to, leg, table: _, is_settled: _, is_implicit: _ })
        | Step::Table(TableStep::Rename { table: name, to, leg })
        | Step::Type(TypeStep::Rename { name, to, leg, kind: _ })
        | Step::View(ViewStep { name, change: ViewChange::Rename { to, leg }, is_materialized: _ }) => {
            Some(Renaming { from: &mut name.name, to, leg })
        }
        Step::Schema(SchemaStep::Rename { from, to, leg })
        | Step::Column(ColumnStep::Rename { from, to, leg, table: _ })
        | Step::Constraint(ConstraintStep::Rename { from, to, leg, .. })
        | Step::Role(RoleStep::Rename { from, to, leg })
        | Step::Policy(PolicyStep::Rename { from, to, leg, on: _ })
        | Step::Trigger(TriggerStep::Rename { from, to, leg, table: _, is_constraint: _ }) => {
            Some(Renaming { from, to, leg })
        }
        Step::Function(FunctionStep::Rename { function, to, leg }) => {
            Some(Renaming { from: &mut function.name, to, leg })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Leg, SchemaStep, Stage, Step, Steps, part};

    fn parted(renames: &[(&str, &str)]) -> Vec<String> {
        let step = |(from, to): &(&str, &str)| {
            Step::Schema(SchemaStep::Rename { from: (*from).to_owned(), to: (*to).to_owned(), leg: Leg::Whole })
        };
        let steps = Steps(renames.iter().map(|rename| (Stage::RenameSchema, step(rename))).collect());
        let text = |step: &Step| match step {
            Step::Schema(SchemaStep::Rename { from, to, leg: _ }) => format!("{from} to {to}"),
            other => format!("{other:?}"),
        };
        part(steps).iter().map(text).collect()
    }

    #[test]
    fn one_of_each_circle_goes_by_a_name_in_passing() {
        assert_eq!(parted(&[("a", "b"), ("b", "c")]), ["a to b", "b to c"]);
        assert_eq!(parted(&[("a", "b"), ("b", "a")]), ["a to moving_1_b", "moving_1_b to b", "b to a"]);
        let two_circles = [("a", "b"), ("c", "moving_1_b"), ("b", "a"), ("moving_1_b", "d"), ("d", "c")];
        assert_eq!(
            parted(&two_circles),
            [
                "a to moving_2_b",
                "moving_2_b to b",
                "c to moving_1_moving_1_b",
                "moving_1_moving_1_b to moving_1_b",
                "b to a",
                "moving_1_b to d",
                "d to c"
            ]
        );
    }
}
