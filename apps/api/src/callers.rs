//! Who called a moment ago: a client that sends many requests is looked up once in a while.
//!
//! What this process changes, it forgets at once. What another one changes holds here after
//! `TOKEN_CACHE`, two seconds by default.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::db::schema::User;

/// Beyond so many, those that hold no longer are removed.
const MANY: usize = 4096;

/// The users whose tokens were looked up a moment ago, by the token's hash.
#[derive(Debug)]
pub struct Callers {
    lifetime: Duration,
    known: Mutex<HashMap<Vec<u8>, Seen>>,
}

#[derive(Debug)]
struct Seen {
    at: Instant,
    user: Arc<User>,
}

impl Callers {
    /// Knows a user for this long; nobody, where it is 0.
    pub fn new(lifetime: Duration) -> Self {
        Self { lifetime, known: Mutex::default() }
    }

    /// The user with the token of this hash, if they called a moment ago.
    pub fn get(&self, hash: &[u8]) -> Option<Arc<User>> {
        let known = self.lock();
        let seen = known.get(hash).filter(|seen| seen.at.elapsed() < self.lifetime)?;
        Some(seen.user.clone())
    }

    /// Keeps a user whose token was looked up.
    pub fn keep(&self, hash: Vec<u8>, user: Arc<User>) {
        if self.lifetime.is_zero() {
            return;
        }
        let mut known = self.lock();
        if known.len() >= MANY {
            known.retain(|_, seen| seen.at.elapsed() < self.lifetime);
        }
        known.insert(hash, Seen { at: Instant::now(), user });
    }

    /// Forgets a user, who or whose tokens were changed.
    pub fn forget(&self, user: Uuid) {
        self.lock().retain(|_, seen| seen.user.id != user);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Seen>> {
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
        callers.keep(vec![1], ann.clone());
        callers.keep(vec![2], ann.clone());
        callers.keep(vec![3], bob);
        assert!(callers.get(&[1]).is_some() && callers.get(&[4]).is_none());
        callers.forget(ann.id);
        assert!(callers.get(&[1]).is_none() && callers.get(&[2]).is_none() && callers.get(&[3]).is_some());
    }

    #[test]
    fn nobody_is_known_for_longer_than_the_lifetime() {
        let callers = Callers::new(Duration::from_millis(1));
        callers.keep(vec![1], user());
        std::thread::sleep(Duration::from_millis(2));
        assert!(callers.get(&[1]).is_none());
        let none = Callers::new(Duration::ZERO);
        none.keep(vec![1], user());
        assert!(none.get(&[1]).is_none());
    }
}
