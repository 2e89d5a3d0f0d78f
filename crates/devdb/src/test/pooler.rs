//! PgBouncer in front of a test's database.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::database::Database;
use crate::url::Url;

/// How often PgBouncer is asked whether it listens, and how long in between.
const ATTEMPTS: (u32, Duration) = (100, Duration::from_millis(50));

/// What the database is called behind it.
const DATABASE: &str = "pooled";

/// For how long a session of PgBouncer's is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolMode {
    /// Until the client leaves.
    Session,
    /// Until the transaction ends.
    Transaction,
}

/// A PgBouncer from the `PATH` in front of a database, ended with this value.
#[derive(Debug)]
#[must_use = "PgBouncer is ended together with this value"]
pub struct Pooler {
    process: Child,
    url: Url,
    _folder: TempDir,
}

impl Pooler {
    /// Starts one that has at most `size` sessions with the server.
    ///
    /// # Errors
    /// There is no `pgbouncer` on the `PATH`, or it does not listen.
    pub fn start(database: &Database, mode: PoolMode, size: u16) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let path = folder.path().join("pgbouncer.ini");
        let target: Config = database.url().reveal().parse().map_err(io::Error::other)?;
        std::fs::write(&path, settings(&target, port, mode, size)?)?;
        let mut program = Command::new("pgbouncer");
        #[cfg(unix)]
        if nix::unistd::geteuid().is_root() {
            use std::os::unix::fs::PermissionsExt as _;
            // It refuses to run as root, and drops to a user that must be able to read the file.
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
            program.args(["-u", "nobody"]);
        }
        let process = program.arg(&path).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        // It logs in by itself, whoever comes.
        let text =
            format!("postgres://{}@{}:{port}/{DATABASE}", target.get_user().unwrap_or_default(), Ipv4Addr::LOCALHOST);
        let url = Url::parse(&text).map_err(io::Error::other)?;
        let pooler = Self { process, url, _folder: folder };
        for _ in 0..ATTEMPTS.0 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(pooler);
            }
            std::thread::sleep(ATTEMPTS.1);
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "PgBouncer does not listen"))
    }

    /// The URL of the database behind it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // One that has ended by itself cannot be ended again.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn settings(target: &Config, port: u16, mode: PoolMode, size: u16) -> io::Result<String> {
    let Some(Host::Tcp(host)) = target.get_hosts().first() else {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "the tests' server does not listen on TCP"));
    };
    let target_port = target.get_ports().first().copied().unwrap_or(5432);
    let password = String::from_utf8_lossy(target.get_password().unwrap_or_default());
    let (user, name) = (target.get_user().unwrap_or_default(), target.get_dbname().unwrap_or_default());
    let mode = match mode {
        PoolMode::Session => "session",
        PoolMode::Transaction => "transaction",
    };
    Ok(format!(
        "[databases]\n{DATABASE} = host={host} port={target_port} dbname={name} user={user} password={password}\n\
         [pgbouncer]\nlisten_addr = {}\nlisten_port = {port}\nauth_type = any\npool_mode = {mode}\n\
         unix_socket_dir =\nmax_client_conn = 500\ndefault_pool_size = {size}\n\
         ignore_startup_parameters = extra_float_digits,options\n",
        Ipv4Addr::LOCALHOST,
    ))
}
