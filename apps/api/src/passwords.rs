//! Passwords: hashed slowly, on threads that no request waits for.
//!
//! argon2id takes about 20 ms and 19 MiB for each, so that guessing is as dear to others. Only so many
//! are hashed at once: otherwise a crowd that logs in would take all cores and memory.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use tokio::sync::Semaphore;

use crate::error::Error;

/// The fewest characters of a password.
pub const MIN_PASSWORD: usize = 8;

/// The most. Nobody types more, and the time to hash grows with it.
pub const MAX_PASSWORD: usize = 128;

/// The most that are hashed at once, however many cores there are: each takes 19 MiB.
const MOST_AT_ONCE: usize = 4;

/// What a password is compared with where there is none, so that both take the same time.
static NONE: LazyLock<Option<String>> = LazyLock::new(|| hash("no password at all").ok());

/// Hashes passwords, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(cores.min(MOST_AT_ONCE))) }
    }
}

impl Passwords {
    /// What is kept of a password: a text with algorithm, parameters, salt and hash.
    ///
    /// # Errors
    /// The operating system gives no random salt.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.run(move || hash(&password)).await?
    }

    /// Whether the password is the one that was hashed; not where none was, which takes as long.
    ///
    /// # Errors
    /// The hash is none.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.run(move || {
            let none = NONE.clone().ok_or_else(|| internal("no password can be hashed"))?;
            let known = hash.is_some();
            let hash = hash.unwrap_or(none);
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let turn = self.turns.clone().acquire_owned().await.expect("nobody closes the semaphore");
        let work = move || {
            // Its turn ends with the work, be it that the request was given up meanwhile.
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(internal)
    }
}

fn hash(password: &str) -> Result<String, Error> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(internal)?.to_string())
}

fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Internal(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_that_is_given_up_keeps_its_turn_until_its_work_is_done() {
        let passwords = Passwords { turns: Arc::new(Semaphore::new(1)) };
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let given_up = passwords.run(move || ended.recv().is_ok());
        assert!(tokio::time::timeout(std::time::Duration::from_millis(50), given_up).await.is_err());
        assert_eq!(passwords.turns.available_permits(), 0);
        end.send(()).unwrap();
        assert_eq!(passwords.run(|| 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_password_is_known_again_by_its_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse".to_owned()).await.unwrap());
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("no password at all".to_owned(), None).await.unwrap());
        assert!(passwords.verify("x".to_owned(), Some("x".to_owned())).await.is_err());
    }
}
