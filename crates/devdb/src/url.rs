//! Connection URLs that do not show their password.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What RFC 3986 leaves unreserved stays readable; everything else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What stands where the password was.
const HIDDEN: &str = "***";

/// A `postgres://` connection URL. `Display` and `Debug` hide the password; [`Url::reveal`] is
/// the one way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
}

/// Text that is no connection URL. The text itself is left out, since it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the connection URL {0}; it has the form postgres://user:password@host:5432/database, \
     with special characters in the password percent-encoded"
)]
pub struct InvalidUrl(&'static str);

/// The pieces of a URL, each as written (percent-encoding untouched).
struct Parts<'a> {
    scheme: &'a str,
    user_info: Option<&'a str>,
    hosts: &'a str,
    database: &'a str,
    query: Option<&'a str>,
}

impl Url {
    /// Takes a URL as PostgreSQL's tools and `tokio-postgres` accept it.
    ///
    /// # Errors
    /// The scheme is neither `postgres://` nor `postgresql://`, or the password holds a `/` that
    /// is not encoded, which different parsers read differently.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        let text = text.trim();
        Parts::of(text)?;
        Ok(Self { text: text.to_owned() })
    }

    /// Builds a URL for a server of ours on TCP. It has no TLS, and the URL says so: `PGSSLMODE` is meant for others.
    pub(crate) fn of(user: &str, password: &str, host: &str, port: u16, database: &str) -> Self {
        let (user, password) = (encode(user), encode(password));
        let host = if host.contains(':') {
            format!("[{host}]") // an IPv6 address
        } else {
            host.to_owned()
        };
        Self { text: format!("postgres://{user}:{password}@{host}:{port}/{}?sslmode=disable", encode(database)) }
    }

    /// The whole URL, with the password in it, for handing to a driver or a child process.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The name of the database, if the URL has one.
    #[must_use]
    pub fn database(&self) -> Option<String> {
        let parts = self.parts();
        let from_query = parts.query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("dbname=")));
        let name = from_query.unwrap_or(parts.database);
        (!name.is_empty()).then(|| percent_decode_str(name).decode_utf8_lossy().into_owned())
    }

    /// The same server, role and parameters with another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        // A `dbname` parameter would win over the path.
        self.with(&encode(name), self.parameters_but("dbname"))
    }

    /// The same URL with a parameter, in the place of one of that name.
    #[must_use]
    pub fn with_parameter(&self, name: &str, value: &str) -> Self {
        let mut parameters = self.parameters_but(name);
        let pair = format!("{}={}", encode(name), encode(value));
        parameters.push(&pair);
        self.with(self.parts().database, parameters)
    }

    fn with(&self, database: &str, parameters: Vec<&str>) -> Self {
        let parts = self.parts();
        let user_info = parts.user_info.map(|info| format!("{info}@")).unwrap_or_default();
        let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&")) };
        Self { text: format!("{}{user_info}{}/{database}{query}", parts.scheme, parts.hosts) }
    }

    /// The parameters as they are written, without those of a name.
    fn parameters_but(&self, name: &str) -> Vec<&str> {
        let pairs = self.parts().query.into_iter().flat_map(|query| query.split('&'));
        pairs.filter(|pair| !is_parameter(pair, name)).collect()
    }

    /// `host:port` of a URL built by [`Url::of`].
    pub(crate) fn address(&self) -> &str {
        self.parts().hosts
    }

    fn parts(&self) -> Parts<'_> {
        Parts::of(&self.text).expect("a Url is only made from text that Parts::of accepts")
    }
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, InvalidUrl> {
        let scheme = ["postgres://", "postgresql://"]
            .into_iter()
            .find(|scheme| text.starts_with(scheme))
            .ok_or(InvalidUrl("does not start with postgres://"))?;
        let (scheme, rest) = text.split_at(scheme.len());
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        // Else what stands behind a `?` of the password would be shown.
        if query.is_some_and(|query| query.contains('@')) {
            return Err(InvalidUrl("has an @ after its first ?"));
        }
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        if database.contains('@') {
            return Err(InvalidUrl("has an @ after its first /"));
        }
        let (user_info, hosts) = match authority.rsplit_once('@') {
            Some((user_info, hosts)) => (Some(user_info), hosts),
            None => (None, authority),
        };
        Ok(Self { scheme, user_info, hosts, database, query })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        f.write_str(parts.scheme)?;
        match parts.user_info.map(|info| info.split_once(':')) {
            Some(Some((user, _))) => write!(f, "{user}:{HIDDEN}@")?,
            Some(None) => write!(f, "{}@", parts.user_info.unwrap_or_default())?,
            None => {}
        }
        f.write_str(parts.hosts)?;
        if !parts.database.is_empty() {
            write!(f, "/{}", parts.database)?;
        }
        let Some(query) = parts.query else {
            return Ok(());
        };
        for (index, pair) in query.split('&').enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            if is_parameter(pair, "password") || is_parameter(pair, "sslpassword") {
                let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
                write!(f, "{name}={HIDDEN}")?;
            } else {
                f.write_str(pair)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

/// Whether `pair` (`name=value`) sets the parameter `name`, however the name is encoded.
fn is_parameter(pair: &str, name: &str) -> bool {
    let written = pair.split_once('=').map_or(pair, |(name, _)| name);
    percent_decode_str(written).decode_utf8_lossy() == name
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_shown_url_hides_the_password_wherever_it_stands() {
        for (text, shown) in [
            ("postgres://u:s3cret@h:1/d", "postgres://u:***@h:1/d"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
            ("postgres://h", "postgres://h"),
            ("postgres://u:s3:cr@et@h/d", "postgres://u:***@h/d"),
            ("postgres:///d?host=/run&password=s3cret&user=u", "postgres:///d?host=/run&password=***&user=u"),
            ("postgres://h/d?pass%77ord=s3cret", "postgres://h/d?pass%77ord=***"),
        ] {
            assert_eq!(url(text).to_string(), shown);
            assert_eq!(format!("{:?}", url(text)), format!("Url({shown})"));
        }
    }

    #[test]
    fn another_database_keeps_server_role_and_parameters() {
        for (text, expected) in [
            ("postgres://u:p@h:1/d", "postgres://u:p@h:1/my%20app"),
            ("postgres://u:p@h:1?sslmode=disable", "postgres://u:p@h:1/my%20app?sslmode=disable"),
            ("postgres://a,b/d?dbname=x&user=u", "postgres://a,b/my%20app?user=u"),
            ("postgres:///d?dbname=x", "postgres:///my%20app"),
        ] {
            let other = url(text).with_database("my app");
            assert_eq!(other.reveal(), expected);
            assert_eq!(other.database().as_deref(), Some("my app"));
        }
    }

    #[test]
    fn a_parameter_takes_the_place_of_the_one_before() {
        for (text, expected) in [
            ("postgres://u:p@h:1/d", "postgres://u:p@h:1/d?sslmode=require"),
            ("postgres://h/d?sslmode=disable", "postgres://h/d?sslmode=require"),
            ("postgres://h/my%20app?sslmode=disable&x=y", "postgres://h/my%20app?x=y&sslmode=require"),
        ] {
            assert_eq!(url(text).with_parameter("sslmode", "require").reveal(), expected);
        }
        assert_eq!(url("postgres://h/d").with_parameter("a", "/b c").reveal(), "postgres://h/d?a=%2Fb%20c");
    }

    #[test]
    fn a_built_url_encodes_what_would_end_a_part() {
        let built = Url::of("a@b", "p/:?#", "::1", 5432, "d");
        assert_eq!(built.reveal(), "postgres://a%40b:p%2F%3A%3F%23@[::1]:5432/d?sslmode=disable");
        assert_eq!(built.address(), "[::1]:5432");
    }

    #[test]
    fn text_that_is_no_url_is_refused_without_repeating_it() {
        for text in ["host=h password=s3cret", "mysql://u:s3cret@h/d", ""] {
            let message = Url::parse(text).unwrap_err().to_string();
            assert!(!message.contains("s3cret"), "{message}");
        }
        let message = Url::parse("postgres://u:s3/cret@h/d").unwrap_err();
        assert!(message.to_string().contains("has an @ after its first /"));
        let message = Url::parse("postgres://u:s3?cret@h/d").unwrap_err();
        assert!(message.to_string().contains("has an @ after its first ?"));
    }
}
