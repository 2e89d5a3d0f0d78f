//! A schema as its random choices. Every combination of choices is a schema that PostgreSQL
//! accepts, since a choice that cannot stand beside the others is left out when it is built.
//! So a shrunk failure has few choices, and each of them counts.

mod objects;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(crate) use self::objects::*;

/// An arbitrary number that chooses among what is there.
pub(crate) type Choice = u8;

#[derive(Clone, Debug)]
pub(crate) struct Spec {
    /// The name of the second schema, which may be renamed.
    pub(crate) schema: Choice,
    pub(crate) enums: Vec<EnumSpec>,
    pub(crate) tables: Vec<TableSpec>,
    pub(crate) views: Vec<ViewSpec>,
    pub(crate) objects: ObjectsSpec,
}

#[derive(Clone, Debug)]
pub(crate) struct ViewSpec {
    pub(crate) is_gone: bool,
    pub(crate) schema: Choice,
    pub(crate) name: Choice,
    /// A table, or a view before this one.
    pub(crate) from: Choice,
    pub(crate) columns: Vec<Choice>,
    /// 0 is no condition.
    pub(crate) filter: Choice,
    pub(crate) grouped: bool,
    pub(crate) materialized: bool,
    pub(crate) option: Option<Choice>,
    /// Of a materialized view.
    pub(crate) indexes: Vec<IndexSpec>,
}

#[derive(Clone, Debug)]
pub(crate) struct EnumSpec {
    /// What is gone keeps its place, so that a place tells what is the same.
    pub(crate) is_gone: bool,
    pub(crate) schema: Choice,
    pub(crate) name: Choice,
    pub(crate) values: Vec<Choice>,
}

#[derive(Clone, Debug)]
pub(crate) struct TableSpec {
    pub(crate) is_gone: bool,
    pub(crate) schema: Choice,
    pub(crate) name: Choice,
    pub(crate) columns: Vec<ColumnSpec>,
    pub(crate) key: Option<KeySpec>,
    pub(crate) uniques: Vec<UniqueSpec>,
    pub(crate) checks: Vec<CheckSpec>,
    pub(crate) indexes: Vec<IndexSpec>,
    pub(crate) foreign_keys: Vec<ForeignKeySpec>,
    pub(crate) policies: Vec<PolicySpec>,
    pub(crate) rls: bool,
    pub(crate) beside: TableBeside,
}

#[derive(Clone, Debug)]
pub(crate) struct ColumnSpec {
    pub(crate) is_gone: bool,
    pub(crate) name: Choice,
    pub(crate) sql_type: TypeSpec,
    pub(crate) not_null: bool,
    pub(crate) content: Content,
    pub(crate) beside: ColumnBeside,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeSpec {
    Native(Choice, bool),
    Enum(Choice, bool),
    /// A domain, composite or range type, or a type of an extension.
    Object(Choice, Choice, bool),
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Plain,
    Default(Choice),
    /// A default that calls a function.
    Call(Choice),
    Identity {
        always: bool,
        named: bool,
        increment: Choice,
    },
    Generated {
        from: Choice,
        how: Choice,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct KeySpec {
    /// Named or of several columns; else the property of one column.
    pub(crate) named: Option<Choice>,
    pub(crate) columns: Vec<Choice>,
    pub(crate) beside: KeyBeside,
}

#[derive(Clone, Debug)]
pub(crate) struct UniqueSpec {
    pub(crate) name: Option<Choice>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) columns: Vec<Choice>,
    pub(crate) beside: KeyBeside,
}

#[derive(Clone, Debug)]
pub(crate) struct CheckSpec {
    pub(crate) name: Choice,
    pub(crate) column: Choice,
    pub(crate) how: Choice,
    pub(crate) no_inherit: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct IndexSpec {
    pub(crate) name: Option<Choice>,
    pub(crate) method: Choice,
    pub(crate) parts: Vec<PartSpec>,
    pub(crate) unique: bool,
    pub(crate) filter: Option<Choice>,
    pub(crate) fillfactor: bool,
    pub(crate) concurrently: bool,
    pub(crate) beside: IndexBeside,
}

#[derive(Clone, Debug)]
pub(crate) struct PartSpec {
    pub(crate) column: Choice,
    /// 0 is the column itself.
    pub(crate) expression: Choice,
    pub(crate) desc: bool,
    pub(crate) nulls_first: bool,
    pub(crate) class: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ForeignKeySpec {
    pub(crate) name: Option<Choice>,
    pub(crate) table: Choice,
    pub(crate) key: Choice,
    pub(crate) own: Choice,
    pub(crate) actions: (Choice, Choice),
    pub(crate) beside: ForeignKeyBeside,
}

#[derive(Clone, Debug)]
pub(crate) struct PolicySpec {
    pub(crate) is_gone: bool,
    pub(crate) name: Choice,
    pub(crate) restrictive: bool,
    pub(crate) command: Choice,
    pub(crate) roles: Choice,
    pub(crate) using: Option<ConditionSpec>,
    pub(crate) with_check: Option<ConditionSpec>,
}

#[derive(Clone, Debug)]
pub(crate) struct ConditionSpec {
    /// The table that a subquery reads, or the enum that a cast names.
    pub(crate) other: Choice,
    pub(crate) column: Choice,
    pub(crate) how: Choice,
}

/// Everything that can be declared.
pub(crate) fn spec() -> BoxedStrategy<Spec> {
    (0..2u8, vec(enumeration(), 0..3), vec(table(), 0..4), vec(view(), 0..3), objects())
        .prop_map(|(schema, enums, tables, views, objects)| Spec { schema, enums, tables, views, objects })
        .boxed()
}

/// What a database holds by itself: no roles, which are the server's, and no policies on tables that it does not
/// declare.
pub(crate) fn of_one_database() -> impl Strategy<Value = Spec> {
    spec().prop_map(|mut spec| {
        spec.objects.roles.clear();
        spec.objects.linked.clear();
        spec
    })
}

pub(crate) fn view() -> BoxedStrategy<ViewSpec> {
    let place = (0..2u8, choice());
    let query = (choice(), vec(choice(), 1..4), 0..5u8, prop::bool::weighted(0.2));
    let kind = (prop::bool::weighted(0.3), option::weighted(0.3, 0..4u8), vec(index(), 0..3));
    (place, query, kind)
        .prop_map(|((schema, name), (from, columns, filter, grouped), (materialized, option, indexes))| ViewSpec {
            is_gone: false,
            schema,
            name,
            from,
            columns,
            filter,
            grouped,
            materialized,
            option,
            indexes,
        })
        .boxed()
}

/// Small numbers are likelier, so that equal choices are made often.
pub(crate) fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![2 => 0..4u8, 1 => any::<u8>()]
}

pub(crate) fn values() -> impl Strategy<Value = Vec<Choice>> {
    vec(0..6u8, 1..5)
}

pub(crate) fn enumeration() -> impl Strategy<Value = EnumSpec> {
    (0..2u8, choice(), values()).prop_map(|(schema, name, values)| EnumSpec { is_gone: false, schema, name, values })
}

pub(crate) fn table() -> BoxedStrategy<TableSpec> {
    let place = (0..2u8, choice(), prop::bool::weighted(0.1));
    let constraints = (option::of(key()), vec(unique(), 0..2), vec(check(), 0..2));
    let policies = vec(policy(), 0..3);
    let parts = (constraints, vec(index(), 0..3), vec(foreign_key(), 0..2), policies);
    (place, vec(column(), 1..6), parts, table_beside())
        .prop_map(
            |((schema, name, rls), columns, ((key, uniques, checks), indexes, foreign_keys, policies), beside)| {
                TableSpec {
                    is_gone: false,
                    schema,
                    name,
                    columns,
                    key,
                    uniques,
                    checks,
                    indexes,
                    foreign_keys,
                    policies,
                    rls,
                    beside,
                }
            },
        )
        .boxed()
}

pub(crate) fn column() -> BoxedStrategy<ColumnSpec> {
    (choice(), sql_type(), any::<bool>(), content(), column_beside())
        .prop_map(|(name, sql_type, not_null, content, beside)| ColumnSpec {
            is_gone: false,
            name,
            sql_type,
            not_null,
            content,
            beside,
        })
        .boxed()
}

pub(crate) fn sql_type() -> BoxedStrategy<TypeSpec> {
    let is_array = || prop::bool::weighted(0.2);
    prop_oneof![
        6 => (choice(), is_array()).prop_map(|(native, is_array)| TypeSpec::Native(native, is_array)),
        2 => (choice(), is_array()).prop_map(|(declared, is_array)| TypeSpec::Enum(declared, is_array)),
        2 => (0..7u8, choice(), is_array()).prop_map(|(kind, at, is_array)| TypeSpec::Object(kind, at, is_array)),
    ]
    .boxed()
}

pub(crate) fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        4 => Just(Content::Plain),
        3 => choice().prop_map(Content::Default),
        1 => choice().prop_map(Content::Call),
        1 => (any::<bool>(), any::<bool>(), 0..3u8)
            .prop_map(|(always, named, increment)| Content::Identity { always, named, increment }),
        1 => (choice(), choice()).prop_map(|(from, how)| Content::Generated { from, how }),
    ]
}

pub(crate) fn key() -> impl Strategy<Value = KeySpec> {
    (option::of(choice()), vec(choice(), 1..3), key_beside()).prop_map(|(named, columns, beside)| KeySpec {
        named,
        columns,
        beside,
    })
}

pub(crate) fn unique() -> impl Strategy<Value = UniqueSpec> {
    (option::of(choice()), any::<bool>(), vec(choice(), 1..3), key_beside()).prop_map(
        |(name, nulls_not_distinct, columns, beside)| UniqueSpec { name, nulls_not_distinct, columns, beside },
    )
}

pub(crate) fn check() -> impl Strategy<Value = CheckSpec> {
    (choice(), choice(), choice(), prop::bool::weighted(0.2)).prop_map(|(name, column, how, no_inherit)| CheckSpec {
        name,
        column,
        how,
        no_inherit,
    })
}

pub(crate) fn index() -> BoxedStrategy<IndexSpec> {
    let options = (any::<bool>(), option::weighted(0.3, choice()), any::<bool>(), prop::bool::weighted(0.1));
    (option::of(choice()), choice(), vec(part(), 1..3), options, index_beside())
        .prop_map(|(name, method, parts, (unique, filter, fillfactor, concurrently), beside)| IndexSpec {
            name,
            method,
            parts,
            unique,
            filter,
            fillfactor,
            concurrently,
            beside,
        })
        .boxed()
}

fn part() -> impl Strategy<Value = PartSpec> {
    (choice(), choice(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(column, expression, desc, nulls_first, class)| PartSpec { column, expression, desc, nulls_first, class },
    )
}

pub(crate) fn foreign_key() -> impl Strategy<Value = ForeignKeySpec> {
    (option::of(choice()), choice(), choice(), choice(), (choice(), choice()), foreign_key_beside())
        .prop_map(|(name, table, key, own, actions, beside)| ForeignKeySpec { name, table, key, own, actions, beside })
}

pub(crate) fn policy() -> BoxedStrategy<PolicySpec> {
    let conditions = (option::weighted(0.8, condition()), option::of(condition()));
    (choice(), prop::bool::weighted(0.2), 0..8u8, choice(), conditions)
        .prop_map(|(name, restrictive, command, roles, (using, with_check))| PolicySpec {
            is_gone: false,
            name,
            restrictive,
            command,
            roles,
            using,
            with_check,
        })
        .boxed()
}

fn condition() -> impl Strategy<Value = ConditionSpec> {
    (choice(), choice(), choice()).prop_map(|(other, column, how)| ConditionSpec { other, column, how })
}
