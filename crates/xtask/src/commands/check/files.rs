//! The files: does every migration have what belongs to it, and do the snapshots follow one another?
//!
//! Unlike a command that needs the folder, this one names everything that is wrong with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use migrator::{Entry, JOURNAL_PATH, Journal};
use schema::snapshot::ORIGIN_ID;
use schema::{Objects, Snapshot};

use super::report::{Check, Finding, Findings, State};
use crate::config::Config;
use crate::error::Error;
use crate::folder::{self, Folder, objects_name, prefixes, snapshot_file, snapshot_path};

/// What is in the folder, by the name inside it. What cannot be read is there with the reason.
struct Listing {
    journal: Result<Journal, String>,
    sql: Vec<String>,
    snapshots: BTreeMap<String, Result<Place, String>>,
    objects: BTreeMap<String, Result<(), String>>,
    /// The snapshot of the newest migration, which the other checks compare with: of the rest only the place is kept.
    newest: Option<Snapshot>,
}

/// Where a snapshot stands in the chain.
struct Place {
    id: String,
    prev_id: String,
}

/// Something wrong, and the file that it is about.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    file: String,
    message: String,
}

/// Checks a folder that was opened, or could not be. Gives the snapshot of the newest migration too, without the objects
/// that no snapshot holds.
pub(super) fn check(
    opened: Result<&Folder, &folder::Error>,
    config: &Config,
) -> Result<(Check, Option<Snapshot>), Error> {
    let listing = Listing::read(&config.out)?;
    let mut problems = listing.problems();
    if let (Err(error), true) = (opened, problems.is_empty()) {
        problems.push(Problem { file: JOURNAL_PATH.to_owned(), message: with_causes(error) });
    }
    if problems.is_empty() {
        let migrations = listing.journal.map_or(0, |journal| journal.entries().len());
        let said = format!("{migrations} {}", if migrations == 1 { "migration" } else { "migrations" });
        return Ok((Check::new("files", State::Ok(said)), listing.newest));
    }
    let items = problems
        .into_iter()
        .map(|Problem { file, message }| {
            let file = config.out.join(file);
            Finding::in_file(config.relative(&file).to_owned(), message)
        })
        .collect();
    let next = "correct the files; `git log -- DIR` shows what became of them"
        .replace("DIR", &config.relative(&config.out).display().to_string());
    Ok((Check::new("files", State::Differs(Findings { items, next })), None))
}

impl Listing {
    fn new(journal: Result<Journal, String>) -> Self {
        Listing { journal, sql: Vec::new(), snapshots: BTreeMap::new(), objects: BTreeMap::new(), newest: None }
    }

    fn read(out: &Path) -> Result<Self, folder::Error> {
        let meta = out.join("meta");
        let mut listing = Listing::new(journal(out));
        let newest = listing.journal.as_ref().ok().and_then(|journal| journal.entries().last());
        let newest = newest.and_then(|entry| snapshot_file(out, entry));
        listing.sql = names(out)?.into_iter().filter(|name| name.ends_with(".sql")).collect();
        for name in names(&meta)? {
            let path = meta.join(&name);
            let inside = format!("meta/{name}");
            if name.ends_with("_snapshot.json") {
                let read = text(&path).and_then(|text| Snapshot::parse(&text).map_err(|error| with_causes(&error)));
                let place = read.map(|snapshot| {
                    let place = Place { id: snapshot.id.clone(), prev_id: snapshot.prev_id.clone() };
                    if newest.as_ref() == Some(&path) {
                        listing.newest = Some(snapshot);
                    }
                    place
                });
                listing.snapshots.insert(inside, place);
            } else if name.starts_with('_') && name.ends_with("_objects.json") {
                let read = text(&path).and_then(|text| Objects::parse(&text).map_err(|error| with_causes(&error)));
                listing.objects.insert(inside, read.map(|_| ()));
            }
        }
        Ok(listing)
    }

    fn problems(&self) -> Vec<Problem> {
        let journal = match &self.journal {
            Ok(journal) => journal,
            Err(message) => return vec![Problem { file: JOURNAL_PATH.to_owned(), message: message.clone() }],
        };
        let entries = journal.entries();
        let mut problems: Vec<Problem> = entries.iter().flat_map(|entry| self.of_migration(entry)).collect();
        problems.extend(self.of_chain(entries));
        problems.extend(self.of_nobody(entries));
        problems
    }

    /// The files of one migration.
    fn of_migration(&self, entry: &Entry) -> Vec<Problem> {
        let mut problems = Vec::new();
        let file = format!("{}.sql", entry.tag);
        if !self.sql.contains(&file) {
            let message = "the journal lists it, and it is not there; restore it from version control".to_owned();
            problems.push(Problem { file, message });
        }
        match self.snapshot(entry) {
            None => {
                let [_, by_idx] = prefixes(entry);
                let message = format!("the snapshot of {} is not there; restore it from version control", entry.tag);
                problems.push(Problem { file: snapshot_path(&by_idx), message });
            }
            Some((file, Err(message))) => problems.push(Problem { file: file.to_owned(), message: message.clone() }),
            Some((_, Ok(_))) => {}
        }
        for prefix in prefixes(entry) {
            let file = format!("meta/{}", objects_name(&prefix));
            if let Some(Err(message)) = self.objects.get(&file) {
                problems.push(Problem { file, message: message.clone() });
            }
        }
        problems.dedup();
        problems
    }

    fn snapshot(&self, entry: &Entry) -> Option<(&str, &Result<Place, String>)> {
        let paths = prefixes(entry).map(|prefix| snapshot_path(&prefix));
        let found = paths.iter().find_map(|path| self.snapshots.get_key_value(path));
        found.map(|(file, place)| (file.as_str(), place))
    }

    /// Each snapshot names the one before it.
    fn of_chain(&self, entries: &[Entry]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut before: Option<(&Entry, &Place)> = None;
        let mut followed: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in entries {
            let Some((file, Ok(place))) = self.snapshot(entry) else {
                before = None;
                continue;
            };
            let expected = match before {
                Some((_, previous)) => previous.id.as_str(),
                None if entries.first().is_some_and(|first| first.idx == entry.idx) => ORIGIN_ID,
                // Of what cannot be read it is not known what follows it.
                None => place.prev_id.as_str(),
            };
            if place.prev_id != expected {
                let message = match (followed.get(place.prev_id.as_str()), before) {
                    (Some(other), _) => format!(
                        "{} and {other} were both generated from the same schema, as on two branches: the snapshot of \
                         {} does not have what {other} changes; take back the one that is applied nowhere, and \
                         generate it again",
                        entry.tag, entry.tag
                    ),
                    (None, Some((previous, _))) => format!(
                        "it does not follow the snapshot of {}: its prevId is {}; restore it from version control",
                        previous.tag, place.prev_id
                    ),
                    (None, None) => format!("the first snapshot follows none, and its prevId is {}", place.prev_id),
                };
                problems.push(Problem { file: file.to_owned(), message });
            }
            followed.entry(&place.prev_id).or_insert(&entry.tag);
            before = Some((entry, place));
        }
        problems
    }

    /// Files that belong to no migration.
    fn of_nobody(&self, entries: &[Entry]) -> Vec<Problem> {
        let is_of = |file: &str, entry: &Entry| {
            file.strip_prefix(&entry.tag).is_some_and(|rest| rest == ".sql" || rest == ".down.sql")
        };
        let is_listed = |file: &&String| entries.iter().any(|entry| is_of(file, entry));
        let sql = self.sql.iter().filter(|file| !is_listed(file)).map(|file| Problem {
            file: file.clone(),
            message: "it is not in the journal, so it is never applied; move it out of the folder, and its SQL into a \
                      migration that `cargo xtask generate --custom` makes"
                .to_owned(),
        });
        let of_entries: Vec<&str> =
            entries.iter().filter_map(|entry| self.snapshot(entry)).map(|(file, _)| file).collect();
        let snapshots = self.snapshots.keys().filter(|file| !of_entries.contains(&file.as_str())).map(|file| Problem {
            file: file.clone(),
            message: "it belongs to no migration of the journal; remove it, or restore the journal from version \
                      control"
                .to_owned(),
        });
        sql.chain(snapshots).collect()
    }
}

fn journal(out: &Path) -> Result<Journal, String> {
    let path = out.join(JOURNAL_PATH);
    if !path.exists() {
        return Ok(Journal::default());
    }
    Journal::parse(&text(&path)?, JOURNAL_PATH).map_err(|error| with_causes(&error))
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))
}

/// The names of the files in a folder, sorted; none where it does not exist.
fn names(folder: &Path) -> Result<Vec<String>, folder::Error> {
    let mut names = Vec::new();
    match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        listing => {
            for item in listing.map_err(folder::io("read", folder))? {
                let item = item.map_err(folder::io("read", folder))?;
                names.extend(item.file_name().into_string().ok());
            }
        }
    }
    names.sort();
    Ok(names)
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// A folder of migrations `0000_a`, `0001_b` and so on whose snapshots have these ids and prevIds.
    fn folder(snapshots: &[(&str, &str)]) -> Listing {
        let mut journal = Journal::default();
        let mut listing = Listing::new(Err(String::new()));
        for (number, (letter, (id, prev_id))) in ('a'..).zip(snapshots).enumerate() {
            let tag = format!("{number:04}_{letter}");
            listing.sql.push(format!("{tag}.sql"));
            let place = Place { id: (*id).to_owned(), prev_id: (*prev_id).to_owned() };
            listing.snapshots.insert(format!("meta/{number:04}_snapshot.json"), Ok(place));
            journal.push(tag, 0, true);
        }
        listing.journal = Ok(journal);
        listing
    }

    fn check(listing: &Listing, expected: Expect) {
        let lines: Vec<String> =
            listing.problems().iter().map(|Problem { file, message }| format!("{file}: {message}")).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_whole_folder_has_no_problem() {
        check(&folder(&[]), expect![""]);
        check(&folder(&[("1", ORIGIN_ID), ("2", "1"), ("3", "2")]), expect![""]);
    }

    #[test]
    fn two_migrations_from_one_schema_are_named_together() {
        check(
            &folder(&[("1", ORIGIN_ID), ("2", "1"), ("3", "1")]),
            expect![[
                r#"meta/0002_snapshot.json: 0002_c and 0001_b were both generated from the same schema, as on two branches: the snapshot of 0002_c does not have what 0001_b changes; take back the one that is applied nowhere, and generate it again"#
            ]],
        );
    }

    #[test]
    fn a_snapshot_that_follows_no_other_is_named() {
        check(
            &folder(&[("1", "9"), ("2", "8")]),
            expect![[r#"
                meta/0000_snapshot.json: the first snapshot follows none, and its prevId is 9
                meta/0001_snapshot.json: it does not follow the snapshot of 0000_a: its prevId is 8; restore it from version control"#]],
        );
    }

    #[test]
    fn what_is_missing_and_what_belongs_to_nobody_is_named() {
        let mut listing = folder(&[("1", ORIGIN_ID), ("2", "1")]);
        listing.sql = vec!["0000_a.sql".to_owned(), "fix.sql".to_owned()];
        let moved = listing.snapshots.remove("meta/0001_snapshot.json").unwrap();
        listing.snapshots.insert("meta/0007_snapshot.json".to_owned(), moved);
        check(
            &listing,
            expect![[r#"
                0001_b.sql: the journal lists it, and it is not there; restore it from version control
                meta/0001_snapshot.json: the snapshot of 0001_b is not there; restore it from version control
                fix.sql: it is not in the journal, so it is never applied; move it out of the folder, and its SQL into a migration that `cargo xtask generate --custom` makes
                meta/0007_snapshot.json: it belongs to no migration of the journal; remove it, or restore the journal from version control"#]],
        );
    }

    #[test]
    fn what_cannot_be_read_does_not_hide_the_rest() {
        let mut listing = folder(&[("1", ORIGIN_ID), ("2", "1"), ("3", "2")]);
        listing.snapshots.insert("meta/0001_snapshot.json".to_owned(), Err("it is not valid JSON".to_owned()));
        listing.objects.insert("meta/_0002_objects.json".to_owned(), Err("its version is \"9\"".to_owned()));
        check(
            &listing,
            expect![[r#"
                meta/0001_snapshot.json: it is not valid JSON
                meta/_0002_objects.json: its version is "9""#]],
        );
        listing.journal = Err("conflict".to_owned());
        check(&listing, expect!["meta/_journal.json: conflict"]);
    }
}
