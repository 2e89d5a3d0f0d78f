use std::collections::HashSet;

use schema::{KeyObjects, Map, Partition, Schema, Table, TableObjects};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::step::{ConstraintStep, Name, PartitionStep, Step};

/// Partitions: made after what they are parts of, and dropped with it. One whose bounds change, or whose parent
/// becomes another of the same columns, is detached and attached, and keeps its rows.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    without_table_in_checks(steps, change);
    let parents = Parents::new(change.previous, change.next);
    let (partitions, renamed) = (&parents.partitions, parents.moved());
    let mut push = |stage, step| steps.push(stage, Step::Partition(step));
    let is_renamed = |key: &str| renamed.iter().any(|pair| pair.previous.key() == key || pair.next.key() == key);
    for dropped in partitions.dropped.iter().filter(|dropped| !is_renamed(&dropped.key())) {
        if parents.is_there(&parents.now(dropped)) {
            parents.drop(dropped).for_each(|step| push(Stage::DropPartition, step));
        }
    }
    for Pair { previous, next } in &renamed {
        let step = PartitionStep::Rename { from: Name::of_partition(previous), to: Name::of_partition(next) };
        push(Stage::DropPartition, step);
    }
    for pair in partitions.kept.iter().copied() {
        let Pair { previous, next } = pair;
        match parents.fate(pair) {
            Fate::Stays => {}
            Fate::IsAttached => {
                // Until then it gets every column and constraint that its parent gets.
                push(Stage::DetachPartition, PartitionStep::Detach(Box::new(previous.clone())));
                push(Stage::CreatePartition, PartitionStep::Attach(Box::new(next.clone())));
            }
            Fate::IsMadeAnew => {
                parents.drop(previous).for_each(|step| push(Stage::DropPartition, step));
                push(Stage::CreatePartition, PartitionStep::Create(Box::new(next.clone())));
            }
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

/// What becomes of a partition that is declared before and after.
enum Fate {
    Stays,
    IsAttached,
    IsMadeAnew,
}

/// What becomes of what partitions are parts of.
struct Parents<'a> {
    previous: &'a Schema,
    next: &'a Schema,
    partitions: Matched<'a, Partition>,
    renamed: Vec<Pair<&'a Partition>>,
}

impl<'a> Parents<'a> {
    fn new(previous: &'a Schema, next: &'a Schema) -> Self {
        let partitions = Matched::new(&previous.objects.partitions, &next.objects.partitions);
        let renamed = renamed(&partitions);
        Parents { previous, next, partitions, renamed }
    }

    /// Those that are renamed, and not made anew with what they are parts of.
    fn moved(&self) -> Vec<Pair<&'a Partition>> {
        self.renamed.iter().copied().filter(|pair| self.stays(*pair)).collect()
    }

    /// Whether a partition that is there before and after has the same rows.
    fn stays(&self, pair: Pair<&Partition>) -> bool {
        !matches!(self.fate(pair), Fate::IsMadeAnew)
    }

    /// The key that the parent of a previous partition has in the end.
    fn now(&self, partition: &Partition) -> String {
        parent_now(partition, &self.renamed)
    }

    /// Whether the table of that key is still there, and has not taken its partitions along.
    fn is_there(&self, parent: &str) -> bool {
        if let Some(renamed) = self.renamed.iter().find(|pair| pair.next.key() == parent) {
            return self.stays(*renamed);
        }
        match (self.previous.objects.partitions.get(parent), self.next.objects.partitions.get(parent)) {
            (Some(previous), Some(next)) => self.stays(Pair { previous, next }),
            (None, None) => self.next.tables.contains_key(parent),
            (_, next) => next.is_some(),
        }
    }

    /// A foreign key references each partition, and only a partition that is detached is free of it.
    fn drop(&self, partition: &Partition) -> impl Iterator<Item = PartitionStep> {
        let table = partitioned(self.previous, &partition.parent_key());
        let mut keys = self.previous.tables.values().flat_map(|table| table.foreign_keys.values());
        let is_referenced = table.is_some_and(|table| keys.any(|key| key.references() == table.key()));
        let detach = is_referenced.then(|| PartitionStep::Detach(Box::new(partition.clone())));
        detach.into_iter().chain([PartitionStep::Drop(Box::new(partition.clone()))])
    }

    fn fate(&self, Pair { previous, next }: Pair<&Partition>) -> Fate {
        let (was, is) = (self.now(previous), next.parent_key());
        if !self.is_there(&was) {
            // It goes with the table that it was a part of.
            return Fate::IsMadeAnew;
        }
        if was == is {
            return if previous.bounds == next.bounds { Fate::Stays } else { Fate::IsAttached };
        }
        if fits(self.next, &was, &is) { Fate::IsAttached } else { Fate::IsMadeAnew }
    }
}

/// Whether a partition of the one parent can be one of the other as it is.
fn fits(schema: &Schema, was: &str, is: &str) -> bool {
    let [Some(was), Some(is)] = [was, is].map(|parent| partitioned(schema, parent)) else { return false };
    let none = TableObjects::default();
    let [was_beside, is_beside] = [was, is].map(|table| schema.objects.tables.get(&table.key()).unwrap_or(&none));
    let [was_keys, is_keys] = [keys(was, was_beside), keys(is, is_beside)];
    was.columns == is.columns
        && was.check_constraints == is.check_constraints
        && was_keys.len() == is_keys.len()
        && was_keys.iter().all(|key| is_keys.contains(key))
        && was_beside.columns == is_beside.columns
}

/// The partitions that a table has before and after, by their names after.
pub(super) fn staying<'a>(change: Change<'a>, table: &str) -> impl Iterator<Item = &'a Partition> {
    let Change { previous, next, .. } = change;
    let parents = Parents::new(previous, next);
    let is_of_table = move |schema: &Schema, partition: &Partition| {
        partitioned(schema, &partition.parent_key()).is_some_and(|partitioned| partitioned.key() == table)
    };
    let pairs = parents.moved().into_iter().chain(parents.partitions.kept);
    let staying = pairs.filter(move |pair| is_of_table(previous, pair.previous) && is_of_table(next, pair.next));
    staying.map(|pair| pair.next)
}

/// The keys of the tables that lose rows with a partition, or get some with one.
pub(crate) fn parted_otherwise(previous: &Schema, next: &Schema) -> HashSet<String> {
    let parents = Parents::new(previous, next);
    let (moved, kept) = (parents.moved(), &parents.partitions.kept);
    let root = |schema: &Schema, partition: &Partition| schema.objects.partition_root(&partition.key());
    let pairs = moved.iter().chain(kept.iter().filter(|pair| parents.stays(**pair)));
    let goes_over = pairs.clone().filter(|pair| root(previous, pair.previous) != root(next, pair.next));
    let from_and_to = goes_over.flat_map(|pair| [root(previous, pair.previous), root(next, pair.next)]);
    let staying: HashSet<String> = pairs.clone().map(|pair| pair.previous.key()).collect();
    let gone = previous.objects.partitions.iter().filter(|(key, _)| !staying.contains(*key));
    from_and_to.chain(gone.map(|(_, partition)| root(previous, partition))).collect()
}

/// The table that a partition is one of in the end.
fn partitioned<'a>(schema: &'a Schema, parent: &str) -> Option<&'a Table> {
    schema.tables.get(&schema.objects.partition_root(parent))
}

/// The columns of each key of a table, and what it has that no snapshot holds.
fn keys<'a>(table: &'a Table, beside: &TableObjects) -> Vec<(Vec<&'a str>, KeyObjects)> {
    let of = |keys: &Map<KeyObjects>, name: &str| keys.get(name).cloned().unwrap_or_default();
    let unique = table.unique_constraints.values().map(|unique| {
        let columns = unique.columns.iter().map(String::as_str).collect();
        (columns, of(&beside.unique_constraints, &unique.name))
    });
    let name = table.composite_primary_keys.keys().next().map(String::as_str).unwrap_or_default();
    let primary_key = (table.primary_key_columns(), of(&beside.composite_primary_keys, name));
    unique.chain([primary_key]).collect()
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

/// Each partition that is renamed, by its names before and after.
pub(super) fn renames(change: Change) -> Vec<(Name, Name)> {
    let renamed = Parents::new(change.previous, change.next).moved().into_iter();
    renamed.map(|Pair { previous, next }| (Name::of_partition(previous), Name::of_partition(next))).collect()
}

/// Partitions that go while one with the same bounds comes. A table has one for each bounds, so it is the
/// same rows under another name. Those that are partitioned come before what they are parted into.
fn renamed<'a>(partitions: &Matched<'a, Partition>) -> Vec<Pair<&'a Partition>> {
    let mut renamed: Vec<Pair<&Partition>> = Vec::new();
    loop {
        let is_same = |was: &Partition, is: &Partition| {
            let parent = parent_now(was, &renamed);
            was.bounds == is.bounds && parent == is.parent_key() && was.partition_by == is.partition_by
        };
        let is_new = |was: &&&Partition| !renamed.iter().any(|pair| pair.previous.key() == was.key());
        let pair = |previous: &&'a Partition| {
            let next = partitions.created.iter().copied().find(|next| is_same(previous, next))?;
            Some(Pair { previous: *previous, next })
        };
        let found: Vec<_> = partitions.dropped.iter().filter(is_new).filter_map(pair).collect();
        if found.is_empty() {
            return renamed;
        }
        renamed.extend(found);
    }
}

/// The key that the parent of a previous partition has, as far as renames are known.
fn parent_now(partition: &Partition, renamed: &[Pair<&Partition>]) -> String {
    let parent = partition.parent_key();
    let renamed = renamed.iter().find(|pair| pair.previous.key() == parent);
    renamed.map_or(parent, |pair| pair.next.key())
}
