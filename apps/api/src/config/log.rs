//! What is logged, and how.

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{FromVariables, Variables};

/// The log.
#[derive(Clone, Debug)]
pub struct Log {
    /// `RUST_LOG`.
    pub filter: Targets,
    /// `LOG_FORMAT`.
    pub format: Format,
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
        let format = variables.parse("LOG_FORMAT", "text", "text or json", |text| match text {
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            _ => None,
        });
        Some(Self { filter, format })
    }
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

/// What refinery tells about its run, the migrator tells in Drizzle's words.
fn quiet() -> Targets {
    Targets::new().with_target("refinery_core", LevelFilter::WARN)
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
    fn refinery_is_quiet_unless_it_is_named() {
        let info = |text: &str| filter(text).unwrap().would_enable("refinery_core::traits", &tracing::Level::INFO);
        assert!(!info("info") && !info("trace"));
        assert!(info("warn,refinery_core=info"));
    }
}
