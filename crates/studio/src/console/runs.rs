//! What runs now, so that it can be cancelled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::sessions::Cancel;

/// The runs by the number that the page gave them.
#[derive(Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<HashMap<u64, Cancel>>>);

/// A run, until it is dropped.
pub(crate) struct Running {
    runs: Runs,
    number: u64,
}

impl Runs {
    pub(crate) fn started(&self, number: u64, cancel: Cancel) -> Running {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, cancel);
        Running { runs: self.clone(), number }
    }

    /// Cancels a run, if it is one; tells whether it was.
    pub(crate) async fn cancel(&self, number: u64) -> Result<bool, Error> {
        let cancel = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        let Some(cancel) = cancel else { return Ok(false) };
        cancel.send().await.map_err(Error::query("cancel"))?;
        Ok(true)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.runs.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}
