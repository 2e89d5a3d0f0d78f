use schema::{Schema, Sequence};

use super::route::{self, Hop};
use super::{Stage, Steps};
use crate::diff::Matched;
use crate::rename::Rename;
use crate::step::{Name, SequenceStep, Step};

/// Sequences that stand alone: made before what may draw from them, dropped after it.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, renames: &[Rename]) {
    let sequences = Matched::new(&previous.sequences, &next.sequences);
    for created in &sequences.created {
        steps.push(Stage::CreateSequence, Step::Sequence(SequenceStep::Create((*created).clone())));
    }
    let is_old_name = |name: &Name| renames.iter().any(|r| matches!(r, Rename::Sequence { from, .. } if from == name));
    let is_taken = |name: &Name| sequences.all().any(|sequence| name_of(sequence) == *name) || is_old_name(name);
    for rename in renames {
        if let Rename::Sequence { from, to } = rename {
            move_and_rename(steps, route::hops(from, to, is_taken));
        }
    }
    for pair in sequences.changed(|previous, next| previous == next) {
        let (previous, next) = (pair.previous.clone(), pair.next.clone());
        steps.push(Stage::AlterSequence, Step::Sequence(SequenceStep::Alter { previous, next }));
    }
    for dropped in &sequences.dropped {
        steps.push(Stage::DropSequence, Step::Sequence(SequenceStep::Drop { name: name_of(dropped) }));
    }
}

fn name_of(sequence: &Sequence) -> Name {
    Name::new(&sequence.schema, &sequence.name)
}

fn move_and_rename(steps: &mut Steps, hops: Vec<Hop>) {
    let mut stage = Stage::MoveSequence;
    for hop in hops {
        let step = match hop {
            Hop::SetSchema { from: name, to, leg } => SequenceStep::SetSchema { name, to, leg },
            Hop::Rename { from: name, to, leg } => {
                stage = Stage::RenameSequence;
                SequenceStep::Rename { name, to, leg }
            }
        };
        steps.push(stage, Step::Sequence(step));
    }
}
