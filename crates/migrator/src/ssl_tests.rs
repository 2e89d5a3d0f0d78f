use super::*;
use crate::variables::testing;

fn taken(text: &str) -> (Ssl, String) {
    Ssl::take(text, &testing::none).unwrap()
}

fn refused(text: &str) -> String {
    Ssl::take(text, &testing::none).unwrap_err()
}

#[test]
fn a_string_without_tls_is_left_as_it_is() {
    for text in ["postgres://u:p@h/d", "postgres://u:p?sslmode=x@h/d", "host=h user=u", "", "postgres://h/d?a=b&c=d"] {
        assert_eq!(taken(text), (Ssl::default(), text.to_owned()));
    }
}

#[test]
fn the_parameters_are_taken_out_of_a_url_wherever_they_stand() {
    let file = |path: &str| Some(Roots::File(path.into()));
    let full = Ssl { mode: Mode::VerifyFull, roots: file("/a b.crt"), certificate: None };
    for (text, rest) in [
        ("postgres://u@h/d?sslmode=verify-full&sslrootcert=/a%20b.crt", "postgres://u@h/d?"),
        ("postgres://u@h/d?sslmode=verify-full&x=y&sslrootcert=/a%20b.crt", "postgres://u@h/d?x=y&"),
        ("postgresql://h?x=y&ssl%6Dode=verify-full&sslrootcert=/a%20b.crt&z=1", "postgresql://h?x=y&z=1"),
    ] {
        assert_eq!(taken(text), (full.clone(), rest.to_owned()));
        rest.parse::<tokio_postgres::Config>().unwrap_or_default();
    }
}

#[test]
fn the_parameters_are_taken_out_of_pairs_with_their_quotes() {
    let (ssl, rest) = taken(r"host=h sslmode = verify-ca password='it\'s' sslrootcert='/my \'own\'/root.crt' user=u");
    assert_eq!(ssl.mode, Mode::VerifyCa);
    assert_eq!(ssl.roots, Some(Roots::File("/my 'own'/root.crt".into())));
    assert_eq!(rest, "host=h  password='it\\'s'  user=u");
}

#[test]
fn every_mode_of_libpq_is_known_and_what_the_driver_does_for_it() {
    for mode in Mode::ALL {
        assert_eq!(taken(&format!("postgres://h?sslmode={}", mode.name())).0.mode, mode);
    }
    assert_eq!(Mode::Allow.of_driver(), SslMode::Prefer);
    assert_eq!(Mode::VerifyCa.of_driver(), SslMode::Require);
    assert_eq!(
        refused("postgres://h?sslmode=verify"),
        "sslmode (or PGSSLMODE) is none of disable, allow, prefer, require, verify-ca, verify-full"
    );
}

#[test]
fn the_system_s_certificates_are_for_verifying_in_full() {
    assert_eq!(taken("postgres://h?sslrootcert=system").0.mode, Mode::VerifyFull);
    assert_eq!(
        refused("postgres://h?sslrootcert=system&sslmode=require"),
        "sslrootcert=system needs sslmode=verify-full, and it is require"
    );
}

#[test]
fn a_certificate_of_ours_needs_its_key() {
    let both = taken("postgres://h?sslcert=c&sslkey=k").0;
    assert_eq!(both.certificate, Some(("c".into(), "k".into())));
    assert_eq!(refused("postgres://h?sslcert=c"), "sslcert and sslkey go together, and one of them is missing");
}

#[test]
fn variables_say_what_the_string_leaves_out() {
    let variables =
        testing::given(&[("PGSSLMODE", "verify-ca"), ("PGSSLROOTCERT", "/r"), ("PGSSLCERT", "/c"), ("PGSSLKEY", "/k")]);
    let read = |text| Ssl::take(text, &variables).unwrap().0;
    let all = Ssl {
        mode: Mode::VerifyCa,
        roots: Some(Roots::File("/r".into())),
        certificate: Some(("/c".into(), "/k".into())),
    };
    assert_eq!(read("postgres://h/d"), all);
    assert_eq!(read("host=h sslmode=''"), all);
    let own = read("postgres://h/d?sslmode=require&sslkey=/own");
    assert_eq!(own, Ssl { mode: Mode::Require, certificate: Some(("/c".into(), "/own".into())), ..all });
    assert_eq!(read("postgres://h/d?sslmode=disable"), Ssl { mode: Mode::Disable, ..Ssl::default() });
    let wrong = testing::given(&[("PGSSLMODE", "verify")]);
    assert!(Ssl::take("postgres://h/d", &wrong).unwrap_err().contains("PGSSLMODE"));
}
