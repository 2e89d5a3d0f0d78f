//! What is logged, and how.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{FromVariables, Variables};
use crate::telemetry::SPANS;

/// The log.
#[derive(Clone, Debug)]
pub struct Log {
    /// `RUST_LOG`.
    pub filter: Targets,
    /// `LOG_FORMAT`.
    pub format: Format,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector that spans are sent to. Builds with the feature
    /// `otel` alone read it.
    pub collector: Option<String>,
}

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl FromVariables for Log {
    fn read(variables: &mut Variables) -> Option<Self> {
        let filter = variables.parse(
            "RUST_LOG",
            "info",
            "off, error, warn, info, debug or trace, or such levels by module as in info,tower_http=debug",
            filter,
        );
        let format = variables.parse("LOG_FORMAT", default_format(), "text or json", |text| match text {
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            _ => None,
        });
        Some(Self { filter, format, collector: collector(variables) })
    }
}

/// A program reads what a release writes to no terminal.
fn default_format() -> &'static str {
    if cfg!(debug_assertions) || io::stderr().is_terminal() { "text" } else { "json" }
}

fn collector(variables: &mut Variables) -> Option<String> {
    if !cfg!(feature = "otel") {
        return None;
    }
    const NAME: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let allowed = "none, or http://host:4318; a collector beside the service needs no TLS";
    // What `parse` reads it shows.
    if variables.get(NAME).is_some_and(|url| url.contains('@')) {
        variables.reject(NAME, "has a user or a password in it", allowed);
        return None;
    }
    variables.parse(NAME, "none", allowed, |text| match text {
        "none" => Some(None),
        url => url.starts_with("http://").then(|| Some(url.to_owned())),
    })
}

/// A word alone could be a module, too; but a misspelt level would then silence the whole log.
fn filter(text: &str) -> Option<Targets> {
    let mut bare = text.split(',').map(str::trim).filter(|part| !part.contains('='));
    if !bare.all(|part| part.parse::<LevelFilter>().is_ok()) {
        return None;
    }
    let given: Targets = text.parse().ok()?;
    let level = given.default_level().unwrap_or(LevelFilter::OFF);
    Some(quiet().with_targets(given.iter()).with_default(level))
}

/// What refinery tells about its run, the migrator tells in Drizzle's words. Spans for a collector are no lines.
fn quiet() -> Targets {
    Targets::new().with_target("refinery_core", LevelFilter::WARN).with_target(SPANS, LevelFilter::OFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_made_of_levels() {
        for text in ["info", "WARN", "off", "info,tower_http=debug", "api::db=trace, error"] {
            assert!(filter(text).is_some(), "{text}");
        }
        for text in ["loud", "info,tower_http", "api=loud", "inf0,api=debug"] {
            assert!(filter(text).is_none(), "{text}");
        }
    }

    #[test]
    #[cfg(feature = "otel")]
    fn a_collector_with_a_password_is_refused_without_showing_it() {
        let mut variables = Variables::new(|name| {
            (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://u:secret@collector:4318".to_owned())
        });
        Log::read(&mut variables);
        let refused = variables.settings().unwrap_err().to_string();
        assert!(refused.contains("OTEL_EXPORTER_OTLP_ENDPOINT has a user") && !refused.contains("secret"), "{refused}");
    }

    #[test]
    fn refinery_is_quiet_unless_it_is_named() {
        let info = |text: &str| filter(text).unwrap().would_enable("refinery_core::traits", &tracing::Level::INFO);
        assert!(!info("info") && !info("trace"));
        assert!(info("warn,refinery_core=info"));
    }
}
