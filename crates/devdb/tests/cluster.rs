//! Private clusters, for real.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::error::Error as _;
use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use common::{Scratch, options};
use devdb::{Error, Kind, Purpose, Server, dev_server};

/// Set for a child process of [`many_processes_at_once_start_one_server`].
const CHILD_TARGET: &str = "DEVDB_TEST_CHILD_TARGET";

/// The folder of a private cluster.
fn cluster_folder(server: &Server) -> PathBuf {
    match server.kind() {
        Kind::Cluster { folder, .. } => folder.clone(),
        other => panic!("{other} is no private cluster"),
    }
}

fn port(server: &Server) -> u16 {
    let url = server.url().reveal();
    let (_, port) = url.rsplit_once(':').unwrap();
    port.split('/').next().unwrap().parse().unwrap()
}

fn pid(server: &Server) -> String {
    let file = cluster_folder(server).join("data/postmaster.pid");
    let text = fs::read_to_string(file).unwrap();
    text.lines().next().unwrap().to_owned()
}

#[test]
fn a_cluster_is_started_once_found_again_and_stopped() {
    let scratch = Scratch::new();
    let options = scratch.options();
    assert_eq!(devdb::status(&options, Purpose::Dev), None);

    let first = dev_server(&options).unwrap();
    assert!(first.started());
    let second = dev_server(&options).unwrap();
    assert!(!second.started());
    assert_eq!(first.url(), second.url());
    assert_eq!(devdb::status(&options, Purpose::Dev), Some(second.clone()));
    assert_eq!(devdb::status(&options, Purpose::Test), None);

    let stopped = devdb::stop(&options, Purpose::Dev).unwrap();
    assert_eq!(stopped, [first.kind().clone()]);
    assert_eq!(devdb::status(&options, Purpose::Dev), None);
    assert!(devdb::stop(&options, Purpose::Dev).unwrap().is_empty());

    let third = dev_server(&options).unwrap();
    assert!(third.started());
    assert_eq!(third.url(), first.url(), "port and password are kept");
}

#[test]
fn many_processes_at_once_start_one_server() {
    let scratch = Scratch::new();
    let children: Vec<_> = (0..6)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child_process", "--ignored", "--nocapture"])
                .env(CHILD_TARGET, scratch.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut told = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find_map(|line| line.split_once("SERVER "));
        told.push(line.expect(&text).1.to_owned());
    }
    told.sort();
    let started = told.iter().filter(|line| line.starts_with("true")).count();
    assert_eq!(started, 1, "{told:?}");
    let mut urls: Vec<_> = told.iter().map(|line| line.split_once(' ')).collect();
    urls.dedup_by_key(|line| line.unwrap().1);
    assert_eq!(urls.len(), 1, "{told:?}");
}

#[test]
#[ignore = "runs in the child processes of another test"]
fn child_process() {
    let Some(target) = std::env::var_os(CHILD_TARGET) else {
        return;
    };
    let mut options = options(Path::new(&target));
    options.database = "app".to_owned();
    let server = dev_server(&options).unwrap();
    println!("\nSERVER {} {}", server.started(), server.url().reveal());
}

#[test]
fn a_server_that_was_killed_is_started_again() {
    let scratch = Scratch::new();
    let mut options = scratch.options();
    options.database = "shop".to_owned();
    let first = dev_server(&options).unwrap();
    let killed = Command::new("kill").args(["-9", &pid(&first)]).status();
    assert!(killed.unwrap().success());
    while TcpStream::connect(("127.0.0.1", port(&first))).is_ok() {
        thread::sleep(Duration::from_millis(1)); // the signal is on its way
    }

    let second = dev_server(&options).unwrap();
    assert!(second.started());
    assert_eq!(second.url(), first.url());
}

#[test]
fn a_pid_file_whose_number_another_program_has_is_no_hindrance() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let first = dev_server(&options).unwrap();
    let file = cluster_folder(&first).join("data/postmaster.pid");
    let text = fs::read_to_string(&file).unwrap();
    devdb::stop(&options, Purpose::Dev).unwrap();
    let own = std::process::id().to_string();
    fs::write(&file, text.replacen(text.lines().next().unwrap(), &own, 1)).unwrap();

    assert!(dev_server(&options).unwrap().started());
}

#[test]
fn a_taken_port_is_replaced() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let first = dev_server(&options).unwrap();
    devdb::stop(&options, Purpose::Dev).unwrap();
    let _stranger = TcpListener::bind(("127.0.0.1", port(&first))).unwrap();

    let second = dev_server(&options).unwrap();
    assert_ne!(port(&first), port(&second));
}

#[test]
fn a_half_made_cluster_is_made_again() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let folder = cluster_folder(&dev_server(&options).unwrap());
    devdb::stop(&options, Purpose::Dev).unwrap();
    fs::rename(folder.join("data"), folder.join("data.partial")).unwrap();
    fs::remove_file(folder.join("data.partial/PG_VERSION")).unwrap();

    assert!(dev_server(&options).unwrap().started());
    assert!(!folder.join("data.partial").exists());
}

#[test]
fn the_password_can_be_read_by_its_owner_alone() {
    let scratch = Scratch::new();
    let server = dev_server(&scratch.options()).unwrap();
    let folder = cluster_folder(&server);
    let devdb = scratch.path().join("devdb");
    let memory = format!("{}.server", folder.file_name().unwrap().to_string_lossy());
    for (path, mode) in [(folder.clone(), 0o700), (folder.join("password"), 0o600), (devdb.join(memory), 0o600)] {
        let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
    let password = fs::read_to_string(folder.join("password")).unwrap();
    for shown in [format!("{server:?}"), server.url().to_string()] {
        assert!(!shown.contains(&password), "{shown}");
    }
}

#[test]
fn development_and_tests_have_servers_of_their_own() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let dev = dev_server(&options).unwrap();
    let test = devdb::test_server(&options).unwrap();
    assert_ne!(port(&dev), port(&test));
    assert_eq!(devdb::stop(&options, Purpose::Test).unwrap().len(), 1);
    assert_eq!(devdb::status(&options, Purpose::Dev).unwrap().url(), dev.url());
}

#[test]
fn a_container_that_is_gone_does_not_keep_the_cluster_from_stopping() {
    let scratch = Scratch::new();
    let options = scratch.options();
    devdb::test_server(&options).unwrap();
    let memory = "container\npostgres://u:p@127.0.0.1:1/d\ndevdb-test-gone\n";
    fs::write(scratch.path().join("devdb/test-container.server"), memory).unwrap();

    assert_eq!(devdb::stop(&options, Purpose::Test).unwrap().len(), 2);
    assert_eq!(devdb::status(&options, Purpose::Test), None);
}

#[test]
fn roots_cluster_moves_out_of_a_folder_that_others_cannot_reach() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root runs its cluster as another user
    }
    let scratch = Scratch::with_mode(0o700);
    let mut options = scratch.options();
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    options.log = Box::new(move |line| heard.lock().unwrap().push(line.to_owned()));

    let folder = cluster_folder(&dev_server(&options).unwrap());
    assert!(!folder.starts_with(scratch.path()));
    assert_ne!(fs::metadata(folder.join("data")).unwrap().uid(), 0);
    let said = said.lock().unwrap().join("\n");
    assert!(said.contains("cannot reach"), "{said}");
    assert!(said.contains(&folder.parent().unwrap().display().to_string()));
    assert!(!dev_server(&options).unwrap().started());
}

/// Programs in a folder of their own, which are those of a cluster, but for the version that they tell.
fn other_programs(folder: &Path, of: &Server, version: &str) -> PathBuf {
    let Kind::Cluster { bin, .. } = of.kind() else { panic!("{} is no private cluster", of.kind()) };
    let other = folder.join(format!("pg-{version}"));
    fs::create_dir(&other).unwrap();
    for name in ["initdb", "pg_ctl", "postgres", "createdb"] {
        let program = bin.join(name);
        let script = match name {
            "postgres" => format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n"),
            _ => format!("#!/bin/sh\nexec '{}' \"$@\"\n", program.display()),
        };
        fs::write(other.join(name), script).unwrap();
        fs::set_permissions(other.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    other
}

#[test]
fn a_server_of_another_major_that_was_chosen_is_found_by_that_choice_alone() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let found = devdb::test_server(&options).unwrap();
    let other = other_programs(scratch.path(), &found, "99.1");
    devdb::stop(&options, Purpose::Test).unwrap();
    let with_choice = || devdb::Options { pg_bin: Some(other.clone()), ..scratch.options() };

    let chosen = devdb::test_server(&with_choice()).unwrap();
    assert!(chosen.started() && cluster_folder(&chosen).ends_with("test-99"));
    assert_eq!(devdb::status(&options, Purpose::Test), None);
    let found = devdb::test_server(&options).unwrap();
    assert!(found.started() && found.url() != chosen.url());
    assert_eq!(devdb::test_server(&options).unwrap().url(), found.url());
    assert_eq!(devdb::test_server(&with_choice()).unwrap().url(), chosen.url());
    assert_eq!(devdb::stop(&options, Purpose::Test).unwrap().len(), 2);
}

#[test]
fn a_server_that_other_programs_of_the_same_major_started_is_not_taken_for_the_chosen_ones() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let found = devdb::test_server(&options).unwrap();
    let version = fs::read_to_string(cluster_folder(&found).join("data/PG_VERSION")).unwrap();
    let other = other_programs(scratch.path(), &found, version.trim());
    let with_choice = || devdb::Options { pg_bin: Some(other.clone()), ..scratch.options() };
    let refused = devdb::test_server(&with_choice()).unwrap_err().to_string();
    assert!(refused.contains(&format!("those in {} are wanted; stop it first", other.display())), "{refused}");
    devdb::stop(&options, Purpose::Test).unwrap();
    assert!(devdb::test_server(&with_choice()).unwrap().started());
    assert!(devdb::test_server(&options).is_err());
}

#[test]
fn a_cluster_is_made_and_started_whatever_libpq_s_variables_say() {
    let scratch = Scratch::new();
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program);
    child.args(["--exact", "child_process", "--ignored", "--nocapture"]).env(CHILD_TARGET, scratch.path());
    for (name, value) in
        [("PGDATA", "/nowhere"), ("PGPORT", "1"), ("PGOPTIONS", "-c oops=1"), ("PGSSLMODE", "verify-full")]
    {
        child.env(name, value);
    }
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("SERVER true postgres://"), "{text}");
    assert!(text.trim_end().lines().any(|line| line.ends_with("/app?sslmode=disable")), "{text}");
}

#[test]
fn nothing_found_lists_what_was_tried_and_how_to_go_on() {
    let scratch = Scratch::new();
    let mut options = scratch.options();
    options.pg_bin = Some(scratch.path().join("no-such-folder"));
    let error = dev_server(&options).unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }));
    let message = error.to_string();
    for part in [
        "DATABASE_URL: not set",
        "PostgreSQL binaries: DEVDB_PG_BIN",
        "apt-get install postgresql",
        "dnf install postgresql-server",
        "brew install postgresql",
        "docker compose up",
    ] {
        assert!(message.contains(part), "{part} is missing in:\n{message}");
    }
}

#[test]
fn an_explicit_url_is_taken_without_a_look_at_the_machine() {
    let mut options = devdb::Options::new("/no/such/folder");
    options.url = Some("postgres://u:s3cret@db.example:5432/app".to_owned());
    let server = dev_server(&options).unwrap();
    assert_eq!(Some(server.url().reveal()), options.url.as_deref());
    assert_eq!(server.database("x").database().as_deref(), Some("x"));

    options.url = Some("host=h password=s3cret".to_owned());
    let error = dev_server(&options).unwrap_err();
    assert_eq!(error.to_string(), "DATABASE_URL cannot be used");
    assert!(!error.source().unwrap().to_string().contains("s3cret"));
}

#[test]
fn a_target_folder_that_cannot_be_made_is_named() {
    let scratch = Scratch::new();
    fs::write(scratch.path().join("file"), "").unwrap();
    let options = options(&scratch.path().join("file"));
    match dev_server(&options).unwrap_err() {
        Error::File { path, source, .. } => {
            assert!(path.ends_with("file/devdb"));
            assert_eq!(source.kind(), ErrorKind::NotADirectory);
        }
        other => panic!("{other:?}"),
    }
}
