//! The address, and the limits of requests.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::{HeaderValue, Uri};

use super::{FromVariables, Variables};

/// Where the service listens, and what it grants a request.
#[derive(Clone, Debug)]
pub struct Http {
    /// `HOST` and `PORT`; port 0 takes any that is free.
    pub address: SocketAddr,
    /// `METRICS_PORT`: where `/metrics` listens, on the same networks; nowhere, if there is none.
    pub metrics_port: Option<u16>,
    /// `TRUSTED_PROXIES`: how many proxies stand before the service, each of which adds to
    /// `X-Forwarded-For` where it was called from.
    pub trusted_proxies: usize,
    /// `TOKEN_CACHE`: how long a token that was looked up is not looked up again.
    pub token_cache: Duration,
    /// `IDLE_TIMEOUT`: how long a connection may be silent before the head of a request, or take nothing of
    /// an answer.
    pub idle_timeout: Duration,
    /// `REQUEST_TIMEOUT`: after this time a request is answered with 503.
    pub request_timeout: Duration,
    /// `BODY_LIMIT`: the most bytes that a request's body may have.
    pub body_limit: usize,
    /// `CORS_ORIGINS`: whose pages may use the API from a browser.
    pub cors_origins: Origins,
    /// `SHUTDOWN_DELAY`: how long new connections are still taken once the process is told to stop.
    pub shutdown_delay: Duration,
    /// `SHUTDOWN_TIMEOUT`: how long requests may take to finish after that.
    pub shutdown_timeout: Duration,
}

/// Origins of web pages, as browsers send them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Pages of no other origin.
    None,
    /// Pages of any origin. Tokens are sent by scripts, never by the browser itself.
    Any,
    /// Pages of these.
    These(Vec<HeaderValue>),
}

impl Origins {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => return Some(Self::None),
            "*" => return Some(Self::Any),
            _ => {}
        }
        text.split(',').map(|part| origin(part.trim())).collect::<Option<_>>().map(Self::These)
    }
}

/// A browser sends scheme, host and port alone; any other text would never be equal to it.
fn origin(text: &str) -> Option<HeaderValue> {
    let uri: Uri = text.parse().ok()?;
    let plain = format!("{}://{}", uri.scheme_str()?, uri.authority()?) == text;
    plain.then(|| HeaderValue::from_str(text).ok()).flatten()
}

impl FromVariables for Http {
    fn read(variables: &mut Variables) -> Option<Self> {
        const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let host = variables.parse(
            "HOST",
            "127.0.0.1",
            "an IP address: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for every network",
            |text| if text == "localhost" { Some(LOOPBACK) } else { text.parse().ok() },
        );
        let port = variables.parse("PORT", "3000", "a number from 0 to 65535", |text| text.parse().ok());
        let metrics_port = metrics_port(variables);
        let trusted_proxies = variables.parse("TRUSTED_PROXIES", "0", "a number of proxies from 0 to 10", |text| {
            text.parse().ok().filter(|proxies| *proxies <= 10)
        });
        let body_limit = variables.parse("BODY_LIMIT", "1048576", "a number of bytes from 1", |text| {
            text.parse().ok().filter(|bytes| *bytes > 0)
        });
        let cors_origins = variables.parse(
            "CORS_ORIGINS",
            "none",
            "none, * or origins such as https://app.example.com,http://localhost:5173",
            Origins::parse,
        );
        Some(Self {
            address: SocketAddr::new(host, port),
            metrics_port,
            trusted_proxies,
            token_cache: variables.seconds_or_none("TOKEN_CACHE", "2"),
            idle_timeout: variables.seconds("IDLE_TIMEOUT", "75"),
            request_timeout: variables.seconds("REQUEST_TIMEOUT", "30"),
            body_limit,
            cors_origins,
            shutdown_delay: variables.seconds_or_none("SHUTDOWN_DELAY", "0"),
            shutdown_timeout: variables.seconds("SHUTDOWN_TIMEOUT", "10"),
        })
    }
}

fn metrics_port(variables: &mut Variables) -> Option<u16> {
    const NAME: &str = "METRICS_PORT";
    let port = variables.parse(NAME, "none", "none, or a number from 0 to 65535", |text| match text {
        "none" => Some(None),
        text => text.parse().ok().map(Some),
    });
    if port.is_some() && !cfg!(feature = "metrics") {
        variables.reject(
            NAME,
            "is set, and this build has no metrics",
            "none, or the build one with the feature `metrics`",
        );
    }
    port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host_and_no_more() {
        let these = Origins::parse("https://a.example, http://localhost:5173").unwrap();
        assert_eq!(
            these,
            Origins::These(vec![
                HeaderValue::from_static("https://a.example"),
                HeaderValue::from_static("http://localhost:5173"),
            ])
        );
        for text in ["a.example", "https://a.example/", "https://a.example/x", "https://a.example,", "*,https://a"] {
            assert_eq!(Origins::parse(text), None, "{text}");
        }
    }
}
