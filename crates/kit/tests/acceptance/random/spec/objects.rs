//! What no snapshot holds, roles and sequences, as random choices.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Choice, PolicySpec, TypeSpec, choice, policy, sql_type};

/// What stands beside the enums, tables and views.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObjectsSpec {
    pub(crate) roles: Vec<RoleSpec>,
    pub(crate) sequences: Vec<SequenceSpec>,
    pub(crate) extensions: Vec<ExtensionSpec>,
    pub(crate) collations: Vec<CollationSpec>,
    pub(crate) domains: Vec<DomainSpec>,
    pub(crate) composites: Vec<CompositeSpec>,
    pub(crate) ranges: Vec<RangeSpec>,
    pub(crate) functions: Vec<FunctionSpec>,
    pub(crate) partitions: Vec<PartitionSpec>,
    pub(crate) statistics: Vec<StatisticsSpec>,
    /// Policies on a table that neither schema declares.
    pub(crate) linked: Vec<PolicySpec>,
    /// Triggers on views.
    pub(crate) triggers: Vec<(Choice, TriggerSpec)>,
    pub(crate) comments: Vec<CommentSpec>,
}

/// Where an object lives and what it is called.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) is_gone: bool,
    pub(crate) schema: Choice,
    pub(crate) name: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct RoleSpec {
    pub(crate) is_gone: bool,
    pub(crate) name: Choice,
    pub(crate) options: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct SequenceSpec {
    pub(crate) place: Place,
    pub(crate) options: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct ExtensionSpec {
    pub(crate) is_gone: bool,
    pub(crate) which: Choice,
    pub(crate) schema: Option<Choice>,
}

#[derive(Clone, Debug)]
pub(crate) struct CollationSpec {
    pub(crate) place: Place,
    pub(crate) how: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct DomainSpec {
    pub(crate) place: Place,
    pub(crate) base: TypeSpec,
    pub(crate) collation: Option<Choice>,
    pub(crate) default: Option<Choice>,
    pub(crate) not_null: bool,
    pub(crate) checks: Vec<(Choice, Choice)>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompositeSpec {
    pub(crate) place: Place,
    pub(crate) attributes: Vec<(Choice, TypeSpec)>,
}

#[derive(Clone, Debug)]
pub(crate) struct RangeSpec {
    pub(crate) place: Place,
    pub(crate) subtype: Choice,
    pub(crate) multirange: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct FunctionSpec {
    pub(crate) place: Place,
    pub(crate) kind: Choice,
    pub(crate) argument: TypeSpec,
    pub(crate) argument_name: Choice,
    pub(crate) has_default: bool,
    pub(crate) returns: Choice,
    pub(crate) body: Choice,
    /// The table that it reads, or the function that it calls.
    pub(crate) other: Choice,
    pub(crate) attributes: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct PartitionSpec {
    pub(crate) place: Place,
    /// The partitioned table.
    pub(crate) parent: Choice,
    pub(crate) bounds: Choice,
    pub(crate) storage: Choice,
    pub(crate) trigger: Option<TriggerSpec>,
}

#[derive(Clone, Debug)]
pub(crate) struct StatisticsSpec {
    pub(crate) place: Place,
    /// The table or materialized view.
    pub(crate) on: Choice,
    pub(crate) columns: Vec<Choice>,
    pub(crate) expression: Option<(Choice, Choice)>,
    /// 0 is every kind.
    pub(crate) kinds: Choice,
    pub(crate) target: Option<Choice>,
}

#[derive(Clone, Debug)]
pub(crate) struct TriggerSpec {
    pub(crate) is_gone: bool,
    pub(crate) name: Choice,
    pub(crate) timing: Choice,
    pub(crate) events: Choice,
    pub(crate) column: Option<Choice>,
    pub(crate) when: Option<Choice>,
    pub(crate) function: Choice,
    pub(crate) state: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct CommentSpec {
    pub(crate) kind: Choice,
    pub(crate) on: Choice,
    pub(crate) text: Choice,
}

/// What a table has beside its columns and keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableBeside {
    /// The strategy and the column of its partition key.
    pub(crate) partition_by: Option<(Choice, Choice)>,
    pub(crate) exclusions: Vec<ExclusionSpec>,
    pub(crate) triggers: Vec<TriggerSpec>,
    pub(crate) fillfactor: Option<Choice>,
    pub(crate) no_autovacuum: bool,
    pub(crate) is_unlogged: bool,
    pub(crate) is_rls_forced: bool,
}

/// What a primary key or unique constraint has beside its columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyBeside {
    pub(crate) include: Vec<Choice>,
    pub(crate) deferral: Choice,
}

/// What an index has beside its keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct IndexBeside {
    pub(crate) include: Vec<Choice>,
    pub(crate) nulls_not_distinct: bool,
}

/// What a foreign key has beside its columns and actions.
#[derive(Clone, Debug, Default)]
pub(crate) struct ForeignKeyBeside {
    pub(crate) match_full: bool,
    pub(crate) deferral: Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct ExclusionSpec {
    pub(crate) name: Choice,
    pub(crate) column: Choice,
    pub(crate) how: Choice,
    pub(crate) filter: Option<Choice>,
    pub(crate) deferral: Choice,
}

/// What a column has beside its type and default.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnBeside {
    pub(crate) collation: Option<Choice>,
    pub(crate) storage: Option<Choice>,
    pub(crate) compression: Option<Choice>,
}

pub(crate) fn objects() -> BoxedStrategy<ObjectsSpec> {
    let first = (vec(role(), 0..3), vec(sequence(), 0..2), extensions(), vec(collation(), 0..2));
    let types = (vec(domain(), 0..3), vec(composite(), 0..2), vec(range(), 0..2));
    let last = (vec(policy(), 0..2), vec((choice(), trigger()), 0..2), vec(comment(), 0..3));
    (first, types, vec(function(), 0..4), (vec(partition(), 0..3), vec(statistics(), 0..3)), last)
        .prop_map(
            |(
                (roles, sequences, extensions, collations),
                (domains, composites, ranges),
                functions,
                (partitions, statistics),
                (linked, triggers, comments),
            )| ObjectsSpec {
                roles,
                sequences,
                extensions,
                collations,
                domains,
                composites,
                ranges,
                functions,
                partitions,
                statistics,
                linked,
                triggers,
                comments,
            },
        )
        .boxed()
}

/// Rarely one: PostgreSQL takes its time to make it.
fn extensions() -> impl Strategy<Value = Vec<ExtensionSpec>> {
    prop_oneof![9 => Just(Vec::new()), 1 => vec(extension(), 1..3)]
}

fn place() -> impl Strategy<Value = Place> {
    (0..2u8, choice()).prop_map(|(schema, name)| Place { is_gone: false, schema, name })
}

pub(crate) fn role() -> impl Strategy<Value = RoleSpec> {
    (choice(), 0..8u8).prop_map(|(name, options)| RoleSpec { is_gone: false, name, options })
}

pub(crate) fn sequence() -> impl Strategy<Value = SequenceSpec> {
    (place(), 0..5u8).prop_map(|(place, options)| SequenceSpec { place, options })
}

pub(crate) fn extension() -> impl Strategy<Value = ExtensionSpec> {
    (choice(), option::of(0..2u8)).prop_map(|(which, schema)| ExtensionSpec { is_gone: false, which, schema })
}

pub(crate) fn collation() -> impl Strategy<Value = CollationSpec> {
    (place(), 0..4u8).prop_map(|(place, how)| CollationSpec { place, how })
}

pub(crate) fn domain() -> BoxedStrategy<DomainSpec> {
    let options = (option::weighted(0.2, choice()), option::weighted(0.3, choice()), prop::bool::weighted(0.2));
    (place(), sql_type(), options, vec((0..3u8, choice()), 0..3))
        .prop_map(|(place, base, (collation, default, not_null), checks)| DomainSpec {
            place,
            base,
            collation,
            default,
            not_null,
            checks,
        })
        .boxed()
}

pub(crate) fn composite() -> BoxedStrategy<CompositeSpec> {
    (place(), vec(attribute(), 1..4)).prop_map(|(place, attributes)| CompositeSpec { place, attributes }).boxed()
}

pub(crate) fn attribute() -> impl Strategy<Value = (Choice, TypeSpec)> {
    (choice(), sql_type())
}

pub(crate) fn range() -> impl Strategy<Value = RangeSpec> {
    (place(), choice(), prop::bool::weighted(0.3)).prop_map(|(place, subtype, multirange)| RangeSpec {
        place,
        subtype,
        multirange,
    })
}

pub(crate) fn function() -> BoxedStrategy<FunctionSpec> {
    let argument = (sql_type(), 0..4u8, prop::bool::weighted(0.2));
    (place(), 0..10u8, argument, (0..4u8, 0..8u8, choice()), choice())
        .prop_map(|(place, kind, (argument, argument_name, has_default), (returns, body, other), attributes)| {
            FunctionSpec { place, kind, argument, argument_name, has_default, returns, body, other, attributes }
        })
        .boxed()
}

pub(crate) fn partition() -> impl Strategy<Value = PartitionSpec> {
    let trigger = option::weighted(0.3, trigger());
    (place(), choice(), 0..6u8, 0..4u8, trigger).prop_map(|(place, parent, bounds, storage, trigger)| PartitionSpec {
        place,
        parent,
        bounds,
        storage,
        trigger,
    })
}

pub(crate) fn statistics() -> BoxedStrategy<StatisticsSpec> {
    let on = (choice(), vec(choice(), 0..4), option::weighted(0.4, (choice(), choice())));
    (place(), on, 0..8u8, option::weighted(0.3, choice()))
        .prop_map(|(place, (on, columns, expression), kinds, target)| StatisticsSpec {
            place,
            on,
            columns,
            expression,
            kinds,
            target,
        })
        .boxed()
}

pub(crate) fn trigger() -> BoxedStrategy<TriggerSpec> {
    let on = (choice(), 0..8u8, option::weighted(0.3, choice()), option::weighted(0.4, choice()));
    (choice(), on, choice(), prop_oneof![3 => Just(0), 1 => 0..4u8])
        .prop_map(|(name, (timing, events, column, when), function, state)| TriggerSpec {
            is_gone: false,
            name,
            timing,
            events,
            column,
            when,
            function,
            state,
        })
        .boxed()
}

pub(crate) fn comment() -> impl Strategy<Value = CommentSpec> {
    (0..17u8, choice(), 0..3u8).prop_map(|(kind, on, text)| CommentSpec { kind, on, text })
}

pub(crate) fn table_beside() -> impl Strategy<Value = TableBeside> {
    let storage = (option::weighted(0.1, 0..4u8), prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let parts = (vec(exclusion(), 0..2), vec(trigger(), 0..2));
    (option::weighted(0.2, (choice(), choice())), parts, storage, prop::bool::weighted(0.1)).prop_map(
        |(partition_by, (exclusions, triggers), (fillfactor, no_autovacuum, is_unlogged), is_rls_forced)| TableBeside {
            partition_by,
            exclusions,
            triggers,
            fillfactor,
            no_autovacuum,
            is_unlogged,
            is_rls_forced,
        },
    )
}

pub(crate) fn exclusion() -> impl Strategy<Value = ExclusionSpec> {
    (choice(), choice(), choice(), option::weighted(0.3, choice()), 0..3u8)
        .prop_map(|(name, column, how, filter, deferral)| ExclusionSpec { name, column, how, filter, deferral })
}

pub(crate) fn column_beside() -> impl Strategy<Value = ColumnBeside> {
    let often = || option::weighted(0.15, choice());
    (often(), often(), often()).prop_map(|(collation, storage, compression)| ColumnBeside {
        collation,
        storage,
        compression,
    })
}

fn included() -> impl Strategy<Value = Vec<Choice>> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec(choice(), 1..3)]
}

/// Mostly not deferrable.
fn deferral() -> impl Strategy<Value = Choice> {
    prop_oneof![3 => Just(0), 1 => 1..3u8]
}

pub(crate) fn key_beside() -> impl Strategy<Value = KeyBeside> {
    (included(), deferral()).prop_map(|(include, deferral)| KeyBeside { include, deferral })
}

pub(crate) fn index_beside() -> impl Strategy<Value = IndexBeside> {
    (included(), prop::bool::weighted(0.2))
        .prop_map(|(include, nulls_not_distinct)| IndexBeside { include, nulls_not_distinct })
}

pub(crate) fn foreign_key_beside() -> impl Strategy<Value = ForeignKeyBeside> {
    (prop::bool::weighted(0.2), deferral()).prop_map(|(match_full, deferral)| ForeignKeyBeside { match_full, deferral })
}
