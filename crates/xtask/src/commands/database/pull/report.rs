//! What is said of what was read.

use kit::introspect::NotModelled;
use schema::Schema;

use crate::output::{self, YELLOW, paint};

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
        partitions,
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
        (comments.len(), "comment"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, kind)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" })).collect();
    if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") }
}

/// Says by name what a schema cannot, a line a kind.
pub(in crate::commands::database) fn note_not_modelled(not_modelled: &[NotModelled]) {
    for kind in not_modelled.chunk_by(|one, next| one.kind == next.kind) {
        let names: Vec<&str> = kind.iter().map(|found| found.name.as_str()).collect();
        output::note(format!("{} left alone: {} {}", paint(YELLOW, "note:"), kind[0].kind, names.join(", ")));
    }
}
