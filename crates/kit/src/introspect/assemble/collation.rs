use schema::{Collation, CollationName, CollationProvider};

use crate::introspect::rows::CollationRow;

/// A collation, unless its library is none that a schema knows.
pub(super) fn collation(row: CollationRow) -> Option<Collation> {
    let provider = match row.provider.as_str() {
        "c" => CollationProvider::Libc,
        "i" => CollationProvider::Icu,
        _ => return None,
    };
    Some(Collation {
        name: row.name,
        schema: row.schema,
        provider,
        locale: row.locale.unwrap_or_default(),
        is_nondeterministic: row.is_nondeterministic,
    })
}

/// A collation by name; PostgreSQL's own need no schema.
pub(super) fn name(schema: Option<&str>, name: Option<String>) -> Option<CollationName> {
    let schema = schema.filter(|schema| *schema != "pg_catalog").map(str::to_owned);
    name.map(|name| CollationName { schema, name })
}
