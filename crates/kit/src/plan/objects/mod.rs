//! What drizzle-kit has no word for. Where there is none of it, nothing here adds or changes a step.

mod anew;
mod columns;
mod comments;
mod domains;
mod extensions;
mod functions;
mod partitions;
mod retype;
mod split;
mod tables;
mod triggers;
mod types;

use schema::{Schema, Table};

pub(super) use self::anew::{Anew, argument_defaults, signature};
pub(super) use self::domains::Domains;
pub(super) use self::split::body_in_sql;
pub(super) use self::tables::expressions as exclusion_expressions;
use super::enums::Recreated;
use super::touched::Touched;
use super::{OldNames, Steps};
use crate::diff::Matched;

/// Two schemas, and what the rest of the migration does between them.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) previous: &'a Schema,
    pub(super) next: &'a Schema,
    pub(super) tables: &'a Matched<'a, Table>,
    /// Columns that are retyped or rebuilt.
    pub(super) touched: &'a Touched,
    /// What is made anew.
    pub(super) recreated: &'a Recreated,
    pub(super) old: OldNames<'a>,
}

/// The objects, and what the steps so far need of them. Comes last, since it looks at all the others.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let Change { previous, next, .. } = change;
    if previous.objects.is_empty() && next.objects.is_empty() {
        return;
    }
    extensions::plan(steps, change);
    types::plan(steps, change);
    retype::plan(steps, change);
    functions::plan(steps, change);
    tables::plan(steps, change);
    columns::plan(steps, change);
    split::plan(steps, change);
    partitions::plan(steps, change);
    triggers::plan(steps, change);
    comments::plan(steps, change);
}

#[cfg(test)]
mod tests;
