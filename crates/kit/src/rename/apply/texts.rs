//! Expressions that PostgreSQL keeps as it understood them, so that a rename is one in them too. The bodies of
//! functions are texts to it; and the columns of a view are named after what its query calls, so it is made anew.

use std::collections::{BTreeSet, HashMap};

use schema::{ColumnDefault, Index, Objects, Policy, Schema, Table, type_text};

use crate::diff;

/// Replaces every expression that `rewritten` has another text for.
pub(super) fn rewrite(schema: &mut Schema, rewritten: impl Fn(&str) -> Option<String>) {
    rewrite_in_tables(schema, &rewritten);
    rewrite_in_objects(&mut schema.objects, rewritten);
}

/// Replaces every expression that a snapshot has.
pub(super) fn rewrite_in_tables(schema: &mut Schema, rewritten: impl Fn(&str) -> Option<String>) {
    let replace = |text: &mut String| replace(text, &rewritten);
    for table in schema.tables.values_mut() {
        of_table(table, &replace);
    }
    schema.policies.values_mut().for_each(|policy| of_policy(policy, &replace));
}

/// Replaces every expression of what no snapshot holds.
pub(super) fn rewrite_in_objects(objects: &mut Objects, rewritten: impl Fn(&str) -> Option<String>) {
    let replace = |text: &mut String| replace(text, &rewritten);
    for domain in objects.domains.values_mut() {
        domain.default.iter_mut().for_each(replace);
        domain.check_constraints.values_mut().map(|check| &mut check.value).for_each(replace);
    }
    let arguments = objects.functions.values_mut().flat_map(|function| &mut function.arguments);
    arguments.filter_map(|argument| argument.default.as_mut()).for_each(replace);
    objects.triggers.values_mut().filter_map(|trigger| trigger.when.as_mut()).for_each(replace);
    let indexes = objects.views.values_mut().flat_map(|view| view.indexes.values_mut());
    indexes.for_each(|index| of_index(index, &replace));
    objects.statistics.values_mut().flat_map(|statistics| &mut statistics.expressions).for_each(replace);
    for exclusion in objects.tables.values_mut().flat_map(|beside| beside.exclusion_constraints.values_mut()) {
        let elements = exclusion.elements.iter_mut().filter(|element| element.is_expression);
        elements.map(|element| &mut element.expression).chain(&mut exclusion.predicate).for_each(replace);
    }
    objects.partitions.values_mut().map(|partition| &mut partition.bounds).for_each(replace);
    let of_tables = objects.tables.values_mut().filter_map(|beside| beside.partition_by.as_mut());
    let of_partitions = objects.partitions.values_mut().filter_map(|partition| partition.partition_by.as_mut());
    let parts = of_tables.chain(of_partitions).flat_map(|key| &mut key.parts);
    parts.filter(|part| part.is_expression).map(|part| &mut part.expression).for_each(replace);
}

fn replace(text: &mut String, rewritten: impl Fn(&str) -> Option<String>) {
    if let Some(rewritten) = rewritten(text) {
        *text = rewritten;
    }
}

/// Writes the expressions of a table that has moved to another schema as `next` has them, where nothing but the table's
/// own name in them is another one: PostgreSQL keeps them, and drizzle-kit makes none of them anew.
pub(in crate::rename) fn requalify(table: &mut Table, next: &Table) {
    let bare = |text: &str| type_text::without_table(text, &next.name).unwrap_or_else(|| text.to_owned());
    let of_policies = next.policies.values().flat_map(Policy::expressions);
    let written: BTreeSet<&str> = diff::expressions(next).chain(of_policies).collect();
    let written_by_bare: HashMap<String, &str> = written.iter().map(|text| (bare(text), *text)).collect();
    of_table(table, &|text| {
        if let (false, Some(moved)) = (written.contains(text.as_str()), written_by_bare.get(&bare(text))) {
            (*moved).clone_into(text);
        }
    });
}

fn of_table(table: &mut Table, replace: &impl Fn(&mut String)) {
    for column in table.columns.values_mut() {
        if let Some(ColumnDefault::Expression(sql)) = &mut column.default {
            replace(sql);
        }
        column.generated.iter_mut().map(|generated| &mut generated.expression).for_each(replace);
    }
    table.check_constraints.values_mut().map(|check| &mut check.value).for_each(replace);
    table.indexes.values_mut().for_each(|index| of_index(index, replace));
    table.policies.values_mut().for_each(|policy| of_policy(policy, replace));
}

fn of_index(index: &mut Index, replace: &impl Fn(&mut String)) {
    let keys = index.columns.iter_mut().filter(|column| column.is_expression);
    keys.map(|column| &mut column.expression).chain(&mut index.predicate).for_each(replace);
}

fn of_policy(policy: &mut Policy, replace: &impl Fn(&mut String)) {
    policy.using.iter_mut().chain(&mut policy.with_check).for_each(replace);
}
