//! The server on real sockets: its address, connections without a Host, and thousands that say nothing.

use std::net::SocketAddr;
use std::time::Duration;

use devdb::test::Database;
use migrator::Server;
use studio::{ListenError, Studio};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn studio(database: &Database) -> Studio {
    Studio::new(Server::from_url(database.url().reveal()).unwrap())
}

fn address_of(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").split('/').next().unwrap().parse().unwrap()
}

async fn say(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_port_that_is_taken_gives_the_next_one() {
    let database = Database::empty().await.unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let listening = studio(&database).await.listen(SocketAddr::from(([127, 0, 0, 1], port))).await.unwrap();
    let found = address_of(listening.address()).port();
    assert!(found > port && found <= port + 20, "{found} after {port}");
}

#[tokio::test]
async fn what_others_reach_needs_a_password() {
    let database = Database::empty().await.unwrap();
    let open = studio(&database).await.listen("0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(open, Err(ListenError::Open { .. })));
    let closed = studio(&database).await.password("secret").listen("0.0.0.0:0".parse().unwrap()).await.unwrap();
    assert!(!closed.address().contains("token"), "{}", closed.address());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_host_no_answer_and_thousands_of_silent_connections_shut_nobody_out() {
    let database = Database::empty().await.unwrap();
    let listening = studio(&database).await.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = listening.address().to_owned();
    let address = address_of(&url);
    tokio::spawn(listening.serve());
    let without = say(address, "GET /api/overview HTTP/1.0\r\n\r\n").await;
    assert!(without.starts_with("HTTP/1.0 421"), "{without}");

    let mut silent = Vec::new();
    for at in 0..2000 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // One letter at a time is as good as none.
        stream.write_all(b"G").await.unwrap();
        silent.push(stream);
        // The test's own ends are files too.
        if at >= 300 {
            silent.remove(0);
        }
    }
    let token = url.split_once('?').unwrap().1;
    let request = format!("GET /?{token} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let opened = say(address, &request).await;
    assert!(opened.starts_with("HTTP/1.1 303"), "{opened}");
}
