//! Where the password comes from: the connection string, a variable, or libpq's password file.

use std::fmt;
use std::path::PathBuf;

use tokio_postgres::Config;

use crate::connect::addresses;
use crate::passfile::{self, Line};
use crate::variables::Variables;

/// Where the password comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// From the connection string, or the driver's configuration.
    Given,
    /// From the variable `PGPASSWORD`.
    Variable,
    /// From the password file.
    File(PathBuf),
    /// From nowhere: neither has one for this connection.
    Missing,
    /// From nowhere, since the password file may not be used.
    PassedOver {
        /// The file.
        file: PathBuf,
        /// Why not, and what to do about it.
        reason: String,
    },
}

impl PasswordSource {
    /// Completes what a connection string says, where that has no password.
    ///
    /// # Errors
    ///
    /// A reason: the driver sends one password to all hosts, and they have several.
    pub(crate) fn complete(config: &mut Config, variables: Variables<'_>) -> Result<Self, String> {
        if config.get_password().is_some() {
            return Ok(Self::Given);
        }
        if let Some(password) = variables("PGPASSWORD") {
            config.password(password);
            return Ok(Self::Variable);
        }
        let Some(file) = passfile::path(variables) else { return Ok(Self::Missing) };
        let text = match passfile::read(&file) {
            Ok(text) => text,
            Err(reason) => {
                tracing::warn!(file = %file.display(), reason, "the password file is passed over");
                return Ok(Self::PassedOver { file, reason });
            }
        };
        let lines: Vec<Line> = passfile::lines(&text).collect();
        let (user, database) = (config.get_user(), config.get_dbname().or(config.get_user()));
        let of_host = |(host, port): (String, u16)| {
            lines.iter().find(|line| line.is_for(&host, port, database, user)).map(|line| line.password.clone())
        };
        let mut passwords: Vec<Option<String>> = addresses(config).into_iter().map(of_host).collect();
        passwords.dedup();
        match &passwords[..] {
            [] | [None] => Ok(Self::Missing),
            [Some(password)] => {
                config.password(password);
                Ok(Self::File(file))
            }
            _ => Err(format!(
                "{} does not have one password for all of its hosts, and only one can be sent. Name one host, or the \
                 password",
                file.display()
            )),
        }
    }
}

/// What to look at where the login is refused.
impl fmt::Display for PasswordSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str(
                "Check user and password in the connection URL (characters such as @ : / must be percent-encoded) and \
                 the server's pg_hba.conf",
            ),
            Self::Variable => {
                f.write_str("Check the user, the password in the variable PGPASSWORD, and the server's pg_hba.conf")
            }
            Self::File(file) => {
                write!(f, "Check the user, the password in {}, and the server's pg_hba.conf", file.display())
            }
            Self::Missing => f.write_str(
                "There is no password: if the server wants one, put it into the connection URL, the variable PGPASSWORD \
                 or the file ~/.pgpass; if not, check the user and the server's pg_hba.conf",
            ),
            Self::PassedOver { file, reason } => {
                write!(f, "There is no password, since {} is passed over: {reason}", file.display())
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::connect::Server;
    use crate::variables::testing::given;

    const FILE: &str = "one:5432:app:ann:hunter2\ntwo:*:app:ann:hunter2\nthree:*:*:*:hunter3\n";

    /// The password of a URL, with where it is from.
    fn password(url: &str, variables: &[(&str, &str)]) -> String {
        match Server::read(url, &given(variables)) {
            Ok(server) => {
                let password = server.config().get_password().map(String::from_utf8_lossy);
                let source = match server.password_source() {
                    PasswordSource::File(_) => "file",
                    PasswordSource::PassedOver { .. } => "passed over",
                    PasswordSource::Given => "given",
                    PasswordSource::Variable => "variable",
                    PasswordSource::Missing => "missing",
                };
                format!("{source} {}", password.unwrap_or_default())
            }
            Err(error) => error.to_string(),
        }
    }

    fn file(folder: &Path, mode: u32) -> io::Result<String> {
        let path = folder.join("pgpass");
        fs::write(&path, FILE)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok(path.display().to_string())
    }

    #[test]
    fn the_file_counts_where_neither_url_nor_variable_has_a_password() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path(), 0o600).unwrap();
        let variables = [("PGPASSFILE", &*file)];
        assert_eq!(password("postgres://ann@one/app", &variables), "file hunter2");
        assert_eq!(password("postgres://ann@one,two:9/app", &variables), "file hunter2");
        assert_eq!(password("host=three user=bob", &variables), "file hunter3");
        assert_eq!(password("postgres://ann@one:9/app", &variables), "missing ");
        assert_eq!(password("postgres://ann:own@one/app", &variables), "given own");
        let both = [("PGPASSFILE", &*file), ("PGPASSWORD", "other")];
        assert_eq!(password("postgres://ann@one/app", &both), "variable other");
        let by_variables = [("PGPASSFILE", &*file), ("PGHOST", "one"), ("PGUSER", "ann"), ("PGDATABASE", "app")];
        assert_eq!(password("postgres://", &by_variables), "file hunter2");
        assert_eq!(password("postgres://ann@one/app", &[]), "missing ");
    }

    #[test]
    fn hosts_with_different_passwords_are_refused_and_none_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path(), 0o600).unwrap();
        let refused = password("postgres://ann@one,three/app", &[("PGPASSFILE", &file)]);
        assert!(password("postgres://ann@one,four/app", &[("PGPASSFILE", &file)]).contains("for all of its hosts"));
        assert!(
            refused.contains("does not have one password for all of its hosts") && !refused.contains("hunter"),
            "{refused}"
        );
    }

    #[test]
    fn a_file_that_others_may_read_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path(), 0o644).unwrap();
        assert_eq!(password("postgres://ann@one/app", &[("PGPASSFILE", &file)]), "passed over ");
    }
}
