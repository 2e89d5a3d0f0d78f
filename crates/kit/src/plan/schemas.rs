use schema::Schema;

use super::{Stage, Steps};
use crate::diff::Matched;
use crate::rename::Rename;
use crate::step::{Leg, SchemaStep, Step};

/// Schemas: created first, dropped last.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, renames: &[Rename]) {
    let schemas = Matched::new(&previous.schemas, &next.schemas);
    for name in schemas.created {
        steps.push(Stage::CreateSchema, Step::Schema(SchemaStep::Create { name: name.clone() }));
    }
    for rename in renames {
        if let Rename::Schema { from, to } = rename {
            let step = SchemaStep::Rename { from: from.clone(), to: to.clone(), leg: Leg::Whole };
            steps.push(Stage::RenameSchema, Step::Schema(step));
        }
    }
    for name in schemas.dropped {
        steps.push(Stage::DropSchema, Step::Schema(SchemaStep::Drop { name: name.clone() }));
    }
}
