//! Reading of variables, with the mistakes gathered on the way.

use std::fmt;
use std::time::Duration;

type Lookup = Box<dyn Fn(&str) -> Option<String>>;

/// Environment variables, and what those read so far are, and what was wrong with them.
pub struct Variables {
    lookup: Lookup,
    settings: Vec<Setting>,
    problems: Vec<Problem>,
}

/// What one variable is, in words that anybody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The variable.
    pub variable: &'static str,
    /// Its value; of a URL, what it connects to without the password.
    pub value: String,
    /// Whether the environment has it.
    pub given: bool,
}

/// One variable that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub variable: &'static str,
    /// What it is, as in `is "x"` or `is not set`.
    pub found: String,
    /// What it must be.
    pub allowed: String,
}

/// The environment cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// All that is wrong with it.
    pub problems: Vec<Problem>,
}

impl Variables {
    /// Those of the process.
    pub fn from_process() -> Self {
        // Text that is not Unicode fails where it is parsed.
        Self::new(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }

    /// Those that `lookup` finds by name.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self { lookup: Box::new(lookup), settings: Vec::new(), problems: Vec::new() }
    }

    /// The value, if there is one. Empty counts as absent, as in `.env` files.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Notes a mistake, once for a variable that two concerns read.
    pub fn reject(&mut self, variable: &'static str, found: impl Into<String>, allowed: impl Into<String>) {
        if self.problems.iter().all(|problem| problem.variable != variable) {
            self.problems.push(Problem { variable, found: found.into(), allowed: allowed.into() });
        }
    }

    /// Notes what a variable is, once for one that two concerns read.
    pub fn note(&mut self, variable: &'static str, value: impl Into<String>, given: bool) {
        if self.settings.iter().all(|setting| setting.variable != variable) {
            self.settings.push(Setting { variable, value: value.into(), given });
        }
    }

    /// The value, or `default`, as `parse` reads it. `allowed` says in words what `parse` takes.
    pub fn parse<T>(
        &mut self,
        name: &'static str,
        default: &str,
        allowed: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let given = self.get(name);
        self.note(name, given.as_deref().unwrap_or(default), given.is_some());
        let value = given.as_deref().map(&parse);
        if let (Some(text), Some(None)) = (&given, &value) {
            self.reject(name, format!("is {text:?}"), allowed);
        }
        value.flatten().unwrap_or_else(|| parse(default).expect("a default is one of the allowed values"))
    }

    /// A time in seconds, which may have a fraction.
    pub fn seconds(&mut self, name: &'static str, default: &str) -> Duration {
        self.parse(name, default, "seconds from 0.001 to 86400", |text| seconds(text, 0.001))
    }

    /// A time in seconds that may be 0.
    pub fn seconds_or_none(&mut self, name: &'static str, default: &str) -> Duration {
        self.parse(name, default, "seconds from 0 to 86400", |text| seconds(text, 0.0))
    }

    /// What was read so far, if nothing was wrong.
    ///
    /// # Errors
    /// Every mistake that was noted.
    pub fn settings(self) -> Result<Vec<Setting>, Invalid> {
        if self.problems.is_empty() { Ok(self.settings) } else { Err(Invalid { problems: self.problems }) }
    }

    /// What was read, if nothing was wrong.
    ///
    /// # Errors
    /// Every mistake that was noted.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Invalid> {
        match read {
            Some(read) if self.problems.is_empty() => Ok(read),
            _ => Err(Invalid { problems: self.problems }),
        }
    }
}

fn seconds(text: &str, least: f64) -> Option<Duration> {
    // A day: more is a mistake in the unit.
    let limits = least..=86_400.0;
    text.parse().ok().filter(|seconds| limits.contains(seconds)).map(Duration::from_secs_f64)
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the environment is not usable")?;
        for Problem { variable, found, allowed } in &self.problems {
            write!(f, "\n  {variable} {found}. It must be {allowed}")?;
        }
        if cfg!(debug_assertions) {
            f.write_str("\nSet it in the environment or in .env, as .env.example shows. `cargo xtask dev` finds a database by itself")?;
        }
        Ok(())
    }
}
