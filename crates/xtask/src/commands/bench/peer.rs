//! drizzle-kit from npm, installed once below the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Error, io, output};

/// The versions that formats and measurements speak of.
const MANIFEST: &str = include_str!("../../../peers/package.json");

/// The folder whose `node_modules` has drizzle-kit; installs it if it is missing.
pub(super) fn install(target: &Path) -> Result<PathBuf, Error> {
    let folder = target.join("drizzle-kit");
    if folder.join("node_modules/.bin/drizzle-kit").exists() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    let manifest = folder.join("package.json");
    fs::write(&manifest, MANIFEST).map_err(io("write", &manifest))?;
    output(Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    Ok(folder)
}
