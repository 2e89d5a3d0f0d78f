//! Target folders with clusters that end with the test.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use devdb::{Force, Kind, Options, Purpose};
use tempfile::TempDir;

/// A target folder of a test's own.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// A folder that every user can reach, like most checkouts.
    pub(crate) fn new() -> Self {
        Self::with_mode(0o755)
    }

    /// A folder of the given mode.
    pub(crate) fn with_mode(mode: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Options for clusters in this folder.
    pub(crate) fn options(&self) -> Options {
        options(self.path())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for purpose in [Purpose::Dev, Purpose::Test] {
            for kind in devdb::stop(&self.options(), purpose).unwrap_or_default() {
                if let Kind::Cluster { folder, .. } = kind
                    && !folder.starts_with(self.path().canonicalize().unwrap())
                {
                    fs::remove_dir_all(folder.parent().unwrap()).unwrap();
                }
            }
        }
    }
}

/// Options for clusters in a folder, from binaries.
pub(crate) fn options(target_dir: &Path) -> Options {
    let mut options = Options::from_env(target_dir).unwrap();
    options.force = Some(Force::Binaries);
    options
}
