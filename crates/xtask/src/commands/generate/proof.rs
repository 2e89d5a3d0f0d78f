//! Whether a migration is proven before it is written.

use crate::cli::GenerateArgs;
use crate::config::{Config, Prove};
use crate::output::{self, DIM, paint};

/// Why nothing is proven by default.
pub(super) const NO_SERVER: &str = "no server for tests is up";

/// What flags and settings say of this migration.
pub(super) fn chosen(args: &GenerateArgs, config: &Config) -> Prove {
    match (args.custom || args.no_prove, args.prove) {
        (true, _) => Prove::Never,
        (false, true) => Prove::Always,
        (false, false) => config.generate.prove,
    }
}

/// Says quietly that nothing was proven.
pub(super) fn say_unproven(reason: &str) {
    output::note(paint(DIM, format!("not proven: {reason}; --prove proves it anyway")));
}

/// Says that nothing was proven, where it would have been with a server at hand.
#[cfg(not(feature = "database"))]
pub(super) fn say_if_expected(proves: Prove) {
    if proves == Prove::Auto {
        say_unproven(NO_SERVER);
    }
}

/// Whether the binary with the driver is to go on. By default only where there is a server to prove it on, as far as
/// files tell: nothing is started or built for a proof that nobody asked for, and nothing connected to.
#[cfg(not(feature = "database"))]
pub(super) fn needs_database(proves: Prove, config: &Config) -> bool {
    use crate::commands::hand_on::{Binary, is_built};
    let is_at_hand = || std::env::var_os("TEST_DATABASE_URL").is_some() || has_test_server(config);
    match proves {
        Prove::Always => true,
        Prove::Auto => is_built(Binary::Database) && is_at_hand(),
        Prove::Never => false,
    }
}

/// Whether a server for tests was left running, as `devdb` leaves them: a cluster that runs has its process's number in
/// its folder, and a container is remembered.
#[cfg(not(feature = "database"))]
fn has_test_server(config: &Config) -> bool {
    let program = std::env::current_exe().unwrap_or_default();
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    let servers = target.map_or_else(|| config.root.join("target"), std::path::Path::to_owned).join("devdb");
    let found = std::fs::read_dir(servers).into_iter().flatten().flatten();
    found
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("test-"))
        .any(|entry| entry.path().join("data/postmaster.pid").is_file() || entry.file_name() == "test-container.server")
}
