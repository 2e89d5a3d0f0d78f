//! The database's comments in the documentation of structs, where the derives read them.

use schema::{CommentKind, CommentTarget, Enum, Schema, Table, View, key};

use super::text::says;
use super::view;

/// The comment on a table, view or enum type.
pub(super) fn on_object<'a>(schema: &'a Schema, kind: CommentKind, namespace: &str, name: &str) -> Option<&'a str> {
    on(schema, kind, namespace, None, name)
}

/// The comment on a column of a table or view.
pub(super) fn on_column<'a>(schema: &'a Schema, namespace: &str, relation: &str, column: &str) -> Option<&'a str> {
    on(schema, CommentKind::Column, namespace, Some(relation), column)
}

fn on<'a>(schema: &'a Schema, kind: CommentKind, namespace: &str, owner: Option<&str>, name: &str) -> Option<&'a str> {
    let target = CommentTarget {
        kind,
        schema: Some(namespace.to_owned()),
        owner: owner.map(str::to_owned),
        name: name.to_owned(),
        arguments: None,
    };
    schema.objects.comments.get(&target.key()).map(|comment| comment.text.as_str())
}

/// Whether the documentation says every comment on the table and its columns word by word, and there is one.
pub(super) fn are_of_table(table: &Table, schema: &Schema) -> bool {
    let (namespace, name) = (table.schema_name(), &table.name);
    let columns = table.columns.keys().map(|column| on_column(schema, namespace, name, column));
    are_said(columns.chain([on_object(schema, CommentKind::Table, namespace, name)]))
}

/// The same of a view.
pub(super) fn are_of_view(declared: &View, schema: &Schema) -> bool {
    let View { schema: namespace, name, columns, .. } = declared;
    let columns = columns.keys().map(|column| on_column(schema, namespace, name, column));
    view::is_struct(declared, schema)
        && declared.definition.is_some()
        && are_said(columns.chain([on_object(schema, kind_of_view(declared), namespace, name)]))
}

/// The same of an enum type.
pub(super) fn are_of_enum(declared: &Enum, schema: &Schema) -> bool {
    are_said([on_object(schema, CommentKind::Type, &declared.schema, &declared.name)].into_iter())
}

pub(super) fn kind_of_view(view: &View) -> CommentKind {
    if view.materialized { CommentKind::MaterializedView } else { CommentKind::View }
}

fn are_said<'a>(comments: impl Iterator<Item = Option<&'a str>>) -> bool {
    let mut comments = comments.flatten().peekable();
    comments.peek().is_some() && comments.all(says)
}

/// Whether a derive reads the comment on this object, so that no function has to give it.
pub(super) fn are_read(on: &CommentTarget, schema: &Schema) -> bool {
    let path = |name: &str| key(on.schema.as_deref().unwrap_or_default(), name);
    let owner = on.owner.as_deref().map(path).unwrap_or_default();
    match on.kind {
        CommentKind::Table => schema.tables.get(&path(&on.name)).is_some_and(|table| are_of_table(table, schema)),
        CommentKind::View | CommentKind::MaterializedView => {
            let view = schema.views.get(&path(&on.name));
            view.is_some_and(|view| kind_of_view(view) == on.kind && are_of_view(view, schema))
        }
        CommentKind::Type => schema.enums.get(&path(&on.name)).is_some_and(|declared| are_of_enum(declared, schema)),
        CommentKind::Column => {
            let (table, view) = (schema.tables.get(&owner), schema.views.get(&owner));
            table.is_some_and(|table| table.columns.contains_key(&on.name) && are_of_table(table, schema))
                || view.is_some_and(|view| view.columns.contains_key(&on.name) && are_of_view(view, schema))
        }
        _ => false,
    }
}
