use super::*;
use crate::migrations::testing::migrations;

const INDEXED: &str = "CREATE TABLE a (id int);--> statement-breakpoint\n\
    CREATE INDEX CONCURRENTLY b ON a (id);--> statement-breakpoint\n\
    CREATE TABLE c (id int);";

/// The rows that a run leaves after so many units of a file, with another one begun.
fn rows(tag: &str, text: &str, done: usize, begun: bool) -> Vec<UnitRow> {
    let set = migrations(&[(tag, text)]);
    let migration = set.iter().next().unwrap();
    let recorded = (1..).zip(migration.units()).take(done + usize::from(begun));
    recorded
        .map(|(unit, it)| UnitRow {
            tag: tag.to_owned(),
            hash: migration.hash().to_owned(),
            unit,
            unit_hash: it.hash(),
            is_done: unit <= done,
            known_indexes: Vec::new(),
        })
        .collect()
}

/// What the rows tell of the first of these files.
fn half(files: &[(&str, &str)], rows: &[UnitRow]) -> Option<Half> {
    let set = migrations(files);
    let tags: Vec<_> = set.iter().map(Migration::tag).collect();
    Half::of(set.iter().next().unwrap(), &tags, rows)
}

fn applied(tag: &str, done: usize, begun: bool) -> Option<Half> {
    Some(Half::Applied(HalfApplied { done, of: 3, begun, tag: tag.to_owned(), known_indexes: Vec::new() }))
}

fn edited_unit(half: Option<Half>) -> usize {
    let Some(Half::Edited(edited)) = half else { panic!("{half:?}") };
    edited.unit
}

#[test]
fn a_migration_without_rows_was_not_begun() {
    assert_eq!(half(&[("0000_a", INDEXED)], &rows("0000_b", "VACUUM;", 0, true)), None);
}

#[test]
fn the_rows_tell_how_far_a_migration_came() {
    for (done, begun) in [(0, true), (1, false), (1, true), (2, false)] {
        assert_eq!(half(&[("0000_a", INDEXED)], &rows("0000_a", INDEXED, done, begun)), applied("0000_a", done, begun));
    }
}

#[test]
fn what_is_not_applied_yet_may_be_edited() {
    let edited = INDEXED.replace("b ON a (id)", "b ON a (id, id)").replace("c (id int)", "d (id int)");
    assert_eq!(half(&[("0000_a", &edited)], &rows("0000_a", INDEXED, 1, false)), applied("0000_a", 1, false));
}

#[test]
fn what_is_applied_or_begun_may_not_be_edited() {
    let edited = INDEXED.replace("b ON a (id)", "b ON a (id, id)");
    assert_eq!(edited_unit(half(&[("0000_a", &edited)], &rows("0000_a", INDEXED, 1, true))), 2);
    assert_eq!(edited_unit(half(&[("0000_a", &edited)], &rows("0000_a", INDEXED, 2, false))), 2);
    let shortened = INDEXED.replace("CREATE TABLE a (id int);--> statement-breakpoint\n", "");
    assert_eq!(edited_unit(half(&[("0000_a", &shortened)], &rows("0000_a", INDEXED, 2, false))), 1);
}

#[test]
fn other_line_endings_are_no_edit() {
    let windows = INDEXED.replace('\n', "\r\n");
    assert_eq!(half(&[("0000_a", &windows)], &rows("0000_a", INDEXED, 2, false)), applied("0000_a", 2, false));
}

#[test]
fn a_file_that_was_renamed_is_known_by_its_hash() {
    let rows = rows("0000_a", INDEXED, 2, false);
    assert_eq!(half(&[("0001_a", INDEXED)], &rows), applied("0000_a", 2, false));
    assert_eq!(half(&[("0001_twin", INDEXED), ("0000_a", INDEXED)], &rows), None);
}
