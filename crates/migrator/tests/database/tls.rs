//! Connections to a server with TLS, by certificates that the test makes.

use std::fs;

use devdb::test::PrivateServer;
use migrator::{ConnectError, Migrator, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

use crate::private::{database, new_database};
use crate::support::{Folder, TestDatabase, run};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// Who signs certificates.
fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for names and addresses, and its key, in PEM.
fn certificate(authority: &Authority, names: &[&str], change: impl Fn(&mut CertificateParams)) -> (String, String) {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

/// A server with TLS, and who signed its certificate.
struct Encrypted {
    server: PrivateServer,
    database: String,
    authority: Authority,
    files: TempDir,
}

impl Encrypted {
    async fn start() -> Self {
        let server = PrivateServer::start().unwrap();
        let authority = authority("theirs");
        let files = tempfile::tempdir().unwrap();
        fs::write(files.path().join("root.crt"), authority.pem()).unwrap();
        server.write("root.crt", &authority.pem()).unwrap();
        let encrypted = Self { database: new_database(&server).await, server, authority, files };
        encrypted.show(&["localhost", "127.0.0.1"], |_| {}).await;
        encrypted
    }

    fn test_database(&self) -> TestDatabase {
        database(&self.server, &self.database)
    }

    /// Lets the server show another certificate from now on.
    async fn show(&self, names: &[&str], change: impl Fn(&mut CertificateParams)) {
        let (certificate, key) = certificate(&self.authority, names, change);
        self.server.write("server.crt", &certificate).unwrap();
        self.server.write("server.key", &key).unwrap();
        let mut config = self.test_database().config;
        config.ssl_mode(migrator::tokio_postgres::config::SslMode::Disable);
        let client = Server::from(config).client("test").await.unwrap();
        client.batch_execute("ALTER SYSTEM SET ssl_ca_file = 'root.crt'").await.unwrap();
        client.batch_execute("ALTER SYSTEM SET ssl = on").await.unwrap();
        client.batch_execute("SELECT pg_reload_conf(), pg_sleep(0.3)").await.unwrap();
    }

    /// The path of one of our files.
    fn file(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    fn url(&self, parameters: &str) -> String {
        let parameters = parameters.replace("ROOT", &self.file("root.crt"));
        let database = self.test_database();
        // It was started without TLS, and its URL says so.
        let (without, _) = database.url().split_once('?').unwrap();
        format!("{without}?{parameters}")
    }

    /// What the session is, with these parameters: `TLSv1.3` or `plain`.
    async fn session(&self, parameters: &str) -> Result<String, ConnectError> {
        let client = Server::from_url(&self.url(parameters))?.client("test").await?;
        let row =
            client.query_one("SELECT coalesce(version, 'plain') FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]);
        Ok(row.await.unwrap().get(0))
    }

    /// The message of the refusal with these parameters.
    async fn refusal(&self, parameters: &str) -> String {
        let error = self.session(parameters).await.unwrap_err();
        let target = Server::from_url(self.test_database().url()).unwrap().target().to_string();
        let files = self.files.path().display().to_string();
        error.to_string().replace(&target, "TARGET").replace(&files, "FILES")
    }
}

#[tokio::test]
async fn each_sslmode_encrypts_and_verifies_what_libpq_would() {
    let it = Encrypted::start().await;
    assert_eq!(it.session("sslmode=disable").await.unwrap(), "plain");
    for encrypted in [
        "",
        "sslmode=allow",
        "sslmode=prefer",
        "sslmode=require",
        "sslmode=require&channel_binding=require",
        "sslmode=require&sslrootcert=ROOT",
        "sslmode=verify-ca&sslrootcert=ROOT",
        "sslmode=verify-full&sslrootcert=ROOT",
    ] {
        assert_eq!(it.session(encrypted).await.unwrap(), "TLSv1.3", "{encrypted}");
    }
    let folder =
        Folder::new(&[("0000_a", "CREATE TABLE a (id int);"), ("0001_b", "CREATE INDEX CONCURRENTLY ON a (id);")]);
    let url = it.url("sslmode=verify-full&sslrootcert=ROOT");
    assert_eq!(run(&Migrator::from_url(folder.migrations(), &url).unwrap()).await, ["0000_a", "0001_b"]);
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_named_with_the_next_step() {
    let it = Encrypted::start().await;
    fs::write(it.files.path().join("other.crt"), authority("others").pem()).unwrap();
    let other = format!("sslrootcert={}", it.file("other.crt"));
    for mode in ["prefer", "require", "verify-ca", "verify-full"] {
        assert_eq!(
            it.refusal(&format!("sslmode={mode}&{other}")).await,
            "no TLS with TARGET: the server's certificate is signed by none of the root certificates. Name the file with \
             the one that signed it by sslrootcert"
        );
    }

    it.show(&["db.example"], |_| {}).await;
    assert_eq!(it.session("sslmode=verify-ca&sslrootcert=ROOT").await.unwrap(), "TLSv1.3");
    assert_eq!(
        it.refusal("sslmode=verify-full&sslrootcert=ROOT").await,
        "no TLS with TARGET: the server's certificate is for db.example, and not for 127.0.0.1. Connect by a \
         name that it has, or do without the name by sslmode=verify-ca"
    );

    it.show(&["127.0.0.1"], |params| params.not_after = date_time_ymd(2001, 2, 3)).await;
    assert_eq!(it.session("sslmode=require").await.unwrap(), "TLSv1.3");
    assert_eq!(
        it.refusal("sslmode=verify-ca&sslrootcert=ROOT").await,
        "no TLS with TARGET: the server's certificate has expired. Renew it there"
    );

    it.show(&["127.0.0.1"], |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)).await;
    assert_eq!(
        it.refusal("sslmode=verify-ca&sslrootcert=ROOT").await,
        "no TLS with TARGET: the server's certificate is that of an authority, which must only sign others. Make one for \
         the server, signed by it"
    );
}

#[tokio::test]
async fn files_that_are_of_no_use_are_named_before_anything_is_connected_to() {
    let it = Encrypted::start().await;
    assert_eq!(
        it.refusal("sslmode=verify-ca&sslrootcert=ROOT.gone").await,
        "cannot use FILES/root.crt.gone for TLS: No such file or directory (os error 2)"
    );
    fs::write(it.files.path().join("empty.crt"), "nothing").unwrap();
    assert_eq!(
        it.refusal(&format!("sslrootcert={}", it.file("empty.crt"))).await,
        "cannot use FILES/empty.crt for TLS: there is no certificate in it"
    );
    assert_eq!(
        it.refusal("sslcert=ROOT&sslkey=ROOT").await,
        "cannot use FILES/root.crt for TLS: there is none of it in it"
    );
}

#[tokio::test]
async fn a_role_that_shows_a_certificate_needs_no_password() {
    let it = Encrypted::start().await;
    let (certificate, key) = certificate(&it.authority, &[], |params| {
        params.distinguished_name.push(rcgen::DnType::CommonName, "shown");
    });
    fs::write(it.files.path().join("shown.crt"), certificate).unwrap();
    fs::write(it.files.path().join("shown.key"), key).unwrap();
    it.test_database().client().await.batch_execute("CREATE ROLE shown LOGIN").await.unwrap();
    let rules = it.server.read("pg_hba.conf").unwrap();
    it.server.write("pg_hba.conf", &format!("hostssl all shown all cert\n{rules}")).unwrap();
    it.show(&["127.0.0.1"], |_| {}).await;
    let url = it.url("");
    let (_, at) = url.rsplit_once('@').unwrap();
    let (shown, key) = (it.file("shown.crt"), it.file("shown.key"));
    let url = format!("postgres://shown@{at}sslmode=require&sslcert={shown}&sslkey={key}");
    assert!(Server::from_url(&url).unwrap().client("test").await.is_ok());

    let error = Server::from_url(&format!("postgres://shown@{at}sslmode=require")).unwrap().client("test").await;
    assert!(matches!(error, Err(ConnectError::Login { .. })), "{error:?}");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_demanded() {
    let database = crate::support::database().await;
    let target = Server::from_url(database.url()).unwrap().target();
    let url = database.database().url().with_parameter("sslmode", "require");
    let server = Server::from_url(url.reveal()).unwrap();
    assert_eq!(
        server.client("test").await.unwrap_err().to_string(),
        format!(
            "no TLS with {target}: the server has none. Turn it on there (ssl = on), or connect with sslmode=prefer or \
             disable"
        )
    );
}

#[tokio::test]
async fn a_running_query_is_cancelled_over_the_same_tls() {
    let it = Encrypted::start().await;
    it.server.write("pg_hba.conf", "hostssl all all all scram-sha-256\n").unwrap();
    let server = Server::from_url(&it.url("sslmode=verify-full&sslrootcert=ROOT")).unwrap();
    let client = server.client("test").await.unwrap();
    let token = client.cancel_token();
    let running = tokio::spawn(async move { client.batch_execute("SELECT pg_sleep(60)").await });
    while !running.is_finished() {
        token.cancel_query(server.tls()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.code().unwrap().code(), "57014");
}
