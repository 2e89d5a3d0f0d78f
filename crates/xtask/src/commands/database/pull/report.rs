//! What is said of what was read.

use schema::Schema;

/// What a schema holds, for the line that says what was read.
pub(super) fn count(schema: &Schema) -> String {
    let Schema { tables, enums, schemas: _, sequences, roles, policies: _, views, objects } = schema;
    let schema::Objects {
        extensions,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers,
        tables: _,
        views: _,
        partitions,
        statistics,
        comments,
    } = objects;
    let counts = [
        (tables.len(), "table"),
        (tables.values().map(|table| table.columns.len()).sum(), "column"),
        (views.len(), "view"),
        (enums.len(), "enum"),
        (sequences.len(), "sequence"),
        (roles.len(), "role"),
        (extensions.len(), "extension"),
        (collations.len(), "collation"),
        (domains.len(), "domain"),
        (composites.len(), "composite type"),
        (ranges.len(), "range type"),
        (functions.len(), "function"),
        (triggers.len(), "trigger"),
        (partitions.len(), "partition"),
        (statistics.len(), "statistics object"),
        (comments.len(), "comment"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, kind)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" })).collect();
    if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") }
}
