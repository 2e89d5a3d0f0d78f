//! What a table has beside what its struct can say.

use schema::{
    CollationName, ColumnObjects, Deferral, Exclusion, ExclusionElement, ForeignKey, ForeignKeyObjects, Index,
    IndexColumn, IndexObjects, Nulls, PUBLIC, PartitionKey, PartitionKeyPart, PartitionStrategy, ReferentialAction,
    Schema, Storage, Table, TableObjects, names,
};

use super::chain::{Argument, Chain, code};
use super::constraint::is_declared;
use super::table::{has_derived_name, is_sayable, json_literal};

/// The additions to a table, if there are any.
pub(super) fn of(table: &Table, schema: &Schema) -> Option<Chain> {
    let mut chain = Chain::new("build::Additions::to", [(&table.name).into()]);
    if table.schema_name() != PUBLIC {
        chain = chain.with("in_schema", table.schema_name());
    }
    let calls = chain.count();
    let none = TableObjects::default();
    let beside = schema.objects.tables.get(&table.key()).unwrap_or(&none);
    for key in table.foreign_keys.values().filter(|key| !is_declared(key, table, schema)) {
        chain = chain.with("foreign_key", foreign_key(key, beside.foreign_keys.get(&key.name), table));
    }
    for declared in table.indexes.values().filter(|index| !is_sayable(index)) {
        chain = chain.with("index", index(declared, beside.indexes.get(&declared.name), &table.name));
    }
    chain = objects(chain, beside);
    (chain.count() > calls).then_some(chain)
}

fn foreign_key(key: &ForeignKey, objects: Option<&ForeignKeyObjects>, table: &Table) -> Chain {
    let ForeignKey { name, table_from: _, table_to, schema_to, columns_from, columns_to, on_delete, on_update } = key;
    let mut chain = Chain::new("build::ForeignKey::new", [list(columns_from)]);
    chain = chain.call("references", [table_to.into(), list(columns_to)]).some("in_schema", schema_to.as_ref());
    if *name != names::foreign_key(&table.name, columns_from, table_to, columns_to) {
        chain = chain.with("name", name);
    }
    for (call, action) in [("on_delete", on_delete), ("on_update", on_update)] {
        let action = match action.unwrap_or_default() {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "Restrict",
            ReferentialAction::Cascade => "Cascade",
            ReferentialAction::SetNull => "SetNull",
            ReferentialAction::SetDefault => "SetDefault",
        };
        chain = chain.with(call, code(format!("schema::ReferentialAction::{action}")));
    }
    let ForeignKeyObjects { is_match_full, deferral } = objects.cloned().unwrap_or_default();
    chain = chain.flag("match_full", is_match_full);
    match deferral_option(deferral) {
        Some(call) => chain.flag(call, true),
        None => chain,
    }
}

/// An index by its builder, on the table or view of that name.
pub(super) fn index(index: &Index, objects: Option<&IndexObjects>, table: &str) -> Chain {
    let Index { name, columns, is_unique, predicate, concurrently, method, parameters } = index;
    let keys: Vec<String> = columns.iter().map(|column| index_key(column).line()).collect();
    let mut chain = Chain::new("build::Index::on", [code(format!("[{}]", keys.join(", ")))]);
    if !has_derived_name(index, table) {
        chain = chain.with("name", name);
    }
    chain = chain.flag("unique", *is_unique);
    if method != "btree" {
        chain = chain.with("using", method);
    }
    chain = chain.some("filter", predicate.as_ref());
    for (name, value) in parameters {
        chain = chain.call("with", [name.into(), code(json_literal(value))]);
    }
    let IndexObjects { include, nulls_not_distinct } = objects.cloned().unwrap_or_default();
    if !include.is_empty() {
        chain = chain.call("include", [list(&include)]);
    }
    chain.flag("nulls_not_distinct", nulls_not_distinct).flag("concurrently", *concurrently)
}

fn index_key(column: &IndexColumn) -> Chain {
    let IndexColumn { expression, is_expression, asc, nulls, opclass } = column;
    let path = if *is_expression { "build::IndexColumn::expression" } else { "build::IndexColumn::column" };
    Chain::new(path, [expression.into()])
        .flag("desc", !asc)
        .flag("nulls_first", *nulls == Some(Nulls::First) || (nulls.is_none() && !asc))
        .some("operator_class", opclass.as_ref())
}

fn objects(mut chain: Chain, objects: &TableObjects) -> Chain {
    let TableObjects {
        partition_by,
        storage_parameters,
        is_unlogged,
        is_rls_forced,
        exclusion_constraints,
        columns,
        // Said with the constraint or index itself.
        indexes: _,
        foreign_keys: _,
        composite_primary_keys: _,
        unique_constraints: _,
        check_constraints: _,
    } = objects;
    if let Some(key) = partition_by {
        chain = chain.with("partition_by", partition_key(key));
    }
    for (name, value) in storage_parameters {
        chain = chain.call("storage_parameter", [name.into(), value.into()]);
    }
    chain = chain.flag("unlogged", *is_unlogged).flag("force_rls", *is_rls_forced);
    for constraint in exclusion_constraints.values() {
        chain = chain.with("exclude", exclusion(constraint));
    }
    for (name, column) in columns {
        // That it is virtual, its field says.
        let ColumnObjects { collation, storage, compression, is_virtual: _ } = column;
        if let Some(collation) = collation {
            chain = chain.call("collate", [name.into(), collation_name(collation)]);
        }
        if let Some(storage) = storage {
            let storage = match storage {
                Storage::Plain => "Plain",
                Storage::External => "External",
                Storage::Extended => "Extended",
                Storage::Main => "Main",
            };
            chain = chain.call("storage", [name.into(), code(format!("schema::Storage::{storage}"))]);
        }
        if let Some(method) = compression {
            chain = chain.call("compression", [name.into(), method.into()]);
        }
    }
    chain
}

/// A collation by its name; one of a schema has no shorter way to be named.
pub(super) fn collation_name(collation: &CollationName) -> Argument {
    match &collation.schema {
        None => (&collation.name).into(),
        Some(schema) => {
            let [schema, name] = [schema, &collation.name].map(|text| super::text::literal(text));
            code(format!("schema::CollationName {{ schema: Some({schema}.to_owned()), name: {name}.to_owned() }}"))
        }
    }
}

pub(super) fn partition_key(key: &PartitionKey) -> Chain {
    let PartitionKey { strategy, parts } = key;
    let strategy = match strategy {
        PartitionStrategy::Range => "range",
        PartitionStrategy::List => "list",
        PartitionStrategy::Hash => "hash",
    };
    let chain = Chain::new(&format!("build::PartitionKey::{strategy}"), []);
    parts.iter().fold(chain, |chain, PartitionKeyPart { expression, is_expression }| {
        chain.with(if *is_expression { "expression" } else { "column" }, expression)
    })
}

fn exclusion(exclusion: &Exclusion) -> Chain {
    let Exclusion { name, method, elements, predicate, deferral } = exclusion;
    let mut chain = Chain::new("build::Exclusion::new", [name.into()]);
    if method != "gist" {
        chain = chain.with("using", method);
    }
    for ExclusionElement { expression, is_expression, opclass, operator } in elements {
        let kind = if *is_expression { "expression" } else { "column" };
        let element = Chain::new(&format!("build::ExclusionElement::{kind}"), [expression.into(), operator.into()]);
        chain = chain.with("element", element.some("operator_class", opclass.as_ref()));
    }
    chain = chain.some("filter", predicate.as_ref());
    match deferral {
        Deferral::NotDeferrable => chain,
        deferral => chain.with("deferral", code(self::deferral(*deferral))),
    }
}

/// The word of a builder and of an attribute.
pub(super) fn deferral_option(deferral: Deferral) -> Option<&'static str> {
    match deferral {
        Deferral::NotDeferrable => None,
        Deferral::InitiallyImmediate => Some("deferrable"),
        Deferral::InitiallyDeferred => Some("initially_deferred"),
    }
}

pub(super) fn deferral(deferral: Deferral) -> String {
    let name = match deferral {
        Deferral::NotDeferrable => "NotDeferrable",
        Deferral::InitiallyImmediate => "InitiallyImmediate",
        Deferral::InitiallyDeferred => "InitiallyDeferred",
    };
    format!("schema::Deferral::{name}")
}

/// `["a", "b"]`.
pub(super) fn list<S: AsRef<str>>(texts: &[S]) -> Argument {
    let texts: Vec<String> = texts.iter().map(|text| super::text::literal(text.as_ref())).collect();
    code(format!("[{}]", texts.join(", ")))
}
