//! Where a private cluster lives, and as which user it runs.
//!
//! PostgreSQL refuses to run as root. A root process therefore hands the cluster to another
//! user, who must be able to reach the folder; a checkout below `/root` is out of reach, and its
//! clusters live below the system's temporary folder instead.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, FileContext};
use crate::options::{Options, Purpose};
use crate::os::{self, Account};

/// The folder of one cluster, and the user to run it as (none: the user of this process).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) account: Option<Account>,
    /// Why the cluster is not in the target folder.
    pub(crate) moved: Option<String>,
}

impl Place {
    /// Chooses the place for a cluster and makes its folder.
    pub(crate) fn prepare(options: &Options, purpose: Purpose, major: u32) -> Result<Self, Error> {
        let base = options.devdb_dir();
        fs::create_dir_all(&base).at("creating", &base)?;
        let base = base.canonicalize().at("resolving", &base)?;
        let name = format!("{}-{major}", purpose.word());
        let place = if os::is_root() {
            Self::for_root(&base, &name)?
        } else {
            Self { folder: base.join(name), account: None, moved: None }
        };
        let folder = &place.folder;
        os::make_private_dir(folder).at("creating", folder)?;
        if let Some(account) = &place.account {
            account.own(folder).at("changing the owner of", folder)?;
        }
        Ok(place)
    }

    fn for_root(base: &Path, name: &str) -> Result<Self, Error> {
        let folder = base.join(name);
        let accounts = accounts(&folder, base);
        let Some(first) = accounts.first() else {
            return Err(Error::Place {
                path: base.to_owned(),
                reason: "PostgreSQL refuses to run as root, and there is neither a user postgres \
                         nor nobody to run it as; add one, or run as another user"
                    .to_owned(),
            });
        };
        if let Some(account) = accounts.iter().find(|account| account.reaches(base)) {
            return Ok(Self { folder, account: Some(account.clone()), moved: None });
        }
        let fallback = fallback(&env::temp_dir(), base);
        let trusted = os::make_trusted_dir(&fallback).at("creating", &fallback)?;
        if !trusted || !first.reaches(&fallback) {
            return Err(Error::Place {
                path: base.to_owned(),
                reason: format!(
                    "PostgreSQL refuses to run as root, the user {} cannot reach that folder, and \
                     {} cannot be used instead since {}; set CARGO_TARGET_DIR to a folder that \
                     {} can reach, or run as another user",
                    first.name,
                    fallback.display(),
                    if trusted { "it is out of reach too" } else { "others can change it" },
                    first.name
                ),
            });
        }
        Ok(Self {
            moved: Some(format!(
                "the user {} cannot reach {}, so the cluster lives in {}",
                first.name,
                base.display(),
                fallback.display()
            )),
            folder: fallback.join(name),
            account: Some(first.clone()),
        })
    }
}

/// The users to run a cluster of root's as, in order: the one it belongs to already; the owner
/// of the checkout, if that is not root; the user that packages make for PostgreSQL; nobody.
fn accounts(folder: &Path, base: &Path) -> Vec<Account> {
    let data = folder.join("data");
    if data.exists() {
        return os::owner(&data).into_iter().collect();
    }
    // `devdb/` itself was made by this process; the target folder tells whose checkout it is.
    let checkout = base.parent().unwrap_or(base);
    [os::owner(checkout).filter(|owner| owner.uid != 0), os::account_by_name("postgres"), os::account_by_name("nobody")]
        .into_iter()
        .flatten()
        .collect()
}

/// The folder in `temp` that stands for `base`: the same one every time, another one for another
/// checkout.
fn fallback(temp: &Path, base: &Path) -> PathBuf {
    let digest = Sha256::digest(base.as_os_str().as_encoded_bytes());
    let hash: String = digest[..8].iter().map(|b| format!("{b:02x}")).collect();
    temp.join(format!("devdb-{hash}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_fallback_is_the_same_for_one_checkout_and_differs_for_another() {
        let temp = Path::new("/tmp");
        let first = fallback(temp, Path::new("/home/a/target/devdb"));
        assert_eq!(first, fallback(temp, Path::new("/home/a/target/devdb")));
        assert_ne!(first, fallback(temp, Path::new("/home/b/target/devdb")));
        assert!(first.starts_with(temp));
    }

    #[test]
    fn a_closed_parent_is_out_of_reach_for_others_only() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let me = os::owner(&inner).unwrap();
        assert!(me.reaches(&inner));
        let stranger = Account { name: "stranger".to_owned(), uid: 3_999_999_999, gid: 3_999_999_999 };
        assert!(!stranger.reaches(&inner));
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        assert!(stranger.reaches(&inner));
    }

    #[test]
    fn a_folder_that_others_may_write_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("devdb-1");
        assert!(os::make_trusted_dir(&inner).unwrap());
        assert!(os::make_trusted_dir(&inner).unwrap());
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(!os::make_trusted_dir(&inner).unwrap());
    }
}
