use schema::quote::ident_if_needed;
use schema::{Partition, PartitionKey, PartitionKeyPart, PartitionStrategy};

use super::table::{HEAP, Parts};
use super::{Notes, expression, options, part, path};
use crate::introspect::rows::{ColumnRow, RelationRow};
use crate::sql::expression::group_length;

/// How a relation is partitioned, if it is.
pub(super) fn key(relation: &RelationRow) -> Option<PartitionKey> {
    let strategy = match relation.key_strategy.as_deref()? {
        "r" => PartitionStrategy::Range,
        "l" => PartitionStrategy::List,
        _ => PartitionStrategy::Hash,
    };
    let definition = relation.key_definition.as_deref()?;
    let group = &definition[definition.find('(')?..];
    let texts = expression::list(expression::without_parentheses(&group[..group_length(group)]));
    let parts = relation.key_columns.iter().zip(texts).map(|(column, text)| key_part(column.as_deref(), text));
    Some(PartitionKey { strategy, parts: parts.collect() })
}

/// A column, or an expression; one with a collation is an expression too.
fn key_part(column: Option<&str>, text: &str) -> PartitionKeyPart {
    match column {
        Some(name) if !text.contains(" COLLATE ") => {
            PartitionKeyPart { expression: name.to_owned(), is_expression: false }
        }
        _ => {
            // One pair is the key's, and one the expression's own.
            let expression = expression::without_parentheses(expression::without_parentheses(text)).to_owned();
            PartitionKeyPart { expression, is_expression: true }
        }
    }
}

/// A partition. It has what the partitioned table has, the `root`; what it has of its own is noted.
pub(super) fn partition(relation: &RelationRow, root: &RelationRow, parts: &mut Parts, notes: &mut Notes) -> Partition {
    note_its_own(relation, root, parts, notes);
    Partition {
        name: relation.name.clone(),
        schema: relation.schema.clone(),
        parent_schema: relation.parent_schema.clone().unwrap_or_default(),
        parent: relation.parent.clone().unwrap_or_default(),
        bounds: relation.bounds.clone().unwrap_or_default(),
        partition_by: key(relation),
        storage_parameters: relation.options.iter().map(|text| options::storage_parameter(text)).collect(),
        is_unlogged: relation.is_unlogged,
    }
}

fn note_its_own(relation: &RelationRow, root: &RelationRow, parts: &mut Parts, notes: &mut Notes) {
    let name = path(&relation.schema, &relation.name);
    notes.extras(&relation.extras, &name);
    if relation.has_row_security || relation.has_forced_row_security {
        notes.add("row-level security of a partition", &name);
    }
    if relation.tablespace.is_some() {
        notes.add("TABLESPACE", &name);
    }
    if relation.access_method.as_deref().is_some_and(|method| method != HEAP) {
        notes.add("access method", &name);
    }
    for constraint in parts.constraints.remove(&relation.oid).into_iter().flatten() {
        notes.add("constraint of a partition", part(&constraint.name, relation));
    }
    for index in parts.indexes.remove(&relation.oid).into_iter().flatten() {
        notes.add("index of a partition", part(&index.name, relation));
    }
    for policy in parts.policies.remove(&relation.oid).into_iter().flatten() {
        notes.add("policy of a partition", part(&policy.name, relation));
    }
    let of_root = parts.columns.get(&root.oid).map(Vec::as_slice).unwrap_or_default();
    for column in parts.columns.get(&relation.oid).into_iter().flatten() {
        if let Some(other) = of_root.iter().find(|other| other.name == column.name) {
            note_of_column(column, other, &name, notes);
        }
    }
}

/// Notes what a partition's column has otherwise than that of the partitioned table.
fn note_of_column(column: &ColumnRow, other: &ColumnRow, relation: &str, notes: &mut Notes) {
    let kinds = [
        ("default of a partition's column", column.expression != other.expression),
        ("NOT NULL of a partition's column", column.not_null != other.not_null),
        (
            "storage of a partition's column",
            (&column.storage, &column.compression) != (&other.storage, &other.compression),
        ),
    ];
    for (kind, _) in kinds.into_iter().filter(|(_, is_its_own)| *is_its_own) {
        notes.add(kind, format!("{relation}.{}", ident_if_needed(&column.name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_columns_and_expressions_with_their_collations() {
        let column = |name: &str| Some(name.to_owned());
        let relation = RelationRow {
            key_strategy: Some("r".to_owned()),
            key_definition: Some(r#"RANGE (at, lower("a,b"), ((n + 1)), "a,b" COLLATE "C")"#.to_owned()),
            key_columns: vec![column("at"), None, None, column("a,b")],
            ..RelationRow::default()
        };
        let key = key(&relation).unwrap();
        assert_eq!(key.strategy, PartitionStrategy::Range);
        let parts: Vec<_> = key.parts.iter().map(|part| (part.expression.as_str(), part.is_expression)).collect();
        assert_eq!(parts, [("at", false), ("lower(\"a,b\")", true), ("n + 1", true), ("\"a,b\" COLLATE \"C\"", true)]);
    }
}
