//! Shows a migration to the person who is to review it: the SQL, and beside each statement what
//! needs care.

use std::path::Path;

use kit::Migration;

use crate::commands::show;
use crate::output::{self, BOLD, GREEN, paint};

/// Prints the file's name, the statements with their hazards, and the next step.
pub(super) fn print(migration: &Migration, path: &Path, custom: bool) {
    let path = path.display();
    output::line(format!("{} {}", paint(GREEN, "wrote"), paint(BOLD, &path)));
    if custom {
        output::line("next: write your SQL there, then `just db-migrate`");
        return;
    }
    output::line("");
    show::steps(migration);
    output::line("");
    output::line(show::summary(migration));
    output::line("next: review the SQL, then `just db-migrate`, and commit schema and migration together");
}
