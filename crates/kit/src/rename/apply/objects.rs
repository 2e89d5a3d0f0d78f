//! Renames among the objects that no snapshot holds.

use schema::{CollationName, CommentKind, CommentTarget, Map, Objects, Table, names, type_text};

use super::{part_among, rekey, texts};
use crate::step::{Name, Part};

/// Renames a schema, in everything that lives in it or names it.
pub(super) fn schema(objects: &mut Objects, from: &str, to: &str) {
    texts::rewrite_in_objects(objects, |text| type_text::with_schema(text, from, to));
    let qualify = |sql_type: &mut String| requalify(sql_type, from, to);
    let Objects {
        extensions,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers,
        tables,
        views,
        partitions,
        statistics,
        comments,
    } = objects;
    let renamed = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    let collation = |name: &mut CollationName| name.schema.as_mut().map(renamed);
    extensions.values_mut().filter_map(|extension| extension.schema.as_mut()).for_each(renamed);
    for collation in collations.values_mut() {
        renamed(&mut collation.schema);
    }
    for domain in domains.values_mut() {
        renamed(&mut domain.schema);
        qualify(&mut domain.base);
        domain.collation.as_mut().map(collation);
    }
    for composite in composites.values_mut() {
        renamed(&mut composite.schema);
        for attribute in composite.attributes.values_mut() {
            qualify(&mut attribute.sql_type);
            attribute.collation.as_mut().map(collation);
        }
    }
    for range in ranges.values_mut() {
        renamed(&mut range.schema);
        qualify(&mut range.subtype);
        range.subtype_diff.as_mut().map(qualify);
        range.collation.as_mut().map(collation);
    }
    for function in functions.values_mut() {
        renamed(&mut function.schema);
        function.arguments.iter_mut().map(|argument| &mut argument.sql_type).for_each(qualify);
        function.returns.as_mut().map(qualify);
    }
    for trigger in triggers.values_mut() {
        renamed(&mut trigger.schema);
        trigger.function_schema.as_mut().map(renamed);
    }
    for table in tables.values_mut() {
        for column in table.columns.values_mut() {
            column.collation.as_mut().map(collation);
        }
        for element in table.exclusion_constraints.values_mut().flat_map(|exclusion| &mut exclusion.elements) {
            element.opclass.as_mut().map(qualify);
            qualify(&mut element.operator);
        }
    }
    let indexes = views.values_mut().flat_map(|view| view.indexes.values_mut());
    indexes.flat_map(|index| &mut index.columns).filter_map(|column| column.opclass.as_mut()).for_each(qualify);
    for partition in partitions.values_mut() {
        renamed(&mut partition.schema);
        renamed(&mut partition.parent_schema);
    }
    for statistics in statistics.values_mut() {
        renamed(&mut statistics.schema);
        renamed(&mut statistics.table_schema);
    }
    for comment in comments.values_mut() {
        let CommentTarget { kind, schema, owner: _, name, arguments } = &mut comment.on;
        schema.as_mut().map(renamed);
        if *kind == CommentKind::Schema {
            renamed(name);
        }
        arguments.iter_mut().flatten().for_each(qualify);
    }
    rekey(collations, |_, collation| collation.key());
    rekey(domains, |_, domain| domain.key());
    rekey(composites, |_, composite| composite.key());
    rekey(ranges, |_, range| range.key());
    rekey(functions, |_, function| function.key());
    rekey(triggers, |_, trigger| trigger.key());
    let prefix = format!("{from}.");
    let moved = |key: &str| match key.strip_prefix(&prefix) {
        Some(name) => schema::key(to, name),
        None => key.to_owned(),
    };
    rekey(tables, |key, _| moved(key));
    rekey(views, |key, _| moved(key));
    rekey(partitions, |_, partition| partition.key());
    rekey(statistics, |_, statistics| statistics.key());
    rekey(comments, |_, comment| comment.on.key());
}

/// A type as it is written, whose schema gets another name.
pub(super) fn requalify(sql_type: &mut String, from: &str, to: &str) {
    if let Some(renamed) = type_text::with_schema(sql_type, from, to) {
        *sql_type = renamed;
    }
}

/// Renames or moves a type, in every other type and function that names it, and in their casts.
pub(super) fn named_type(objects: &mut Objects, from: &Name, to: &Name) {
    let (from, to) = ((from.schema.as_str(), from.name.as_str()), (to.schema.as_str(), to.name.as_str()));
    texts::rewrite_in_objects(objects, |text| type_text::with_cast(text, from, to));
    let rename = |sql_type: &mut String| {
        if let Some(renamed) = type_text::with_type(sql_type, from, to) {
            *sql_type = renamed;
        }
    };
    objects.domains.values_mut().map(|domain| &mut domain.base).for_each(rename);
    let attributes = objects.composites.values_mut().flat_map(|composite| composite.attributes.values_mut());
    attributes.map(|attribute| &mut attribute.sql_type).for_each(rename);
    objects.ranges.values_mut().map(|range| &mut range.subtype).for_each(rename);
    for function in objects.functions.values_mut() {
        function.arguments.iter_mut().map(|argument| &mut argument.sql_type).for_each(rename);
        function.returns.as_mut().map(rename);
    }
    let arguments = objects.comments.values_mut().flat_map(|comment| comment.on.arguments.iter_mut().flatten());
    arguments.for_each(rename);
    rekey(&mut objects.functions, |_, function| function.key());
    rekey_comments(&mut objects.comments);
}

/// Renames or moves a table with everything on it.
pub(super) fn table(objects: &mut Objects, table: &Table, from: &Name, to: &Name) {
    rekey(&mut objects.tables, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    for partition in objects.partitions.values_mut() {
        if partition.parent_key() == from.key() {
            partition.parent_schema.clone_from(&to.schema);
            partition.parent.clone_from(&to.name);
        }
    }
    relation(objects, from, to);
    for comment in objects.comments.values_mut() {
        let CommentTarget { kind, schema, owner, name, arguments: _ } = &mut comment.on;
        if schema.as_deref() == Some(&from.schema) && matches!(kind, CommentKind::Index | CommentKind::Sequence) {
            if let Some(renamed) = carried(table, *kind, &from.name, name) {
                (*schema, *name) = (Some(to.schema.clone()), renamed);
            }
        } else if *kind == CommentKind::Constraint
            && owner.as_deref() == Some(&to.name)
            && schema.as_deref() == Some(&to.schema)
            && let Some(renamed) = carried(table, CommentKind::Index, &from.name, name)
        {
            *name = renamed;
        }
    }
    rekey_comments(&mut objects.comments);
}

/// Renames or moves a view with everything on it.
pub(super) fn view(objects: &mut Objects, from: &Name, to: &Name) {
    rekey(&mut objects.views, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    relation(objects, from, to);
    let indexes = objects.views.get(&to.key()).into_iter().flat_map(|beside| beside.indexes.keys());
    for index in indexes.cloned().collect::<Vec<_>>() {
        commented(objects, &[CommentKind::Index], &from.sibling(&index), &to.sibling(&index));
    }
}

/// The name that an index or sequence of a table has, once the table is renamed from `from`: PostgreSQL named some
/// after the table. None where the table has no such thing.
fn carried(table: &Table, kind: CommentKind, from: &str, name: &str) -> Option<String> {
    let implied = |column: Option<&str>, suffix| {
        let of = |table: &str| names::catalog(table, column, suffix);
        (of(from) == name).then(|| of(&table.name))
    };
    if kind == CommentKind::Sequence {
        let identities = table.columns.values().filter_map(|column| column.identity.as_ref());
        let mut serials = table.columns.values().filter(|column| column.is_serial());
        let is_identity = identities.into_iter().any(|identity| identity.name == name);
        return if is_identity { Some(name.to_owned()) } else { serials.find_map(|c| implied(Some(&c.name), "seq")) };
    }
    let is_named = table.indexes.contains_key(name)
        || table.unique_constraints.contains_key(name)
        || table.composite_primary_keys.contains_key(name);
    let has_implied_key = || table.columns.values().any(|column| column.primary_key);
    if is_named { Some(name.to_owned()) } else { implied(None, "pkey").filter(|_| has_implied_key()) }
}

/// Renames or moves a table or view in the triggers, statistics and comments on it.
fn relation(objects: &mut Objects, from: &Name, to: &Name) {
    for trigger in objects.triggers.values_mut().filter(|trigger| trigger.table_key() == from.key()) {
        trigger.schema.clone_from(&to.schema);
        trigger.table.clone_from(&to.name);
    }
    rekey(&mut objects.triggers, |_, trigger| trigger.key());
    for statistics in objects.statistics.values_mut().filter(|statistics| statistics.table_key() == from.key()) {
        statistics.table_schema.clone_from(&to.schema);
        statistics.table.clone_from(&to.name);
    }
    // Its rows have a type of its name.
    named_type(objects, from, to);
    commented(objects, &[CommentKind::Table, CommentKind::View, CommentKind::MaterializedView], from, to);
    let parts = [CommentKind::Column, CommentKind::Constraint, CommentKind::Policy, CommentKind::Trigger];
    commented_parts(objects, &parts, from, to);
}

/// Renames or moves an object in the comments on it.
pub(super) fn commented(objects: &mut Objects, kinds: &[CommentKind], from: &Name, to: &Name) {
    for comment in objects.comments.values_mut().filter(|comment| kinds.contains(&comment.on.kind)) {
        let CommentTarget { schema, owner, name, .. } = &mut comment.on;
        if owner.is_none() && schema.as_deref() == Some(&from.schema) && *name == from.name {
            (*schema, *name) = (Some(to.schema.clone()), to.name.clone());
        }
    }
    rekey_comments(&mut objects.comments);
}

/// Renames a part of a table in the comment on it.
pub(in crate::rename) fn commented_part(objects: &mut Objects, kind: CommentKind, table: &Name, from: &str, to: &str) {
    for comment in objects.comments.values_mut().filter(|comment| comment.on.kind == kind) {
        let CommentTarget { schema, owner, name, .. } = &mut comment.on;
        let is_of_table = schema.as_deref() == Some(&table.schema) && owner.as_deref() == Some(&table.name);
        if is_of_table && name == from {
            to.clone_into(name);
        }
    }
    rekey_comments(&mut objects.comments);
}

/// Renames a constraint or index of a table, in what it has beside its entry and in the comments on it.
pub(super) fn part(objects: &mut Objects, table: &Name, part: Part, from: &str, to: &str) {
    let renamed = |name: &str| if name == from { to.to_owned() } else { name.to_owned() };
    if let Some(beside) = objects.tables.get_mut(&table.key()) {
        match part {
            Part::PrimaryKey => rekey(&mut beside.composite_primary_keys, |name, _| renamed(name)),
            Part::Unique => rekey(&mut beside.unique_constraints, |name, _| renamed(name)),
            Part::Check => rekey(&mut beside.check_constraints, |name, _| renamed(name)),
            Part::ForeignKey => rekey(&mut beside.foreign_keys, |name, _| renamed(name)),
            Part::Index => rekey(&mut beside.indexes, |name, _| renamed(name)),
            Part::Exclusion => part_among(&mut beside.exclusion_constraints, from, to, |exclusion| &mut exclusion.name),
        }
    }
    if part != Part::Index {
        commented_part(objects, CommentKind::Constraint, table, from, to);
    }
    if part.has_index() {
        commented(objects, &[CommentKind::Index], &table.sibling(from), &table.sibling(to));
    }
}

/// Renames or moves an object in the comments on its parts.
pub(super) fn commented_parts(objects: &mut Objects, kinds: &[CommentKind], from: &Name, to: &Name) {
    for comment in objects.comments.values_mut().filter(|comment| kinds.contains(&comment.on.kind)) {
        let CommentTarget { schema, owner, .. } = &mut comment.on;
        if schema.as_deref() == Some(&from.schema) && owner.as_deref() == Some(&from.name) {
            (*schema, *owner) = (Some(to.schema.clone()), Some(to.name.clone()));
        }
    }
    rekey_comments(&mut objects.comments);
}

/// Renames a column, in everything that names it.
pub(super) fn column(objects: &mut Objects, table: &Name, is_serial: bool, from: &str, to: &str) {
    let key = table.key();
    let renamed = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    if let Some(beside) = objects.tables.get_mut(&key) {
        rekey(&mut beside.columns, |name, _| if name == from { to.to_owned() } else { name.to_owned() });
        let elements = beside.exclusion_constraints.values_mut().flat_map(|exclusion| &mut exclusion.elements);
        elements.filter(|element| !element.is_expression).for_each(|element| renamed(&mut element.expression));
        let parts = beside.partition_by.iter_mut().flat_map(|key| &mut key.parts);
        parts.filter(|part| !part.is_expression).for_each(|part| renamed(&mut part.expression));
        let keys = beside.composite_primary_keys.values_mut().chain(beside.unique_constraints.values_mut());
        keys.flat_map(|key| &mut key.include).for_each(renamed);
        beside.indexes.values_mut().flat_map(|index| &mut index.include).for_each(renamed);
    }
    // Partitions have their columns from the table.
    let partitions: Vec<_> =
        objects.partitions.keys().filter(|it| objects.partition_root(it) == key).cloned().collect();
    let is_of_table = |of: String| of == key || partitions.contains(&of);
    let triggers = objects.triggers.values_mut().filter(|trigger| is_of_table(trigger.table_key()));
    triggers.flat_map(|trigger| &mut trigger.columns).for_each(renamed);
    for statistics in objects.statistics.values_mut().filter(|statistics| is_of_table(statistics.table_key())) {
        statistics.columns.iter_mut().for_each(renamed);
        statistics.columns.sort_unstable();
    }
    for comment in objects.comments.values_mut() {
        let CommentTarget { kind, schema, owner, name, arguments: _ } = &mut comment.on;
        let is_in_table = schema.as_deref() == Some(&table.schema) && owner.as_deref() == Some(&table.name);
        if is_in_table && *kind == CommentKind::Column {
            renamed(name);
        }
        let sequence = |column| names::catalog(&table.name, Some(column), "seq");
        let is_of_schema = *kind == CommentKind::Sequence && schema.as_deref() == Some(&table.schema);
        if is_serial && is_of_schema && *name == sequence(from) {
            *name = sequence(to);
        }
    }
    rekey_comments(&mut objects.comments);
}

pub(super) fn rekey_comments(comments: &mut Map<schema::Comment>) {
    rekey(comments, |_, comment| comment.on.key());
}
