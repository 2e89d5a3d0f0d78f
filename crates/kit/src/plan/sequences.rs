use schema::Schema;

use super::options::{self, Options};
use super::route::{self, Hop};
use super::{Stage, Steps};
use crate::diff::{Matched, Pair};
use crate::rename::{Kind, Rename};
use crate::step::{Name, SequenceStep, Step};

/// Sequences that stand alone: made before what may draw from them, dropped after it.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, renames: &[Rename]) {
    let sequences = Matched::new(&previous.sequences, &next.sequences);
    for created in &sequences.created {
        steps.push(Stage::CreateSequence, Step::Sequence(SequenceStep::Create((*created).clone())));
    }
    let exists = |name: &Name| route::is_taken(Pair { previous, next }, name);
    let routes = route::routes(renames, Kind::Sequence, exists);
    route::add(steps, routes, [Stage::MoveSequence, Stage::RenameSequence], |hop| {
        Step::Sequence(match hop {
            Hop::SetSchema { from: name, to, leg } => SequenceStep::SetSchema { name, to, leg },
            Hop::Rename { from: name, to, leg } => SequenceStep::Rename { name, to, leg },
        })
    });
    for pair in &sequences.kept {
        let options = options::altered(&Options::of_sequence(pair.previous), &Options::of_sequence(pair.next));
        if !options.is_empty() {
            let step = SequenceStep::Alter { name: Name::of_sequence(pair.next), options };
            steps.push(Stage::AlterSequence, Step::Sequence(step));
        }
    }
    for dropped in &sequences.dropped {
        steps.push(Stage::DropSequence, Step::Sequence(SequenceStep::Drop { name: Name::of_sequence(dropped) }));
    }
}
