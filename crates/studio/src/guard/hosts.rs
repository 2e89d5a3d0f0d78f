//! The names under which the studio is reached.

use std::net::SocketAddr;

/// The port that browsers leave out.
const HTTP: u16 = 80;

/// An exact list of `host:port`.
#[derive(Clone, Debug)]
pub struct Hosts {
    names: Vec<String>,
    port: u16,
    /// Whether an address in digits is one of them: of this machine, or nobody would have come here by it.
    any_address: bool,
}

impl Hosts {
    /// The names of an address that is listened on: this machine's for a loopback one, `localhost` among them; for the
    /// one that stands for all networks, every address in digits. Who points a name here by a name server sends that name.
    pub fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let any_address = address.ip().is_unspecified();
        let mut hosts = Self { names: vec![address.to_string()], port, any_address };
        if any_address || address.ip().is_loopback() {
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
        self.is_listed(host) || self.port == HTTP && self.is_listed(&format!("{host}:{HTTP}"))
    }

    fn is_listed(&self, host: &str) -> bool {
        let is_address = || host.parse::<SocketAddr>().is_ok_and(|address| address.port() == self.port);
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host)) || self.any_address && is_address()
    }

    /// Whether a page of this origin came from here, when the request names this host.
    pub(crate) fn is_origin(&self, origin: &str, host: &str) -> bool {
        self.is_host(host) && origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host))
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
            assert!(hosts.is_origin(&format!("http://{host}"), host), "{host}");
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
            "http://localhost:4983",
        ] {
            assert!(!hosts.is_origin(origin, "127.0.0.1:4983"), "{origin}");
        }
    }

    #[test]
    fn on_the_port_of_http_browsers_leave_it_out() {
        for (address, names) in [
            ("127.0.0.1:80", vec!["127.0.0.1", "127.0.0.1:80", "localhost"]),
            ("[::1]:80", vec!["[::1]", "localhost:80"]),
            ("0.0.0.0:80", vec!["192.0.2.7", "[2001:db8::7]", "localhost"]),
        ] {
            let hosts = Hosts::of(address.parse().unwrap());
            for host in names {
                assert!(hosts.is_host(host) && hosts.is_origin(&format!("http://{host}"), host), "{host}");
            }
            for host in ["", "evil.example", "127.0.0.1:80:80", "127.0.0.1:8080", "::1"] {
                assert!(!hosts.is_host(host), "{host}");
            }
        }
    }

    #[test]
    fn on_all_networks_every_address_in_digits_is_a_host_and_no_name() {
        for address in ["0.0.0.0:4983", "[::]:4983"] {
            let hosts = Hosts::of(address.parse().unwrap());
            for host in [address, "192.0.2.7:4983", "[2001:db8::7]:4983", "127.0.0.1:4983", "localhost:4983"] {
                assert!(hosts.is_host(host), "{host}");
            }
            for host in ["evil.example:4983", "192.0.2.7", "192.0.2.7:80", "192.0.2.7.evil.example:4983", ""] {
                assert!(!hosts.is_host(host), "{host}");
            }
            // A page on another machine's address and the same port is still another's.
            assert!(!hosts.is_origin("http://198.51.100.1:4983", "192.0.2.7:4983"));
        }
    }
}
