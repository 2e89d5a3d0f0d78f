use schema::View;

use super::table::{HEAP, Parts};
use super::{Notes, column, expression, named, options, part, path};
use crate::introspect::rows::RelationRow;

/// A view or materialized view. Whether a materialized one was made empty is not in the catalog: what says so is that
/// it is not filled.
pub(super) fn view(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> View {
    let materialized = relation.kind == "m";
    note_the_rest(relation, parts, notes);
    let columns = parts.columns.remove(&relation.oid).unwrap_or_default();
    View {
        columns: named(columns.iter().map(column::plain), |column| &column.name),
        definition: relation.definition.as_deref().map(expression::on_one_line),
        name: relation.name.clone(),
        schema: relation.schema.clone(),
        is_existing: false,
        options: options::of_view(&relation.options),
        with_no_data: (materialized && !relation.is_populated).then_some(true),
        materialized,
        tablespace: relation.tablespace.clone(),
        using: relation.access_method.clone().filter(|method| method != HEAP),
    }
}

fn note_the_rest(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) {
    let name = path(&relation.schema, &relation.name);
    notes.extras(&relation.extras, &name);
    for column in parts.columns.get(&relation.oid).into_iter().flatten().filter(|column| column.expression.is_some()) {
        notes.add("default of a view's column", format!("{name}.{}", schema::quote::ident_if_needed(&column.name)));
    }
    for index in parts.indexes.remove(&relation.oid).into_iter().flatten() {
        notes.add("index of a materialized view", part(&index.name, relation));
    }
}
