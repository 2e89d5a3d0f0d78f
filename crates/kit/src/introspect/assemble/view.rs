use schema::{View, ViewObjects};

use super::table::{self, HEAP, Indexes, Parts};
use super::{Notes, column, expression, named, options, path};
use crate::introspect::rows::RelationRow;

/// A view or materialized view, and what it has that no snapshot holds. Whether a materialized one was made empty is not in the catalog: what says so is that
/// it is not filled.
pub(super) fn view(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> (View, ViewObjects) {
    let materialized = relation.kind == "m";
    note_the_rest(relation, parts, notes);
    let columns = parts.columns.remove(&relation.oid).unwrap_or_default();
    // Of a view, PostgreSQL has no exclusion constraint.
    let Indexes { indexes, exclusion_constraints: _, of_indexes } = table::indexes(relation, parts, notes);
    let view = View {
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
    };
    (view, ViewObjects { indexes, index_objects: of_indexes })
}

fn note_the_rest(relation: &RelationRow, parts: &mut Parts, notes: &mut Notes) {
    let name = path(&relation.schema, &relation.name);
    notes.extras(&relation.extras, &name);
    for column in parts.columns.get(&relation.oid).into_iter().flatten() {
        let name = format!("{name}.{}", schema::quote::ident_if_needed(&column.name));
        notes.extras(&column.extras, &name);
        if column.expression.is_some() {
            notes.add("default of a view's column", name);
        }
    }
}
