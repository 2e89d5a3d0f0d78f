//! Renames of types and collations.

use schema::{CollationName, CommentKind, PUBLIC, Schema, names, type_text};

use super::{objects, rekey, texts};
use crate::step::Name;

/// Renames or moves a collation, in every column and type that has it.
pub(in crate::rename) fn collation(schema: &mut Schema, from: &Name, to: &Name) {
    let key = from.key();
    let rename = |name: &mut CollationName| {
        if name.key() == key {
            let is_bare = name.schema.is_none() && to.schema == PUBLIC;
            *name = CollationName { schema: (!is_bare).then(|| to.schema.clone()), name: to.name.clone() };
        }
    };
    let objects = &mut schema.objects;
    moved(&mut objects.collations, from, to, |collation| (&mut collation.schema, &mut collation.name));
    let columns = objects.tables.values_mut().flat_map(|table| table.columns.values_mut());
    columns.filter_map(|column| column.collation.as_mut()).for_each(rename);
    objects.domains.values_mut().filter_map(|domain| domain.collation.as_mut()).for_each(rename);
    objects.ranges.values_mut().filter_map(|range| range.collation.as_mut()).for_each(rename);
    let attributes = objects.composites.values_mut().flat_map(|composite| composite.attributes.values_mut());
    attributes.filter_map(|attribute| attribute.collation.as_mut()).for_each(rename);
    objects::commented(objects, &[CommentKind::Collation], from, to);
    texts::rewrite(schema, |text| type_text::with_collation(text, pair(from), pair(to)));
}

/// Renames or moves a domain, in everything that has it.
pub(in crate::rename) fn domain(schema: &mut Schema, from: &Name, to: &Name) {
    moved(&mut schema.objects.domains, from, to, |domain| (&mut domain.schema, &mut domain.name));
    named_type(schema, from, to);
    objects::commented(&mut schema.objects, &[CommentKind::Domain], from, to);
    objects::commented_parts(&mut schema.objects, &[CommentKind::DomainConstraint], from, to);
}

/// Renames or moves a composite type, in everything that has it.
pub(in crate::rename) fn composite(schema: &mut Schema, from: &Name, to: &Name) {
    moved(&mut schema.objects.composites, from, to, |composite| (&mut composite.schema, &mut composite.name));
    named_type(schema, from, to);
    objects::commented(&mut schema.objects, &[CommentKind::Type], from, to);
    objects::commented_parts(&mut schema.objects, &[CommentKind::Column], from, to);
}

/// Renames or moves a range type, with the multirange that PostgreSQL named after it and the functions that make both.
pub(in crate::rename) fn range(schema: &mut Schema, from: &Name, to: &Name) {
    moved(&mut schema.objects.ranges, from, to, |range| (&mut range.schema, &mut range.name));
    let multirange = schema.objects.ranges.get(&to.key()).and_then(|range| range.multirange.clone());
    let many = |name: &Name| name.sibling(&multirange.clone().unwrap_or_else(|| names::multirange(&name.name)));
    for (from, to) in [(from.clone(), to.clone()), (many(from), many(to))] {
        named_type(schema, &from, &to);
        objects::commented(&mut schema.objects, &[CommentKind::Type], &from, &to);
        texts::rewrite(schema, |text| type_text::with_call(text, pair(&from), pair(&to)));
    }
}

/// Gives an object another key, schema and name.
fn moved<T>(
    objects: &mut schema::Map<T>,
    from: &Name,
    to: &Name,
    names: impl Fn(&mut T) -> (&mut String, &mut String),
) {
    rekey(objects, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    if let Some(object) = objects.get_mut(&to.key()) {
        let (schema, name) = names(object);
        to.schema.clone_into(schema);
        to.name.clone_into(name);
    }
}

/// Renames or moves a type in columns, other types, functions and casts.
fn named_type(schema: &mut Schema, from: &Name, to: &Name) {
    objects::named_type(&mut schema.objects, from, to);
    let columns = schema.tables.values_mut().flat_map(|table| table.columns.values_mut());
    for column in columns.filter(|column| column.type_schema.is_none()) {
        if let Some(renamed) = type_text::with_type(&column.sql_type, pair(from), pair(to)) {
            column.sql_type = renamed;
        }
    }
    texts::rewrite_in_tables(schema, |text| type_text::with_cast(text, pair(from), pair(to)));
}

fn pair(name: &Name) -> (&str, &str) {
    (&name.schema, &name.name)
}
