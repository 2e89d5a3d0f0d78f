//! Statements that PostgreSQL refuses inside a transaction, known by their first words.

use crate::sql::{SqlStatement, Words};

/// A statement that runs by itself, with what must be known to tell whether it was done.
///
/// Names are as the statement writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Alone {
    /// `CREATE INDEX CONCURRENTLY`; without a name, PostgreSQL finds one.
    CreateIndex { name: Option<String>, table: String },
    /// `DROP INDEX CONCURRENTLY`.
    DropIndex { name: String },
    /// `ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY`.
    DetachPartition { parent: String, partition: String },
    /// `REINDEX ... CONCURRENTLY`, or of a whole schema or database.
    Reindex { scope: ReindexScope, name: Option<String> },
    /// `CREATE` or `DROP` of a database or tablespace.
    Global { kind: GlobalKind, name: String, is_drop: bool },
    /// What can be repeated (`VACUUM`, `ALTER SYSTEM`), or about which nothing is known.
    Other,
}

/// What a `REINDEX` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReindexScope {
    Index,
    Table,
    Schema,
    Database,
}

/// An object that belongs to the server and to no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalKind {
    Database,
    Tablespace,
}

/// How the statement runs alone, if it has to.
pub(crate) fn of(statement: &SqlStatement<'_>) -> Option<Alone> {
    let mut words = statement.words();
    if words.eat("CREATE") {
        create(words)
    } else if words.eat("DROP") {
        drop(words)
    } else if words.eat("ALTER") {
        alter(words)
    } else if words.eat("REINDEX") {
        reindex(words)
    } else if words.eat("CLUSTER") {
        cluster(words)
    } else {
        words.eat("VACUUM").then_some(Alone::Other)
    }
}

fn create(mut words: Words<'_, '_>) -> Option<Alone> {
    if let Some(kind) = global(&mut words) {
        return Some(words.name().map_or(Alone::Other, |name| Alone::Global { kind, name, is_drop: false }));
    }
    if words.eat("SUBSCRIPTION") {
        return Some(Alone::Other);
    }
    let is_concurrent = words.eat("UNIQUE INDEX CONCURRENTLY") || words.eat("INDEX CONCURRENTLY");
    is_concurrent.then(|| create_index(words).unwrap_or(Alone::Other))
}

fn create_index(mut words: Words<'_, '_>) -> Option<Alone> {
    words.eat("IF NOT EXISTS");
    let name = if words.eat("ON") {
        None
    } else {
        let name = words.name()?;
        words.eat("ON");
        Some(name)
    };
    words.eat("ONLY");
    Some(Alone::CreateIndex { name, table: words.name()? })
}

fn drop(mut words: Words<'_, '_>) -> Option<Alone> {
    if let Some(kind) = global(&mut words) {
        words.eat("IF EXISTS");
        return Some(words.name().map_or(Alone::Other, |name| Alone::Global { kind, name, is_drop: true }));
    }
    if words.eat("SUBSCRIPTION") {
        return Some(Alone::Other);
    }
    words.eat("INDEX CONCURRENTLY").then(|| {
        words.eat("IF EXISTS");
        words.name().map_or(Alone::Other, |name| Alone::DropIndex { name })
    })
}

fn alter(mut words: Words<'_, '_>) -> Option<Alone> {
    if words.eat("SYSTEM") {
        return Some(Alone::Other);
    }
    if words.eat("SUBSCRIPTION") {
        return words.contain(&["REFRESH", "PUBLICATION"]).then_some(Alone::Other);
    }
    if words.eat("DATABASE") {
        words.name()?;
        return words.eat("SET TABLESPACE").then_some(Alone::Other);
    }
    if !words.eat("TABLE") {
        return None;
    }
    words.eat("IF EXISTS");
    let parent = words.name()?;
    if !words.eat("DETACH PARTITION") {
        return None;
    }
    let partition = words.name()?;
    words.eat("CONCURRENTLY").then_some(Alone::DetachPartition { parent, partition })
}

fn reindex(mut words: Words<'_, '_>) -> Option<Alone> {
    let is_concurrent = words.contain(&["CONCURRENTLY"]);
    words.skip_parentheses();
    let scopes = [
        ("INDEX", ReindexScope::Index),
        ("TABLE", ReindexScope::Table),
        ("SCHEMA", ReindexScope::Schema),
        ("DATABASE", ReindexScope::Database),
        ("SYSTEM", ReindexScope::Database),
    ];
    let (_, scope) = *scopes.iter().find(|(keyword, _)| words.eat(keyword))?;
    words.eat("CONCURRENTLY");
    let is_whole = matches!(scope, ReindexScope::Schema | ReindexScope::Database);
    (is_concurrent || is_whole).then(|| Alone::Reindex { scope, name: words.name() })
}

/// Without a table's name it goes through all of them, each in a transaction.
fn cluster(mut words: Words<'_, '_>) -> Option<Alone> {
    words.skip_parentheses();
    words.eat("VERBOSE");
    words.is_at_end().then_some(Alone::Other)
}

fn global(words: &mut Words<'_, '_>) -> Option<GlobalKind> {
    if words.eat("DATABASE") {
        Some(GlobalKind::Database)
    } else {
        words.eat("TABLESPACE").then_some(GlobalKind::Tablespace)
    }
}

#[cfg(test)]
#[path = "alone_tests.rs"]
mod tests;
