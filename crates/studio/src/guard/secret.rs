//! Secrets, which are kept and compared as hashes: how long a comparison takes says nothing about them.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// 256 random bits as text.
pub(super) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A secret of a person.
pub(crate) struct Secret(Hash);

impl Secret {
    pub(crate) fn new(text: &str) -> Self {
        Self(hash(text))
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.0 == hash(text)
    }
}

/// The token that opens once, and the sessions that are open.
pub(super) struct Tokens {
    once: Mutex<Option<Hash>>,
    sessions: Mutex<HashSet<Hash>>,
}

impl Tokens {
    pub(super) fn new(token: &str) -> Self {
        Self { once: Mutex::new(Some(hash(token))), sessions: Mutex::default() }
    }

    /// Takes the token, if it is this one: nobody gets in with it again.
    pub(super) fn take(&self, token: &str) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        let is = *once == Some(hash(token));
        if is {
            *once = None;
        }
        is
    }

    pub(super) fn add_session(&self, session: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(hash(session));
    }

    pub(super) fn is_session(&self, session: &str) -> bool {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash(session))
    }
}
