//! Which objects of two schemas are new, gone or in both. Renames have been applied before, so
//! an object is the same object exactly when its name is the same.

use schema::{ForeignKey, Index, Map, Policy, PrimaryKey, Schema, Table};

use crate::step::Name;

/// The same thing before and after.
#[derive(Clone, Copy, Debug)]
pub struct Pair<T> {
    /// As it was.
    pub previous: T,
    /// As it becomes.
    pub next: T,
}

/// The objects of one kind, by what happened to them.
#[derive(Debug)]
pub struct Matched<'a, T> {
    /// Only before, in the old order.
    pub dropped: Vec<&'a T>,
    /// Only after, in the new order.
    pub created: Vec<&'a T>,
    /// In both, in the old order.
    pub kept: Vec<Pair<&'a T>>,
}

impl<'a, T> Matched<'a, T> {
    /// Matches the objects of two maps by key.
    pub fn new(previous: &'a Map<T>, next: &'a Map<T>) -> Self {
        let mut matched = Matched { dropped: Vec::new(), created: Vec::new(), kept: Vec::new() };
        for (key, previous) in previous {
            match next.get(key) {
                Some(next) => matched.kept.push(Pair { previous, next }),
                None => matched.dropped.push(previous),
            }
        }
        matched.created.extend(next.iter().filter(|(key, _)| !previous.contains_key(*key)).map(|(_, next)| next));
        matched
    }

    /// Every object, before and after.
    pub fn all(&self) -> impl Iterator<Item = &'a T> {
        let (dropped, created) = (self.dropped.iter().copied(), self.created.iter().copied());
        dropped.chain(created).chain(self.kept.iter().map(|pair| pair.next))
    }

    /// Every object that comes or goes.
    pub fn passing(self) -> impl Iterator<Item = &'a T> {
        self.dropped.into_iter().chain(self.created)
    }

    /// The kept objects that `same` does not find equal.
    pub fn changed(&self, same: impl Fn(&T, &T) -> bool) -> impl Iterator<Item = Pair<&'a T>> {
        self.kept.iter().copied().filter(move |pair| !same(pair.previous, pair.next))
    }
}

/// Whether two indexes need the same CREATE INDEX. How an index is built is not part of what it is.
pub fn same_index(previous: &Index, next: &Index) -> bool {
    let Index { name: _, columns, is_unique, predicate, concurrently: _, method, parameters } = previous;
    *columns == next.columns
        && *is_unique == next.is_unique
        && *predicate == next.predicate
        && *method == next.method
        && *parameters == next.parameters
}

/// Whether two foreign keys are the same constraint; an action that is left out is no action.
pub(crate) fn same_foreign_key(previous: &ForeignKey, next: &ForeignKey) -> bool {
    let ForeignKey {
        name: _,
        table_from: _,
        table_to: _,
        schema_to: _,
        columns_from,
        columns_to,
        on_delete,
        on_update,
    } = previous;
    *columns_from == next.columns_from
        && *columns_to == next.columns_to
        && previous.references() == next.references()
        && on_delete.unwrap_or_default() == next.on_delete.unwrap_or_default()
        && on_update.unwrap_or_default() == next.on_update.unwrap_or_default()
}

/// A table's primary key, wherever it is declared. The name is empty where PostgreSQL chose it.
pub fn primary_key(table: &Table) -> Option<PrimaryKey> {
    if let Some(key) = table.composite_primary_keys.values().next() {
        return Some(key.clone());
    }
    let columns: Vec<String> = table.columns.values().filter(|c| c.primary_key).map(|c| c.name.clone()).collect();
    (!columns.is_empty()).then(|| PrimaryKey { name: String::new(), columns })
}

/// A policy with the table that it is on.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    /// The table.
    pub(crate) table: Name,
    /// Whether the table is declared elsewhere.
    pub(crate) is_linked: bool,
    /// The policy.
    pub(crate) policy: &'a Policy,
}

/// Every policy: of the tables, then on other tables.
pub(crate) fn policies(schema: &Schema) -> impl Iterator<Item = Placed<'_>> {
    let of_tables = schema.tables.values().flat_map(|table| {
        let place = |policy| Placed { table: Name::of(table), is_linked: false, policy };
        table.policies.values().map(place)
    });
    let linked = schema.policies.values().filter_map(|policy| {
        let (in_schema, table) = policy.linked_table()?;
        Some(Placed { table: Name::new(&in_schema, &table), is_linked: true, policy })
    });
    of_tables.chain(linked)
}

/// Whether two policies of one name on one table are the same to PostgreSQL.
pub(crate) fn same_policy(previous: &Policy, next: &Policy) -> bool {
    let Policy { name: _, kind, command, roles: _, using, with_check, schema: _, on: _ } = previous;
    kind.unwrap_or_default() == next.kind.unwrap_or_default()
        && command.unwrap_or_default() == next.command.unwrap_or_default()
        && previous.role_names() == next.role_names()
        && *using == next.using
        && *with_check == next.with_check
}

/// The expressions of a table that are no defaults: of checks, indexes and generated columns.
pub(crate) fn expressions(table: &Table) -> impl Iterator<Item = &str> {
    let checks = table.check_constraints.values().map(|check| check.value.as_str());
    let indexes = table.indexes.values().flat_map(expressions_of_index);
    let generated = table.columns.values().filter_map(|column| column.generated.as_ref());
    checks.chain(indexes).chain(generated.map(|generated| generated.expression.as_str()))
}

/// The expressions of an index: among its keys, and its predicate.
pub(crate) fn expressions_of_index(index: &Index) -> impl Iterator<Item = &str> {
    let keys = index.columns.iter().filter(|part| part.is_expression).map(|part| part.expression.as_str());
    keys.chain(index.predicate.as_deref())
}

/// Whether PostgreSQL holds the column as NOT NULL, though the declaration may not say it: an
/// identity column and one of the primary key always are.
pub fn is_not_null(table: &Table, column: &schema::Column) -> bool {
    column.not_null
        || column.primary_key
        || column.identity.is_some()
        || table.composite_primary_keys.values().any(|key| key.columns.contains(&column.name))
}
