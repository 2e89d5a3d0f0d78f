//! Asks the application's package for the schema that its code declares.
//!
//! The package has a small binary, `schema`, that prints it. Built without the package's server it has no web framework
//! and no driver in it, so it is ready a moment after an edit, and a handler that does not compile is not in its way.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use schema::Schema;

use crate::commands::process;
use crate::config::Config;

/// The binary's name.
const BINARY: &str = "schema";

/// What the binary is built with beside the settings of `dev`, whose dependencies it shares. It is rebuilt after each
/// edit, and nobody debugs it. A line that is added makes most of an incremental cache stale, so that writing it takes
/// longer than it saves. The derives are optimised, since they read every declaration again; the rest is not, for that
/// would take a quarter of a newcomer's first build to save a twentieth of a second at 500 tables.
const PROFILE: [&str; 3] = ["debug=false", "incremental=false", "package.schema-macros.opt-level=1"];

/// Why the declared schema is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no Cargo.toml above {}; set `schema` in drizzle.toml to the module that declares the tables", schema.display())]
    NoPackage { schema: PathBuf },
    #[error("{} does not exist; set `schema` in drizzle.toml to the module that declares the tables", schema.display())]
    NoSchema { schema: PathBuf },
    #[error("cannot run cargo to build the declared schema")]
    Cargo(#[source] io::Error),
    #[error("the declared schema is not usable: see the messages above; nothing was written")]
    Failed,
    #[error(
        "the `{BINARY}` binary printed something else than a schema; it must print \
         schema::companion::print(&schema::declared()) alone"
    )]
    Output(#[source] schema::companion::PrintedError),
}

/// Builds and runs the binary. Its compiler errors and complaints go to the terminal as they are.
pub(crate) fn schema(config: &Config) -> Result<Schema, Error> {
    let manifest = manifest(config)?;
    let output = process::cargo()
        .args(["run", "--quiet", "--no-default-features", "--bin", BINARY, "--manifest-path"])
        .arg(manifest)
        .args(PROFILE.iter().flat_map(|setting| ["--config".to_owned(), format!("profile.dev.{setting}")]))
        .current_dir(&config.root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(Error::Cargo)?;
    if !output.status.success() {
        return Err(Error::Failed);
    }
    schema::companion::read_printed(&String::from_utf8_lossy(&output.stdout)).map_err(Error::Output)
}

/// The manifest of the package that the schema module is in.
pub(crate) fn manifest(config: &Config) -> Result<PathBuf, Error> {
    let schema = config.schema.clone();
    let is_folder = schema.with_extension("").join("mod.rs").is_file();
    if !schema.exists() && !is_folder {
        return Err(Error::NoSchema { schema });
    }
    let mut manifests = schema.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    let inside = manifests.find(|manifest| manifest.is_file());
    inside.ok_or(Error::NoPackage { schema })
}
