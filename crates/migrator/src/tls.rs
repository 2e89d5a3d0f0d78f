//! TLS by rustls, as libpq does it: what is verified follows from `sslmode` and `sslrootcert`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WantsClientCert, WebPkiServerVerifier, verify_server_cert_signed_by_trust_anchor};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::connect_error::ConnectError;
use crate::ssl::{Mode, Roots, Ssl};

/// What encrypts connections, for a pool of the caller's own: see [`Server::tls`](crate::Server::tls).
pub type Tls = tokio_postgres_rustls::MakeRustlsConnect;

/// A file that is of no use.
fn unusable(path: &Path, reason: impl ToString) -> ConnectError {
    ConnectError::Certificates { what: path.display().to_string(), reason: reason.to_string() }
}

/// What of a server's certificate has to hold.
enum Verified {
    Nothing,
    /// Who signed it.
    Chain(RootCertStore),
    /// That, and the name of the host.
    Full(RootCertStore),
}

/// The connector for what a connection string says. Files are read now, and not with each connection.
pub(crate) fn connector(ssl: &Ssl) -> Result<Tls, ConnectError> {
    let config = verifying_by(match verified(ssl)? {
        Verified::Nothing => by_chain(None),
        Verified::Chain(roots) => by_chain(Some(roots)),
        Verified::Full(roots) => WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .expect("there are roots and no revocation lists, and nothing else can fail"),
    });
    let config = match &ssl.certificate {
        None => config.with_no_client_auth(),
        Some((certificate, key)) => {
            let shown = certificates(certificate)?;
            let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, pem_reason(&error)))?;
            config.with_client_auth_cert(shown, private).map_err(|error| unusable(key, error))?
        }
    };
    Ok(Tls::new(config))
}

/// The connector where there is nothing to read and nothing to verify.
pub(crate) fn unverified() -> Tls {
    Tls::new(verifying_by(by_chain(None)).with_no_client_auth())
}

fn verifying_by(verifier: Arc<dyn ServerCertVerifier>) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring has cipher suites for every version")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
}

fn by_chain(roots: Option<RootCertStore>) -> Arc<dyn ServerCertVerifier> {
    Arc::new(ByChain { roots, provider: provider() })
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn verified(ssl: &Ssl) -> Result<Verified, ConnectError> {
    let roots = || match &ssl.roots {
        Some(Roots::System) => system_roots(),
        Some(Roots::File(path)) => file_roots(path),
        None => default_roots(ssl.mode),
    };
    Ok(match ssl.mode {
        Mode::VerifyFull => Verified::Full(roots()?),
        Mode::VerifyCa => Verified::Chain(roots()?),
        // Whoever names a root certificate wants it to count, also for libpq.
        Mode::Require if ssl.roots.is_some() || default_file().is_some_and(|path| path.exists()) => {
            Verified::Chain(roots()?)
        }
        Mode::Allow | Mode::Prefer if ssl.roots.is_some() => Verified::Chain(roots()?),
        Mode::Require | Mode::Allow | Mode::Prefer | Mode::Disable => Verified::Nothing,
    })
}

/// Where libpq looks when nothing is said.
fn default_file() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join(".postgresql/root.crt"))
}

fn default_roots(mode: Mode) -> Result<RootCertStore, ConnectError> {
    match default_file() {
        Some(path) if path.exists() => file_roots(&path),
        path => Err(ConnectError::Certificates {
            what: path.map_or_else(|| "sslrootcert".to_owned(), |path| path.display().to_string()),
            reason: format!(
                "it is not there, and sslmode={} needs root certificates: name their file by sslrootcert, or take those \
                 of the operating system by sslrootcert=system",
                mode.name()
            ),
        }),
    }
}

fn file_roots(path: &Path) -> Result<RootCertStore, ConnectError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| unusable(path, error))?;
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore, ConnectError> {
    let loaded = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // A store has certificates that only other programs can read.
    roots.add_parsable_certificates(loaded.certs);
    if roots.is_empty() {
        let reason = loaded.errors.first().map_or_else(|| "there are none".to_owned(), ToString::to_string);
        return Err(ConnectError::Certificates { what: "the operating system's root certificates".to_owned(), reason });
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|error| unusable(path, pem_reason(&error)))?;
    if read.is_empty() { Err(unusable(path, "there is no certificate in it")) } else { Ok(read) }
}

fn pem_reason(error: &PemError) -> String {
    match error {
        PemError::Io(error) => error.to_string(),
        PemError::NoItemsFound => "there is none of it in it".to_owned(),
        error => format!("it is no PEM ({error:?})"),
    }
}

/// Verifies who signed a certificate, if that, and not for which host.
///
/// That the server has the certificate's key is verified always: channel binding stands on it.
#[derive(Debug)]
struct ByChain {
    roots: Option<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ByChain {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// What rustls found wrong and what to do about it, where it is in the causes of a driver's error.
pub(crate) fn problem(cause: &io::Error) -> Option<String> {
    let error = cause.get_ref()?.downcast_ref::<Error>()?;
    Some(match error {
        Error::InvalidCertificate(error) => problem_of_certificate(error),
        Error::AlertReceived(alert) => format!(
            "the server ends it ({alert:?}). Its log has the reason; if it wants a certificate of ours, name one by \
             sslcert and sslkey"
        ),
        error => format!("{error}. See the server's log, and that a PostgreSQL answers there"),
    })
}

fn problem_of_certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "the server's certificate is signed by none of the root certificates. Name \
             the file with the one that signed it by sslrootcert"
            .to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            // They come as `DnsName("db.example")`.
            let names: Vec<&str> = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name)).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            format!(
                "the server's certificate is for {names}, and not for {}. Connect by a name that it has, or do \
                 without the name by sslmode=verify-ca",
                expected.to_str()
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired. Renew it there".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet. Compare the clocks".to_owned()
        }
        // webpki has no word of its own for it.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the server's certificate is that of an authority, which must only sign others. Make one for the server, \
             signed by it"
                .to_owned()
        }
        error => format!("the server's certificate cannot be used: {error}. Make another one"),
    }
}
