//! One process at a time starts or stops a server.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, FileContext};
use crate::options::{Options, Purpose};

/// Longer than a first start with a download takes; then the holder hangs.
const LIMIT: Duration = Duration::from_secs(300);

/// How often a waiting process looks again. It bounds what a second process loses.
const PAUSE: Duration = Duration::from_millis(10);

/// Held until dropped, and given up by the system when the process dies.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock on everything that serves `purpose`.
    pub(crate) fn acquire(options: &Options, purpose: Purpose) -> Result<Self, Error> {
        let folder = options.devdb_dir();
        fs::create_dir_all(&folder).at("creating", &folder)?;
        Self::on(&folder.join(format!("{}.lock", purpose.word())), LIMIT)
    }

    fn on(path: &Path, limit: Duration) -> Result<Self, Error> {
        let file = File::options().create(true).truncate(false).write(true).open(path).at("opening", path)?;
        let deadline = Instant::now() + limit;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(error).at("locking", path),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(Error::Locked { path: path.to_owned(), seconds: limit.as_secs() });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_waits_and_then_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dev.lock");
        let first = Lock::on(&path, Duration::ZERO).unwrap();
        let error = Lock::on(&path, Duration::from_millis(30)).err().unwrap();
        assert!(error.to_string().contains("dev.lock"), "{error}");
        drop(first);
        Lock::on(&path, Duration::ZERO).unwrap();
    }
}
