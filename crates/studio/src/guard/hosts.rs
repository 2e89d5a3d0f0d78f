//! The names under which the studio is reached.

use std::net::SocketAddr;

/// An exact list of `host:port`.
#[derive(Clone, Debug)]
pub struct Hosts {
    names: Vec<String>,
    port: u16,
}

impl Hosts {
    /// The names of an address that is listened on: this machine's for a loopback one, `localhost` among them.
    pub fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let mut hosts = Self { names: vec![address.to_string()], port };
        if address.ip().is_loopback() {
            hosts.names.push(format!("localhost:{port}"));
        }
        hosts
    }

    /// And under another name, which a proxy or a name server gives it.
    #[must_use]
    pub fn with(mut self, name: &str) -> Self {
        self.names.push(format!("{name}:{}", self.port));
        self
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn is_host(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    pub(crate) fn is_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.is_host(host))
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn only_the_exact_name_with_its_port_is_a_host() {
        let hosts = Hosts::of("127.0.0.1:4983".parse().unwrap());
        for host in ["127.0.0.1:4983", "localhost:4983", "LOCALHOST:4983"] {
            assert!(hosts.is_host(host), "{host}");
            assert!(hosts.is_origin(&format!("http://{host}")), "{host}");
        }
        for host in [
            "",
            "127.0.0.1",
            "localhost",
            "127.0.0.1:4984",
            "evil.example:4983",
            "127.0.0.1.evil.example:4983",
            "0.0.0.0:4983",
        ] {
            assert!(!hosts.is_host(host), "{host}");
        }
        for origin in [
            "null",
            "",
            "https://127.0.0.1:4983",
            "http://localhost",
            "http://127.0.0.1:4983/",
            "http://127.0.0.1:4983@evil.example",
        ] {
            assert!(!hosts.is_origin(origin), "{origin}");
        }
    }
}
