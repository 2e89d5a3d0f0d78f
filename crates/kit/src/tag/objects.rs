//! The words for what drizzle-kit has no word for.

use super::Phrase;
use super::Verb::{Add, AddPart, Alter, Comment, DropPart, Move, Remove, Rename};
use crate::step::{
    CommentStep, CompositeChange, ExtensionStep, FunctionStep, PartitionStep, StatisticsStep, TriggerStep, TypeStep,
};

pub(super) fn extension(step: &ExtensionStep) -> Phrase {
    match step {
        ExtensionStep::Create(extension) => (Add, extension.name.clone()),
        ExtensionStep::Update { name, .. } | ExtensionStep::SetSchema { name, .. } => (Alter, name.clone()),
        ExtensionStep::Drop(extension) => (Remove, extension.name.clone()),
    }
}

pub(super) fn data_type(step: &TypeStep) -> Phrase {
    match step {
        TypeStep::Create { definition, recreated: false } => (Add, definition.name().name),
        TypeStep::Drop { definition, recreated: false } => (Remove, definition.name().name),
        TypeStep::Create { definition, .. } | TypeStep::Drop { definition, .. } => (Alter, definition.name().name),
        TypeStep::SetSchema { name, to, .. } => (Move, format!("{}_to_{to}", name.name)),
        TypeStep::Rename { name, to, .. } => (Rename, format!("{}_to_{to}", name.name)),
        TypeStep::Composite { name, change: CompositeChange::Add(attribute) } => {
            (Add, format!("{}_{}", name.name, attribute.name))
        }
        TypeStep::Composite { name, change: CompositeChange::Drop(attribute) } => {
            (Remove, format!("{}_{}", name.name, attribute.name))
        }
        TypeStep::Composite { name, .. } | TypeStep::Domain { name, .. } => (Alter, name.name.clone()),
    }
}

pub(super) fn function(step: &FunctionStep) -> Phrase {
    match step {
        FunctionStep::Create { function, recreated: false } => (Add, function.name.clone()),
        FunctionStep::Drop { function, recreated: false } => (Remove, function.name.clone()),
        FunctionStep::SetSchema { function, to, .. } => (Move, format!("{}_to_{to}", function.name)),
        FunctionStep::Rename { function, to, .. } => (Rename, format!("{}_to_{to}", function.name)),
        FunctionStep::Create { function, .. }
        | FunctionStep::Drop { function, .. }
        | FunctionStep::Replace(function) => (Alter, function.name.clone()),
    }
}

pub(super) fn trigger(step: &TriggerStep) -> Phrase {
    let name = |trigger: &schema::Trigger| format!("{}_{}", trigger.table, trigger.name);
    match step {
        TriggerStep::Create { trigger, recreated: false } => (Add, name(trigger)),
        TriggerStep::Drop { trigger, recreated: false } => (Remove, name(trigger)),
        TriggerStep::Rename { table, from, to, .. } => (Rename, format!("{}_{from}_to_{to}", table.name)),
        TriggerStep::Create { trigger, .. } | TriggerStep::Drop { trigger, .. } | TriggerStep::SetState(trigger) => {
            (Alter, name(trigger))
        }
    }
}

pub(super) fn partition(step: &PartitionStep) -> Phrase {
    match step {
        PartitionStep::Create(partition) => (Add, partition.name.clone()),
        PartitionStep::Drop(partition) => (Remove, partition.name.clone()),
        PartitionStep::Attach(partition) | PartitionStep::Detach(partition) => (Alter, partition.name.clone()),
        PartitionStep::Rename { from, to } => (Rename, format!("{}_to_{}", from.name, to.name)),
    }
}

pub(super) fn statistics(step: &StatisticsStep) -> Phrase {
    match step {
        StatisticsStep::Create { statistics, recreated: false } => (AddPart, statistics.name.clone()),
        StatisticsStep::Drop { statistics, recreated: false } => (DropPart, statistics.name.clone()),
        StatisticsStep::Create { statistics, .. }
        | StatisticsStep::Drop { statistics, .. }
        | StatisticsStep::SetTarget(statistics) => (Alter, statistics.name.clone()),
    }
}

pub(super) fn comment(CommentStep { on, text: _ }: &CommentStep) -> Phrase {
    let owner = on.owner.as_ref().map(|owner| format!("{owner}_")).unwrap_or_default();
    (Comment, format!("on_{owner}{}", on.name))
}
