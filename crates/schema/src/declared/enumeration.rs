//! Declared enum types.

use std::collections::HashMap;

use super::ColumnType;
use super::registry::EnumDeclaration;
use crate::build;
use crate::model::{CommentKind, Enum};

/// The enum type for the schema.
pub(super) fn build(declaration: &EnumDeclaration) -> Enum {
    let EnumDeclaration { name, schema, variants, comment: _, place: _ } = declaration;
    let values = variants.iter().map(|(_, label)| (*label).to_owned()).collect();
    Enum { name: (*name).to_owned(), schema: (*schema).to_owned(), values }
}

/// The comment on the type, where its declaration has one.
pub(super) fn comment(declaration: &EnumDeclaration) -> Option<build::Comment> {
    let text = declaration.comment?;
    Some(build::Comment::on_object(CommentKind::Type, declaration.name, text).in_schema(declaration.schema))
}

/// The declared enum types by schema and name.
pub(super) struct Enums(HashMap<(&'static str, &'static str), &'static EnumDeclaration>);

impl Enums {
    pub(super) fn of(declared: &'static [EnumDeclaration]) -> Self {
        Enums(declared.iter().map(|declaration| ((declaration.schema, declaration.name), declaration)).collect())
    }

    /// The label of a variant of the column's type.
    ///
    /// # Errors
    /// When the type is no enum, or has no such variant.
    pub(super) fn label(&self, variant: &str, column_type: &ColumnType) -> Result<&'static str, String> {
        let declared = column_type.enum_schema.and_then(|schema| self.0.get(&(schema, column_type.sql)));
        let Some(EnumDeclaration { variants, .. }) = declared else {
            return Err(format!("`{variant}` is no variant of an enum that derives PgEnum"));
        };
        let found = variants.iter().find(|(name, _)| *name == variant);
        found.map(|(_, label)| *label).ok_or_else(|| {
            let known = variants.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("`{variant}` is no variant of the enum \"{}\": known are {known}", column_type.sql)
        })
    }
}
