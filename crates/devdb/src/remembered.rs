//! What is up, remembered in the target folder, so that the next process finds it without
//! starting a program or asking Docker.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cluster::{self, postmaster};
use crate::error::{Error, FileContext};
use crate::options::{Force, Options, Purpose};
use crate::os;
use crate::server::{Kind, Server};
use crate::url::Url;

/// A server on loopback answers at once or not at all.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

const SUFFIX: &str = ".server";

/// The server remembered for `purpose` that still runs and that the options allow.
pub(crate) fn recall(options: &Options, purpose: Purpose) -> Option<Server> {
    all(options, purpose).into_iter().find(|server| allowed(&server.kind, options) && answers(server))
}

/// The servers remembered for `purpose`, running or not: a container and a cluster for each
/// major may be there at the same time.
pub(crate) fn all(options: &Options, purpose: Purpose) -> Vec<Server> {
    let prefix = format!("{}-", purpose.word());
    let mut names: Vec<String> = fs::read_dir(options.devdb_dir())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(&prefix) && name.ends_with(SUFFIX))
        .collect();
    names.sort();
    names
        .iter()
        .rev() // a container first, then the newest major
        .filter_map(|name| fs::read_to_string(options.devdb_dir().join(name)).ok())
        .filter_map(|text| parse(&text))
        .collect()
}

/// Remembers a server of ours; to be called with the lock held.
pub(crate) fn remember(options: &Options, purpose: Purpose, server: &Server) -> Result<(), Error> {
    let path = file(options, purpose, &server.kind);
    os::write_private(&path, &render(server)).at("writing", path)
}

/// Forgets a server; to be called with the lock held.
pub(crate) fn forget(options: &Options, purpose: Purpose, kind: &Kind) -> Result<(), Error> {
    let path = file(options, purpose, kind);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.at("removing", path),
    }
}

/// `dev-17.server` for the cluster `dev-17`, `test-container.server` for a container,
/// `dev-compose.server` for the compose project.
fn file(options: &Options, purpose: Purpose, kind: &Kind) -> PathBuf {
    let name = match kind {
        Kind::Cluster { folder, .. } => {
            folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }
        Kind::Compose { .. } => format!("{}-compose", purpose.word()),
        Kind::Container { .. } | Kind::Url => format!("{}-container", purpose.word()),
    };
    options.devdb_dir().join(format!("{name}{SUFFIX}"))
}

fn allowed(kind: &Kind, options: &Options) -> bool {
    match kind {
        Kind::Cluster { folder, bin } => {
            let is_theirs = match options.pg_bin.as_deref() {
                Some(only) => same_folder(only, bin),
                None => !cluster::was_chosen(folder),
            };
            options.force != Some(Force::Docker) && is_theirs
        }
        Kind::Container { .. } => options.force != Some(Force::Binaries),
        // Docker tells whether the project is up; it is remembered only to be stopped.
        Kind::Url | Kind::Compose { .. } => false,
    }
}

fn same_folder(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().is_ok_and(|a| a == b)
}

/// Whether the server is up. The port alone would not tell it from a stranger's.
fn answers(server: &Server) -> bool {
    let ours = match &server.kind {
        Kind::Cluster { folder, .. } => postmaster::running(&folder.join("data"))
            .is_some_and(|up| server.url.address().ends_with(&format!(":{}", up.port))),
        _ => true,
    };
    ours && listens(server.url.address())
}

/// Whether something accepts connections at `host:port`.
pub(crate) fn listens(address: &str) -> bool {
    use std::net::ToSocketAddrs;
    let addresses: Vec<SocketAddr> = address.to_socket_addrs().map(Iterator::collect).unwrap_or_default();
    addresses.iter().any(|address| TcpStream::connect_timeout(address, CONNECT_LIMIT).is_ok())
}

fn render(server: &Server) -> String {
    let url = server.url.reveal();
    match &server.kind {
        Kind::Cluster { folder, bin } => format!("cluster\n{url}\n{}\n{}\n", folder.display(), bin.display()),
        Kind::Container { name } => format!("container\n{url}\n{name}\n"),
        Kind::Compose { container } => format!("compose\n{url}\n{container}\n"),
        // Not ours to remember: it is told anew.
        Kind::Url => String::new(),
    }
}

fn parse(text: &str) -> Option<Server> {
    let mut lines = text.lines();
    let (word, url) = (lines.next()?, Url::parse(lines.next()?).ok()?);
    // An earlier version did not say it.
    let url = url.with_parameter("sslmode", "disable");
    let kind = match word {
        "cluster" => Kind::Cluster { folder: lines.next()?.into(), bin: lines.next()?.into() },
        "container" => Kind::Container { name: lines.next()?.to_owned() },
        "compose" => Kind::Compose { container: lines.next()?.to_owned() },
        _ => return None,
    };
    Some(Server { url, kind, started: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(kind: Kind) -> Server {
        Server { url: Url::of("postgres", "secret", "127.0.0.1", 1, "app"), kind, started: false }
    }

    fn cluster() -> Server {
        server(Kind::Cluster { folder: "/t/devdb/dev-15".into(), bin: "/pg/bin".into() })
    }

    #[test]
    fn what_is_remembered_is_read_back() {
        let container = server(Kind::Container { name: "devdb-test-1".into() });
        let compose = server(Kind::Compose { container: "4f1c".into() });
        for server in [cluster(), container, compose] {
            assert_eq!(parse(&render(&server)), Some(server));
        }
    }

    #[test]
    fn a_memory_that_says_nothing_of_tls_is_of_a_server_without() {
        let text = render(&cluster()).replace("?sslmode=disable", "");
        assert_eq!(parse(&text), Some(cluster()));
    }

    #[test]
    fn a_truncated_memory_is_no_memory() {
        let text = render(&cluster());
        let lines: Vec<&str> = text.lines().collect();
        for kept in 0..lines.len() {
            assert_eq!(parse(&lines[..kept].join("\n")), None);
        }
    }

    #[test]
    fn a_forced_way_does_not_take_the_other_from_memory() {
        let mut options = Options::new("target");
        assert!(allowed(&cluster().kind, &options));
        options.pg_bin = Some("/other/bin".into());
        assert!(!allowed(&cluster().kind, &options));
        options.pg_bin = None;
        options.force = Some(Force::Docker);
        assert!(!allowed(&cluster().kind, &options));
    }

    #[test]
    fn a_server_that_is_gone_is_not_recalled() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path());
        fs::create_dir_all(options.devdb_dir()).unwrap();
        remember(&options, Purpose::Dev, &cluster()).unwrap();
        assert_eq!(all(&options, Purpose::Dev), [cluster()]);
        assert_eq!(all(&options, Purpose::Test), []);
        assert_eq!(recall(&options, Purpose::Dev), None);
        for _ in 0..2 {
            forget(&options, Purpose::Dev, &cluster().kind).unwrap();
        }
        assert_eq!(all(&options, Purpose::Dev), []);
    }
}
