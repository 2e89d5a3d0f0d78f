//! From fields to columns: attributes name the fields of structs, and SQL their columns.

use std::any::TypeId;
use std::collections::HashMap;

use super::ColumnType;
use super::literal::{Field, Table};

/// The columns of one table by the path of their fields: `email`, `timestamps.created_at`.
pub(super) type Fields<'a> = HashMap<String, Field<'a>>;

/// A table that others reference.
pub(super) struct Referenced<'a> {
    pub(super) name: &'a str,
    pub(super) schema: &'a str,
    fields: Fields<'a>,
}

/// Every declared table by its struct.
pub(super) struct Tables<'a>(HashMap<TypeId, Referenced<'a>>);

impl<'a> Tables<'a> {
    pub(super) fn of(tables: &'a [Table]) -> Self {
        let referenced = |table: &'a Table| Referenced {
            name: table.name(),
            schema: table.schema(),
            fields: table.fields().into_iter().collect(),
        };
        Tables(tables.iter().map(|table| (table.id(), referenced(table))).collect())
    }
}

/// Resolves what one table's attributes name.
///
/// The service's build has the compiler look up each field, so that the error points at it; the lean build leaves
/// that to this place, because it takes a function a table.
pub(super) struct Names<'a> {
    tables: &'a Tables<'a>,
    own: Fields<'a>,
}

impl<'a> Names<'a> {
    pub(super) fn new(table: &'a Table, tables: &'a Tables<'a>) -> Self {
        Names { tables, own: table.fields().into_iter().collect() }
    }

    /// The columns of the table's own fields.
    pub(super) fn own(&self, fields: &[String]) -> Result<Vec<String>, String> {
        fields.iter().map(|field| Ok(find(&self.own, field, "the struct")?.column.to_owned())).collect()
    }

    /// The referenced table, and the columns of its fields. Each must have the type of the one that references it.
    pub(super) fn referenced(
        &self,
        table: TypeId,
        fields: &[String],
        from: &[String],
    ) -> Result<(&Referenced<'a>, Vec<String>), String> {
        let referenced = self.tables.0.get(&table).ok_or("it references a table that is not declared")?;
        let struct_ = format!("the struct of table \"{}\"", referenced.name);
        let mut columns = Vec::with_capacity(fields.len());
        for (field, from) in fields.iter().zip(from) {
            let target = find(&referenced.fields, field, &struct_)?;
            let own = find(&self.own, from, "the struct")?;
            if !comparable(own.column_type, target.column_type) {
                return Err(format!(
                    "column \"{}\" is {} and cannot reference \"{}\".\"{}\", which is {}",
                    own.column,
                    own.column_type.to_sql(),
                    referenced.name,
                    target.column,
                    target.column_type.to_sql(),
                ));
            }
            columns.push(target.column.to_owned());
        }
        Ok((referenced, columns))
    }
}

fn find<'a>(fields: &Fields<'a>, field: &str, of: &str) -> Result<Field<'a>, String> {
    fields.get(field).copied().ok_or_else(|| {
        let mut known: Vec<_> = fields.keys().map(|name| format!("`{name}`")).collect();
        known.sort_unstable();
        format!("{of} has no field `{field}`: it has {}", known.join(", "))
    })
}

/// Whether a foreign key may be between columns of these types: of one type, or both of them text.
fn comparable(own: &ColumnType, target: &ColumnType) -> bool {
    const TEXT: &[&str] = &["text", "varchar", "char", "custom"];
    let kind = |column: &ColumnType| match column.sql {
        "smallserial" => "smallint",
        "serial" => "integer",
        "bigserial" => "bigint",
        text if TEXT.contains(&text) => "text",
        sql => sql,
    };
    own.dimensions == target.dimensions && own.enum_schema == target.enum_schema && kind(own) == kind(target)
}
