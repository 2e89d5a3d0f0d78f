//! The code beside the newest snapshot: is every change of the schema in a migration?

use kit::difference::differences;
use schema::{Schema, Snapshot};

use super::report::{Check, Finding, Findings, State};
use crate::folder::Folder;

pub(super) fn check(folder: &Folder, newest: Option<&Snapshot>, code: &Schema) -> Check {
    let tag = folder.journal().entries().last().map(|entry| entry.tag.as_str());
    let nothing = Schema::default();
    let (previous, of) = match (newest, tag) {
        (Some(snapshot), Some(tag)) => (&snapshot.schema, tag),
        _ => (&nothing, "the migrations (there are none)"),
    };
    let found = differences(previous, code);
    if found.is_empty() {
        let said = tag.map_or_else(|| "declares nothing".to_owned(), |tag| format!("is what {tag} makes"));
        return Check::new("code", State::Ok(said));
    }
    let items = found.into_iter().map(|difference| Finding::difference(difference, of, "the code")).collect();
    let next = "`cargo xtask generate` writes the migration that is missing".to_owned();
    Check::new("code", State::Differs(Findings { items, next }))
}
