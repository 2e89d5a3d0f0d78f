//! Running other programs with a time limit, passing on what they say.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How many of the program's last lines an error repeats.
const SHOWN_LINES: usize = 12;

/// A program that could not be run to a good end.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It could not be started.
    #[error("{program} could not be started")]
    NotStarted {
        /// The program's path or name.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It did not end in time and was killed.
    #[error("{program} did not end within {} s and was killed{}", limit.as_secs(), said(output))]
    TimedOut {
        /// The program's path or name.
        program: String,
        /// The limit that passed.
        limit: Duration,
        /// Its last lines.
        output: String,
    },
    /// It ended with a failure.
    #[error("{program} ended with {status}{}", said(output))]
    Failed {
        /// The program's path or name.
        program: String,
        /// Its exit status.
        status: ExitStatus,
        /// Its last lines.
        output: String,
    },
}

fn said(output: &str) -> String {
    if output.is_empty() { String::new() } else { format!(":\n{output}") }
}

enum Line {
    Out(String),
    Err(String),
}

/// Runs `command` to its end and returns its standard output. Lines on standard error go to
/// `on_line` as they come.
pub(crate) fn run(command: &mut Command, limit: Duration, on_line: &dyn Fn(&str)) -> Result<String, ProcessError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let deadline = Instant::now() + limit;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| ProcessError::NotStarted { program: program.clone(), source })?;
    let lines = read_lines(&mut child);
    let (mut out, mut err) = (String::new(), Vec::new());
    let ended = loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Line::Out(line)) => {
                out.push_str(&line);
                out.push('\n');
            }
            Ok(Line::Err(line)) => {
                on_line(&line);
                err.push(line);
            }
            Err(RecvTimeoutError::Disconnected) => break true,
            Err(RecvTimeoutError::Timeout) => break false,
        }
    };
    let output = err[err.len().saturating_sub(SHOWN_LINES)..].join("\n");
    if !ended {
        // It may have ended by itself in between; there is nothing to kill then.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|source| ProcessError::NotStarted { program: program.clone(), source })?;
    if !ended {
        return Err(ProcessError::TimedOut { program, limit, output });
    }
    if !status.success() {
        return Err(ProcessError::Failed { program, status, output });
    }
    Ok(out)
}

/// Sends both outputs line by line; the channel closes when the program has closed both.
fn read_lines(child: &mut Child) -> mpsc::Receiver<Line> {
    let (sender, receiver) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        forward(out, sender.clone(), Line::Out);
    }
    if let Some(err) = child.stderr.take() {
        forward(err, sender, Line::Err);
    }
    receiver
}

fn forward(from: impl Read + Send + 'static, to: Sender<Line>, wrap: fn(String) -> Line) {
    thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if to.send(wrap(line.trim_end().to_owned())).is_err() {
                return; // the time limit has passed; nobody listens
            }
        }
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn sh(script: &str, limit: Duration) -> (Result<String, ProcessError>, Vec<String>) {
        let heard = RefCell::new(Vec::new());
        let result = run(Command::new("sh").args(["-c", script]), limit, &|line| {
            heard.borrow_mut().push(line.to_owned());
        });
        (result, heard.into_inner())
    }

    #[test]
    fn output_is_returned_and_errors_are_passed_on() {
        let (out, heard) = sh("echo a; echo b >&2; echo c", Duration::from_secs(10));
        assert_eq!(out.unwrap(), "a\nc\n");
        assert_eq!(heard, ["b"]);
    }

    #[test]
    fn a_failure_repeats_the_last_words() {
        let (out, _) = sh("echo why >&2; exit 3", Duration::from_secs(10));
        let message = out.unwrap_err().to_string();
        assert!(message.contains("exit status: 3"), "{message}");
        assert!(message.ends_with(":\nwhy"), "{message}");
    }

    #[test]
    fn a_program_that_hangs_is_killed() {
        let (out, _) = sh("exec sleep 60", Duration::from_millis(50));
        assert!(matches!(out, Err(ProcessError::TimedOut { .. })));
    }
}
