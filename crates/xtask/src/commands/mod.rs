//! One module a command.

pub(crate) mod bench;
#[cfg(feature = "database")]
pub(crate) mod database;
#[cfg(not(feature = "database"))]
#[path = "hand_on.rs"]
pub(crate) mod database;
pub(crate) mod diff;
pub(crate) mod generate;
pub(crate) mod process;
pub(crate) mod test;

use schema::Schema;

use crate::error::Error;

/// Stops before SQL is written that would leave something out.
fn refuse_unplanned(previous: &Schema, next: &Schema) -> Result<(), Error> {
    let objects = kit::unplanned(previous, next);
    if objects.is_empty() { Ok(()) } else { Err(Error::Unplanned { objects: objects.join(", ") }) }
}
