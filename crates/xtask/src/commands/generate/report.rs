//! Shows a migration to the person who is to review it: the SQL, and beside each statement what
//! needs care.

use std::path::Path;

use kit::Migration;

use crate::commands::show;
use crate::output::{self, BOLD, GREEN, paint};

/// Prints the file's name, and the statements with their hazards.
pub(super) fn print(migration: &Migration, path: &Path, custom: bool) {
    let path = path.display();
    output::line(format!("{} {}", paint(GREEN, "wrote"), paint(BOLD, &path)));
    if custom {
        return;
    }
    output::line("");
    show::steps(migration);
    output::line("");
    output::line(show::summary(migration));
}

/// Says what to do with it.
pub(super) fn next(custom: bool) {
    output::line(if custom {
        "next: write your SQL there, then `cargo xtask migrate`"
    } else {
        "next: review the SQL, then `cargo xtask migrate`, and commit schema and migration together"
    });
}
