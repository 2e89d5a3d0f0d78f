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
