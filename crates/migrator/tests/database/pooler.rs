//! Migrating through PgBouncer.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use migrator::tokio_postgres::config::Host;
use migrator::{Error, LockError, Migrator};

use crate::support::{Folder, TestDatabase, database};

/// A PgBouncer in front of a database, gone with the value.
struct Pooler {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pooler {
    async fn start(database: &TestDatabase, mode: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = &database.config;
        let [Host::Tcp(host)] = config.get_hosts() else { panic!("the test server listens on TCP") };
        let password = String::from_utf8(config.get_password().unwrap_or_default().to_vec()).unwrap();
        let settings = format!(
            "[databases]\npooled = host={host} port={} dbname={} user={} password={password}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = {mode}\n\
             unix_socket_dir =\nmax_client_conn = 100\ndefault_pool_size = 20\n\
             ignore_startup_parameters = extra_float_digits,options\n",
            config.get_ports()[0],
            config.get_dbname().unwrap(),
            config.get_user().unwrap(),
        );
        let path = folder.path().join("pgbouncer.ini");
        std::fs::write(&path, settings).unwrap();
        let mut pgbouncer = Command::new("pgbouncer");
        // It refuses to run as root, and drops to a user that must be able to read the file.
        if nix::unistd::geteuid().is_root() {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
            pgbouncer.args(["-u", "nobody"]);
        }
        pgbouncer.arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
        let process = pgbouncer.spawn().unwrap();
        let url = format!("postgres://{}@127.0.0.1:{port}/pooled", config.get_user().unwrap());
        let pooler = Pooler { process, url, _folder: folder };
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return pooler;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("PgBouncer does not listen");
    }
}

fn folder() -> Folder {
    Folder::new(&[("0000_a", "CREATE TABLE a (id int);"), ("0001_b", "CREATE INDEX CONCURRENTLY a_id ON a (id);")])
}

#[tokio::test]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn a_pool_that_lends_sessions_for_a_transaction_is_refused_with_the_way_out() {
    let database = database().await;
    let pooler = Pooler::start(&database, "transaction").await;
    let folder = folder();
    for _ in 0..5 {
        let error = Migrator::from_url(folder.migrations(), &pooler.url).unwrap().run().await.unwrap_err();
        assert!(matches!(error, Error::Lock(LockError::Pooler { .. })), "{error}");
        assert!(error.to_string().contains("MIGRATION_DATABASE_URL"), "{error}");
    }
    assert_eq!(database.tables().await, "-");
    // No lock was left with a session of the pool.
    assert_eq!(database.migrator(&folder).run().await.unwrap().applied.len(), 2);
}

#[tokio::test]
#[ignore = "needs pgbouncer: cargo xtask test --peers"]
async fn through_a_pool_of_whole_sessions_eight_processes_apply_everything_once() {
    let database = database().await;
    let pooler = Pooler::start(&database, "session").await;
    let folder = folder();
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let migrator = Migrator::from_url(folder.migrations(), &pooler.url).unwrap();
            tokio::spawn(async move { migrator.run().await.unwrap().applied.len() })
        })
        .collect();
    let mut applied = 0;
    for run in runs {
        applied += run.await.unwrap();
    }
    assert_eq!(applied, 2);
    assert_eq!(database.ledger().await, "1000 1001");
}
