//! The words for what drizzle-kit has no word for.

use crate::step::{
    CommentStep, CompositeChange, ExtensionStep, FunctionStep, PartitionStep, StatisticsStep, TriggerStep, TypeStep,
};

type Phrase = (&'static str, String);

pub(super) fn extension(step: &ExtensionStep) -> Phrase {
    match step {
        ExtensionStep::Create(extension) => ("add", extension.name.clone()),
        ExtensionStep::Update { name, .. } | ExtensionStep::SetSchema { name, .. } => ("alter", name.clone()),
        ExtensionStep::Drop(extension) => ("remove", extension.name.clone()),
    }
}

pub(super) fn data_type(step: &TypeStep) -> Phrase {
    match step {
        TypeStep::Create { definition, recreated: false } => ("add", definition.name().name),
        TypeStep::Drop { definition, recreated: false } => ("remove", definition.name().name),
        TypeStep::Create { definition, .. } | TypeStep::Drop { definition, .. } => ("alter", definition.name().name),
        TypeStep::SetSchema { name, to, .. } => ("move", format!("{}_to_{to}", name.name)),
        TypeStep::Rename { name, to, .. } => ("rename", format!("{}_to_{to}", name.name)),
        TypeStep::Composite { name, change: CompositeChange::Add(attribute) } => {
            ("add", format!("{}_{}", name.name, attribute.name))
        }
        TypeStep::Composite { name, change: CompositeChange::Drop(attribute) } => {
            ("remove", format!("{}_{}", name.name, attribute.name))
        }
        TypeStep::Composite { name, .. } | TypeStep::Domain { name, .. } => ("alter", name.name.clone()),
    }
}

pub(super) fn function(step: &FunctionStep) -> Phrase {
    match step {
        FunctionStep::Create { function, recreated: false } => ("add", function.name.clone()),
        FunctionStep::Drop { function, recreated: false } => ("remove", function.name.clone()),
        FunctionStep::SetSchema { function, to, .. } => ("move", format!("{}_to_{to}", function.name)),
        FunctionStep::Rename { function, to, .. } => ("rename", format!("{}_to_{to}", function.name)),
        FunctionStep::Create { function, .. }
        | FunctionStep::Drop { function, .. }
        | FunctionStep::Replace(function) => ("alter", function.name.clone()),
    }
}

pub(super) fn trigger(step: &TriggerStep) -> Phrase {
    let name = |trigger: &schema::Trigger| format!("{}_{}", trigger.table, trigger.name);
    match step {
        TriggerStep::Create { trigger, recreated: false } => ("add", name(trigger)),
        TriggerStep::Drop { trigger, recreated: false } => ("remove", name(trigger)),
        TriggerStep::Rename { table, from, to, .. } => ("rename", format!("{}_{from}_to_{to}", table.name)),
        TriggerStep::Create { trigger, .. } | TriggerStep::Drop { trigger, .. } | TriggerStep::SetState(trigger) => {
            ("alter", name(trigger))
        }
    }
}

pub(super) fn partition(step: &PartitionStep) -> Phrase {
    match step {
        PartitionStep::Create(partition) => ("add", partition.name.clone()),
        PartitionStep::Drop(partition) => ("remove", partition.name.clone()),
        PartitionStep::Attach(partition) | PartitionStep::Detach(partition) => ("alter", partition.name.clone()),
        PartitionStep::Rename { from, to } => ("rename", format!("{}_to_{}", from.name, to.name)),
    }
}

pub(super) fn statistics(step: &StatisticsStep) -> Phrase {
    match step {
        StatisticsStep::Create { statistics, recreated: false } => ("index", format!("add_{}", statistics.name)),
        StatisticsStep::Drop { statistics, recreated: false } => ("index", format!("drop_{}", statistics.name)),
        StatisticsStep::Create { statistics, .. }
        | StatisticsStep::Drop { statistics, .. }
        | StatisticsStep::SetTarget(statistics) => ("alter", statistics.name.clone()),
    }
}

pub(super) fn comment(CommentStep { on, text: _ }: &CommentStep) -> Phrase {
    let owner = on.owner.as_ref().map(|owner| format!("{owner}_")).unwrap_or_default();
    ("comment", format!("on_{owner}{}", on.name))
}
