//! What is wrong with a declaration as a whole, found before anything is generated.

use syn::ext::IdentExt;
use syn::{Error, Result, Type};

use crate::parse::column::{Column, Field, FieldKind};
use crate::parse::options::{self, FieldPath};
use crate::parse::sql_type::SqlType;
use crate::parse::table::{IndexKey, TableAttributes};
use crate::parse::{Declaration, Errors, Kind};

/// Every problem of the declaration that needs no types.
pub(crate) fn declaration(declaration: &Declaration) -> Result<()> {
    let mut errors = Errors::default();
    names(declaration, &mut errors);
    for field in &declaration.fields {
        if let FieldKind::Column(column) = &field.kind {
            errors.keep(sources(field, column));
            errors.keep(nullability(field, column));
        }
    }
    errors.keep(primary_key(declaration));
    if declaration.kind == Kind::Group {
        errors.keep(group(declaration));
    }
    for path in paths(&declaration.attributes) {
        errors.keep(resolve(path, &declaration.fields));
    }
    for index in declaration.attributes.indexes.iter().filter(|index| index.name.is_none()) {
        for column in &index.on {
            if let IndexKey::Sql(sql) = &column.key {
                let message = "an index on an expression has no name by itself: give it one with `name = \"…\"`";
                errors.push(Error::new(sql.span(), message));
            }
        }
    }
    errors.finish()
}

/// Whether the type is written as an `Option`. An alias for one is not seen here; the model is right even so,
/// since the compiler resolves it there.
pub(crate) fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.qself.is_none() && path.path.segments.last().is_some_and(|segment| segment.ident == "Option")
}

fn names(declaration: &Declaration, errors: &mut Errors) {
    let mut taken: Vec<&str> = Vec::new();
    for field in &declaration.fields {
        let FieldKind::Column(column) = &field.kind else { continue };
        if taken.contains(&column.name.as_str()) {
            errors.push(Error::new(field.ident.span(), format!("another column is named \"{}\" already", column.name)));
        }
        taken.push(&column.name);
    }
}

/// A column takes its value from a default, an expression or a sequence, never from two of them.
fn sources(field: &Field, column: &Column) -> Result<()> {
    let mut sources = Vec::new();
    sources.extend(column.default.as_ref().map(|_| "a default"));
    sources.extend(column.generated.as_ref().map(|_| "a generated expression"));
    sources.extend(column.identity.as_ref().map(|_| "an identity"));
    if sources.len() > 1 {
        let message = format!("this column has {}; PostgreSQL allows one of them", sources.join(" and "));
        return Err(Error::new(field.ident.span(), message));
    }
    Ok(())
}

fn nullability(field: &Field, column: &Column) -> Result<()> {
    if !is_option(&field.ty) {
        return Ok(());
    }
    let serial = column.sql_type.as_ref().is_some_and(SqlType::is_serial);
    let never_null = match column {
        _ if column.primary_key.is_some() => "a primary key",
        _ if column.identity.is_some() => "an identity column",
        _ if serial => "a serial column",
        _ => return Ok(()),
    };
    Err(Error::new_spanned(&field.ty, format!("{never_null} is never NULL: remove the Option")))
}

fn primary_key(declaration: &Declaration) -> Result<()> {
    let columns = declaration.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Column(column) => column.primary_key,
        FieldKind::Group => None,
    });
    let table = declaration.attributes.primary_key.as_ref().map(|key| key.span);
    let mut keys = columns.chain(table);
    keys.next();
    match keys.next() {
        Some(second) => {
            let message = "a table has one primary key, and this is the second: \
                           for a key of several columns write #[primary_key(a, b)] on the struct";
            Err(Error::new(second, message))
        }
        None => Ok(()),
    }
}

/// A group has columns and nothing else.
fn group(declaration: &Declaration) -> Result<()> {
    let TableAttributes {
        name,
        schema: _,
        rls: _,
        comments: _,
        new: _,
        changes: _,
        indexes,
        uniques,
        primary_key,
        foreign_keys,
        checks,
        policies,
    } = &declaration.attributes;
    let alone = indexes.is_empty()
        && uniques.is_empty()
        && primary_key.is_none()
        && foreign_keys.is_empty()
        && checks.is_empty()
        && policies.is_empty()
        && name.is_none();
    let nested = declaration.fields.iter().find(|field| matches!(field.kind, FieldKind::Group));
    match nested {
        Some(field) => Err(Error::new(field.ident.span(), "a group of columns cannot flatten another")),
        None if alone => Ok(()),
        None => Err(Error::new(
            declaration.ident.span(),
            "a group has columns only: name, indexes, constraints and policies belong to the tables that flatten it",
        )),
    }
}

/// All fields that the struct's attributes name.
pub(crate) fn paths(attributes: &TableAttributes) -> impl Iterator<Item = &FieldPath> {
    let indexed = attributes.indexes.iter().flat_map(|index| &index.on).filter_map(|column| match &column.key {
        IndexKey::Field(path) => Some(path),
        IndexKey::Sql(_) => None,
    });
    indexed
        .chain(attributes.uniques.iter().flat_map(|unique| &unique.on))
        .chain(attributes.primary_key.iter().flat_map(|key| &key.on))
        .chain(attributes.foreign_keys.iter().flat_map(|key| &key.on))
        .chain(attributes.indexes.iter().flat_map(|index| &index.include))
        .chain(attributes.uniques.iter().flat_map(|unique| &unique.include))
        .chain(attributes.primary_key.iter().flat_map(|key| &key.include))
}

fn resolve(path: &FieldPath, fields: &[Field]) -> Result<()> {
    let [first, rest @ ..] = path.0.as_slice() else { return Ok(()) };
    let Some(field) = fields.iter().find(|field| field.ident == *first) else {
        let names: Vec<String> = fields.iter().map(|field| field.ident.unraw().to_string()).collect();
        return Err(options::unknown("field", first, names.iter().map(String::as_str)));
    };
    match (&field.kind, rest) {
        (FieldKind::Column(_), []) | (FieldKind::Group, [_]) => Ok(()),
        (FieldKind::Group, _) => {
            let message = format!("`{first}` is a group of columns: name one of them, `{first}.field`");
            Err(Error::new(first.span(), message))
        }
        (FieldKind::Column(_), _) => Err(Error::new(path.span(), format!("`{first}` is a column and has no fields"))),
    }
}
