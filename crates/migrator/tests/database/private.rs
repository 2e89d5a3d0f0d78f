//! A server that belongs to one test: it may be stopped, set up otherwise, or crash.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
#[cfg(feature = "tls")]
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use devdb::test::Database;
use devdb::{Force, Kind, Options, Purpose, Server};
use tempfile::TempDir;

use crate::support::TestDatabase;

/// A private cluster, which ends with the value.
pub(crate) struct PrivateServer {
    server: Server,
    target: TempDir,
}

impl PrivateServer {
    pub(crate) fn start() -> Self {
        let target = tempfile::tempdir().unwrap();
        // Another user than root runs it.
        fs::set_permissions(target.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { server: devdb::dev_server(&options(&target)).unwrap(), target }
    }

    /// Starts it again, unless it runs.
    pub(crate) fn start_again(&mut self) {
        self.server = devdb::dev_server(&options(&self.target)).unwrap();
    }

    /// The name of a new database.
    pub(crate) async fn new_database(&self) -> String {
        Database::empty_on(&self.server).await.unwrap().keep().database().unwrap()
    }

    /// Drops a database that is no longer wanted: after a crash, a start looks at every file of every database.
    pub(crate) async fn drop_database(&self, name: &str) {
        let client = self.database("postgres").client().await;
        client.batch_execute(&format!("DROP DATABASE \"{name}\" WITH (FORCE)")).await.unwrap();
    }

    /// A database by its name.
    pub(crate) fn database(&self, name: &str) -> TestDatabase {
        TestDatabase::at(&self.server.database(name))
    }

    /// Writes a file into the data folder, as the user who runs the server.
    #[cfg(feature = "tls")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        let (data, path) = (self.data(), self.data().join(name));
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(data).unwrap();
        chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }

    /// The text of a file in the data folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.data().join(name)).unwrap()
    }

    /// Stops it as a crash would, and waits until it is gone.
    pub(crate) fn crash(&self) {
        let pid = self.read("postmaster.pid");
        let pid = pid.lines().next().unwrap();
        let kill = |signal: &str| Command::new("kill").args([signal, pid]).stderr(Stdio::null()).status().unwrap();
        assert!(kill("-QUIT").success());
        while kill("-0").success() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn data(&self) -> PathBuf {
        let Kind::Cluster { folder, .. } = self.server.kind() else { panic!("{} is private", self.server.kind()) };
        folder.join("data")
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        devdb::stop(&options(&self.target), Purpose::Dev).unwrap();
    }
}

fn options(target: &TempDir) -> Options {
    Options { force: Some(Force::Binaries), ..Options::from_env(target.path()).unwrap() }
}
