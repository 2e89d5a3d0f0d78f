//! The compose project, with a `docker` command that keeps its state in files.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use devdb::{Force, Kind, Options, Purpose, dev_server};
use tempfile::TempDir;

/// Tells the child process, which alone has this `docker` on its PATH, where its files are.
const FOLDER: &str = "DEVDB_TEST_COMPOSE";

/// What the library asks of Docker. The container's id stands in the file `up` while it runs, and
/// what was asked of compose in `log`.
const DOCKER: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$1 $2" in
"compose version" | "version --format") echo 2 ;;
"ps --no-trunc") [ ! -f "$here/up" ] || echo "$(cat "$here/up") $here" ;;
"inspect --format") printf 'env POSTGRES_PASSWORD=secret\nport 5433\nhealth healthy\n' ;;
"compose --file")
    echo "$4" >> "$here/log"
    case "$4 $5" in
    "up --detach") echo ours > "$here/up" ;;
    "stop db") rm "$here/up" ;;
    *) exit 1 ;;
    esac ;;
*) exit 1 ;;
esac
"#;

/// Runs the ignored test of this name where `docker` is the one above.
fn with_docker(test: &str) {
    let folder = TempDir::new().unwrap();
    let docker = folder.path().join("docker");
    fs::write(&docker, DOCKER).unwrap();
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.path().join("docker-compose.yml"), "").unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success() && out.contains("1 passed"), "{out}{err}");
}

fn options(folder: &Path) -> Options {
    let mut options = Options::new(folder.join("target"));
    options.force = Some(Force::Docker);
    options.compose_file = Some(folder.join("docker-compose.yml"));
    options
}

fn compose(container: &str) -> Kind {
    Kind::Compose { container: container.to_owned() }
}

#[test]
fn a_project_that_was_brought_up_here_is_stopped_here() {
    with_docker("child_brings_up_and_stops");
}

#[test]
#[ignore = "runs in the child process of another test"]
fn child_brings_up_and_stops() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let options = options(folder);
    assert_eq!(devdb::status(&options, Purpose::Dev), None);

    let first = dev_server(&options).unwrap();
    assert!(first.started());
    assert_eq!(first.kind(), &compose("ours"));
    let second = dev_server(&options).unwrap();
    assert!(!second.started());
    assert_eq!(devdb::status(&options, Purpose::Dev), Some(second));

    assert_eq!(devdb::stop(&options, Purpose::Dev).unwrap(), [compose("ours")]);
    assert_eq!(devdb::status(&options, Purpose::Dev), None);
    assert_eq!(devdb::stop(&options, Purpose::Dev).unwrap(), []);
    assert_eq!(fs::read_to_string(folder.join("log")).unwrap(), "up\nstop\n");
}

#[test]
fn a_project_that_somebody_else_brought_up_is_shown_and_left_alone() {
    with_docker("child_finds_another_s_project");
}

#[test]
#[ignore = "runs in the child process of another test"]
fn child_finds_another_s_project() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let options = options(folder);
    // Brought up here, then taken down and up again by hand.
    dev_server(&options).unwrap();
    fs::write(folder.join("up"), "theirs").unwrap();

    assert_eq!(devdb::status(&options, Purpose::Dev).unwrap().kind(), &compose("theirs"));
    assert_eq!(devdb::stop(&options, Purpose::Dev).unwrap(), []);
    assert!(folder.join("up").exists());
    assert_eq!(fs::read_to_string(folder.join("log")).unwrap(), "up\n");
}
