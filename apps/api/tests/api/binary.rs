//! The program as it is deployed: arguments, output, signals, exit codes.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::harness::{App, admin, empty, http, migrated};

/// A list of nothing.
const NOBODY: &str = "/users?email=nobody";

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(30);

/// The program with a database and nothing else from outside; it finds no .env.
pub(crate) fn api(url: &devdb::Url) -> Command {
    let mut command = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
    command.env_clear().current_dir("/").env("DATABASE_URL", url.reveal()).env("PORT", "0").stdin(Stdio::null());
    command
}

/// A running service; killed if a test ends before it does.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: String,
    log: mpsc::Receiver<String>,
}

impl Service {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, log) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut service = Self { child, address: String::new(), log };
        let listening = service.wait_for_line("listening on http://");
        service.address = listening.rsplit("http://").next().unwrap().to_owned();
        service
    }

    pub(crate) fn wait_for_line(&self, part: &str) -> String {
        let deadline = Instant::now() + LIMIT;
        loop {
            let line = self.log.recv_timeout(deadline - Instant::now()).expect("the line comes before the end");
            if line.contains(part) {
                return line;
            }
        }
    }

    pub(crate) fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    pub(crate) fn terminate(&self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
    }

    /// The exit code, and how long it took.
    pub(crate) fn ended(&mut self) -> (Option<i32>, Duration) {
        let started = Instant::now();
        while started.elapsed() < LIMIT {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), started.elapsed());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the service did not end within {LIMIT:?}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended, or the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n")
}

pub(crate) fn get_as(token: &str, path: &str) -> String {
    get(path).replacen("Host: api", &format!("Host: api\r\nAuthorization: Bearer {token}"), 1)
}

pub(crate) fn read(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_finishes_what_it_has_begun_and_ends_with_0() {
    let database = migrated().await;
    let token = admin(&database).await;
    let mut service = Service::start(&mut api(database.url()));
    assert!(read(service.send(&get("/readyz"))).starts_with("HTTP/1.1 200"));

    // A lock on the table makes the request slow.
    let locker = database.connect().await.unwrap();
    locker.batch_execute("begin; lock table users in access exclusive mode").await.unwrap();
    let slow = service.send(&get_as(&token, NOBODY));
    let idle = TcpStream::connect(&service.address).unwrap();
    wait_until_blocked(&database).await;
    service.terminate();
    service.wait_for_line("SIGTERM");
    thread::sleep(Duration::from_millis(600));
    assert!(service.child.try_wait().unwrap().is_none(), "it waits for the request");
    assert!(TcpStream::connect(&service.address).is_err(), "it takes no more connections");
    locker.batch_execute("rollback").await.unwrap();

    let answer = read(slow);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"items":[],"next_cursor":null}"#), "{answer}");
    let slow = service.wait_for_line("slow query");
    assert!(slow.contains("users"), "{slow}");
    let (code, waited) = service.ended();
    assert_eq!(code, Some(0));
    assert!(waited < Duration::from_secs(5), "an idle connection does not hold it: {waited:?}");
    drop(idle);
}

/// Sends requests on one connection until an answer asks to close it, and counts the answers.
fn work(address: &str, token: &str, answered: &AtomicUsize) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let mut buffer = [0; 4096];
    loop {
        stream.write_all(get_as(token, NOBODY).replace("Connection: close\r\n", "").as_bytes()).unwrap();
        let mut answer = String::new();
        while !answer.ends_with(r#""next_cursor":null}"#) {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0, "closed without an answer: {answer}");
            answer.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
        answered.fetch_add(1, Ordering::Relaxed);
        if answer.contains("connection: close") {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_under_load_it_drops_no_request() {
    let database = migrated().await;
    let token = admin(&database).await;
    let mut service = Service::start(api(database.url()).env("SHUTDOWN_DELAY", "1"));
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..16)
        .map(|_| {
            let (address, token, answered) = (service.address.clone(), token.clone(), answered.clone());
            thread::spawn(move || work(&address, &token, &answered))
        })
        .collect();
    // Every client works on.
    while answered.load(Ordering::Relaxed) < 100 {
        thread::sleep(Duration::from_millis(1));
    }
    service.terminate();
    service.wait_for_line("SIGTERM");
    let late = read(service.send(&get("/readyz")));
    assert!(late.starts_with("HTTP/1.1 503") && late.contains("the process is stopping"), "{late}");
    for client in clients {
        client.join().unwrap();
    }
    let (code, waited) = service.ended();
    assert_eq!(code, Some(0));
    assert!(waited < Duration::from_secs(5), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_client_cannot_hold_the_end_beyond_the_deadline() {
    let database = migrated().await;
    let token = admin(&database).await;
    let mut service = Service::start(api(database.url()).env("SHUTDOWN_TIMEOUT", "1"));
    let stuck = service
        .send(&format!("POST /users HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{"));
    // The answer to a later request shows that the first was taken.
    assert!(read(service.send(&get("/livez"))).starts_with("HTTP/1.1 200"));
    service.terminate();
    let (code, waited) = service.ended();
    assert_eq!(code, Some(0));
    assert!(waited < Duration::from_secs(5), "{waited:?}");
    drop(stuck);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_the_whole_head_of_a_request_is_closed_and_others_are_served() {
    let database = migrated().await;
    let mut command = api(database.url());
    let service = Service::start(command.env("IDLE_TIMEOUT", "1"));
    let started = Instant::now();
    let slow: Vec<_> = (0..64).map(|_| service.send("GET /livez HTTP/1.1\r\nHost: api\r\nX-Slow: ")).collect();
    let silent = TcpStream::connect(&service.address).unwrap();
    silent.set_read_timeout(Some(LIMIT)).unwrap();
    let kept = service.send(&get("/livez").replace("Connection: close\r\n", ""));
    assert!(read(service.send(&get("/livez"))).starts_with("HTTP/1.1 200"));
    for stream in slow.into_iter().chain([silent]) {
        assert_eq!(read(stream), "", "it is closed without an answer");
    }
    assert!(started.elapsed() >= Duration::from_millis(900), "{:?}", started.elapsed());
    assert!(read(kept).starts_with("HTTP/1.1 200"), "also where a request went before");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(read(service.send(&get("/readyz"))).starts_with("HTTP/1.1 200"));
}

#[cfg(feature = "metrics")]
#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_read_where_their_port_says() {
    let database = migrated().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut service = Service::start(api(database.url()).env("METRICS_PORT", free.port().to_string()));
    read(service.send(&get("/readyz")));
    let mut stream = TcpStream::connect(free).unwrap();
    stream.write_all(get("/metrics").as_bytes()).unwrap();
    let text = read(stream);
    assert!(text.contains("http_requests_total{method=\"GET\",route=\"/readyz\",status=\"200\"} 1"), "{text}");
    service.terminate();
    assert_eq!(service.ended().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let database = migrated().await;
    let token = admin(&database).await;
    let mut service = Service::start(api(database.url()).env("SHUTDOWN_TIMEOUT", "600"));
    let locker = database.connect().await.unwrap();
    locker.batch_execute("begin; lock table users in access exclusive mode").await.unwrap();
    let slow = service.send(&get_as(&token, NOBODY));
    wait_until_blocked(&database).await;
    service.terminate();
    service.wait_for_line("SIGTERM");
    service.terminate();
    assert_eq!(service.ended().0, Some(0));
    drop(slow);
}

/// Waits until a query of the service waits for a lock.
async fn wait_until_blocked(database: &devdb::test::Database) {
    let client = database.connect().await.unwrap();
    let sql = "select count(*) from pg_locks where not granted and database =
               (select oid from pg_database where datname = current_database())";
    let deadline = Instant::now() + LIMIT;
    while client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(Instant::now() < deadline, "no query waits for a lock");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn migrate_applies_prints_and_ends() {
    let database = empty().await;
    let mut migrate = api(database.url());
    migrate.arg("migrate").env("PORT", "not read by a job");
    let output = migrate.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("applied 0000_"), "{}", text(&output));
    let again = migrate.output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("nothing is pending"), "{}", text(&again));
}

#[tokio::test]
async fn a_migration_that_fails_ends_both_commands_with_1_and_the_whole_message() {
    let database = empty().await;
    database.connect().await.unwrap().batch_execute("create table users (id int)").await.unwrap();
    for argument in [None, Some("migrate")] {
        let output = api(database.url()).args(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        for part in ["error: migration 0000_", "(SQLSTATE 42P07)", "Rolled back", "Next:"] {
            assert!(text(&output).contains(part), "{part} is not in: {}", text(&output));
        }
    }
}

#[tokio::test]
async fn a_wrong_environment_is_reported_whole_and_without_the_password() {
    let url = devdb::Url::parse("postgres://app:s3cret@127.0.0.1:1/app").unwrap();
    let output = api(&url).env("PORT", "x").env("MIGRATIONS", "maybe").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("PORT is \"x\"") && text(&output).contains("MIGRATIONS is \"maybe\""));
    let output = api(&url).env("DATABASE_CONNECT_TIMEOUT", "0.1").env("RUST_LOG", "trace").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("127.0.0.1:1") && !text(&output).contains("s3cret"), "{}", text(&output));
}

#[tokio::test]
async fn a_line_of_dotenv_that_is_no_line_is_reported_without_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    for line in ["DATABASE_URL postgres://app:secret@localhost/app?sslmode=require", "SECRET='secret", "secret"] {
        std::fs::write(folder.path().join(".env"), line).unwrap();
        let output = api(empty().await.url()).current_dir(folder.path()).arg("config").output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(text(&output).contains("cannot read .env"), "{}", text(&output));
        assert!(!text(&output).contains("secret"), "{}", text(&output));
    }
}

#[tokio::test]
async fn a_token_from_the_command_line_is_that_of_an_admin() {
    let database = migrated().await;
    let first = api(database.url()).args(["token", "ann@example.com"]).output().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", text(&first));
    let token = |output: &Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let app = App::on(database, http()).seen_by(token(&first));
    assert_eq!(app.get("/users?role=admin&email=ann@example.com").await.body["items"].as_array().unwrap().len(), 1);
    let again = api(app.database.url()).args(["token", "ANN@example.com"]).output().unwrap();
    app.get("/users").await.assert_problem(401, &[]);
    assert_eq!(app.seen_by(token(&again)).get("/users").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_asks_the_service_and_ends_with_1_where_it_is_not_ready() {
    let database = migrated().await;
    let service = Service::start(&mut api(database.url()));
    let port = service.address.rsplit(':').next().unwrap().to_owned();
    let health = || api(database.url()).arg("health").env("PORT", &port).env("HOST", "0.0.0.0").output().unwrap();
    assert_eq!(health().status.code(), Some(0), "{}", text(&health()));
    database.connect().await.unwrap().batch_execute("delete from __drizzle_migrations").await.unwrap();
    // The answer before holds for a second.
    thread::sleep(Duration::from_millis(1100));
    let output = health();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("migrations are pending"), "{}", text(&output));
    drop(service);
    let output = health();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains(&format!("cannot ask http://127.0.0.1:{port}/readyz")), "{}", text(&output));
}

#[tokio::test]
async fn config_shows_what_holds_without_the_password() {
    let url = devdb::Url::parse("postgres://app:s3cret@127.0.0.1:1/app").unwrap();
    let output = api(&url).arg("config").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let shown = text(&output);
    assert!(shown.contains("DATABASE_URL              database \"app\" at 127.0.0.1:1"), "{shown}");
    assert!(shown.contains("REQUEST_TIMEOUT           30  (default)") && !shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn an_unknown_argument_is_a_matter_of_usage() {
    let url = devdb::Url::parse("postgres://app@127.0.0.1:1/app").unwrap();
    let output = api(&url).arg("serve").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains(concat!(env!("CARGO_PKG_NAME"), " --help")), "{}", text(&output));
    for address in [&[][..], &["ann"]] {
        let output = api(&url).arg("token").args(address).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    }
    let help = api(&url).arg("--help").output().unwrap();
    for command in ["migrate", "token"] {
        assert_eq!(text(&api(&url).args([command, "--help"]).output().unwrap()), text(&help), "{command}");
    }
    assert_eq!(help.status.code(), Some(0));
    for variable in ["DATABASE_URL", "MIGRATION_DATABASE_URL", "PORT", "MIGRATIONS", "SHUTDOWN_TIMEOUT", "LOG_FORMAT"] {
        assert!(text(&help).contains(variable), "{variable} is not in the help");
    }
}
