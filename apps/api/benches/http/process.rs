//! The servers that are measured, each a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{CONNECTIONS, handwritten};

const API: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// A server that listens; ended with the value.
pub(crate) struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// The service, as it is deployed. It writes a line for each request that is of no use here.
    pub(crate) fn api(url: &str) -> Self {
        let mut command = command(API, url);
        command.env("RUST_LOG", "warn,api::server=info").env("DATABASE_POOL_SIZE", CONNECTIONS.to_string());
        Self::start(command)
    }

    /// The handler for comparison, which asks the database who calls, or does not.
    pub(crate) fn by_hand(url: &str, asking: bool) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut command = command(program.to_str().unwrap(), url);
        command.arg(handwritten::ARGUMENT).env(handwritten::ASKING, if asking { "1" } else { "0" });
        Self::start(command)
    }

    /// Waits until it says where it listens.
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let listening = lines.find(|line| line.contains("listening on http://")).expect("it listens");
        let address = listening.rsplit("http://").next().unwrap();
        let port = address.split(|c: char| !c.is_ascii_digit() && c != '.').nth(1).unwrap().parse().unwrap();
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The bytes of memory that it holds, where the system tells.
    pub(crate) fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command of the service prints.
pub(crate) fn run(url: &str, arguments: &[&str]) -> String {
    let output = command(API, url).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A program with a database and nothing else from outside.
fn command(program: &str, url: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir("/").env("DATABASE_URL", url).env("PORT", "0").stdin(Stdio::null());
    command
}
