use schema::quote::ident_if_needed;
use schema::{Column, ColumnObjects, Generated, GeneratedKind, Identity, IdentityKind, Storage};

use super::sequence::Sequences;
use super::{Notes, collation, expression, path, types};
use crate::introspect::rows::{ColumnRow, RelationRow, SequenceRow};

pub(super) fn column(row: &ColumnRow, table: &RelationRow, sequences: &mut Sequences, notes: &mut Notes) -> Column {
    let name = format!("{}.{}", path(&table.schema, &table.name), ident_if_needed(&row.name));
    notes.extras(&row.extras, &name);
    let column = plain(row);
    if let Some(sequence) = sequences.identity(row) {
        return Column { identity: identity(&row.identity, sequence), ..column };
    }
    if let Some(sql_type) = sequences.serial(row, table, notes) {
        return Column { sql_type: sql_type.to_owned(), ..column };
    }
    with_expression(row, column)
}

/// What a column has that no snapshot holds.
pub(super) fn objects(row: &ColumnRow) -> ColumnObjects {
    let storage = row.storage.as_deref().map(|code| match code {
        "p" => Storage::Plain,
        "e" => Storage::External,
        "m" => Storage::Main,
        _ => Storage::Extended,
    });
    let collation = collation::name(row.collation_schema.as_deref(), row.collation.clone());
    ColumnObjects { collation, storage, compression: row.compression.clone(), is_virtual: row.generated == "v" }
}

/// A column of a view: what its query returns.
pub(super) fn plain(row: &ColumnRow) -> Column {
    let (sql_type, type_schema) = types::of(row);
    Column { name: row.name.clone(), sql_type, type_schema, not_null: row.not_null, ..Column::default() }
}

fn with_expression(row: &ColumnRow, mut column: Column) -> Column {
    match (&row.expression, row.generated.as_str()) {
        (None, _) => {}
        (Some(sql), "") => column.default = Some(expression::default(sql, &column)),
        // That a column is virtual, no snapshot says.
        (Some(sql), _) => {
            let expression = expression::without_parentheses(sql).to_owned();
            column.generated = Some(Generated { expression, kind: GeneratedKind::Stored });
        }
    }
    column
}

fn identity(kind: &str, sequence: &SequenceRow) -> Option<Identity> {
    let kind = if kind == "a" { IdentityKind::Always } else { IdentityKind::ByDefault };
    Some(Identity {
        kind,
        name: sequence.name.clone(),
        schema: Some(sequence.schema.clone()),
        increment: Some(sequence.increment.clone()),
        start_with: Some(sequence.start.clone()),
        min_value: Some(sequence.min.clone()),
        max_value: Some(sequence.max.clone()),
        cache: Some(sequence.cache.clone()),
        cycle: Some(sequence.cycles),
    })
}
