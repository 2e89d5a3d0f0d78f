use expect_test::{Expect, expect};

use super::*;
use crate::variables::testing;

/// As [`Server::from_url`], whatever variables the tests have.
fn server(url: &str) -> Result<Server, ConnectError> {
    Server::read(url, &testing::none)
}

fn check_refused(url: &str, expected: &Expect) {
    expected.assert_eq(&server(url).unwrap_err().to_string());
}

#[test]
fn a_target_names_everything_but_the_password() {
    let server = self::server("postgres://ann:hunter2@db.example:5433/app").unwrap();
    assert_eq!(server.target().to_string(), r#"database "app" at db.example:5433 as user "ann""#);
    assert!(!format!("{server:?}").contains("hunter2"));
}

#[test]
fn the_database_is_named_as_the_user_where_the_url_names_none() {
    let server = self::server("postgres://ann@localhost").unwrap();
    assert_eq!(server.target().to_string(), r#"database "ann" at localhost:5432 as user "ann""#);
}

#[test]
fn every_host_of_a_list_is_named() {
    let server = self::server("postgres://ann@one:1,two:2/app").unwrap();
    assert_eq!(server.target().host, "one:1, two:2");
}

#[test]
fn a_driver_s_config_is_a_server() {
    let mut config = Config::new();
    config.host("h").user("u").dbname("d").password("hunter2");
    assert_eq!(Server::from(config).target().to_string(), r#"database "d" at h:5432 as user "u""#);
}

#[test]
fn a_password_with_an_at_sign_is_refused_and_not_shown() {
    check_refused(
        "postgres://ann:hun@ter2@db/app",
        &expect![
            "the connection URL is not usable: there is more than one `@`; write those in the user name or the password as %40, and `/` as %2F. Its form is postgres://user:password@host:5432/database"
        ],
    );
    check_refused(
        "postgres://ann:hun@ter/2@db/app",
        &expect![
            "the connection URL is not usable: there is more than one `@`; write those in the user name or the password as %40, and `/` as %2F. Its form is postgres://user:password@host:5432/database"
        ],
    );
}

#[test]
fn a_misspelt_scheme_shows_nothing_of_the_url() {
    check_refused(
        "postgress://ann:hunter2@db/app?sslmode=disable",
        &expect![
            "the connection URL is not usable: it does not begin with postgres:// or postgresql://. Its form is postgres://user:password@host:5432/database"
        ],
    );
}

#[test]
fn a_wrong_option_is_named() {
    check_refused(
        "postgres://ann:hunter2@db/app?sslmod=disable",
        &expect![
            "the connection URL is not usable: unknown option `sslmod`. Its form is postgres://user:password@host:5432/database"
        ],
    );
    check_refused(
        "postgres://ann:hunter2@db:port/app",
        &expect![
            "the connection URL is not usable: invalid value for option `port`. Its form is postgres://user:password@host:5432/database"
        ],
    );
}

#[test]
fn a_url_without_host_is_refused() {
    check_refused(
        "postgres:///app",
        &expect![
            "the connection URL is not usable: it names no host. Its form is postgres://user:password@host:5432/database"
        ],
    );
}

#[test]
fn the_driver_is_told_what_it_has_to_do_for_an_sslmode() {
    let mode = |url: &str| server(url).unwrap().config().get_ssl_mode();
    assert_eq!(mode("postgres://h/d"), SslMode::Prefer);
    assert_eq!(mode("postgres://h/d?sslmode=disable"), SslMode::Disable);
    assert_eq!(mode("postgres://%2Frun/d"), SslMode::Disable);
    if cfg!(feature = "tls") {
        assert_eq!(mode("postgres://h/d?sslmode=require"), SslMode::Require);
    }
}

#[cfg(not(feature = "tls"))]
#[test]
fn a_program_without_tls_refuses_what_demands_it() {
    check_refused(
        "postgres://h/d?sslmode=verify-full",
        &expect![
            "sslmode=verify-full demands TLS, and this program was built without. Build it with the feature `tls` of the crate `migrator`, or connect with sslmode=prefer or disable"
        ],
    );
}

#[test]
fn libpq_s_programs_get_the_same_by_variables() {
    let variables = server("postgres://h/d?sslmode=allow").unwrap().ssl_variables();
    assert_eq!(variables, [("PGSSLMODE", "allow".to_owned())]);
}

#[test]
fn a_wrong_sslmode_is_named_with_the_right_ones() {
    check_refused(
        "postgres://ann:hunter2@h/d?sslmode=verify",
        &expect![
            "the connection URL is not usable: sslmode (or PGSSLMODE) is none of disable, allow, prefer, require, verify-ca, verify-full. Its form is postgres://user:password@host:5432/database"
        ],
    );
}
