//! How often somebody may try to log in.
//!
//! The count is this process's own: with three replicas, an attacker has three times as many. The
//! proxy before them is the place for a limit on all.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::Error;

/// For one account in a minute: enough for fingers that slip.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");

/// For one address in a minute: there may be an office behind it.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(60).expect("60 is not 0");

/// After so many attempts, those that count no longer are forgotten.
const SWEEP: u32 = 1024;

/// The attempts of the last minute.
#[derive(Debug)]
pub struct Attempts {
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    count: AtomicU32,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            accounts: RateLimiter::keyed(Quota::per_minute(PER_ACCOUNT)),
            addresses: RateLimiter::keyed(Quota::per_minute(PER_ADDRESS)),
            count: AtomicU32::new(0),
        }
    }
}

impl Attempts {
    /// Counts one at the account with this address of email, whoever has it, from this address of the network.
    ///
    /// # Errors
    /// [`Error::TooMany`], with the time after which another may be made.
    pub fn admit(&self, email: &str, from: IpAddr) -> Result<(), Error> {
        if self.count.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.accounts.retain_recent();
            self.addresses.retain_recent();
        }
        // The network first: who is refused there takes nothing from the account.
        check(&self.addresses, &network(from))?;
        check(&self.accounts, &folded(email))
    }
}

/// The address as PostgreSQL's `lower` compares it, which makes one letter of the Turkish İ where Rust makes two.
fn folded(email: &str) -> String {
    email.to_lowercase().replace('\u{307}', "")
}

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Error> {
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        // In whole seconds, and not one too few.
        Error::TooMany(Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)))
    })
}

/// Of IPv6, the 64 bits that one customer has.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        },
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

    #[test]
    fn an_account_has_ten_a_minute_whatever_the_case_of_its_address() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            attempts.admit("ann@example.com", FROM).unwrap();
            attempts.admit("Ann@Example.com", FROM).unwrap();
        }
        assert_eq!(folded("ADM\u{130}N"), "admin");
        let Err(Error::TooMany(wait)) = attempts.admit("ann@example.com", FROM) else { panic!("it is admitted") };
        assert!((1..=6).contains(&wait.as_secs()), "{wait:?}");
        attempts.admit("bob@example.com", FROM).unwrap();
    }

    #[test]
    fn an_address_has_sixty_a_minute_whatever_the_account() {
        let attempts = Attempts::default();
        let from = |text: &str| text.parse().unwrap();
        for number in 0..60 {
            attempts.admit(&format!("{number}@example.com"), from("2001:db8::1")).unwrap();
        }
        assert!(attempts.admit("x@example.com", from("2001:db8::ffff:1")).is_err());
        attempts.admit("x@example.com", from("2001:db8:0:1::1")).unwrap();
    }
}
