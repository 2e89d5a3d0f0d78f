//! What a connection string says of TLS: the parameters of libpq that the driver does not know.
//!
//! They are taken out of the string, and the driver reads the rest.

use std::ops::Range;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::SslMode;

use crate::variables::Variables;

/// The parameters that are read here, each with the variable that says it where the string does not.
const NAMES: [(&str, &str); 4] =
    [("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY")];

/// `sslmode`, in libpq's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    Disable,
    /// The driver cannot begin without TLS and go on with it, so it is as `prefer`, which protects more.
    Allow,
    #[default]
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// `sslrootcert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The operating system's.
    System,
    /// Those in a file of PEM.
    File(PathBuf),
}

/// What is to be known of TLS before the connection is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ssl {
    pub(crate) mode: Mode,
    pub(crate) roots: Option<Roots>,
    /// The certificate that we show, and its key.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
}

impl Mode {
    const ALL: [Self; 6] = [Self::Disable, Self::Allow, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// What the driver has to do for it; verifying is the connector's work.
    pub(crate) fn of_driver(self) -> SslMode {
        match self {
            Self::Disable => SslMode::Disable,
            Self::Allow | Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyCa | Self::VerifyFull => SslMode::Require,
        }
    }
}

impl Ssl {
    /// Reads the parameters of a URL or of `key=value` pairs, else variables, and returns the text without them. What
    /// cannot be read as either is left to the driver, which says so.
    ///
    /// # Errors
    ///
    /// A reason, which repeats nothing of the text.
    pub(crate) fn take(text: &str, variables: Variables<'_>) -> Result<(Self, String), String> {
        let mut rest = String::new();
        let mut taken: [Option<String>; 4] = Default::default();
        let mut end = 0;
        for Parameter { span, name, value } in parameters(text) {
            if let Some(at) = NAMES.iter().position(|(known, _)| *known == name) {
                rest.push_str(&text[end..span.start]);
                end = span.end;
                taken[at] = Some(value);
            }
        }
        rest.push_str(&text[end..]);
        for (at, (_, variable)) in NAMES.into_iter().enumerate() {
            // Where there is to be no TLS, what the variables say of it is for other servers.
            let is_off = taken[0].as_deref() == Some(Mode::Disable.name());
            let value = taken[at].take().filter(|value| !value.is_empty());
            taken[at] = value.or_else(|| if is_off { None } else { variables(variable) });
        }
        let [mode, roots, certificate, key] = taken;
        Ok((Self::of(mode.as_deref(), roots, certificate, key)?, rest))
    }

    fn of(
        mode: Option<&str>,
        roots: Option<String>,
        certificate: Option<String>,
        key: Option<String>,
    ) -> Result<Self, String> {
        let roots = roots.map(|roots| if roots == "system" { Roots::System } else { Roots::File(roots.into()) });
        let mode = match mode {
            Some(name) => Mode::ALL
                .into_iter()
                .find(|mode| mode.name() == name)
                .ok_or_else(|| format!("sslmode (or PGSSLMODE) is none of {}", Mode::ALL.map(Mode::name).join(", ")))?,
            None if roots == Some(Roots::System) => Mode::VerifyFull,
            None => Mode::default(),
        };
        if roots == Some(Roots::System) && mode != Mode::VerifyFull {
            // Everybody has a certificate from one of those, for some name.
            return Err(format!("sslrootcert=system needs sslmode=verify-full, and it is {}", mode.name()));
        }
        let certificate = match (certificate, key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            _ => return Err("sslcert and sslkey go together, and one of them is missing".to_owned()),
        };
        Ok(Self { mode, roots, certificate })
    }
}

impl Ssl {
    /// The same for libpq, by variables.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let Self { mode, roots, certificate } = self;
        let mut variables = vec![("PGSSLMODE", mode.name().to_owned())];
        if let Some(roots) = roots {
            let roots = match roots {
                Roots::System => "system".to_owned(),
                Roots::File(path) => path.display().to_string(),
            };
            variables.push(("PGSSLROOTCERT", roots));
        }
        if let Some((certificate, key)) = certificate {
            variables.push(("PGSSLCERT", certificate.display().to_string()));
            variables.push(("PGSSLKEY", key.display().to_string()));
        }
        variables
    }
}

/// A parameter of a connection string, with the place of all that is to be cut out with it.
struct Parameter {
    span: Range<usize>,
    name: String,
    value: String,
}

fn parameters(text: &str) -> Vec<Parameter> {
    let scheme = ["postgres://", "postgresql://"].into_iter().find(|scheme| text.starts_with(scheme));
    match scheme {
        Some(scheme) => parameters_of_url(text, scheme.len()),
        None => parameters_of_pairs(text),
    }
}

/// Those behind the first `?` after user and password, which is where the driver looks for them.
fn parameters_of_url(text: &str, scheme: usize) -> Vec<Parameter> {
    let host = text[scheme..].find('@').map_or(scheme, |at| scheme + at);
    let Some(mark) = text[host..].find('?') else { return Vec::new() };
    let mut start = host + mark + 1;
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    text[start..]
        .split_inclusive('&')
        .map(|pair| {
            let span = start..start + pair.len();
            start = span.end;
            let pair = pair.trim_end_matches('&');
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Parameter { span, name: decode(name), value: decode(value) }
        })
        .collect()
}

/// `name = value`, `name='a value'`, with a backslash before what stands for itself.
fn parameters_of_pairs(text: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut letters = text.char_indices().peekable();
    loop {
        while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
        let Some(&(start, _)) = letters.peek() else { return found };
        let mut name = String::new();
        while let Some((_, letter)) = letters.next_if(|(_, letter)| *letter != '=') {
            name.push(letter);
        }
        letters.next();
        while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
        let quoted = letters.next_if(|(_, letter)| *letter == '\'').is_some();
        let mut value = String::new();
        let ends = |letter: char| if quoted { letter == '\'' } else { letter.is_whitespace() };
        while let Some((_, letter)) = letters.next_if(|(_, letter)| !ends(*letter)) {
            let escaped = if letter == '\\' { letters.next() } else { None };
            value.push(escaped.map_or(letter, |(_, escaped)| escaped));
        }
        if quoted {
            letters.next();
        }
        let end = letters.peek().map_or(text.len(), |(end, _)| *end);
        found.push(Parameter { span: start..end, name: name.trim_end().to_owned(), value });
    }
}

#[cfg(test)]
#[path = "ssl_tests.rs"]
mod tests;
