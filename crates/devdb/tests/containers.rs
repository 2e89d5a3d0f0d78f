//! A container for tests, where a Docker engine answers.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::process::{Command, Stdio};

use common::Scratch;
use devdb::test::Database;
use devdb::{Force, Kind, Purpose, test_server};

fn engine_answers() -> bool {
    Command::new("docker")
        .args(["version", "--format", "{{.Server.Version}}"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[test]
fn without_an_engine_a_forced_container_is_refused() {
    if engine_answers() {
        return;
    }
    let scratch = Scratch::new();
    let mut options = scratch.options();
    options.force = Some(Force::Docker);
    let message = test_server(&options).unwrap_err().to_string();
    assert!(message.contains("Docker container: "), "{message}");
    assert!(!message.contains("PostgreSQL binaries: "), "{message}");
}

#[tokio::test]
async fn one_container_serves_all_and_is_removed_by_stop() {
    if !engine_answers() {
        return;
    }
    let scratch = Scratch::new();
    let start = || {
        let mut options = scratch.options();
        options.force = Some(Force::Docker);
        test_server(&options).unwrap()
    };
    let servers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(servers.iter().filter(|server| server.started()).count(), 1);
    assert!(servers.iter().all(|server| server.url() == servers[0].url()));
    drop(Database::empty_on(&servers[0]).await.unwrap());

    // The password went with the target folder; the container of that name stayed.
    let devdb = scratch.path().join("devdb");
    std::fs::remove_dir_all(&devdb).unwrap();
    let anew = start();
    assert_ne!(anew.url(), servers[0].url());
    drop(Database::empty_on(&anew).await.unwrap());

    let stopped = devdb::stop(&scratch.options(), Purpose::Test).unwrap();
    assert!(matches!(&stopped[..], [Kind::Container { .. }]), "{stopped:?}");
}
