//! A private cluster: initialised once, started on demand, left running for the next process.
//!
//! Its folder holds `data/`, `password` (0600), `port`, `programs`, `databases` and `server.log`. All of this
//! module runs with the purpose's lock held, but for reading `postmaster.pid` and `programs`.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::binaries::Installation;
use crate::error::{Error, FileContext};
use crate::options::{Options, Purpose};
use crate::os::{self, Account};
use crate::process::{self, ProcessError};
use crate::remembered::listens;
use crate::server::{Kind, Server};
use crate::url::Url;

mod place;
pub(crate) mod postmaster;
mod programs;
mod settings;

#[cfg(feature = "containers")]
pub(crate) use settings::{SUPERUSER, UNSAFE_FOR_DATA_BUT_FAST};

use place::Place;
use postmaster::{Running, State};
use programs::Programs;

/// Bounds each of PostgreSQL's programs. Recovery after a crash is the longest.
const LIMIT: Duration = Duration::from_secs(90);

/// Ports are chosen before the server takes them, so another program may be faster.
const PORT_ATTEMPTS: usize = 3;

const HOST: &str = "127.0.0.1";

/// A cluster's folder together with the programs and the user to run it with.
struct Cluster<'a> {
    folder: PathBuf,
    account: Option<Account>,
    programs: Programs,
    purpose: Purpose,
    log: &'a dyn Fn(&str),
}

/// Makes sure that the private cluster for `purpose` runs.
pub(crate) fn ensure_running(options: &Options, purpose: Purpose, found: &[Installation]) -> Result<Server, Error> {
    let Installation { bin, major } = choose(options, purpose, found);
    let Place { folder, account, moved } = Place::prepare(options, purpose, *major)?;
    if let Some(reason) = moved {
        (options.log)(&reason);
    }
    let programs = Programs { bin: bin.clone(), chosen: options.pg_bin.is_some() };
    let cluster = Cluster { folder, account, programs, purpose, log: &*options.log };
    let password = cluster.initialised()?;
    let (running, started) = cluster.running()?;
    let maintenance = Url::of(settings::SUPERUSER, &password, HOST, running.port, "postgres");
    cluster.ensure_database(&options.database, running, &password)?;
    Ok(Server {
        url: maintenance.with_database(&options.database),
        kind: Kind::Cluster { folder: cluster.folder, bin: cluster.programs.bin },
        started,
    })
}

/// Stops the cluster in `folder`, disconnecting its clients.
pub(crate) fn stop(purpose: Purpose, folder: &Path, bin: &Path) -> Result<(), Error> {
    let data = folder.join("data");
    let cluster = Cluster {
        folder: folder.to_owned(),
        account: if os::is_root() { os::owner(&data) } else { None },
        programs: Programs { bin: bin.to_owned(), chosen: false },
        purpose,
        log: &|_| {},
    };
    match postmaster::state(&data) {
        State::Stopped | State::Crashed | State::Recycled => Ok(()),
        State::Busy | State::Ready(_) => {
            let mut command = cluster.command("pg_ctl");
            command.arg("stop").arg("--pgdata").arg(&data);
            command.args(["--mode=fast", "--wait", "--silent"]);
            cluster.run(&mut command, "stopping").map(drop)
        }
    }
}

/// Whether `DEVDB_PG_BIN` chose the programs of the cluster in `folder`.
pub(crate) fn was_chosen(folder: &Path) -> bool {
    Programs::of(folder).is_some_and(|programs| programs.chosen)
}

/// The first installation that has a cluster here already, so that a new major does not hide the
/// data of the one in use; else the first.
fn choose<'i>(options: &Options, purpose: Purpose, found: &'i [Installation]) -> &'i Installation {
    let has_cluster = |installation: &&Installation| {
        let name = format!("{}-{}", purpose.word(), installation.major);
        let folder = options.devdb_dir().join(name);
        folder.join("data").exists() && !was_chosen(&folder)
    };
    found.iter().find(has_cluster).or(found.first()).expect("a search that succeeds finds at least one installation")
}

impl Cluster<'_> {
    /// Initialises the cluster unless that was done; returns the superuser's password.
    fn initialised(&self) -> Result<String, Error> {
        let (data, password_file) = (self.data(), self.folder.join("password"));
        if data.join("PG_VERSION").exists() {
            let password = fs::read_to_string(&password_file).at("reading", &password_file)?;
            return Ok(password.trim().to_owned());
        }
        (self.log)(&format!("initialising a PostgreSQL cluster in {}", self.folder.display()));
        let password = random_password()?;
        os::write_private(&password_file, &password).at("writing", &password_file)?;
        if let Some(account) = &self.account {
            account.own(&password_file).at("changing the owner of", &password_file)?;
        }
        // Under another name until it is complete: initdb may be killed half-way.
        let partial = self.folder.join("data.partial");
        remove_dir(&partial)?;
        let mut command = self.command("initdb");
        command.args(settings::initdb(&partial, &password_file));
        self.run(&mut command, "initialising")?;
        fs::rename(&partial, &data).at("renaming", &partial)?;
        Ok(password)
    }

    /// Starts the server unless it runs; tells whether it did.
    fn running(&self) -> Result<(Running, bool), Error> {
        let data = self.data();
        match self.settled_state() {
            State::Ready(running) => {
                if let Some(programs) = Programs::of(&self.folder) {
                    programs.serve(&self.folder, &self.programs)?;
                }
                self.programs.write(&self.folder)?;
                return Ok((running, false));
            }
            State::Recycled => {
                let stale = data.join("postmaster.pid");
                fs::remove_file(&stale).at("removing", &stale)?;
            }
            // pg_ctl knows what to do with the others, and words what it cannot do.
            State::Stopped | State::Crashed | State::Busy => {}
        }
        (self.log)(&format!("starting PostgreSQL in {}", self.folder.display()));
        self.programs.write(&self.folder)?;
        let mut attempt = 1;
        loop {
            let port = self.port()?;
            match self.start(port) {
                Ok(()) => break,
                Err(_) if attempt < PORT_ATTEMPTS && !is_free(port) => attempt += 1,
                Err(error) => return Err(error),
            }
        }
        match postmaster::state(&data) {
            State::Ready(running) => Ok((running, true)),
            state => Err(Error::Place {
                path: self.folder.clone(),
                reason: format!("the server was started and is {state:?} now; see server.log"),
            }),
        }
    }

    /// The state, once a start or stop that is under way has ended.
    fn settled_state(&self) -> State {
        let deadline = Instant::now() + LIMIT;
        loop {
            let state = postmaster::state(&self.data());
            let is_settled = match state {
                State::Busy => false,
                // It closes its port before it removes the file.
                State::Ready(running) => listens(&format!("{HOST}:{}", running.port)),
                State::Stopped | State::Crashed | State::Recycled => true,
            };
            if is_settled || Instant::now() > deadline {
                return state;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn start(&self, port: u16) -> Result<(), Error> {
        let log = self.folder.join("server.log");
        // pg_ctl hands this text to a shell: only our own words and numbers may stand in it.
        let settings: String =
            settings::server(self.purpose).iter().map(|(name, value)| format!(" -c {name}={value}")).collect();
        let mut command = self.command("pg_ctl");
        command.arg("start").arg("--pgdata").arg(self.data());
        command.arg("--log").arg(&log);
        command.arg(format!("--options=-p {port}{settings}"));
        command.args(["--wait", "--silent"]);
        process::run(&mut command, LIMIT, &|_| {}).map(drop).map_err(|source| Error::NotStarted {
            operation: self.operation("starting"),
            tail: tail(&log),
            log,
            source: source.into(),
        })
    }

    /// The remembered port while it is free, so that URLs stay valid; else a new one.
    fn port(&self) -> Result<u16, Error> {
        let path = self.folder.join("port");
        let remembered = fs::read_to_string(&path).ok();
        let remembered = remembered.and_then(|text| text.trim().parse().ok());
        if let Some(port) = remembered.filter(|port| is_free(*port)) {
            return Ok(port);
        }
        let free = TcpListener::bind((HOST, 0)).and_then(|listener| listener.local_addr());
        let port = free.at("finding a free port for", &self.folder)?.port();
        fs::write(&path, port.to_string()).at("writing", &path)?;
        Ok(port)
    }

    /// Creates the database once. If somebody drops it later, that is taken for their will.
    fn ensure_database(&self, name: &str, at: Running, password: &str) -> Result<(), Error> {
        let path = self.folder.join("databases");
        let known = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.at("reading", &path)?,
        };
        if name == "postgres" || known.lines().any(|line| line == name) {
            return Ok(());
        }
        let mut command = self.command("createdb");
        command.args(["--host", HOST, "--port", &at.port.to_string()]);
        command.args(["--username", settings::SUPERUSER, "--no-password", "--"]);
        command.arg(name).env("PGPASSWORD", password);
        match self.run(&mut command, &format!("creating the database {name} in")) {
            Err(Error::Program { source, .. }) if already_exists(&source) => {}
            other => drop(other?),
        }
        fs::write(&path, format!("{known}{name}\n")).at("writing", &path)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of PostgreSQL's programs, as the cluster's user, untouched by the caller's settings.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.bin.join(program));
        // The caller's working directory may be out of the other user's reach.
        command.current_dir(&self.folder);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C"); // messages in one language
        if let Some(account) = &self.account {
            account.run(&mut command);
        }
        command
    }

    fn run(&self, command: &mut Command, doing: &str) -> Result<String, Error> {
        process::run(command, LIMIT, &|_| {})
            .map_err(|source| Error::Program { operation: self.operation(doing), source: source.into() })
    }

    fn operation(&self, doing: &str) -> String {
        format!("{doing} the private cluster {}", self.folder.display())
    }
}

fn already_exists(error: &ProcessError) -> bool {
    matches!(error, ProcessError::Failed { output, .. } if output.contains("already exists"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((HOST, port)).is_ok()
}

fn remove_dir(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.at("removing", path),
    }
}

/// The last lines of a log, for an error message.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

/// 128 bits in hex, which needs no encoding in a URL.
pub(crate) fn random_password() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(major: u32) -> Installation {
        Installation { bin: format!("/pg/{major}").into(), major }
    }

    #[test]
    fn a_cluster_in_use_beats_a_newer_major() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path());
        let found = [installation(18), installation(16)];
        assert_eq!(choose(&options, Purpose::Dev, &found).major, 18);
        fs::create_dir_all(folder.path().join("devdb/dev-16/data")).unwrap();
        assert_eq!(choose(&options, Purpose::Dev, &found).major, 16);
        assert_eq!(choose(&options, Purpose::Test, &found).major, 18);
    }

    #[test]
    fn a_cluster_of_chosen_programs_is_none_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path());
        let found = [installation(18), installation(16)];
        let cluster = folder.path().join("devdb/dev-16");
        fs::create_dir_all(cluster.join("data")).unwrap();
        let mut programs = Programs { bin: found[1].bin.clone(), chosen: true };
        programs.write(&cluster).unwrap();
        assert_eq!(choose(&options, Purpose::Dev, &found).major, 18);
        programs.chosen = false;
        programs.write(&cluster).unwrap();
        assert_eq!(choose(&options, Purpose::Dev, &found).major, 16);
    }

    #[test]
    fn passwords_are_long_and_differ() {
        let (first, second) = (random_password().unwrap(), random_password().unwrap());
        assert_eq!(first.len(), 32);
        assert_ne!(first, second);
    }
}
