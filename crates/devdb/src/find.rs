//! The way from options to a server: explicit URL, what runs already, then each way in turn.

use crate::binaries::{self, ThisMachine};
use crate::cluster;
use crate::compose;
use crate::error::{Attempt, Error};
use crate::lock::Lock;
use crate::options::{Options, Purpose};
use crate::remembered;
use crate::search::{Way, ways};
use crate::server::{Kind, Server};
use crate::url::Url;

/// Finds or starts the server for development.
///
/// In order: [`Options::url`]; the compose project, if it is up; a private cluster from
/// PostgreSQL binaries in `target/devdb/dev-<major>/`; the compose project, brought up. What was
/// started stays up after this process ([`stop`] ends it), and its data survives crashes.
///
/// # Errors
/// [`Error::NotFound`] lists what was tried and how to install a server. The others name what
/// failed on a way that should have worked; the ways after it are not tried then, since another
/// server would lack the data.
pub fn dev_server(options: &Options) -> Result<Server, Error> {
    find(options, Purpose::Dev)
}

/// Finds or starts the server for tests.
///
/// In order: [`Options::url`]; the server that earlier test processes started; with the feature
/// `containers`, a container on the Docker engine; a private cluster from PostgreSQL binaries in
/// `target/devdb/test-<major>/`. It stays up for the next test process, and its data may be lost
/// in a crash.
///
/// Blocks; from async code, call `devdb::test::server` instead.
///
/// # Errors
/// As for [`dev_server`], but a container that fails is passed over.
pub fn test_server(options: &Options) -> Result<Server, Error> {
    find(options, Purpose::Test)
}

/// The server that runs for `purpose`, without starting one: where [`dev_server`] or
/// [`test_server`] would find it. An explicit URL is not looked at.
#[must_use]
pub fn status(options: &Options, purpose: Purpose) -> Option<Server> {
    let by_compose = ways(purpose, options.force).contains(&Way::RunningCompose);
    let compose = by_compose.then(|| compose::running(options).ok()).flatten();
    compose.or_else(|| remembered::recall(options, purpose))
}

/// Stops every server that was started here for `purpose` (there may be one for each major, a
/// container and the compose project) and returns what they were. A cluster and the compose
/// project keep their data; a container is removed. A project that somebody else brought up stays.
///
/// # Errors
/// `pg_ctl` or `docker` failed.
pub fn stop(options: &Options, purpose: Purpose) -> Result<Vec<Kind>, Error> {
    let _lock = Lock::acquire(options, purpose)?;
    let mut stopped = Vec::new();
    for server in remembered::all(options, purpose) {
        let was_ours = match &server.kind {
            Kind::Cluster { folder, bin } => cluster::stop(purpose, folder, bin).map(|()| true)?,
            Kind::Container { name } => match compose::remove(name) {
                Err(error) if remembered::listens(server.url.address()) => return Err(error),
                // Gone already, perhaps together with its engine.
                _ => true,
            },
            Kind::Compose { container } => compose::stop(options, container)?,
            Kind::Url => false,
        };
        remembered::forget(options, purpose, &server.kind)?;
        if was_ours {
            stopped.push(server.kind);
        }
    }
    Ok(stopped)
}

fn find(options: &Options, purpose: Purpose) -> Result<Server, Error> {
    if let Some(text) = options.explicit_url() {
        let url = Url::parse(text).map_err(|source| Error::InvalidUrl { variable: purpose.variable(), source })?;
        return Ok(Server { url, kind: Kind::Url, started: false });
    }
    let mut tried = vec![Attempt { way: purpose.variable(), outcome: "not set".to_owned() }];
    for way in ways(purpose, options.force) {
        match attempt(*way, options, purpose)? {
            Ok(server) => return Ok(server),
            Err(outcome) => tried.push(Attempt { way: way.name(), outcome }),
        }
    }
    Err(Error::NotFound { tried })
}

/// Tries one way. The inner error is the reason why it leads nowhere on this machine.
fn attempt(way: Way, options: &Options, purpose: Purpose) -> Result<Result<Server, String>, Error> {
    match way {
        Way::RunningCompose => Ok(compose::running(options)),
        Way::Compose => brought_up(options, purpose),
        Way::Cluster => {
            ours(options, purpose, || match binaries::installations(&ThisMachine, options.pg_bin.as_deref()) {
                Ok(found) => cluster::ensure_running(options, purpose, &found).map(Ok),
                Err(reason) => Ok(Err(reason)),
            })
        }
        Way::Container => ours(options, purpose, || container(options)),
    }
}

/// Brings up the compose project and remembers it for [`stop`], unless somebody else was faster.
fn brought_up(options: &Options, purpose: Purpose) -> Result<Result<Server, String>, Error> {
    let _lock = Lock::acquire(options, purpose)?;
    if let Ok(server) = compose::running(options) {
        return Ok(Ok(server));
    }
    let server = compose::up(options)?;
    if let Ok(server) = &server {
        remembered::remember(options, purpose, server)?;
    }
    Ok(server)
}

/// Takes the server that is remembered, or starts and remembers one: once, however many
/// processes ask at the same time.
fn ours(
    options: &Options,
    purpose: Purpose,
    start: impl FnOnce() -> Result<Result<Server, String>, Error>,
) -> Result<Result<Server, String>, Error> {
    if let Some(server) = recalled(options, purpose) {
        return Ok(Ok(server));
    }
    let _lock = Lock::acquire(options, purpose)?;
    // Another process may have started it while this one waited.
    if let Some(server) = recalled(options, purpose) {
        return Ok(Ok(server));
    }
    let server = start()?;
    if let Ok(server) = &server {
        remembered::remember(options, purpose, server)?;
    }
    Ok(server)
}

/// The remembered server, if it has the database asked for.
fn recalled(options: &Options, purpose: Purpose) -> Option<Server> {
    remembered::recall(options, purpose).filter(|server| server.url.database().as_deref() == Some(&options.database))
}

#[cfg(feature = "containers")]
fn container(options: &Options) -> Result<Result<Server, String>, Error> {
    crate::containers::ensure_running(options)
}

#[cfg(not(feature = "containers"))]
fn container(_options: &Options) -> Result<Result<Server, String>, Error> {
    Ok(Err("devdb was built without its feature containers".to_owned()))
}
