//! What happens during a run, for whoever shows or counts it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::report::Applied;

/// Something that happens during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A migration begins.
    Begun {
        /// The tag.
        tag: &'a str,
    },
    /// A migration waited for a lock in vain, was rolled back, and is tried again.
    Retrying {
        /// The tag.
        tag: &'a str,
        /// The pause before the next attempt.
        pause: Duration,
    },
    /// A migration is applied and recorded.
    Applied(&'a Applied),
}

/// A function that is told.
type Told = dyn Fn(&Event<'_>) + Send + Sync;

/// Who is told, if anybody is.
#[derive(Clone, Default)]
pub(crate) struct Listener(Option<Arc<Told>>);

impl Listener {
    pub(crate) fn new(listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(listener) = &self.0 {
            listener(event);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener(_)" } else { "Listener" })
    }
}
