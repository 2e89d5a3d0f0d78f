//! Two rows in every table that takes them, and what must be left of them.

use kit::prove;
use kit::rename::Resolved;
use schema::Schema;

use super::database::Database;

/// What a query gave before a migration, and another must give after it.
#[derive(Debug)]
pub(crate) struct Kept {
    after: String,
    expected: Vec<String>,
}

impl Kept {
    pub(crate) fn check(&self, database: &Database) -> Result<(), String> {
        let Kept { after, expected } = self;
        let found = database.texts(after);
        if found == *expected {
            Ok(())
        } else {
            Err(format!("rows changed: {after} gives {found:?} and not {expected:?}"))
        }
    }
}

/// Inserts rows into the tables of `previous`, and notes what `next` must have kept of them.
pub(crate) fn insert(database: &Database, previous: &Schema, resolved: &Resolved, next: &Schema) -> Vec<Kept> {
    let mut empty = prove::inserts(previous);
    // A foreign key may need the rows of another table first.
    loop {
        let before = empty.len();
        empty.retain(|insert| database.run(&insert.statement).is_err());
        if empty.len() == before {
            break;
        }
    }
    let has_rows = |kept: &prove::Kept| !empty.iter().any(|insert| insert.table == kept.table);
    let kept = prove::kept(previous, resolved, next).into_iter().filter(has_rows);
    kept.map(|kept| Kept { expected: database.texts(&kept.before), after: kept.after }).collect()
}
