//! What a migration's files are called.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Prefix;
use crate::folder::Folder;

/// The names of one migration.
pub(super) struct Naming {
    /// The SQL file's name without `.sql`.
    pub(super) tag: String,
    /// What the snapshot's name begins with.
    pub(super) prefix: String,
}

/// Names a migration. A prefix that is taken already, as two within one second would have it,
/// counts on to the next free one.
pub(super) fn choose(prefix: Prefix, name: &str, folder: &Folder, now: DateTime<Utc>) -> Naming {
    let index = folder.journal().entries().last().map_or(0, |last| last.idx + 1);
    let index = format!("{index:04}");
    let prefix = match prefix {
        Prefix::Index => index,
        Prefix::None => {
            return Naming { tag: unused(name, folder), prefix: index };
        }
        Prefix::Timestamp | Prefix::Supabase => free(folder, now, |at| at.format("%Y%m%d%H%M%S").to_string()),
        Prefix::Unix => free(folder, now, |at| at.timestamp().to_string()),
    };
    Naming { tag: format!("{prefix}_{name}"), prefix }
}

/// The name, or the name with a number where a migration has it already.
fn unused(name: &str, folder: &Folder) -> String {
    let is_taken = |tag: &String| folder.journal().entries().iter().any(|entry| entry.tag == *tag);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|tag| !is_taken(tag)).unwrap_or_else(|| name.to_owned())
}

fn free(folder: &Folder, now: DateTime<Utc>, text: impl Fn(DateTime<Utc>) -> String) -> String {
    let seconds = (0..).map(|second| now + TimeDelta::seconds(second));
    let mut prefixes = seconds.map(text);
    prefixes.find(|prefix| !folder.has_snapshot(prefix)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn open(path: &Path) -> Result<Folder, crate::folder::Error> {
        Folder::open(path, &Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
    }

    fn tag(prefix: Prefix) -> String {
        let dir = tempfile::tempdir().unwrap();
        let folder = open(dir.path()).unwrap();
        choose(prefix, "add_users", &folder, DateTime::from_timestamp(1_795_399_871, 0).unwrap()).tag
    }

    #[test]
    fn each_prefix_is_drizzle_kits() {
        assert_eq!(tag(Prefix::Index), "0000_add_users");
        assert_eq!(tag(Prefix::Timestamp), "20261123021111_add_users");
        assert_eq!(tag(Prefix::Supabase), "20261123021111_add_users");
        assert_eq!(tag(Prefix::Unix), "1795399871_add_users");
        assert_eq!(tag(Prefix::None), "add_users");
    }

    #[test]
    fn a_second_that_is_taken_counts_on() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("meta")).unwrap();
        std::fs::write(dir.path().join("meta/1795399871_snapshot.json"), "").unwrap();
        let folder = open(dir.path()).unwrap();
        let naming = choose(Prefix::Unix, "x", &folder, DateTime::from_timestamp(1_795_399_871, 0).unwrap());
        assert_eq!(naming.tag, "1795399872_x");
    }
}
