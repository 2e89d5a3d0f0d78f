//! What drizzle-kit has no word for. Where there is none of it, nothing here adds or changes a step.

mod anew;
mod columns;
mod comments;
mod domains;
mod extensions;
mod functions;
mod keys;
mod partitions;
mod retype;
mod split;
mod statistics;
mod tables;
mod triggers;
mod types;

use schema::{Map, Objects, Schema, Table};

pub(super) use self::anew::{Anew, argument_defaults, signature};
pub(super) use self::domains::Domains;
pub(super) use self::keys::Remade;
pub(crate) use self::partitions::parted_otherwise;
pub(super) use self::split::body_in_sql;
pub(super) use self::tables::expressions as exclusion_expressions;
use super::enums::Recreated;
use super::touched::Touched;
use super::{OldNames, Steps};
use crate::diff::{Matched, expressions_of_index};

/// Two schemas, and what the rest of the migration does between them.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) previous: &'a Schema,
    pub(super) next: &'a Schema,
    pub(super) tables: &'a Matched<'a, Table>,
    /// Columns that are retyped or rebuilt.
    pub(super) touched: &'a Touched,
    /// What is made anew.
    pub(super) recreated: &'a Recreated,
    /// By column, the expression that somebody gave for its values.
    pub(super) using: &'a Map<String>,
    pub(super) old: OldNames<'a>,
}

/// The objects, and what the steps so far need of them. Comes last, since it looks at all the others.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let Change { previous, next, .. } = change;
    if previous.objects.is_empty() && next.objects.is_empty() {
        return;
    }
    extensions::plan(steps, change);
    types::plan(steps, change);
    retype::plan(steps, change);
    functions::plan(steps, change);
    tables::plan(steps, change);
    columns::plan(steps, change);
    split::plan(steps, change);
    keys::plan(steps, change);
    partitions::plan(steps, change);
    triggers::plan(steps, change);
    statistics::plan(steps, change);
    comments::plan(steps, change);
}

/// The texts among the objects that PostgreSQL reads when it makes them.
pub(super) fn texts(objects: &Objects) -> impl Iterator<Item = &str> {
    let domains = objects.domains.values().flat_map(|domain| {
        let checks = domain.check_constraints.values().map(|check| check.value.as_str());
        domain.default.as_deref().into_iter().chain(checks)
    });
    let functions = objects.functions.values();
    let functions = functions.flat_map(|function| argument_defaults(function).chain(body_in_sql(function)));
    let triggers = objects.triggers.values().filter_map(|trigger| trigger.when.as_deref());
    let exclusions = objects.tables.values().flat_map(|table| table.exclusion_constraints.values());
    let bounds = objects.partitions.values().map(|partition| partition.bounds.as_str());
    let indexes = objects.views.values().flat_map(|view| view.indexes.values()).flat_map(expressions_of_index);
    let constraints = exclusions.flat_map(exclusion_expressions);
    let statistics = objects.statistics.values().flat_map(|statistics| &statistics.expressions).map(String::as_str);
    domains.chain(functions).chain(triggers).chain(constraints).chain(indexes).chain(statistics).chain(bounds)
}

#[cfg(test)]
mod tests;
