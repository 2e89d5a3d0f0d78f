//! Every error of the command line, and the one place that turns it into text and an exit code.

use std::error::Error as _;
use std::process::ExitCode;

use crate::output::{self, RED};
use crate::{commands, config, declared, folder, hints};

/// The exit code of usage, and of a question that nobody is there to answer.
const UNANSWERED: u8 = 2;
/// The exit code where something differs that is compared.
pub(crate) const DIFFERS: u8 = 3;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Config(#[from] config::Error),
    #[error(transparent)]
    Folder(#[from] folder::Error),
    #[error(transparent)]
    Declared(#[from] declared::Error),
    #[error(transparent)]
    Hints(#[from] hints::Error),
    #[error(transparent)]
    Init(#[from] commands::init::Error),
    #[error(transparent)]
    Generate(#[from] commands::generate::Error),
    #[error(transparent)]
    Pull(#[from] commands::pull::Error),
    #[error("{}; nothing was written", refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused { refusals: Vec<kit::Refusal> },
    #[error(transparent)]
    Questions(#[from] hints::Unanswered),
    #[error(transparent)]
    Process(#[from] commands::process::Error),
    #[cfg(feature = "lint")]
    #[error(transparent)]
    Lint(#[from] commands::lint::Error),
    #[error(transparent)]
    Bench(#[from] commands::bench::Error),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Connection(#[from] commands::database::ConnectionError),
    #[cfg(any(feature = "database", feature = "lint"))]
    #[error(transparent)]
    Migrations(#[from] migrator::MigrationsError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Scratch(#[from] commands::database::ScratchError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Drift(#[from] commands::database::DriftError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Backup(#[from] commands::database::BackupError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Environment(#[from] commands::database::EnvironmentRefusal),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Execute(#[from] commands::database::ExecuteError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Push(#[from] commands::database::PushError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Consent(#[from] commands::database::ConsentError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Rollback(#[from] commands::database::RollbackError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Rebase(#[from] commands::database::RebaseError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Squash(#[from] commands::database::SquashError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Drop(#[from] commands::database::DropError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Studio(#[from] commands::database::StudioError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Migrator(#[from] migrator::Error),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Connect(#[from] migrator::ConnectError),
    #[cfg(feature = "database")]
    #[error(transparent)]
    Introspect(#[from] kit::introspect::Error),
    #[cfg(feature = "database")]
    #[error("tablesFilter in drizzle.toml has a pattern that cannot be read")]
    TablesFilter(#[source] kit::introspect::InvalidPattern),
    #[cfg(feature = "database")]
    #[error("cannot start the asynchronous runtime")]
    Runtime(#[source] std::io::Error),
}

impl Error {
    pub(crate) fn code(&self) -> u8 {
        match self {
            Error::Questions(_) | Error::Hints(_) => UNANSWERED,
            #[cfg(feature = "database")]
            Error::Consent(commands::database::ConsentError::Refused(_)) => UNANSWERED,
            #[cfg(feature = "database")]
            Error::Drift(commands::database::DriftError::Drifted { .. })
            | Error::Squash(commands::database::SquashError::Differs { .. }) => DIFFERS,
            _ => 1,
        }
    }

    /// Prints the error with everything that caused it.
    pub(crate) fn report(&self) -> ExitCode {
        output::note(format!("{} {self}", output::paint(RED, "error:")));
        let mut source = self.source();
        while let Some(cause) = source {
            output::note(format!("  caused by: {cause}"));
            source = cause.source();
        }
        ExitCode::from(self.code())
    }
}
