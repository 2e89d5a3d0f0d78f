//! Names of databases: who made them can be told from the name.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::os;

/// Databases of single tests begin with this.
pub(crate) const TEST_PREFIX: &str = "devdb_test_";

/// Templates begin with this.
pub(crate) const TEMPLATE_PREFIX: &str = "devdb_template_";

/// PostgreSQL cuts names at 63 bytes; 15 for the prefix, 17 for `_` and 64 bits of the hash in
/// hex leave 31 for the caller's part.
const CALLERS_PART: usize = 31;

/// A test database that nobody has dropped after so long was left by a crash.
const LEFT_AFTER: Duration = Duration::from_secs(6 * 60 * 60);

/// Who made a test database, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Maker {
    /// Stands for the machine or container in which `pid` counts.
    place: u32,
    pid: u32,
    /// Seconds since 1970, by the maker's clock.
    at: u64,
}

impl Maker {
    /// This process, now.
    pub(crate) fn current() -> Self {
        let digest = Sha256::digest(os::process_namespace());
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            place: u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]),
            pid: process::id(),
            at: since_1970.unwrap_or_default().as_secs(),
        }
    }

    /// A name that this process has not used.
    pub(crate) fn database(self) -> String {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let Self { place, pid, at } = self;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        format!("{TEST_PREFIX}{place:08x}_{pid}_{at}_{number}")
    }

    /// The maker of the database of that name; none if it is not one of ours.
    fn of(database: &str) -> Option<Self> {
        let mut parts = database.strip_prefix(TEST_PREFIX)?.split('_');
        let maker = Self {
            place: u32::from_str_radix(parts.next()?, 16).ok()?,
            pid: parts.next()?.parse().ok()?,
            at: parts.next()?.parse().ok()?,
        };
        let _number: u32 = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(maker)
    }

    /// Whether the database of that name was left by a run that is over, seen from this process.
    pub(crate) fn considers_left(self, database: &str, is_alive: impl Fn(i32) -> bool) -> bool {
        let Some(maker) = Self::of(database) else {
            return false;
        };
        let is_dead =
            maker.place == self.place && maker.pid != self.pid && !i32::try_from(maker.pid).is_ok_and(is_alive);
        is_dead || self.at.saturating_sub(maker.at) > LEFT_AFTER.as_secs()
    }
}

/// The name of a template: another one for other content.
pub(crate) fn template<C: AsRef<[u8]>>(name: &str, content: impl IntoIterator<Item = C>) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        // With its length, so that ("ab", "c") and ("a", "bc") differ.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    };
    add(name.as_bytes());
    for part in content {
        add(part.as_ref());
    }
    let digest = hash.finalize();
    let readable: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .take(CALLERS_PART)
        .collect();
    let hash: String = digest[..8].iter().map(|b| format!("{b:02x}")).collect();
    format!("{TEMPLATE_PREFIX}{readable}_{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Maker = Maker { place: 0xabc, pid: 10, at: 1_700_000_000 };

    #[test]
    fn the_maker_is_read_back_from_the_name() {
        let (first, second) = (NOW.database(), NOW.database());
        assert_ne!(first, second);
        assert_eq!(Maker::of(&first), Some(NOW));
        for foreign in ["app", "devdb_test_", "devdb_test_abc_1_2", "devdb_test_abc_1_2_3_4"] {
            assert_eq!(Maker::of(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn databases_of_dead_processes_and_old_ones_are_left_overs() {
        let name = |maker: Maker| maker.database();
        let alive = |pid: i32| pid == 11;
        let dead = Maker { pid: 12, ..NOW };
        let running = Maker { pid: 11, ..NOW };
        let elsewhere = Maker { place: 1, ..dead };
        let old = Maker { at: NOW.at - 7 * 60 * 60, ..elsewhere };
        assert!(NOW.considers_left(&name(dead), alive));
        assert!(NOW.considers_left(&name(old), alive));
        assert!(!NOW.considers_left(&name(running), alive));
        assert!(!NOW.considers_left(&name(elsewhere), alive));
        assert!(!NOW.considers_left(&name(NOW), alive));
        assert!(!NOW.considers_left("app", alive));
    }

    #[test]
    fn a_template_is_named_after_its_content_within_the_limit() {
        let base = template("api", ["ab", "c"]);
        assert_eq!(base, template("api", ["ab", "c"]));
        assert_ne!(base, template("api", ["a", "bc"]));
        assert_ne!(base, template("api", ["ab"]));
        assert_ne!(template("a-b", ["x"]), template("a_b", ["x"]));
        let long = template(&"Größe \"; drop".repeat(9), ["x"]);
        assert_eq!(long.len(), 63);
        assert!(long.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    }
}
