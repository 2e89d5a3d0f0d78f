//! Is a binary that cargo built before still what cargo would build? To ask cargo takes a fifth of a second, and each
//! command on a database would ask it a second time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What belongs to every binary of a workspace, inside its root.
const OF_THE_WORKSPACE: [&str; 4] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"];

/// Whether nothing that a binary is made of has changed since it was built, nor the binary that cargo has just built or
/// found up to date: it is newer where the compiler is another one, or a dependency that both have. In doubt it is not.
///
/// Cargo writes the sources of a binary into a file beside it. The manifests lie above them.
pub(super) fn is_fresh(binary: &Path, just_built: &Path, workspace: &Path) -> bool {
    let (Some(built), Ok(listing)) = (modified(binary), fs::read_to_string(binary.with_extension("d"))) else {
        return false;
    };
    let Some(sources) = sources(&listing) else { return false };
    let of_the_workspace = OF_THE_WORKSPACE.iter().map(|file| workspace.join(file)).filter(|file| file.exists());
    let mut files = manifests(&sources, workspace).into_iter().chain(of_the_workspace).chain(sources);
    let is_older = |file: PathBuf| modified(&file).is_some_and(|modified| modified < built);
    is_older(just_built.to_owned()) && files.all(is_older)
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

/// The files that a binary is made of, as cargo lists them for `make`: after a colon, parted by spaces; a space in a
/// name has a backslash before it.
fn sources(listing: &str) -> Option<Vec<PathBuf>> {
    let (_, listed) = listing.lines().next()?.split_once(": ")?;
    let mut names = vec![String::new()];
    let mut rest = listed.chars().peekable();
    while let Some(next) = rest.next() {
        let name = names.last_mut()?;
        match next {
            '\\' if rest.next_if_eq(&' ').is_some() => name.push(' '),
            ' ' => names.push(String::new()),
            other => name.push(other),
        }
    }
    Some(names.into_iter().filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

/// The manifests of the packages that sources are of.
fn manifests(sources: &[PathBuf], workspace: &Path) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = sources.iter().filter_map(|source| source.parent()).collect();
    let above = folders.into_iter().flat_map(Path::ancestors).filter(|folder| folder.starts_with(workspace));
    above.map(|folder| folder.join("Cargo.toml")).filter(|manifest| manifest.exists()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_space_in_a_name_has_a_backslash() {
        let listed = sources("/w/target/debug/x: /w/a\\ b/lib.rs C:\\c\\main.rs\n").unwrap();
        assert_eq!(listed, ["/w/a b/lib.rs", "C:\\c\\main.rs"].map(PathBuf::from));
        assert_eq!(sources(""), None);
    }

    /// A workspace in which everything is a minute older than the binary `other`, and `this` a second.
    fn workspace() -> tempfile::TempDir {
        let workspace = tempfile::tempdir().unwrap();
        let root = workspace.path();
        let now = SystemTime::now();
        fs::create_dir_all(root.join("crates/a/src")).unwrap();
        fs::write(root.join("other.d"), format!("{0}/other: {0}/crates/a/src/lib.rs\n", root.display())).unwrap();
        for file in ["Cargo.toml", "Cargo.lock", "crates/a/Cargo.toml", "crates/a/src/lib.rs"] {
            write(&root.join(file), now - Duration::from_secs(60));
        }
        write(&root.join("this"), now - Duration::from_secs(1));
        write(&root.join("other"), now);
        workspace
    }

    fn write(file: &Path, modified: SystemTime) {
        File::create(file).unwrap().set_modified(modified).unwrap();
    }

    fn is_other_fresh(root: &Path) -> bool {
        is_fresh(&root.join("other"), &root.join("this"), root)
    }

    #[test]
    fn a_binary_is_fresh_until_something_it_is_made_of_changes() {
        for changed in ["crates/a/src/lib.rs", "crates/a/Cargo.toml", "Cargo.toml", "Cargo.lock", "this"] {
            let workspace = workspace();
            let root = workspace.path();
            assert!(is_other_fresh(root));
            write(&root.join(changed), SystemTime::now() + Duration::from_secs(1));
            assert!(!is_other_fresh(root), "{changed}");
        }
    }

    #[test]
    fn a_binary_is_not_fresh_where_what_it_is_made_of_is_gone_or_not_known() {
        for gone in ["crates/a/src/lib.rs", "other.d", "other", "this"] {
            let workspace = workspace();
            fs::remove_file(workspace.path().join(gone)).unwrap();
            assert!(!is_other_fresh(workspace.path()), "{gone}");
        }
    }
}
