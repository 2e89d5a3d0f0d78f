//! What the code depends on, in the package that it is in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kit::codegen::Crate;
use toml::Table;

use super::target::Target;
use crate::commands::process;
use crate::config::Config;
use crate::output::{self, GREEN, YELLOW, paint};

/// Adds the crates that the package lacks, by `cargo add`; says how where that is refused.
pub(super) fn need(crates: &BTreeSet<Crate>, target: &Target, config: &Config) {
    let Some(manifest) = target.folder().and_then(manifest) else { return };
    let Some(package) = fs::read_to_string(&manifest).ok().and_then(|text| text.parse::<Table>().ok()) else { return };
    for needed in crates {
        if !is_dependency(&package, needed.name()) {
            add(&manifest, needed.name(), &[], config);
        }
        if let Some(feature) = needed.feature().filter(|feature| !has_feature(&package, feature)) {
            add(&manifest, "schema", &["--features", feature], config);
        }
    }
}

fn manifest(folder: &Path) -> Option<PathBuf> {
    let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    manifests.into_iter().find(|manifest| manifest.is_file())
}

/// Whether the package depends on it in every build.
fn is_dependency(package: &Table, name: &str) -> bool {
    let found = package.get("dependencies").and_then(|dependencies| dependencies.get(name));
    found.is_some_and(|dependency| dependency.get("optional").and_then(toml::Value::as_bool) != Some(true))
}

fn has_feature(package: &Table, feature: &str) -> bool {
    let schema = package.get("dependencies").and_then(|dependencies| dependencies.get("schema"));
    let features = schema.and_then(|schema| schema.get("features")).and_then(toml::Value::as_array);
    features.is_some_and(|features| features.iter().any(|given| given.as_str() == Some(feature)))
}

fn add(manifest: &Path, name: &str, arguments: &[&str], config: &Config) {
    let place = config.relative(manifest).display();
    let mut cargo = process::cargo();
    cargo.args(["add", "--quiet", "--manifest-path"]).arg(manifest).arg(name).args(arguments);
    let what = if arguments.is_empty() { name.to_owned() } else { format!("{name} {}", arguments.join(" ")) };
    match cargo.current_dir(&config.root).output() {
        Ok(output) if output.status.success() => {
            output::line(format!("{} {what} to {place}", paint(GREEN, "added")));
        }
        _ => output::note(format!("{} run `cargo add --manifest-path {place} {what}`", paint(YELLOW, "next:"))),
    }
}
