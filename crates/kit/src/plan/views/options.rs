//! The options of views, and how each of them changes.

use schema::{Map, View};
use serde_json::Value;

use crate::diff::Pair;
use crate::step::ViewChange;

/// The options in the order in which drizzle-kit writes them.
const ORDER: [&str; 21] = [
    "check_option",
    "security_barrier",
    "security_invoker",
    "fillfactor",
    "toast_tuple_target",
    "parallel_workers",
    "autovacuum_enabled",
    "vacuum_index_cleanup",
    "vacuum_truncate",
    "autovacuum_vacuum_threshold",
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_cost_delay",
    "autovacuum_vacuum_cost_limit",
    "autovacuum_freeze_min_age",
    "autovacuum_freeze_max_age",
    "autovacuum_freeze_table_age",
    "autovacuum_multixact_freeze_min_age",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_multixact_freeze_table_age",
    "log_autovacuum_min_duration",
    "user_catalog_table",
];

/// The options of a view by PostgreSQL's names, in drizzle-kit's order.
pub(super) fn named(view: &View) -> Map<Value> {
    let options = view.options.iter().flatten().map(|(name, value)| (snake_case(name), value.clone()));
    let mut options: Map<Value> = options.collect();
    options.sort_by_cached_key(|name, _| ORDER.iter().position(|known| known == name).unwrap_or(ORDER.len()));
    options
}

/// What ALTER does to a view that keeps its query.
pub(super) fn changes(view: Pair<&View>) -> Vec<ViewChange> {
    let Pair { previous, next } = view;
    let (was, is) = (named(previous), named(next));
    let mut changes = Vec::new();
    let added: Map<Value> = is.iter().filter(|(name, _)| !was.contains_key(*name)).map(owned).collect();
    let removed: Vec<String> = was.keys().filter(|name| !is.contains_key(*name)).cloned().collect();
    let changed = is.iter().filter(|(name, value)| was.get(*name).is_some_and(|before| before != *value));
    let changed: Map<Value> = changed.map(owned).collect();
    if !added.is_empty() {
        changes.push(ViewChange::SetOptions(added));
    }
    if !removed.is_empty() {
        changes.push(ViewChange::ResetOptions(removed));
    }
    if !changed.is_empty() {
        changes.push(ViewChange::SetOptions(changed));
    }
    if next.materialized && previous.tablespace != next.tablespace {
        changes.push(ViewChange::SetTablespace(next.tablespace.clone()));
    }
    if next.materialized && previous.using != next.using {
        changes.push(ViewChange::SetAccessMethod(next.using.clone()));
    }
    changes
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// `securityInvoker` as `security_invoker`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn an_option_has_postgresqls_name() {
        assert_eq!(snake_case("autovacuumMultixactFreezeMinAge"), "autovacuum_multixact_freeze_min_age");
        assert_eq!(snake_case("check_option"), "check_option");
    }
}
