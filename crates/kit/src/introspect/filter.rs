use std::str::FromStr;

use glob::Pattern;

/// What of a database is read.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The schemas, by name.
    pub schemas: Patterns,
    /// The tables and views, by their bare name.
    pub tables: Patterns,
    /// The roles, which belong to the whole cluster and not to the database.
    pub roles: Roles,
    /// The roles whose objects are read.
    pub owners: Patterns,
    /// Whether policies on tables that are not read are read, as those on tables that are declared elsewhere.
    pub linked_policies: bool,
    /// The tables that are never read.
    pub ledger: Ledger,
}

/// Patterns of names as drizzle-kit's filters have them: `*` and `?` stand for letters, and `!` before a pattern
/// leaves out what it matches. Without a pattern, or with such ones only, everything else is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// None takes everything.
    taken: Option<Vec<Pattern>>,
    left_out: Vec<Pattern>,
}

/// Text that is no pattern.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no pattern of names: {reason}; write `*` for any letters and `?` for one")]
pub struct InvalidPattern {
    pattern: String,
    reason: &'static str,
}

impl Patterns {
    /// Reads patterns.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, InvalidPattern> {
        let mut read = Patterns::default();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            let (list, text) = match pattern.strip_prefix('!') {
                Some(rest) => (&mut read.left_out, rest),
                None => (read.taken.get_or_insert_default(), pattern),
            };
            let invalid = |error: glob::PatternError| InvalidPattern { pattern: pattern.to_owned(), reason: error.msg };
            list.push(Pattern::from_str(text).map_err(invalid)?);
        }
        Ok(read)
    }

    /// Exactly these names; of none, nothing.
    pub fn exactly<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let escaped = |name: S| Pattern::new(&Pattern::escape(name.as_ref())).expect("an escaped name is a pattern");
        Patterns { taken: Some(names.into_iter().map(escaped).collect()), left_out: Vec::new() }
    }

    /// Whether a name is in.
    pub fn take(&self, name: &str) -> bool {
        let matches = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(name));
        self.taken.as_deref().is_none_or(matches) && !matches(&self.left_out)
    }
}

/// Which roles are read. Superusers and PostgreSQL's own are never among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roles {
    /// None.
    #[default]
    None,
    /// Those that match.
    Matching(Patterns),
}

/// The tables in which migrations are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Their schema, written out.
    pub schema: String,
    /// The table of applied migrations.
    pub table: String,
    /// The table beside it, of those that are half applied.
    pub progress: String,
}

impl Ledger {
    /// Whether a table is one of them.
    pub fn has(&self, schema: &str, table: &str) -> bool {
        schema == self.schema && (table == self.table || table == self.progress)
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Ledger {
            schema: schema::PUBLIC.to_owned(),
            table: "__drizzle_migrations".to_owned(),
            progress: "__drizzle_migrations_progress".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn a_name_is_in_where_a_pattern_takes_it_and_none_leaves_it_out() {
        for (patterns, taken, left_out) in [
            (vec![], vec!["a", "pg_stat"], vec![]),
            (vec!["app_*", "users"], vec!["app_", "app_x", "users"], vec!["user", "xapp_"]),
            (vec!["!tmp_?"], vec!["a", "tmp_", "tmp_ab"], vec!["tmp_a"]),
            (vec!["app_*", "!app_tmp*"], vec!["app_x"], vec!["app_tmp", "users"]),
        ] {
            let read = Patterns::new(&patterns).unwrap();
            assert!(taken.iter().all(|name| read.take(name)), "{patterns:?}");
            assert!(!left_out.iter().any(|name| read.take(name)), "{patterns:?}");
        }
    }

    #[test]
    fn a_name_is_taken_exactly_whatever_letters_it_has() {
        let read = Patterns::exactly(["a*", "[b]", "!c"]);
        assert!(["a*", "[b]", "!c"].iter().all(|name| read.take(name)));
        assert!(!["ab", "b", "c", "x"].iter().any(|name| read.take(name)));
        assert!(!Patterns::exactly([""; 0]).take("a"));
    }

    #[test]
    fn text_that_is_no_pattern_is_named() {
        let error = Patterns::new(["a[b"]).unwrap_err().to_string();
        assert!(error.starts_with("`a[b` is no pattern of names: "), "{error}");
    }
}
