//! The migrations that a squashed one stands for, as its file names them in its first lines:
//!
//! ```sql
//! -- migrate: replaces 0000_init (1759000000000, 3f2a…, 9b1c…)
//! -- migrate: replaces 0001_posts (1759000060000, 77de…)
//! CREATE TABLE …
//! ```
//!
//! Tag, the journal's `when`, and the hashes of the file with either kind of line endings. They stand in the file, so that
//! drizzle-kit reads the folder as any other, and a program that has it embedded has them too.
//!
//! Where a migration that is replaced is a squashed one itself, a database may have it, or what it replaces: its line
//! comes after theirs, and says how many these are (`or the 2 above`).

use std::fmt;

use crate::migrations::{Migration, line_ending_hashes};

/// What the lines begin with.
const PREFIX: &str = "-- migrate: replaces ";

/// A migration that another one stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its tag.
    pub tag: String,
    /// The journal's `when`, in milliseconds since 1970.
    pub when: i64,
    /// The hashes under which a ledger may have it.
    pub hashes: Vec<String>,
    /// How many of those before it in the list it stands for itself.
    pub covers: usize,
}

impl Replaced {
    /// What a migration that replaces these has to name: each, with what it replaces itself before it.
    ///
    /// ```
    /// # let migrations = migrator::Migrations::default();
    /// let lines: String = migrator::Replaced::all(&migrations).iter().map(|one| format!("{one}\n")).collect();
    /// ```
    pub fn all<'a>(migrations: impl IntoIterator<Item = &'a Migration>) -> Vec<Self> {
        let mut all = Vec::new();
        for migration in migrations {
            let covers = migration.replaces().len();
            all.extend_from_slice(migration.replaces());
            let mut hashes = line_ending_hashes(migration.text()).to_vec();
            hashes.dedup();
            all.push(Self { tag: migration.tag().to_owned(), when: migration.when(), hashes, covers });
        }
        all
    }

    /// Reads the first lines of a file.
    pub(crate) fn read(text: &str) -> Vec<Self> {
        let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        lines.map_while(|line| line.strip_prefix(PREFIX)).map_while(Self::parse).collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (tag, rest) = line.rsplit_once(" (")?;
        let (inside, covers) = rest.split_once(')')?;
        let mut parts = inside.split(", ");
        let when = parts.next()?.parse().ok()?;
        let covers = match covers.strip_prefix(" or the ") {
            None if covers.is_empty() => 0,
            covers => covers?.strip_suffix(" above")?.parse().ok()?,
        };
        Some(Self { tag: tag.to_owned(), when, hashes: parts.map(str::to_owned).collect(), covers })
    }

    /// Those that a database lacks where it `has` some: a line that covers others is there if these are.
    #[cfg(any(feature = "database", test))]
    pub(crate) fn missing(all: &[Self], has: impl Fn(&Self) -> bool) -> Vec<&Self> {
        // What is missing of each group of lines, and how many lines these are.
        let mut groups: Vec<(usize, Vec<&Self>)> = Vec::new();
        for one in all {
            let (mut lines, mut missing) = (1, Vec::new());
            while lines <= one.covers
                && let Some((more, missing_there)) = groups.pop()
            {
                lines += more;
                missing.splice(0..0, missing_there);
            }
            match (has(one), one.covers) {
                (true, _) => missing.clear(),
                (false, 0) => missing.push(one),
                (false, _) => {}
            }
            groups.push((lines, missing));
        }
        groups.into_iter().flat_map(|(_, missing)| missing).collect()
    }
}

/// The line, as it stands in the file.
impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, when, hashes, covers } = self;
        write!(f, "{PREFIX}{tag} ({when}")?;
        hashes.iter().try_for_each(|hash| write!(f, ", {hash}"))?;
        f.write_str(")")?;
        if *covers > 0 { write!(f, " or the {covers} above") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(tag: &str, covers: usize) -> Replaced {
        Replaced { tag: tag.to_owned(), when: 7, hashes: vec!["aa".to_owned(), "bb".to_owned()], covers }
    }

    fn missing(all: &[Replaced], there: &[&str]) -> String {
        let missing = Replaced::missing(all, |one| there.contains(&one.tag.as_str()));
        missing.iter().map(|one| one.tag.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_read_as_they_are_written() {
        let all = [one("0000_a (old)", 0), one("0001_b", 0), one("0001_squashed", 2)];
        let text: String = all.iter().map(|one| format!("{one}\n")).collect();
        assert_eq!(text.lines().next(), Some("-- migrate: replaces 0000_a (old) (7, aa, bb)"));
        assert_eq!(text.lines().last(), Some("-- migrate: replaces 0001_squashed (7, aa, bb) or the 2 above"));
        assert_eq!(Replaced::read(&format!("{text}CREATE TABLE a (id int);")), all);
        assert_eq!(Replaced::read(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), all);
    }

    #[test]
    fn only_the_first_lines_of_a_file_replace_something() {
        assert!(Replaced::read(&format!("SELECT 1;\n{}\n", one("a", 0))).is_empty());
        for broken in ["a", "a (", "a (x)", "a (1) or", "a (1) or the many above", "(1)"] {
            assert!(Replaced::read(&format!("{PREFIX}{broken}\n")).is_empty(), "{broken}");
        }
    }

    #[test]
    fn what_a_squashed_one_stands_for_may_be_there_instead_of_it() {
        let all = [one("a", 0), one("b", 0), one("ab", 2), one("c", 0), one("abc", 4), one("d", 0)];
        for there in [&["a", "b", "c", "d"][..], &["ab", "c", "d"], &["abc", "d"]] {
            assert_eq!(missing(&all, there), "", "{there:?}");
        }
        assert_eq!(missing(&all, &["a", "c", "d"]), "b");
        assert_eq!(missing(&all, &["ab"]), "c d");
        assert_eq!(missing(&all, &[]), "a b c d");
    }
}
