//! libpq's password file: lines of `host:port:database:user:password`, of which the first that fits counts.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::variables::Variables;

/// Where libpq's programs look for sockets by default. A line for `localhost` is for these, too.
const SOCKETS: [&str; 3] = ["/tmp", "/run/postgresql", "/var/run/postgresql"];

/// A line of the file: what it is for, `None` for anything, and the password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    host: Option<String>,
    port: Option<String>,
    database: Option<String>,
    user: Option<String>,
    pub(crate) password: String,
}

/// The file that is named by `PGPASSFILE`, or where libpq looks without.
pub(crate) fn path(variables: Variables<'_>) -> Option<PathBuf> {
    let default = || {
        if cfg!(windows) {
            Some(PathBuf::from(variables("APPDATA")?).join("postgresql/pgpass.conf"))
        } else {
            Some(PathBuf::from(variables("HOME")?).join(".pgpass"))
        }
    };
    variables("PGPASSFILE").map(PathBuf::from).or_else(default)
}

/// The text of the file; an empty one where it is not there.
///
/// # Errors
///
/// Why it may not be used: as for libpq, it has to be a plain file that nobody else can read.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let read = || {
        let found = fs::metadata(path)?;
        let refused = if found.is_file() { open_to_others(&found) } else { Some("it is no plain file") };
        match refused {
            Some(reason) => Err(io::Error::other(reason)),
            None => Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned()),
        }
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other.map_err(|error| error.to_string()),
    }
}

#[cfg(unix)]
fn open_to_others(found: &fs::Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt as _;
    (found.mode() & 0o077 != 0).then_some("others have access to it; `chmod 0600` takes that from them")
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<&'static str> {
    None
}

/// The lines of a file's text. One that is no such line fits nothing.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(Line::of)
}

impl Line {
    fn of(line: &str) -> Option<Self> {
        let mut fields = fields(line).into_iter();
        let mut next = || fields.next().map(|field| (field != "*").then(|| unescaped(field)));
        let (host, port, database, user) = (next()?, next()?, next()?, next()?);
        let password = unescaped(fields.next()?);
        (!password.is_empty()).then_some(Self { host, port, database, user, password })
    }

    /// Whether it is for a connection; what that leaves open, only `*` is for.
    pub(crate) fn is_for(&self, host: &str, port: u16, database: Option<&str>, user: Option<&str>) -> bool {
        let host = if SOCKETS.contains(&host) { "localhost" } else { host };
        let port = port.to_string();
        let fits = |field: &Option<String>, value| field.is_none() || field.as_deref() == value;
        fits(&self.host, Some(host))
            && fits(&self.port, Some(&port))
            && fits(&self.database, database)
            && fits(&self.user, user)
    }
}

/// The fields of a line, as they are written.
fn fields(line: &str) -> Vec<&str> {
    let mut is_escaped = false;
    let ends = |letter: char| {
        let ends = letter == ':' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    };
    line.split(ends).collect()
}

/// A field without the backslashes before what stands for itself.
fn unescaped(field: &str) -> String {
    let mut letters = field.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The password for `h:5432`, `app` and `ann`.
    fn found(text: &str) -> Option<String> {
        lines(text).find(|line| line.is_for("h", 5432, Some("app"), Some("ann"))).map(|line| line.password)
    }

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# h:5432:app:ann:comment\n\nnonsense\nother:5432:app:ann:1\nh:5433:app:ann:2\nh:5432:other:ann:3\n\
                    h:5432:app:bob:4\nh:5432:app:ann:5\r\nh:*:*:*:6\n";
        assert_eq!(found(text).as_deref(), Some("5"));
        assert_eq!(found("*:*:*:*:all").as_deref(), Some("all"));
        assert_eq!(found("h:5432:app:ann:").as_deref(), None);
        assert_eq!(found("h:5432:app:ann").as_deref(), None);
        assert_eq!(found("").as_deref(), None);
    }

    #[test]
    fn a_backslash_stands_before_what_stands_for_itself() {
        assert_eq!(found(r"h:5432:app:ann:a\:b\\c\d").as_deref(), Some(r"a:b\cd"));
        assert_eq!(found(r"h:5432:app:ann:secret:behind").as_deref(), Some("secret"));
        assert_eq!(found(r"h:5432:a\pp:ann:x\").as_deref(), Some(r"x\"));
        assert_eq!(found(r"\*:*:*:*:star").as_deref(), None);
        let of_star = |text: &str| lines(text).next().unwrap().is_for("*", 1, None, None);
        assert!(of_star(r"\*:*:*:*:star"));
    }

    #[test]
    fn what_a_connection_leaves_open_fits_a_star_alone() {
        let line = |text| lines(text).next().unwrap();
        assert!(line("h:1:*:*:x").is_for("h", 1, None, None));
        assert!(!line("h:1:app:*:x").is_for("h", 1, None, Some("ann")));
        assert!(!line("h:1:*:ann:x").is_for("h", 1, Some("app"), None));
    }

    #[test]
    fn a_socket_where_it_is_by_default_is_localhost() {
        let line = |text| lines(text).next().unwrap();
        assert!(line("localhost:1:*:*:x").is_for("/var/run/postgresql", 1, None, None));
        assert!(line("/srv/sockets:1:*:*:x").is_for("/srv/sockets", 1, None, None));
        assert!(!line("localhost:1:*:*:x").is_for("/srv/sockets", 1, None, None));
    }

    #[test]
    fn it_is_looked_for_where_libpq_looks() {
        use crate::variables::testing::given;
        assert_eq!(path(&given(&[])), None);
        assert_eq!(path(&given(&[("PGPASSFILE", "/p"), ("HOME", "/h"), ("APPDATA", "/a")])), Some("/p".into()));
        let default = if cfg!(windows) { "/a/postgresql/pgpass.conf" } else { "/h/.pgpass" };
        assert_eq!(path(&given(&[("HOME", "/h"), ("APPDATA", "/a")])), Some(default.into()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_not_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pgpass");
        assert_eq!(read(&file).unwrap(), "");
        fs::write(&file, "text").unwrap();
        for (mode, is_read) in [(0o600, true), (0o400, true), (0o640, false), (0o602, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&file).is_ok(), is_read, "{mode:o}");
        }
        assert_eq!(read(folder.path()).unwrap_err(), "it is no plain file");
    }
}
