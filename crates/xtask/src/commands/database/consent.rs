//! Consent to what is lost for good: by a flag, or by a person who is asked for each kind of loss by itself.

use std::collections::BTreeMap;
use std::fmt;

use kit::hazard::Loss;

use crate::output::{self, RED, paint};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("cannot read the answer")]
    Prompt(#[source] dialoguer::Error),
    #[error("nothing was changed")]
    Declined,
}

/// What is lost, and nobody has agreed to it.
#[derive(Debug)]
pub(crate) struct Refused {
    losses: BTreeMap<Loss, Vec<String>>,
    must_confirm: Option<&'static str>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refused { losses, must_confirm } = self;
        match must_confirm {
            Some(reason) if losses.is_empty() => {
                return write!(f, "{reason}, and nobody is here to agree; nothing was changed. --yes agrees");
            }
            _ => writeln!(f, "something would be lost, and nobody is here to agree; nothing was changed")?,
        }
        for (loss, statements) in losses {
            writeln!(f, "\n  {loss}")?;
            for statement in statements {
                writeln!(f, "    {}", statement.lines().next().unwrap_or_default())?;
            }
        }
        let words: Vec<&str> = losses.keys().map(|loss| loss.word()).collect();
        let yes = must_confirm.map_or("", |_| " --yes");
        write!(
            f,
            "\nnext: rename what was renamed (--rename OLD=NEW), or agree with --allow-loss {}{yes}",
            words.join(",")
        )
    }
}

/// Has every kind of loss agreed to that is not allowed yet, and then the whole, where there is a reason to ask.
pub(super) fn agree(
    losses: BTreeMap<Loss, Vec<String>>,
    allowed: &[Loss],
    must_confirm: Option<&'static str>,
) -> Result<(), Error> {
    let losses: BTreeMap<Loss, Vec<String>> = losses.into_iter().filter(|(loss, _)| !allowed.contains(loss)).collect();
    if losses.is_empty() && must_confirm.is_none() {
        return Ok(());
    }
    if !output::is_interactive() {
        return Err(Refused { losses, must_confirm }.into());
    }
    for (loss, statements) in &losses {
        output::note(format!("\n{} {loss}", paint(RED, "lost for good:")));
        for statement in statements {
            output::note(format!("  {statement}"));
        }
        confirm(&format!("Lose these {loss}?"))?;
    }
    match must_confirm {
        Some(reason) => confirm(&format!("{reason}. Run these statements?")),
        None => Ok(()),
    }
}

/// Asks; whoever says nothing has not agreed.
pub(super) fn confirm(question: &str) -> Result<(), Error> {
    let asked = dialoguer::Confirm::new().with_prompt(question).default(false).interact();
    if asked.map_err(Error::Prompt)? { Ok(()) } else { Err(Error::Declined) }
}
