use schema::Partition;

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::step::{ConstraintStep, Name, PartitionStep, Step};

/// Partitions: made after what they are parts of, and dropped with it. One whose bounds or parent change is
/// detached and attached, and keeps its rows.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    without_table_in_checks(steps, change);
    let partitions = Matched::new(&change.previous.objects.partitions, &change.next.objects.partitions);
    let mut push = |stage, step| steps.push(stage, Step::Partition(step));
    let renamed = renamed(&partitions);
    let is_renamed = |key: &str| renamed.iter().any(|pair| pair.previous.key() == key || pair.next.key() == key);
    for dropped in partitions.dropped.iter().filter(|dropped| !is_renamed(&dropped.key())) {
        if is_there(change, &dropped.parent_key()) {
            push(Stage::DropPartition, PartitionStep::Drop(Box::new((*dropped).clone())));
        }
    }
    for Pair { previous, next } in &renamed {
        let step = PartitionStep::Rename { from: Name::of_partition(previous), to: Name::of_partition(next) };
        push(Stage::DropPartition, step);
    }
    for Pair { previous, next } in partitions.kept.iter().copied() {
        if !is_there(change, &previous.parent_key()) {
            // It goes with the table that it was a part of.
            push(Stage::DropPartition, PartitionStep::Drop(Box::new(previous.clone())));
            push(Stage::CreatePartition, PartitionStep::Create(Box::new(next.clone())));
        } else if previous.bounds != next.bounds || previous.parent_key() != next.parent_key() {
            push(Stage::DropPartition, PartitionStep::Detach(Box::new(previous.clone())));
            push(Stage::CreatePartition, PartitionStep::Attach(Box::new(next.clone())));
        }
    }
    for created in partitions.created.iter().filter(|created| !is_renamed(&created.key())) {
        push(Stage::CreatePartition, PartitionStep::Create(Box::new((*created).clone())));
    }
    for Pair { previous, next } in partitions.kept.iter().chain(&renamed).copied() {
        super::tables::storage(
            steps,
            (&Name::of_partition(next), Vec::new()),
            [previous.is_unlogged, next.is_unlogged],
            [&previous.storage_parameters, &next.storage_parameters],
        );
    }
}

/// A check that names its table is refused by the partitions that are there, which have other names.
fn without_table_in_checks(steps: &mut Steps, change: Change) {
    let is_partitioned = |table: &Name| {
        let beside = change.next.objects.tables.get(&table.key());
        beside.is_some_and(|beside| beside.partition_by.is_some())
    };
    for step in steps.iter_mut() {
        if let Step::Constraint(ConstraintStep::AddCheck { table, check, .. }) = step
            && is_partitioned(table)
            && let Some(bare) = schema::type_text::without_table(&check.value, &table.name)
        {
            check.value = bare;
        }
    }
}

/// Partitions that go while one with the same bounds comes. A table has one for each bounds, so it is the
/// same rows under another name.
fn renamed<'a>(partitions: &Matched<'a, Partition>) -> Vec<Pair<&'a Partition>> {
    let same = |a: &Partition, b: &Partition| {
        a.bounds == b.bounds && a.parent_key() == b.parent_key() && a.partition_by == b.partition_by
    };
    let pair = |previous: &&'a Partition| {
        let next = partitions.created.iter().copied().find(|next| same(previous, next))?;
        Some(Pair { previous: *previous, next })
    };
    partitions.dropped.iter().filter_map(pair).collect()
}

/// Whether the table that a partition was a part of is still there, and has not taken it along.
fn is_there(change: Change, parent: &str) -> bool {
    change.next.tables.contains_key(parent) || change.next.objects.partitions.contains_key(parent)
}
