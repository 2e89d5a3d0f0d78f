//! Users, processes and permissions: all that differs between operating systems.
//!
//! Elsewhere than on Unix there is no other user to run as, so those questions answer "no".

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// Writes a file that only its owner can read, in one step for readers.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let partial = path.with_extension("partial");
    // A process killed between creating and renaming leaves one behind.
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file: File = private(OpenOptions::new().write(true).create_new(true)).open(&partial)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&partial, path)
}

#[cfg(unix)]
pub(crate) use unix::*;

#[cfg(unix)]
mod unix {
    use super::*;
    use nix::sys::signal::kill;
    use nix::unistd::{Pid, Uid, User, geteuid};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
    use std::os::unix::process::CommandExt;

    pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    /// Whether this process is the superuser, as whom PostgreSQL refuses to run.
    pub(crate) fn is_root() -> bool {
        geteuid().is_root()
    }

    /// The user of that name.
    pub(crate) fn account_by_name(name: &str) -> Option<Account> {
        User::from_name(name).ok().flatten().map(Account::from)
    }

    /// The user who owns `path`.
    pub(crate) fn owner(path: &Path) -> Option<Account> {
        let uid = fs::metadata(path).ok()?.uid();
        let user = User::from_uid(Uid::from_raw(uid)).ok().flatten()?;
        Some(Account::from(user))
    }

    impl From<User> for Account {
        fn from(user: User) -> Self {
            Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }
        }
    }

    impl Account {
        /// Makes `command` run as this user.
        pub(crate) fn run(&self, command: &mut Command) {
            command.uid(self.uid).gid(self.gid);
        }

        /// Hands `path` over to this user.
        pub(crate) fn own(&self, path: &Path) -> io::Result<()> {
            chown(path, Some(self.uid), Some(self.gid))
        }

        /// Whether this user may pass through every folder on the way to `path` and `path`
        /// itself, by the permission bits. Only the primary group counts, since the server runs
        /// with that one alone.
        pub(crate) fn reaches(&self, path: &Path) -> bool {
            path.ancestors().all(|folder| {
                fs::metadata(folder).is_ok_and(|found| {
                    let search = if found.uid() == self.uid {
                        0o100
                    } else if found.gid() == self.gid {
                        0o010
                    } else {
                        0o001
                    };
                    found.mode() & search != 0
                })
            })
        }
    }

    /// Makes a folder that others may pass through but only its owner can change; false if what
    /// is there already could have been made by somebody else.
    pub(crate) fn make_trusted_dir(path: &Path) -> io::Result<bool> {
        match fs::DirBuilder::new().mode(0o755).create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let found = fs::symlink_metadata(path)?;
        Ok(found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0)
    }

    /// Makes a folder for its owner alone.
    pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    /// Lets others pass through a folder of ours.
    #[cfg(feature = "test")]
    pub(crate) fn let_through(path: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;

        fs::set_permissions(path, fs::Permissions::from_mode(0o755))
    }

    /// Whether a process of that number exists, whoever owns it.
    pub(crate) fn is_alive(pid: i32) -> bool {
        pid > 0 && !matches!(kill(Pid::from_raw(pid), None), Err(nix::errno::Errno::ESRCH))
    }

    /// Names the machine (or container) in which process numbers have a meaning.
    #[cfg(feature = "test")]
    pub(crate) fn process_namespace() -> String {
        let host = nix::unistd::gethostname().unwrap_or_default();
        // Containers may share a host name and still count processes on their own.
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        format!("{} {}", host.to_string_lossy(), namespace.display())
    }
}

/// The name of the program that process runs, where the system tells it in `/proc`; empty for a
/// process that has ended and that its parent has not noticed yet (in a container, never).
pub(crate) fn program_of(pid: i32) -> Option<String> {
    // "41 (postgres) S 1 ..", where the name may hold anything, also a ")".
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = text.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let has_ended = after.trim_start().starts_with('Z');
    Some(if has_ended { "" } else { name }.to_owned())
}

#[cfg(not(unix))]
pub(crate) use elsewhere::*;

#[cfg(not(unix))]
mod elsewhere {
    use super::*;

    pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub(crate) fn is_root() -> bool {
        false
    }

    pub(crate) fn account_by_name(_name: &str) -> Option<Account> {
        None
    }

    pub(crate) fn owner(_path: &Path) -> Option<Account> {
        None
    }

    impl Account {
        pub(crate) fn run(&self, _command: &mut Command) {}

        pub(crate) fn own(&self, _path: &Path) -> io::Result<()> {
            Ok(())
        }

        pub(crate) fn reaches(&self, _path: &Path) -> bool {
            true
        }
    }

    pub(crate) fn make_trusted_dir(path: &Path) -> io::Result<bool> {
        fs::create_dir_all(path).map(|()| true)
    }

    pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    #[cfg(feature = "test")]
    pub(crate) fn let_through(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Unknown here, and taken for alive, so that nothing of a living process is removed.
    pub(crate) fn is_alive(_pid: i32) -> bool {
        true
    }

    #[cfg(feature = "test")]
    pub(crate) fn process_namespace() -> String {
        std::env::var("COMPUTERNAME").unwrap_or_default()
    }
}
