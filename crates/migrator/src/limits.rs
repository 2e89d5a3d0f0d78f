//! How long a migration may wait and run.

use std::iter;
use std::time::Duration;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The limits of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) lock_timeout: Duration,
    pub(crate) lock_retries: u32,
    /// Zero is none.
    pub(crate) statement_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lock_timeout: Duration::from_secs(10), lock_retries: 3, statement_timeout: Duration::ZERO }
    }
}

impl Limits {
    /// The statements that give a session these limits.
    pub(crate) fn timeouts(&self) -> String {
        // The settings are 32-bit numbers of milliseconds.
        let milliseconds = |limit: Duration| i32::try_from(limit.as_millis()).unwrap_or(i32::MAX);
        let (lock, statement) = (milliseconds(self.lock_timeout), milliseconds(self.statement_timeout));
        format!("SET lock_timeout = {lock}; SET statement_timeout = {statement}")
    }

    /// The pauses after attempts that waited for a lock in vain, each twice as long as the one before.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let first = self.lock_timeout.min(Duration::from_secs(1));
        let pauses = iter::successors(Some(first), |pause| Some((*pause * 2).min(LONGEST_PAUSE)));
        pauses.take(usize::try_from(self.lock_retries).unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded_in_length_and_number() {
        let pauses = |retries| {
            let limits = Limits { lock_retries: retries, ..Limits::default() };
            limits.pauses().map(|pause| pause.as_secs()).collect::<Vec<_>>()
        };
        assert_eq!(pauses(0), [0; 0]);
        assert_eq!(pauses(6), [1, 2, 4, 8, 10, 10]);
    }

    #[test]
    fn a_limit_that_is_too_long_for_the_server_is_its_longest() {
        let limits = Limits { lock_timeout: Duration::MAX, ..Limits::default() };
        assert!(limits.timeouts().starts_with("SET lock_timeout = 2147483647; "));
    }
}
