//! How a private cluster is initialised and configured.

use std::path::Path;

use crate::options::Purpose;

/// The superuser of a private cluster.
pub(crate) const SUPERUSER: &str = "postgres";

/// Arguments of `initdb`. Other users of the machine can reach a port on loopback, so every
/// connection needs the password. Texts sort by code point, as in the Alpine image of compose,
/// so that an order does not depend on the machine; `lower()` and the like know all of Unicode.
pub(crate) fn initdb(data: &Path, password_file: &Path) -> Vec<String> {
    let letters = if cfg!(target_os = "macos") {
        "en_US.UTF-8" // macOS got C.UTF-8 late
    } else {
        "C.UTF-8"
    };
    vec![
        format!("--pgdata={}", data.display()),
        format!("--username={SUPERUSER}"),
        format!("--pwfile={}", password_file.display()),
        "--auth=scram-sha-256".to_owned(),
        "--encoding=UTF8".to_owned(),
        "--locale=C".to_owned(),
        format!("--lc-ctype={letters}"),
    ]
}

/// Settings of the server. They are passed at every start, so that a change here reaches the
/// clusters that exist.
pub(crate) fn server(purpose: Purpose) -> Vec<(&'static str, &'static str)> {
    let mut settings = vec![
        ("listen_addresses", "127.0.0.1"),
        // No socket: its folder would have to be short, reachable and private.
        ("unix_socket_directories", ""),
        // Test programs run side by side, each with a pool.
        ("max_connections", "200"),
    ];
    if purpose == Purpose::Test {
        settings.extend(UNSAFE_FOR_DATA_BUT_FAST);
    }
    settings
}

/// A crash of the machine may leave a cluster with these settings broken beyond recovery. Test
/// databases live shorter than that; development keeps the defaults.
pub(crate) const UNSAFE_FOR_DATA_BUT_FAST: [(&str, &str); 3] =
    [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_test_cluster_may_lose_data() {
        let is_unsafe = |(name, _): &(&str, &str)| *name == "fsync";
        assert!(!server(Purpose::Dev).iter().any(is_unsafe));
        assert!(server(Purpose::Test).iter().any(is_unsafe));
    }

    #[test]
    fn every_cluster_asks_for_a_password_and_listens_on_loopback_alone() {
        let arguments = initdb(Path::new("d"), Path::new("p"));
        assert!(arguments.contains(&"--auth=scram-sha-256".to_owned()));
        for purpose in [Purpose::Dev, Purpose::Test] {
            assert!(server(purpose).contains(&("listen_addresses", "127.0.0.1")));
        }
    }
}
