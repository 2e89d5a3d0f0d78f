//! Who called a moment ago: a client that sends many requests is looked up once in a while.
//!
//! What this process changes, it forgets at once. What another one changes holds here after
//! `TOKEN_CACHE`, two seconds by default.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::db::schema::User;

/// The most that are known; where all of them still hold, others are looked up each time.
const MANY: usize = 4096;

/// The users whose tokens were looked up a moment ago, by the token's hash.
#[derive(Debug)]
pub struct Callers {
    lifetime: Duration,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    by_hash: HashMap<Vec<u8>, Seen>,
    /// How often somebody was forgotten.
    forgotten: u64,
}

#[derive(Debug)]
struct Seen {
    until: Instant,
    user: Arc<User>,
}

/// A lookup that has begun. Who is forgotten while it runs is not kept after it.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    forgotten: u64,
}

impl Callers {
    /// Knows a user for this long; nobody, where it is 0.
    pub fn new(lifetime: Duration) -> Self {
        Self { lifetime, known: Mutex::default() }
    }

    /// The user with the token of this hash, if they called a moment ago.
    pub fn get(&self, hash: &[u8]) -> Option<Arc<User>> {
        let known = self.lock();
        let seen = known.by_hash.get(hash).filter(|seen| Instant::now() < seen.until)?;
        Some(seen.user.clone())
    }

    /// To be called before a token is looked up.
    pub fn look_up(&self) -> Lookup {
        Lookup { forgotten: self.lock().forgotten }
    }

    /// Keeps a user whose token was looked up, and for how long the token is valid, if that ends.
    pub fn keep(&self, lookup: Lookup, hash: Vec<u8>, user: Arc<User>, valid_for: Option<Duration>) {
        let lifetime = valid_for.map_or(self.lifetime, |valid_for| valid_for.min(self.lifetime));
        let mut known = self.lock();
        if lifetime.is_zero() || known.forgotten != lookup.forgotten {
            return;
        }
        if known.by_hash.len() >= MANY {
            let now = Instant::now();
            known.by_hash.retain(|_, seen| now < seen.until);
            if known.by_hash.len() >= MANY {
                return;
            }
        }
        known.by_hash.insert(hash, Seen { until: Instant::now() + lifetime, user });
    }

    /// Forgets a user, who or whose tokens were changed.
    pub fn forget(&self, user: Uuid) {
        let mut known = self.lock();
        known.forgotten += 1;
        known.by_hash.retain(|_, seen| seen.user.id != user);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Whoever panicked had it between two whole states.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::db::schema::UserRole;

    fn user() -> Arc<User> {
        let (id, now) = (Uuid::new_v4(), Utc::now());
        let (email, role) = ("ann@example.com".to_owned(), UserRole::Member);
        Arc::new(User { id, email, name: None, role, created_at: now, updated_at: now })
    }

    #[test]
    fn a_user_is_known_until_forgotten() {
        let callers = Callers::new(Duration::from_secs(60));
        let (ann, bob) = (user(), user());
        let lookup = callers.look_up();
        callers.keep(lookup, vec![1], ann.clone(), None);
        callers.keep(lookup, vec![2], ann.clone(), None);
        callers.keep(lookup, vec![3], bob, None);
        assert!(callers.get(&[1]).is_some() && callers.get(&[4]).is_none());
        callers.forget(ann.id);
        assert!(callers.get(&[1]).is_none() && callers.get(&[2]).is_none() && callers.get(&[3]).is_some());
        callers.keep(lookup, vec![1], ann, None);
        assert!(callers.get(&[1]).is_none(), "the lookup began before");
    }

    #[test]
    fn nobody_is_known_for_longer_than_the_lifetime() {
        let callers = Callers::new(Duration::from_millis(1));
        callers.keep(callers.look_up(), vec![1], user(), None);
        std::thread::sleep(Duration::from_millis(2));
        assert!(callers.get(&[1]).is_none());
        let none = Callers::new(Duration::ZERO);
        none.keep(none.look_up(), vec![1], user(), None);
        assert!(none.get(&[1]).is_none());
        let ended = Callers::new(Duration::from_secs(60));
        ended.keep(ended.look_up(), vec![1], user(), Some(Duration::ZERO));
        assert!(ended.get(&[1]).is_none());
    }
}
