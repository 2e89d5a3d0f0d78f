//! What two snapshots may say in two ways without meaning two things.

use schema::{ColumnDefault, Nulls, PUBLIC, Schema};

/// The schema with what drizzle-kit may leave out written as the declaration writes it, and each default as its SQL:
/// a number in a column of no number is text in Rust.
pub(super) fn normal(schema: &Schema) -> Schema {
    let mut normal = schema.clone();
    // drizzle-kit's own tests have objects in schemas that they do not declare.
    let tables = schema.tables.values().map(|table| table.schema_name());
    let in_use = tables
        .chain(schema.views.values().filter(|view| !view.is_existing).map(|view| view.schema.as_str()))
        .chain(schema.enums.values().map(|declared| declared.schema.as_str()))
        .chain(schema.sequences.values().map(|sequence| sequence.schema.as_str()));
    for name in in_use.filter(|name| *name != PUBLIC) {
        normal.schemas.insert(name.to_owned(), name.to_owned());
    }
    for table in normal.tables.values_mut() {
        for column in table.columns.values_mut() {
            column.default = column.default_sql().map(|sql| ColumnDefault::Expression(sql.into_owned()));
            column.not_null |= column.primary_key || column.identity.is_some() || column.is_serial();
        }
        for key in table.foreign_keys.values_mut() {
            key.on_delete.get_or_insert_default();
            key.on_update.get_or_insert_default();
        }
        for column in table.indexes.values_mut().flat_map(|index| &mut index.columns) {
            column.nulls.get_or_insert(if column.asc { Nulls::Last } else { Nulls::First });
        }
    }
    for view in normal.views.values_mut() {
        view.with_no_data = view.with_no_data.filter(|is_empty| *is_empty);
        view.options = view.options.take().filter(|options| !options.is_empty());
        for column in view.columns.values_mut() {
            column.default = column.default_sql().map(|sql| ColumnDefault::Expression(sql.into_owned()));
        }
    }
    let of_tables = normal.tables.values_mut().flat_map(|table| table.policies.values_mut());
    for policy in of_tables.chain(normal.policies.values_mut()) {
        policy.kind.get_or_insert_default();
        policy.command.get_or_insert_default();
        policy.roles = Some(policy.role_names().into_iter().map(str::to_owned).collect());
    }
    normal
}
