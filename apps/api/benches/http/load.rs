//! Load by wrk, and its figures.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// The rounds so far, of all routes.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// What is asked again and again.
pub(crate) struct Load {
    /// The route, in words.
    pub(crate) name: &'static str,
    method: &'static str,
    /// Where; `{id}` stands for one of the ids.
    path: &'static str,
    /// `{new}` stands for what no other request has.
    body: Option<Value>,
    ids: Vec<String>,
    token: String,
}

/// The figures of one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p99: Duration,
}

impl Load {
    /// A row by its id, a page of rows, a new row.
    pub(crate) fn all(ids: &[String], token: &str) -> [Self; 3] {
        let user = json!({ "email": "{new}@example.com", "name": "A new user" });
        let load =
            |name, method, path, body| Self { name, method, path, body, ids: ids.to_vec(), token: token.to_owned() };
        [
            load("get a user by id", "GET", "/users/{id}", None),
            load("list 20 users", "GET", "/users?limit=20", None),
            load("insert a user", "POST", "/users", Some(user)),
        ]
    }

    /// The names of an answer's fields, and of the first row's in a list: that two servers do the same work.
    pub(crate) fn shape(&self, port: u16) -> (u16, usize, Vec<String>) {
        let (status, body) = self.once(port);
        let body: Value = serde_json::from_str(&body).unwrap();
        let items = body["items"].as_array();
        let row = items.map_or(&body, |items| &items[0]);
        (status, items.map_or(1, Vec::len), row.as_object().unwrap().keys().cloned().collect())
    }

    fn once(&self, port: u16) -> (u16, String) {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let body = body.replace("{new}", &format!("shape-{port}"));
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: api\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.method,
            self.path.replace("{id}", &self.ids[0]),
            self.token,
            body.len()
        );
        ask(port, &request).unwrap()
    }

    /// A round of wrk. An answer that is no success ends the measurement.
    pub(crate) fn run(&self, port: u16, connections: usize, time: Duration) -> Measured {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("load.lua");
        std::fs::write(&script, self.script()).unwrap();
        let mut wrk = Command::new("wrk");
        wrk.arg("--threads=1").arg(format!("--connections={connections}"));
        wrk.arg(format!("--duration={}s", time.as_secs())).arg("--script").arg(&script);
        wrk.arg(format!("http://127.0.0.1:{port}"));
        let output = wrk.output().unwrap_or_else(|error| panic!("wrk must be on the PATH (apt, brew): {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("figures ")).unwrap_or_else(|| panic!("{text}"));
        let figures: Vec<f64> = line.split(' ').map(|figure| figure.parse().unwrap()).collect();
        let &[requests, micros, p99, errors] = &figures[..] else { panic!("{text}") };
        assert!(requests > 0.0 && errors == 0.0, "{}: {text}", self.name);
        Measured { per_second: requests / micros * 1e6, p99: Duration::from_secs_f64(p99 / 1e6) }
    }

    fn script(&self) -> String {
        let ids = self.ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(",");
        let body = self.body.as_ref().map_or("nil".to_owned(), |body| format!("[==[{body}]==]"));
        format!(
            r#"local ids = {{{ids}}}
local headers = {{["Authorization"] = "Bearer {token}", ["Content-Type"] = "application/json"}}
local body = {body}
local at, run = 0, {run:?}
request = function()
  at = at + 1
  local path = string.gsub("{path}", "{{id}}", ids[at % #ids + 1])
  return wrk.format("{method}", path, headers, body and (string.gsub(body, "{{new}}", run .. at)))
end
done = function(summary, latency)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  print("figures " .. summary.requests .. " " .. summary.duration .. " " .. latency:percentile(99) .. " " .. errors)
end
"#,
            run = format!("{}-{}-", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed)),
            token = self.token,
            method = self.method,
            path = self.path,
        )
    }
}

impl Measured {
    /// Of throughput and of the percentile, each by itself.
    pub(crate) fn median(rounds: Vec<Self>) -> Self {
        let mut per_second: Vec<_> = rounds.iter().map(|round| round.per_second).collect();
        let mut p99: Vec<_> = rounds.iter().map(|round| round.p99).collect();
        per_second.sort_by(f64::total_cmp);
        p99.sort();
        Self { per_second: per_second[rounds.len() / 2], p99: p99[rounds.len() / 2] }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, {:.1} ms", self.per_second, self.p99.as_secs_f64() * 1000.0)
    }
}

/// The status of a GET; none where nobody answers.
pub(crate) fn status(port: u16, path: &str) -> Option<u16> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n");
    ask(port, &request).map(|(status, _)| status)
}

fn ask(port: u16, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.get(9..12)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}
