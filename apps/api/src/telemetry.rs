//! The log: lines on stderr, for people or as JSON.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Format, Log};

/// Sends the process's log to stderr. Stdout is for what a command was asked for.
pub fn init(log: Log) {
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match log.format {
        Format::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        Format::Text => lines.with_target(false).with_ansi(colours()).boxed(),
    };
    // A second subscriber is refused, which happens where the process has one already.
    let _ = tracing_subscriber::registry().with(layer.with_filter(log.filter)).try_init();
}

/// On a terminal, unless the user wants none (<https://no-color.org>).
fn colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
