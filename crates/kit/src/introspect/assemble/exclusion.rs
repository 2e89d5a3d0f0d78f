use schema::{Exclusion, ExclusionElement, IndexColumn};

use super::{Notes, expression, index, part, trigger};
use crate::introspect::rows::{IndexRow, RelationRow};

/// The exclusion constraint that these keys, of which there is at least one, are of.
pub(super) fn exclusion(keys: &[IndexRow], table: &RelationRow, notes: &mut Notes) -> Exclusion {
    let whole = &keys[0];
    let name = part(&whole.name, table);
    if !whole.parameters.is_empty() {
        notes.add("WITH", &name);
    }
    if keys.iter().any(|key| key.is_descending || key.has_nulls_first) {
        notes.add("order in an exclusion constraint", &name);
    }
    Exclusion {
        name: whole.name.clone(),
        method: whole.method.clone(),
        elements: keys.iter().map(element).collect(),
        predicate: whole.predicate.as_deref().map(|sql| expression::without_parentheses(sql).to_owned()),
        deferral: trigger::deferral(whole.is_deferrable == Some(true), whole.is_deferred == Some(true)),
    }
}

fn element(key: &IndexRow) -> ExclusionElement {
    let IndexColumn { expression, is_expression, asc: _, nulls: _, opclass } = index::column(key);
    ExclusionElement { expression, is_expression, opclass, operator: key.operator.clone().unwrap_or_default() }
}
