//! The names that come from one.

use super::Error;

/// Names of packages of this workspace and of what Cargo makes of them.
const TAKEN: [&str; 12] = [
    "api",
    "build",
    "devdb",
    "kit",
    "lint",
    "migrator",
    "schema",
    "schema-macros",
    "studio",
    "target",
    "test",
    "xtask",
];

/// How a service is called, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// Package, program, image and deployment: `my-service`.
    pub(super) package: String,
    /// The database: `my_service`.
    pub(super) database: String,
}

impl Names {
    /// Names that Cargo, PostgreSQL, Docker and Kubernetes all take as they are.
    pub(super) fn parse(name: &str) -> Result<Self, Error> {
        let refuse = |reason| Err(Error::Name { name: name.to_owned(), reason });
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(2..=40).contains(&name.len()) {
            return refuse("it is too short or too long");
        }
        if !name.chars().all(allowed) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return refuse("it has another character");
        }
        if name.ends_with('-') || name.contains("--") {
            return refuse("a hyphen stands between two others");
        }
        if TAKEN.contains(&name) {
            return refuse("something here has it");
        }
        Ok(Self { package: name.to_owned(), database: name.replace('-', "_") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_all_take() {
        let names = Names::parse("my-service2").unwrap();
        assert_eq!((names.package.as_str(), names.database.as_str()), ("my-service2", "my_service2"));
        let long = "a".repeat(41);
        for name in
            ["", "a", "My", "my_service", "2day", "-a", "a-", "a--b", "schema", "api", "a b", "../x", "ä1", &long]
        {
            assert!(Names::parse(name).is_err(), "{name}");
        }
    }
}
