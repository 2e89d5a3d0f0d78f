//! Servers and databases that cannot be reached.

use std::io::{Read, Write};
use std::net::TcpListener;

use expect_test::expect;
use migrator::tokio_postgres::Config;
use migrator::{Migrator, Server};

use crate::support::{Folder, USERS, database};

/// An error with its causes, as a program would print it.
fn report(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!("cause: {cause}\n");
        source = cause.source();
    }
    text
}

/// What a connection with this configuration is refused with, host and port made constant.
async fn refused(config: &Config) -> String {
    let error = Migrator::new(Folder::new(&[USERS]).migrations(), config.clone()).run().await.unwrap_err();
    let text = report(&error);
    assert!(!format!("{text} {error:?}").contains("hunter2"), "the password is shown");
    text.replace(&Server::from(config.clone()).target().host, "HOST:PORT")
}

#[tokio::test]
async fn a_missing_database_is_named_with_the_way_to_make_it() {
    let database = database().await;
    let mut config = database.config.clone();
    config.dbname("no_such_database");
    expect![[r#"
        there is no database "no_such_database" at HOST:PORT as user "postgres". Create it (`createdb "no_such_database"`) or correct the name in the connection URL
        cause: FATAL: database "no_such_database" does not exist (SQLSTATE 3D000)
    "#]].assert_eq(&refused(&config).await);
}

/// A server that asks for a password and accepts none, whatever the test server's pg_hba.conf says.
fn strict_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 1024];
        // The startup message, answered by AuthenticationCleartextPassword.
        let _ = stream.read(&mut buffer).unwrap();
        stream.write_all(b"R\0\0\0\x08\0\0\0\x03").unwrap();
        let _ = stream.read(&mut buffer).unwrap();
        let fields = b"SFATAL\0C28P01\0Mpassword authentication failed for user \"ann\"\0\0";
        let length = u32::try_from(fields.len() + 4).unwrap();
        stream.write_all(b"E").unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(fields).unwrap();
    });
    port
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_being_shown() {
    let mut config = Config::new();
    config.host("127.0.0.1").port(strict_server()).user("ann").dbname("app").password("hunter2");
    config.ssl_mode(migrator::tokio_postgres::config::SslMode::Disable);
    expect![[r#"
        PostgreSQL refuses the login to database "app" at HOST:PORT as user "ann". Check user and password in the connection URL (characters such as @ : / must be percent-encoded) and the server's pg_hba.conf
        cause: FATAL: password authentication failed for user "ann" (SQLSTATE 28P01)
    "#]].assert_eq(&refused(&config).await);
}

#[tokio::test]
async fn an_unreachable_server_is_named() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut config = Config::new();
    config.host("127.0.0.1").port(unused).user("ann").dbname("app").password("hunter2");
    expect![[r#"
        no PostgreSQL answers for database "app" at HOST:PORT as user "ann". Check that it runs there and accepts connections
        cause: error connecting to server: Connection refused (os error 111)
    "#]].assert_eq(&refused(&config).await);
}
