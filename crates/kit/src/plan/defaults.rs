//! Defaults of columns that stay as they are, where what the default calls or names is made anew, or gives its name to
//! a function of other arguments.

use std::collections::HashSet;

use schema::mentions::may_call;
use schema::{Schema, Table};

use super::enums::{Recreated, drop_default, set_default};
use super::touched::Touched;
use super::{Stage, Steps};
use crate::diff::{Matched, Pair};
use crate::step::{ColumnStep, Name, Step};

/// Comes after the columns.
pub(super) fn plan(
    steps: &mut Steps,
    schemas: Pair<&Schema>,
    tables: &Matched<Table>,
    touched: &Touched,
    recreated: &Recreated,
) {
    let anew = recreated.anew();
    let overloaded = overloaded(schemas);
    if anew.is_empty() && overloaded.is_empty() {
        return;
    }
    let dropped = |step: &Step| match step {
        Step::Column(ColumnStep::DropDefault { table, column, .. }) => Some((table.clone(), column.clone())),
        _ => None,
    };
    let dropped: HashSet<(Name, String)> = steps.iter().filter_map(dropped).collect();
    for table in &tables.kept {
        let name = Name::of(table.next);
        let touched = touched.of(&name.key());
        for Pair { previous, next } in Matched::new(&table.previous.columns, &table.next.columns).kept {
            let Some(default) = previous.default_sql() else { continue };
            let gives_way = || {
                previous.default != next.default && may_call(&default).any(|name| overloaded.contains(name.as_str()))
            };
            if !anew.is_under(&default) && !gives_way() {
                continue;
            }
            let is_rebuilt = touched.is_some_and(|touched| touched.rebuilt.contains(&next.name));
            if is_rebuilt || recreated.takes(Pair { previous, next }) {
                continue;
            }
            // One that becomes another would be set too late.
            if !dropped.contains(&(name.clone(), next.name.clone())) {
                steps.push(Stage::DropExpression, Step::Column(drop_default(&name, previous)));
            }
            let stays = next.default_sql().as_deref() == Some(&default);
            let is_same_type = previous.sql_type == next.sql_type && previous.type_schema == next.type_schema;
            if stays && is_same_type {
                let step = set_default(&name, next, default.into_owned(), None);
                steps.push(Stage::AlterTable, Step::Column(step));
            }
        }
    }
}

/// The bare names of which one function goes and another one comes: which of them a default calls, its arguments say.
fn overloaded(schemas: Pair<&Schema>) -> HashSet<&str> {
    let functions = Matched::new(&schemas.previous.objects.functions, &schemas.next.objects.functions);
    let dropped: HashSet<&str> = functions.dropped.iter().map(|function| function.name.as_str()).collect();
    let created = functions.created.into_iter().map(|function| function.name.as_str());
    created.filter(|name| dropped.contains(name)).collect()
}
