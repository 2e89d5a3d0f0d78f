use schema::{Attribute, Composite, Map};

use super::collation;
use crate::introspect::rows::CompositeRow;

/// The composite types that these attributes, which stand together, are of.
pub(super) fn composites(rows: Vec<CompositeRow>) -> Map<Composite> {
    let mut composites: Map<Composite> = Map::new();
    for row in rows {
        let composite = Composite { name: row.name, schema: row.schema, attributes: Map::new() };
        let attributes = &mut composites.entry(composite.key()).or_insert(composite).attributes;
        let Some((name, sql_type)) = row.attribute.zip(row.sql_type) else { continue };
        let collation = collation::name(row.collation_schema.as_deref(), row.collation);
        attributes.insert(name.clone(), Attribute { name, sql_type, collation });
    }
    composites
}
