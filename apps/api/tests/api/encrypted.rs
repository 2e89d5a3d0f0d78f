//! The service on a server with TLS, by certificates that the test makes.

use std::fs;
use std::time::Duration;

use api::config::Mode;
use api::startup;
use devdb::test::PrivateServer;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use crate::harness::{serving, token_at};
use crate::outage::until;

/// A server with TLS, and the root certificates of whoever signed its own, and of somebody else.
struct Encrypted {
    server: PrivateServer,
    roots: TempDir,
}

impl Encrypted {
    async fn start() -> Self {
        let (server, roots) = (PrivateServer::start().unwrap(), tempfile::tempdir().unwrap());
        let [ours, other] = ["ours", "other"].map(authority);
        for (name, authority) in [("ours", &ours), ("other", &other)] {
            fs::write(roots.path().join(name), authority.pem()).unwrap();
        }
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        server.write("server.crt", &params.signed_by(&key, &ours).unwrap().pem()).unwrap();
        server.write("server.key", &key.serialize_pem()).unwrap();
        let it = Self { server, roots };
        it.sql("alter system set ssl = on").await;
        it.server.stop().unwrap();
        it.server.start_again().unwrap();
        it
    }

    /// The URL of whoever verifies the server by one of the root certificates.
    fn verified_by(&self, root: &str) -> devdb::Url {
        let root = self.roots.path().join(root).display().to_string();
        self.server.url().with_parameter("sslmode", "verify-full").with_parameter("sslrootcert", &root)
    }

    /// Runs SQL without encryption; the first column of its rows.
    async fn sql(&self, sql: &str) -> Vec<Option<String>> {
        let (client, connection) =
            tokio_postgres::connect(self.server.url().reveal(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let rows = client.simple_query(sql).await.unwrap();
        let rows = rows.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).map(str::to_owned)),
            _ => None,
        });
        rows.collect()
    }

    /// How the sessions of the service are encrypted, each way once.
    async fn sessions(&self) -> Vec<Option<String>> {
        let name = env!("CARGO_PKG_NAME");
        let sql = "select distinct version from pg_stat_ssl join pg_stat_activity using (pid) where application_name =";
        self.sql(&format!("{sql} '{name}'")).await
    }
}

/// Who signs certificates.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_server_is_migrated_and_read_encrypted_also_after_it_was_away() {
    let it = Encrypted::start().await;
    let url = it.verified_by("ours");
    let router = startup::start(&serving(&url, Mode::Apply)).await.unwrap().router;
    let token = token_at(&url).await;
    let encrypted = [Some("TLSv1.3".to_owned())];
    until(&router, &token, "/users", 200).await;
    assert_eq!(it.sessions().await, encrypted);

    it.server.stop().unwrap();
    until(&router, &token, "/users", 503).await;
    it.server.start_again().unwrap();
    until(&router, &token, "/users", 200).await;
    assert_eq!(it.sessions().await, encrypted);
}

#[tokio::test]
async fn a_server_that_cannot_be_verified_is_refused_at_once() {
    let it = Encrypted::start().await;
    for (mode, reason) in [(Mode::Apply, "signed by none of the root certificates"), (Mode::Off, "UnknownIssuer")] {
        let config = serving(&it.verified_by("other"), mode);
        let start = tokio::time::timeout(Duration::from_secs(5), startup::start(&config));
        let message = migrator::chain(&start.await.expect("nobody waits for it").unwrap_err());
        assert!(message.contains(reason), "{message}");
    }
    assert_eq!(it.sessions().await, []);
}
