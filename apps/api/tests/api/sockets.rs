//! What arrives on a socket and is no decent request. None of it costs the service more than the
//! connection on which it came.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::binary::{Service, api, get, read};
use crate::harness::{admin, migrated};

struct Running {
    service: Service,
    token: String,
    database: devdb::test::Database,
}

impl Running {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(variables: &[(&str, &str)]) -> Self {
        let database = migrated().await;
        let token = admin(&database).await;
        let service = Service::start(api(database.url()).envs(variables.iter().copied()));
        Self { service, token, database }
    }

    /// The head of a request that creates a user, with further header lines.
    fn create(&self, headers: &str) -> String {
        let Self { token, .. } = self;
        format!(
            "POST /users HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Connection: close\r\n{headers}\r\n\r\n"
        )
    }

    /// A connection on which these bytes were sent.
    fn sent(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = self.service.send("");
        // As far as the other side takes them: it may have refused and left already.
        let _ = stream.write_all(bytes);
        stream
    }

    /// What the service answers until it closes the connection.
    fn answer(&self, bytes: &[u8]) -> String {
        received(self.sent(bytes))
    }

    /// That the answer has this status, and that others are answered as before.
    #[track_caller]
    fn assert_status(&self, name: &str, bytes: &[u8], status: u16) {
        let answer = self.answer(bytes);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{name}: {answer}");
        self.assert_well(name);
    }

    /// That others are answered as before.
    #[track_caller]
    fn assert_well(&self, name: &str) {
        let answer = read(self.service.send(&get("/readyz")));
        assert!(answer.starts_with("HTTP/1.1 200"), "after {name}: {answer}");
    }

    async fn users(&self) -> i64 {
        let client = self.database.connect().await.unwrap();
        client.query_one("SELECT count(*) FROM users", &[]).await.unwrap().get(0)
    }
}

/// All that comes; a connection that is reset ends it, too.
fn received(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused_with_400() {
    let running = Running::new().await;
    let cases: [(&str, &[u8]); 12] = [
        ("noise", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("no version", b"GET /livez\r\n\r\n"),
        ("an unknown version", b"GET /livez HTTP/9.9\r\n\r\n"),
        ("a method with a space", b"G ET /livez HTTP/1.1\r\n\r\n"),
        ("a header without a colon", b"GET /livez HTTP/1.1\r\nHost\r\n\r\n"),
        ("a NUL in a header", b"GET /livez HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
        ("a space in a header's name", b"GET /livez HTTP/1.1\r\nHo st: a\r\n\r\n"),
        ("a folded header", b"GET /livez HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"),
        ("a length that is none", b"POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        ("two lengths", b"POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
        ("a length beyond all numbers", b"POST /users HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        ("bytes in the path", b"GET /users/\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n"),
    ];
    for (name, bytes) in cases {
        running.assert_status(name, bytes, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_large_is_refused() {
    let running = Running::new().await;
    let long = "a".repeat(1 << 20);
    running.assert_status("a long header", format!("GET /livez HTTP/1.1\r\nHost: {long}\r\n\r\n").as_bytes(), 431);
    let many: String = (0..1000).map(|number| format!("X-{number}: a\r\n")).collect();
    running.assert_status("many headers", format!("GET /livez HTTP/1.1\r\n{many}\r\n").as_bytes(), 431);
    let path = &long[..70_000];
    running.assert_status("a long path", format!("GET /{path} HTTP/1.1\r\nHost: api\r\n\r\n").as_bytes(), 414);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_before_it_has_come() {
    let running = Running::new().await;
    // Nothing of the body is sent.
    let announced = running.create("Content-Length: 1000000000000");
    running.assert_status("a body that is announced", announced.as_bytes(), 413);
    let asking = running.create("Content-Length: 1000000000000\r\nExpect: 100-continue");
    running.assert_status("a client that asks before", asking.as_bytes(), 413);
    let mut endless = running.create("Transfer-Encoding: chunked").into_bytes();
    for _ in 0..64 {
        endless.extend_from_slice(b"10000\r\n");
        endless.extend(std::iter::repeat_n(b' ', 0x10000));
        endless.extend_from_slice(b"\r\n");
    }
    let answer = running.answer(&endless);
    // Where more is on its way than the system keeps, it may be thrown away together with the answer.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    running.assert_well("a body without an end");
    assert_eq!(running.users().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_utf8_is_refused_and_never_an_internal_error() {
    let running = Running::new().await;
    let token = &running.token;
    let get = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")
    };
    let latin = b"GET /users HTTP/1.1\r\nHost: api\r\nConnection: close\r\nAuthorization: Bearer api_\xe4\r\n\r\n";
    running.assert_status("a token", latin, 401);
    running.assert_status("a path", get("/users/%ff%fe").as_bytes(), 400);
    // The URL standard puts U+FFFD in their place, and no user has such an address.
    running.assert_status("a query", get("/users?email=%ff%fe").as_bytes(), 200);
    running.assert_status("a NUL in a query", get("/users?email=%00").as_bytes(), 422);
    let body = b"{\"email\":\"\xff\xfe@example.com\"}";
    let request = [running.create(&format!("Content-Length: {}", body.len())).as_bytes(), body].concat();
    running.assert_status("a body", &request, 400);
    let surrogate = br#"{"email":"\ud800@example.com"}"#;
    let request = [running.create(&format!("Content-Length: {}", surrogate.len())).as_bytes(), surrogate].concat();
    running.assert_status("half a surrogate", &request, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_million_brackets_is_refused() {
    let running = Running::new().await;
    for open in ["[", r#"{"email":"#] {
        let body = open.repeat((1 << 20) / open.len());
        let request = running.create(&format!("Content-Length: {}", body.len())) + &body;
        let answer = running.answer(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 422"), "{answer}");
        running.assert_well("brackets");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_in_the_middle_changes_nothing() {
    let running = Running::new().await;
    let body = r#"{"email":"ann@example.com"}"#;
    let request = running.create(&format!("Content-Length: {}", body.len())) + body;
    for length in (0..request.len()).step_by(7) {
        // Half closed: it says no more, and still listens.
        let half = running.sent(&request.as_bytes()[..length]);
        half.shutdown(Shutdown::Write).unwrap();
        let answer = received(half);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{length}: {answer}");
        // Gone.
        drop(running.service.send(&request[..length]));
    }
    running.assert_well("clients that left");
    assert_eq!(running.users().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_by_the_drop_is_given_up() {
    let running = Running::with(&[("REQUEST_TIMEOUT", "1")]).await;
    let mut slow = running.sent(running.create("Content-Length: 99").as_bytes());
    for _ in 0..15 {
        // In the end nobody takes it any more.
        let _ = slow.write_all(b" ");
        thread::sleep(Duration::from_millis(100));
    }
    let answer = received(slow);
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("took longer than 1 s"), "{answer}");
    running.assert_well("a slow body");
}

#[cfg(feature = "docs")]
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_of_its_answers_is_left() {
    let running = Running::with(&[("IDLE_TIMEOUT", "1")]).await;
    let answer = running.answer(get("/openapi.json").as_bytes()).len();
    // More than the system keeps on its way.
    let many = (64 << 20) / answer;
    let stuck = running.sent(get("/openapi.json").replace("Connection: close\r\n", "").repeat(many).as_bytes());
    thread::sleep(Duration::from_millis(2500));
    running.assert_well("a client that does not read");
    let taken = received(stuck).len();
    assert!(taken < answer * many / 2, "{taken} bytes of {many} answers came after all");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_one_piece_are_answered_in_order() {
    let running = Running::new().await;
    let kept = get("/livez").replace("Connection: close\r\n", "");
    let answer = read(running.service.send(&format!("{kept}{kept}{}{}", get("/nowhere"), get("/livez"))));
    let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    // The third asked to close.
    assert_eq!(statuses, ["200", "200", "404"], "{answer}");
}
