//! What the tests do with a server of their own.

use std::process::{Command, Stdio};
use std::time::Duration;

use devdb::test::{Database, PrivateServer};

use crate::support::TestDatabase;

/// The name of a new database.
pub(crate) async fn new_database(server: &PrivateServer) -> String {
    Database::empty_on(server.server()).await.unwrap().keep().database().unwrap()
}

/// Drops a database that is no longer wanted: after a crash, a start looks at every file of every database.
pub(crate) async fn drop_database(server: &PrivateServer, name: &str) {
    let client = database(server, "postgres").client().await;
    client.batch_execute(&format!("DROP DATABASE \"{name}\" WITH (FORCE)")).await.unwrap();
}

/// A database by its name.
pub(crate) fn database(server: &PrivateServer, name: &str) -> TestDatabase {
    TestDatabase::at(&server.server().database(name))
}

/// Stops it as a crash would, and waits until it is gone.
pub(crate) fn crash(server: &PrivateServer) {
    let pid = server.read("postmaster.pid").unwrap();
    let pid = pid.lines().next().unwrap();
    let kill = |signal: &str| Command::new("kill").args([signal, pid]).stderr(Stdio::null()).status().unwrap();
    assert!(kill("-QUIT").success());
    while kill("-0").success() {
        std::thread::sleep(Duration::from_millis(10));
    }
}
