//! The log: lines on stderr, for people or as JSON; and spans for a collector, with the feature `otel`.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Format, Log};

/// The target of spans that are for a collector, and not for the log.
pub(crate) const SPANS: &str = "spans";

/// What is still to be sent when the process ends.
#[derive(Debug, Default)]
pub struct Telemetry {
    #[cfg(feature = "otel")]
    spans: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Sends the process's log to stderr, and spans to the collector that the environment names. Stdout
/// is for what a command was asked for.
pub fn init(log: Log) -> Telemetry {
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match log.format {
        Format::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        Format::Text => lines.with_target(false).with_ansi(colours()).boxed(),
    };
    let registry = tracing_subscriber::registry().with(layer.with_filter(log.filter));
    #[cfg(feature = "otel")]
    if log.collector.is_some() {
        return match crate::traces::provider() {
            Ok(spans) => {
                // A second subscriber is refused, which happens where the process has one already.
                let _ = registry.with(crate::traces::layer(&spans)).try_init();
                Telemetry { spans: Some(spans) }
            }
            Err(error) => {
                let _ = registry.try_init();
                tracing::error!(error = migrator::chain(&error), "no spans are sent; check the variables OTEL_*");
                Telemetry::default()
            }
        };
    }
    let _ = registry.try_init();
    Telemetry::default()
}

impl Telemetry {
    /// Sends what is left. Waits no longer than for one answer of the collector.
    pub async fn end(self) {
        #[cfg(feature = "otel")]
        if let Some(spans) = self.spans {
            // It waits without giving way, for a task of this runtime.
            let ended = tokio::task::spawn_blocking(move || spans.shutdown()).await;
            if let Ok(Err(error)) = ended {
                tracing::warn!(error = migrator::chain(&error), "the last spans were not sent");
            }
        }
    }
}

/// On a terminal, unless the user wants none (<https://no-color.org>).
fn colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
