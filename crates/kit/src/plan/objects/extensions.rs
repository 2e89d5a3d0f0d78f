use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::step::{ExtensionStep, Step};

/// Extensions: made before anything that may need a type, function or operator class of one, dropped after it.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let extensions = Matched::new(&change.previous.objects.extensions, &change.next.objects.extensions);
    for created in &extensions.created {
        steps.push(Stage::CreateExtension, Step::Extension(ExtensionStep::Create((*created).clone())));
    }
    for Pair { previous, next } in &extensions.kept {
        let name = next.name.clone();
        // What is declared no more is left to PostgreSQL, which has it as it is.
        if let Some(to) = next.schema.clone().filter(|_| previous.schema != next.schema) {
            let step = ExtensionStep::SetSchema { name: name.clone(), from: previous.schema.clone(), to };
            steps.push(Stage::AlterExtension, Step::Extension(step));
        }
        if let Some(version) = next.version.clone().filter(|_| previous.version != next.version) {
            steps.push(Stage::AlterExtension, Step::Extension(ExtensionStep::Update { name, version }));
        }
    }
    for dropped in &extensions.dropped {
        steps.push(Stage::DropExtension, Step::Extension(ExtensionStep::Drop((*dropped).clone())));
    }
}
