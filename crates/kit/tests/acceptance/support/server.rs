//! What the server of a test is too old for.

use schema::Schema;

/// The schema without what PostgreSQL 14 does not know yet: NULLS NOT DISTINCT, views that read with the
/// rights of whoever asks, and another access method for a materialized view that is there.
pub(crate) fn without_newer(mut schema: Schema, major: u32) -> Schema {
    if major >= 15 {
        return schema;
    }
    let uniques = schema.tables.values_mut().flat_map(|table| table.unique_constraints.values_mut());
    uniques.for_each(|unique| unique.nulls_not_distinct = false);
    let indexes = schema.objects.tables.values_mut().flat_map(|table| table.indexes.values_mut());
    indexes.for_each(|index| index.nulls_not_distinct = false);
    for view in schema.views.values_mut() {
        view.options.iter_mut().for_each(|options| drop(options.shift_remove("securityInvoker")));
        view.options.take_if(|options| options.is_empty());
        view.using = None;
    }
    schema
}
