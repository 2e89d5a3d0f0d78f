//! Reading `postmaster.pid`, the file in which a running server says who and where it is.

use std::fs;
use std::path::Path;

use crate::os;

/// A server that accepts connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) port: u16,
}

/// What the file tells about the process that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// No file: it was shut down in order.
    Stopped,
    /// The process is gone; PostgreSQL itself recovers from that at its next start.
    Crashed,
    /// The process is gone, but its number is taken: by another program, as after a reboot, or by
    /// its own remains. PostgreSQL would take that for the server and refuse to start.
    Recycled,
    /// Alive, but not accepting connections (starting, recovering, stopping).
    Busy,
    /// Alive and accepting connections.
    Ready(Running),
}

/// Line 1 is the process number, 4 the port, 8 the state (PostgreSQL's `miscadmin.h`,
/// `LOCK_FILE_LINE_*`).
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    port: Option<u16>,
    ready: bool,
}

/// The state of the cluster in `data`.
pub(crate) fn state(data: &Path) -> State {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else {
        return State::Stopped;
    };
    let Some(file) = parse(&text) else {
        return State::Crashed;
    };
    if !os::is_alive(file.pid) {
        return State::Crashed;
    }
    if os::program_of(file.pid).is_some_and(|name| !name.starts_with("postgres")) {
        return State::Recycled;
    }
    match file {
        PidFile { port: Some(port), ready: true, .. } => State::Ready(Running { port }),
        _ => State::Busy,
    }
}

/// The server of the cluster in `data`, if it accepts connections.
pub(crate) fn running(data: &Path) -> Option<Running> {
    match state(data) {
        State::Ready(running) => Some(running),
        _ => None,
    }
}

fn parse(text: &str) -> Option<PidFile> {
    let line = |number: usize| text.lines().nth(number - 1).map(str::trim);
    Some(PidFile {
        pid: line(1)?.parse().ok()?,
        port: line(4).and_then(|port| port.parse().ok()),
        ready: line(8) == Some("ready"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "41\n/t/data\n1700000000\n5433\n\n127.0.0.1\n  1 2\nready   \n";

    fn state_of(text: &str) -> State {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("postmaster.pid"), text).unwrap();
        state(folder.path())
    }

    #[test]
    fn process_port_and_state_are_read() {
        let expected = PidFile { pid: 41, port: Some(5433), ready: true };
        assert_eq!(parse(READY), Some(expected));
        let starting = parse(&READY.replace("ready   ", "starting")).unwrap();
        assert!(!starting.ready);
    }

    #[test]
    fn no_file_means_stopped() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(state(folder.path()), State::Stopped);
    }

    #[test]
    fn a_dead_process_means_crashed() {
        // Linux gives out no number above 2^22.
        assert_eq!(state_of(&READY.replacen("41", "99999999", 1)), State::Crashed);
        assert_eq!(state_of(""), State::Crashed);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_has_ended_unnoticed_means_recycled() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        while os::program_of(pid.cast_signed()) != Some(String::new()) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let text = READY.replacen("41", &pid.to_string(), 1);
        assert_eq!(state_of(&text), State::Recycled);
        child.wait().unwrap();
        assert_eq!(state_of(&text), State::Crashed);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn another_program_under_the_number_means_recycled() {
        let own = std::process::id().to_string();
        assert_eq!(state_of(&READY.replacen("41", &own, 1)), State::Recycled);
    }
}
