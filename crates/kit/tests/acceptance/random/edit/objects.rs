//! Random changes of what no snapshot holds, of roles and of sequences.

use proptest::prelude::*;

use super::super::spec::{self, Choice, Spec, TypeSpec};
use super::{nth, swap};

#[derive(Clone, Debug)]
pub(crate) enum ObjectEdit {
    AddRole(spec::RoleSpec),
    AlterRole(Choice, RoleEdit),
    SwapRoles(Choice, Choice),
    AddSequence(spec::SequenceSpec),
    AlterSequence(Choice, PlaceEdit<spec::SequenceSpec>),
    AddExtension(spec::ExtensionSpec),
    AlterExtension(Choice, Option<Option<Choice>>),
    AddCollation(spec::CollationSpec),
    AlterCollation(Choice, PlaceEdit<spec::CollationSpec>),
    AddDomain(spec::DomainSpec),
    AlterDomain(Choice, DomainEdit),
    AddComposite(spec::CompositeSpec),
    AlterComposite(Choice, CompositeEdit),
    AddRange(spec::RangeSpec),
    AlterRange(Choice, PlaceEdit<spec::RangeSpec>),
    AddFunction(spec::FunctionSpec),
    AlterFunction(Choice, FunctionEdit),
    AddPartition(spec::PartitionSpec),
    AlterPartition(Choice, PlaceEdit<spec::PartitionSpec>),
    AddStatistics(spec::StatisticsSpec),
    AlterStatistics(Choice, PlaceEdit<spec::StatisticsSpec>),
    Linked(Vec<spec::PolicySpec>),
    Triggers(Vec<(Choice, spec::TriggerSpec)>),
    Comments(Vec<spec::CommentSpec>),
    AlterTable(Choice, TableEdit),
    AlterColumn(Choice, Choice, ColumnEdit),
}

/// A change of something that has a place, which keeps its name where everything else is replaced.
#[derive(Clone, Debug)]
pub(crate) enum PlaceEdit<T> {
    Drop,
    Rename(Choice),
    Move(Choice),
    Replace(T),
}

#[derive(Clone, Debug)]
pub(crate) enum RoleEdit {
    Drop,
    Rename(Choice),
    Options(Choice),
}

#[derive(Clone, Debug)]
pub(crate) enum DomainEdit {
    Place(PlaceEdit<spec::DomainSpec>),
    Base(TypeSpec),
    Default(Option<Choice>),
    NotNull(bool),
    AddCheck((Choice, Choice)),
    DropCheck,
}

#[derive(Clone, Debug)]
pub(crate) enum CompositeEdit {
    Place(PlaceEdit<spec::CompositeSpec>),
    Add((Choice, TypeSpec)),
    Drop(Choice),
    Retype(Choice, TypeSpec),
}

#[derive(Clone, Debug)]
pub(crate) enum FunctionEdit {
    Place(PlaceEdit<spec::FunctionSpec>),
    Argument(TypeSpec),
    ArgumentName(Choice),
    Returns(Choice),
    Body(Choice),
    Attributes(Choice),
}

#[derive(Clone, Debug)]
pub(crate) enum TableEdit {
    Exclusions(Vec<spec::ExclusionSpec>),
    AddTrigger(spec::TriggerSpec),
    AlterTrigger(Choice, TriggerEdit),
    Fillfactor(Option<Choice>),
    NoAutovacuum(bool),
    Unlogged(bool),
    ForceRls(bool),
}

#[derive(Clone, Debug)]
pub(crate) enum TriggerEdit {
    Drop,
    Replace(spec::TriggerSpec),
    State(Choice),
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnEdit {
    Collation(Option<Choice>),
    Storage(Option<Choice>),
    Compression(Option<Choice>),
}

pub(crate) fn edit() -> BoxedStrategy<ObjectEdit> {
    let choice = spec::choice;
    let kinds = prop_oneof![
        2 => domain().prop_map(|(at, edit)| ObjectEdit::AlterDomain(at, edit)),
        2 => composite().prop_map(|(at, edit)| ObjectEdit::AlterComposite(at, edit)),
        1 => (choice(), place(spec::range())).prop_map(|(at, edit)| ObjectEdit::AlterRange(at, edit)),
        3 => function().prop_map(|(at, edit)| ObjectEdit::AlterFunction(at, edit)),
        1 => (choice(), place(spec::collation())).prop_map(|(at, edit)| ObjectEdit::AlterCollation(at, edit)),
        1 => (choice(), place(spec::sequence())).prop_map(|(at, edit)| ObjectEdit::AlterSequence(at, edit)),
        2 => (choice(), place(spec::partition())).prop_map(|(at, edit)| ObjectEdit::AlterPartition(at, edit)),
        2 => (choice(), place(spec::statistics())).prop_map(|(at, edit)| ObjectEdit::AlterStatistics(at, edit)),
        1 => (choice(), role()).prop_map(|(at, edit)| ObjectEdit::AlterRole(at, edit)),
        1 => (choice(), choice()).prop_map(|(a, b)| ObjectEdit::SwapRoles(a, b)),
        1 => (choice(), prop::option::of(prop::option::of(0..2u8)))
            .prop_map(|(at, edit)| ObjectEdit::AlterExtension(at, edit)),
    ];
    let new = prop_oneof![
        4 => spec::role().prop_map(ObjectEdit::AddRole),
        4 => spec::sequence().prop_map(ObjectEdit::AddSequence),
        1 => spec::extension().prop_map(ObjectEdit::AddExtension),
        4 => spec::collation().prop_map(ObjectEdit::AddCollation),
        4 => spec::domain().prop_map(ObjectEdit::AddDomain),
        4 => spec::composite().prop_map(ObjectEdit::AddComposite),
        4 => spec::range().prop_map(ObjectEdit::AddRange),
        4 => spec::function().prop_map(ObjectEdit::AddFunction),
        4 => spec::partition().prop_map(ObjectEdit::AddPartition),
        4 => spec::statistics().prop_map(ObjectEdit::AddStatistics),
    ];
    let lists = prop_oneof![
        prop::collection::vec(spec::policy(), 0..2).prop_map(ObjectEdit::Linked),
        prop::collection::vec((choice(), spec::trigger()), 0..2).prop_map(ObjectEdit::Triggers),
        prop::collection::vec(spec::comment(), 0..4).prop_map(ObjectEdit::Comments),
    ];
    let parts = prop_oneof![
        2 => (choice(), table()).prop_map(|(at, edit)| ObjectEdit::AlterTable(at, edit)),
        1 => (choice(), choice(), column()).prop_map(|(table, at, edit)| ObjectEdit::AlterColumn(table, at, edit)),
    ];
    prop_oneof![6 => kinds, 3 => new, 2 => lists, 4 => parts].boxed()
}

fn place<T: Clone + std::fmt::Debug>(whole: impl Strategy<Value = T>) -> impl Strategy<Value = PlaceEdit<T>> {
    prop_oneof![
        1 => Just(PlaceEdit::Drop),
        1 => spec::choice().prop_map(PlaceEdit::Rename),
        1 => (0..2u8).prop_map(PlaceEdit::Move),
        2 => whole.prop_map(PlaceEdit::Replace),
    ]
}

fn role() -> impl Strategy<Value = RoleEdit> {
    prop_oneof![Just(RoleEdit::Drop), spec::choice().prop_map(RoleEdit::Rename), (0..8u8).prop_map(RoleEdit::Options),]
}

fn domain() -> BoxedStrategy<(Choice, DomainEdit)> {
    let edit = prop_oneof![
        place(spec::domain()).prop_map(DomainEdit::Place),
        spec::sql_type().prop_map(DomainEdit::Base),
        prop::option::of(spec::choice()).prop_map(DomainEdit::Default),
        any::<bool>().prop_map(DomainEdit::NotNull),
        (0..3u8, spec::choice()).prop_map(DomainEdit::AddCheck),
        Just(DomainEdit::DropCheck),
    ];
    (spec::choice(), edit).boxed()
}

fn composite() -> BoxedStrategy<(Choice, CompositeEdit)> {
    let edit = prop_oneof![
        place(spec::composite()).prop_map(CompositeEdit::Place),
        spec::attribute().prop_map(CompositeEdit::Add),
        spec::choice().prop_map(CompositeEdit::Drop),
        (spec::choice(), spec::sql_type()).prop_map(|(at, sql_type)| CompositeEdit::Retype(at, sql_type)),
    ];
    (spec::choice(), edit).boxed()
}

fn function() -> BoxedStrategy<(Choice, FunctionEdit)> {
    let edit = prop_oneof![
        place(spec::function()).prop_map(FunctionEdit::Place),
        spec::sql_type().prop_map(FunctionEdit::Argument),
        (0..4u8).prop_map(FunctionEdit::ArgumentName),
        (0..4u8).prop_map(FunctionEdit::Returns),
        (0..8u8).prop_map(FunctionEdit::Body),
        spec::choice().prop_map(FunctionEdit::Attributes),
    ];
    (spec::choice(), edit).boxed()
}

fn table() -> BoxedStrategy<TableEdit> {
    let trigger = prop_oneof![
        Just(TriggerEdit::Drop),
        spec::trigger().prop_map(TriggerEdit::Replace),
        (0..4u8).prop_map(TriggerEdit::State),
    ];
    prop_oneof![
        2 => prop::collection::vec(spec::exclusion(), 0..2).prop_map(TableEdit::Exclusions),
        2 => spec::trigger().prop_map(TableEdit::AddTrigger),
        2 => (spec::choice(), trigger).prop_map(|(at, edit)| TableEdit::AlterTrigger(at, edit)),
        1 => prop::option::of(0..4u8).prop_map(TableEdit::Fillfactor),
        1 => any::<bool>().prop_map(TableEdit::NoAutovacuum),
        1 => any::<bool>().prop_map(TableEdit::Unlogged),
        1 => any::<bool>().prop_map(TableEdit::ForceRls),
    ]
    .boxed()
}

fn column() -> BoxedStrategy<ColumnEdit> {
    let choice = || prop::option::of(spec::choice());
    prop_oneof![
        choice().prop_map(ColumnEdit::Collation),
        choice().prop_map(ColumnEdit::Storage),
        choice().prop_map(ColumnEdit::Compression),
    ]
    .boxed()
}

impl ObjectEdit {
    pub(super) fn apply(&self, spec: &mut Spec) {
        let objects = &mut spec.objects;
        match self {
            ObjectEdit::AddRole(role) => objects.roles.push(role.clone()),
            ObjectEdit::AlterRole(at, edit) => with(&mut objects.roles, *at, |role| match edit {
                RoleEdit::Drop => role.is_gone = true,
                RoleEdit::Rename(name) => role.name = *name,
                RoleEdit::Options(options) => role.options = *options,
            }),
            ObjectEdit::SwapRoles(a, b) => swap(&mut objects.roles, *a, *b, |role| &mut role.name),
            ObjectEdit::AddSequence(sequence) => objects.sequences.push(sequence.clone()),
            ObjectEdit::AlterSequence(at, edit) => {
                with(&mut objects.sequences, *at, |sequence| edit.apply(sequence, |sequence| &mut sequence.place));
            }
            ObjectEdit::AddExtension(extension) => objects.extensions.push(extension.clone()),
            ObjectEdit::AlterExtension(at, edit) => with(&mut objects.extensions, *at, |extension| match edit {
                None => extension.is_gone = true,
                Some(schema) => extension.schema = *schema,
            }),
            ObjectEdit::AddCollation(collation) => objects.collations.push(collation.clone()),
            ObjectEdit::AlterCollation(at, edit) => {
                with(&mut objects.collations, *at, |collation| edit.apply(collation, |collation| &mut collation.place));
            }
            ObjectEdit::AddDomain(domain) => objects.domains.push(domain.clone()),
            ObjectEdit::AlterDomain(at, edit) => with(&mut objects.domains, *at, |domain| edit.apply(domain)),
            ObjectEdit::AddComposite(composite) => objects.composites.push(composite.clone()),
            ObjectEdit::AlterComposite(at, edit) => {
                with(&mut objects.composites, *at, |composite| edit.apply(composite));
            }
            ObjectEdit::AddRange(range) => objects.ranges.push(range.clone()),
            ObjectEdit::AlterRange(at, edit) => {
                with(&mut objects.ranges, *at, |range| edit.apply(range, |range| &mut range.place));
            }
            ObjectEdit::AddFunction(function) => objects.functions.push(function.clone()),
            ObjectEdit::AlterFunction(at, edit) => with(&mut objects.functions, *at, |function| edit.apply(function)),
            ObjectEdit::AddPartition(partition) => objects.partitions.push(partition.clone()),
            ObjectEdit::AlterPartition(at, edit) => {
                with(&mut objects.partitions, *at, |partition| edit.apply(partition, |partition| &mut partition.place));
            }
            ObjectEdit::AddStatistics(statistics) => objects.statistics.push(statistics.clone()),
            ObjectEdit::AlterStatistics(at, edit) => {
                with(&mut objects.statistics, *at, |statistics| {
                    edit.apply(statistics, |statistics| &mut statistics.place)
                });
            }
            ObjectEdit::Linked(policies) => objects.linked.clone_from(policies),
            ObjectEdit::Triggers(triggers) => objects.triggers.clone_from(triggers),
            ObjectEdit::Comments(comments) => objects.comments.clone_from(comments),
            ObjectEdit::AlterTable(at, edit) => with(&mut spec.tables, *at, |table| edit.apply(&mut table.beside)),
            ObjectEdit::AlterColumn(table, at, edit) => with(&mut spec.tables, *table, |table| {
                with(&mut table.columns, *at, |column| match edit {
                    ColumnEdit::Collation(collation) => column.beside.collation = *collation,
                    ColumnEdit::Storage(storage) => column.beside.storage = *storage,
                    ColumnEdit::Compression(compression) => column.beside.compression = *compression,
                });
            }),
        }
    }
}

fn with<T>(items: &mut [T], at: Choice, edit: impl FnOnce(&mut T)) {
    if let Some(item) = nth(items, at) {
        edit(item);
    }
}

impl<T: Clone> PlaceEdit<T> {
    fn apply(&self, object: &mut T, place: impl Fn(&mut T) -> &mut spec::Place) {
        match self {
            PlaceEdit::Drop => place(object).is_gone = true,
            PlaceEdit::Rename(name) => place(object).name = *name,
            PlaceEdit::Move(schema) => place(object).schema = *schema,
            PlaceEdit::Replace(other) => {
                let kept = place(object).clone();
                object.clone_from(other);
                *place(object) = kept;
            }
        }
    }
}

impl DomainEdit {
    fn apply(&self, domain: &mut spec::DomainSpec) {
        match self {
            DomainEdit::Place(edit) => edit.apply(domain, |domain| &mut domain.place),
            DomainEdit::Base(base) => domain.base = base.clone(),
            DomainEdit::Default(default) => domain.default = *default,
            DomainEdit::NotNull(not_null) => domain.not_null = *not_null,
            DomainEdit::AddCheck(check) => domain.checks.push(*check),
            DomainEdit::DropCheck => drop(domain.checks.pop()),
        }
    }
}

impl CompositeEdit {
    fn apply(&self, composite: &mut spec::CompositeSpec) {
        match self {
            CompositeEdit::Place(edit) => edit.apply(composite, |composite| &mut composite.place),
            CompositeEdit::Add(attribute) => composite.attributes.push(attribute.clone()),
            CompositeEdit::Drop(at) if composite.attributes.len() > 1 => {
                let count = composite.attributes.len();
                composite.attributes.remove(usize::from(*at) % count);
            }
            CompositeEdit::Drop(_) => {}
            CompositeEdit::Retype(at, sql_type) => {
                with(&mut composite.attributes, *at, |(_, of_attribute)| of_attribute.clone_from(sql_type));
            }
        }
    }
}

impl FunctionEdit {
    fn apply(&self, function: &mut spec::FunctionSpec) {
        match self {
            FunctionEdit::Place(edit) => edit.apply(function, |function| &mut function.place),
            FunctionEdit::Argument(sql_type) => function.argument = sql_type.clone(),
            FunctionEdit::ArgumentName(name) => function.argument_name = *name,
            FunctionEdit::Returns(returns) => function.returns = *returns,
            FunctionEdit::Body(body) => function.body = *body,
            FunctionEdit::Attributes(attributes) => function.attributes = *attributes,
        }
    }
}

impl TableEdit {
    fn apply(&self, beside: &mut spec::TableBeside) {
        match self {
            TableEdit::Exclusions(exclusions) => beside.exclusions.clone_from(exclusions),
            TableEdit::AddTrigger(trigger) => beside.triggers.push(trigger.clone()),
            TableEdit::AlterTrigger(at, edit) => with(&mut beside.triggers, *at, |trigger| match edit {
                TriggerEdit::Drop => trigger.is_gone = true,
                TriggerEdit::Replace(other) => *trigger = spec::TriggerSpec { name: trigger.name, ..other.clone() },
                TriggerEdit::State(state) => trigger.state = *state,
            }),
            TableEdit::Fillfactor(fillfactor) => beside.fillfactor = *fillfactor,
            TableEdit::NoAutovacuum(no_autovacuum) => beside.no_autovacuum = *no_autovacuum,
            TableEdit::Unlogged(is_unlogged) => beside.is_unlogged = *is_unlogged,
            TableEdit::ForceRls(is_forced) => beside.is_rls_forced = *is_forced,
        }
    }
}
