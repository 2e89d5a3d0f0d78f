//! The address, and the limits of requests.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::{FromVariables, Variables};

/// Where the service listens, and what it grants a request.
#[derive(Clone, Debug)]
pub struct Http {
    /// `HOST` and `PORT`; port 0 takes any that is free.
    pub address: SocketAddr,
    /// `REQUEST_TIMEOUT`: after this time a request is answered with 503.
    pub request_timeout: Duration,
    /// `BODY_LIMIT`: the most bytes that a request's body may have.
    pub body_limit: usize,
    /// `SHUTDOWN_DELAY`: how long new connections are still taken once the process is told to stop.
    pub shutdown_delay: Duration,
    /// `SHUTDOWN_TIMEOUT`: how long requests may take to finish after that.
    pub shutdown_timeout: Duration,
}

impl FromVariables for Http {
    fn read(variables: &mut Variables) -> Option<Self> {
        const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let host = variables.parse(
            "HOST",
            LOOPBACK,
            "an IP address: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for every network",
            |text| if text == "localhost" { Some(LOOPBACK) } else { text.parse().ok() },
        );
        let port = variables.parse("PORT", 3000, "a number from 0 to 65535", |text| text.parse().ok());
        let body_limit = variables.parse("BODY_LIMIT", 1024 * 1024, "a number of bytes from 1", |text| {
            text.parse().ok().filter(|bytes| *bytes > 0)
        });
        Some(Self {
            address: SocketAddr::new(host, port),
            request_timeout: variables.seconds("REQUEST_TIMEOUT", Duration::from_secs(30)),
            body_limit,
            shutdown_delay: variables.seconds_or_none("SHUTDOWN_DELAY"),
            shutdown_timeout: variables.seconds("SHUTDOWN_TIMEOUT", Duration::from_secs(10)),
        })
    }
}
