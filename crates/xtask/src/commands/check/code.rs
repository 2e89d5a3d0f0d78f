//! The code beside the newest snapshot: is every change of the schema in a migration?

use kit::difference::differences;
use schema::Schema;

use super::Newest;
use super::report::{Check, Finding, Findings, State};

pub(super) fn check(newest: Option<&Newest>, code: &Schema) -> Check {
    let nothing = Schema::default();
    let (previous, of) = match newest {
        Some(Newest { tag, schema }) => (schema, tag.as_str()),
        None => (&nothing, "the migrations (there are none)"),
    };
    let found = differences(previous, code);
    if found.is_empty() {
        let said = newest.map_or_else(|| "declares nothing".to_owned(), |_| format!("is what {of} makes"));
        return Check::new("code", State::Ok(said));
    }
    let items = found.into_iter().map(|difference| Finding::difference(difference, of, "the code")).collect();
    let next = "`cargo xtask generate` writes the migration that is missing".to_owned();
    Check::new("code", State::Differs(Findings { items, next }))
}
