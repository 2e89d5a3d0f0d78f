//! A backup before something is applied, by `pg_dump`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::Utc;
use migrator::Server;
use migrator::tokio_postgres::config::Host;

use crate::output::{self, GREEN, paint};

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot create {}; nothing was applied", folder.display())]
    Folder {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "cannot run pg_dump; install PostgreSQL's client programs, of the server's version or newer. Nothing was applied"
    )]
    Start(#[source] io::Error),
    #[error("pg_dump did not write a whole backup, see above; nothing was applied")]
    Failed,
}

/// Writes the database into a file of pg_dump's custom format in `folder`, which `pg_restore` reads.
pub(super) fn write(folder: &Path, server: &Server) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Folder { folder: folder.to_owned(), source })?;
    let config = server.config();
    let database = config.get_dbname().or(config.get_user()).unwrap_or("database");
    let file = folder.join(format!("{}_{}.dump", file_name(database), Utc::now().format("%Y%m%d%H%M%S")));
    let mut pg_dump = Command::new("pg_dump");
    pg_dump.args(["--format=custom", "--no-password", "--file"]).arg(&file).stdin(Stdio::null());
    // Of a service, libpq would rather believe the host and database than what it is told here.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
        pg_dump.env_remove(name);
    }
    let status = pg_dump.envs(environment(server)).status().map_err(Error::Start)?;
    if !status.success() {
        // A part of a backup is none, and looks like one.
        let _ = fs::remove_file(&file);
        return Err(Error::Failed);
    }
    let size = fs::metadata(&file).map_or(0, |file| file.len());
    output::line(format!("{} {} ({size} bytes)", paint(GREEN, "backed up to"), file.display()));
    Ok(())
}

/// What libpq is told, by variables: other processes may read a program's arguments, and not its environment.
fn environment(server: &Server) -> Vec<(&'static str, String)> {
    let config = server.config();
    let hosts: Vec<String> = config.get_hosts().iter().map(host).collect();
    let addresses: Vec<String> = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    let ports: Vec<String> = config.get_ports().iter().map(ToString::to_string).collect();
    let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
    let given = [
        ("PGHOST", Some(hosts.join(",")).filter(|hosts| !hosts.is_empty())),
        ("PGHOSTADDR", Some(addresses.join(",")).filter(|addresses| !addresses.is_empty())),
        ("PGPORT", Some(ports.join(",")).filter(|ports| !ports.is_empty())),
        ("PGUSER", config.get_user().map(str::to_owned)),
        ("PGPASSWORD", password),
        ("PGDATABASE", config.get_dbname().or(config.get_user()).map(str::to_owned)),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.chain(server.ssl_variables()).collect()
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    }
}

/// A database's name as a file may be called.
fn file_name(database: &str) -> String {
    database.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
}
