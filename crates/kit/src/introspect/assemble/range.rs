use schema::{Range, names};

use super::{Notes, collation, path};
use crate::introspect::rows::RangeRow;

pub(super) fn range(row: RangeRow, notes: &mut Notes) -> Range {
    notes.extras(&row.extras, &path(&row.schema, &row.name));
    let multirange = Some(row.multirange).filter(|name| *name != names::multirange(&row.name));
    Range {
        name: row.name,
        schema: row.schema,
        subtype: row.subtype,
        subtype_opclass: row.subtype_class,
        collation: collation::name(row.collation_schema.as_deref(), row.collation),
        subtype_diff: row.subtype_diff,
        multirange,
    }
}
