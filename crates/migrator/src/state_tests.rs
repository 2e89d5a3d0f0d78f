use expect_test::{Expect, expect};

use super::*;
use crate::migrations::testing::migrations;

const A: (&str, &str) = ("0000_a", "SELECT 'a';\n");
const B: (&str, &str) = ("0001_b", "SELECT 'b';\n");
const C: (&str, &str) = ("0002_c", "SELECT 'c';\n");

/// The rows of a ledger after these (text, created_at) were applied.
fn rows(applied: &[(&str, i64)]) -> Vec<LedgerRow> {
    (1..)
        .zip(applied)
        .map(|(id, (text, created_at))| LedgerRow {
            id,
            hash: migrations(&[("x", text)]).iter().next().unwrap().hash().to_owned(),
            created_at: Some(*created_at),
        })
        .collect()
}

/// The set's states, one letter per migration, and the ids of the unknown rows.
fn states(set: &[(&str, &str)], rows: Vec<LedgerRow>) -> (String, Vec<i64>) {
    let status = Status::of(&migrations(set), rows);
    let letter = |migration: &MigrationStatus| match migration.state {
        State::Applied => 'A',
        State::Pending => 'P',
        State::HalfApplied(_) => 'H',
        State::HalfEdited(_) => 'h',
        State::Edited { .. } => 'E',
        State::PartlyReplaced { .. } => 'p',
        State::Future { .. } => 'F',
        State::OutOfOrder { .. } => 'O',
    };
    let unknown = status.unknown.iter().map(|row| row.id).collect();
    (status.migrations.iter().map(letter).collect(), unknown)
}

fn check_refusal(set: &[(&str, &str)], rows: Vec<LedgerRow>, expected: &Expect) {
    let refusal = Status::of(&migrations(set), rows).refusal(&Ledger::default());
    expected.assert_eq(&refusal.unwrap().to_string());
}

/// The states at a moment, a day before which `when` counts as future.
fn states_at(set: &[(&str, &str)], rows: Vec<LedgerRow>, now: i64) -> Vec<State> {
    let status = Status::of(&migrations(set), rows).at(now - TOLERANCE);
    status.migrations.into_iter().map(|migration| migration.state).collect()
}

#[test]
fn what_is_pending_and_from_the_future_gets_a_when_after_the_ones_before_it() {
    assert_eq!(states_at(&[A, B], vec![], 1001), [State::Pending, State::Pending]);
    let future = |instead| State::Future { instead };
    assert_eq!(states_at(&[A, B], vec![], 1000), [State::Pending, future(1001)]);
    assert_eq!(states_at(&[A, B], vec![], 500), [future(500 - TOLERANCE), future(501 - TOLERANCE)]);
}

#[test]
fn what_comes_after_an_applied_one_of_the_future_may_be_of_the_future() {
    assert_eq!(states_at(&[A, B], rows(&[(A.1, 1000)]), 1000), [State::Applied, State::Future { instead: 1001 }]);
    assert_eq!(states_at(&[A, B], rows(&[(A.1, 1000)]), 999), [State::Applied, State::Pending]);
}

#[test]
fn everything_is_pending_on_an_empty_ledger() {
    assert_eq!(states(&[A, B], vec![]), ("PP".into(), vec![]));
}

#[test]
fn what_the_ledger_has_is_applied_and_the_rest_pending() {
    assert_eq!(states(&[A, B, C], rows(&[(A.1, 1000), (B.1, 1001)])), ("AAP".into(), vec![]));
}

#[test]
fn membership_does_not_depend_on_the_order_of_rows() {
    assert_eq!(states(&[A, B], rows(&[(B.1, 1001), (A.1, 1000)])), ("AA".into(), vec![]));
}

#[test]
fn a_changed_text_at_the_same_time_is_an_edit() {
    assert_eq!(states(&[A, B], rows(&[(A.1, 1000), ("old", 1001)])), ("AE".into(), vec![]));
}

#[test]
fn other_line_endings_are_no_edit() {
    assert_eq!(states(&[A], rows(&[("SELECT 'a';\r\n", 1000)])), ("A".into(), vec![]));
}

#[test]
fn a_migration_passed_over_is_out_of_order() {
    assert_eq!(states(&[A, B, C], rows(&[(A.1, 1000), (C.1, 1002)])), ("AOA".into(), vec![]));
}

#[test]
fn another_branchs_row_is_unknown_and_hinders_nothing() {
    assert_eq!(states(&[A, B], rows(&[(A.1, 1000), ("other", 9999)])), ("AP".into(), vec![2]));
}

#[test]
fn a_row_without_created_at_is_known_by_its_hash() {
    let mut rows = rows(&[(A.1, 1000)]);
    rows[0].created_at = None;
    assert_eq!(states(&[A, B], rows), ("AP".into(), vec![]));
}

#[test]
fn a_migration_with_another_when_is_known_by_its_hash() {
    assert_eq!(states(&[A, B], rows(&[(A.1, 1000), (B.1, 77)])), ("AA".into(), vec![]));
}

#[test]
fn of_two_files_with_one_text_each_needs_its_own_row() {
    let twin = ("0001_twin", A.1);
    assert_eq!(states(&[A, twin], rows(&[(A.1, 1000)])), ("AP".into(), vec![]));
    assert_eq!(states(&[A, twin], rows(&[(A.1, 1000), (A.1, 1001)])), ("AA".into(), vec![]));
}

#[test]
fn a_new_file_with_the_recorded_text_of_an_edited_one_stays_pending() {
    let set = [A, ("0001_b", "edited"), ("0002_c", B.1)];
    assert_eq!(states(&set, rows(&[(A.1, 1000), (B.1, 1001)])), ("AEP".into(), vec![]));
}

#[test]
fn a_migration_recorded_twice_is_not_unknown() {
    assert_eq!(states(&[A], rows(&[(A.1, 1000), (A.1, 1000)])), ("A".into(), vec![]));
}

#[test]
fn the_refusal_of_an_edit_shows_both_hashes_and_the_repair() {
    check_refusal(
        &[A, B],
        rows(&[(A.1, 1000), ("old", 1001)]),
        &expect![[r#"
            1 migration is edited after being applied:
              0001_b.sql
                file now ab8075fd3943a24a90e340cd6a7cb55176c37b43bda045fde44f139cd8353672
                applied  cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4 (row 2 of "public"."__drizzle_migrations")
            Nothing was changed.
            Next: restore the file as it was applied (`git log -p -- FILE` shows its versions), and put the change into a new migration.
            If the database already is what the edited file makes, record that instead:
              `cargo xtask resolve --rehash 0001_b`, or
              UPDATE "public"."__drizzle_migrations" SET hash = 'ab8075fd3943a24a90e340cd6a7cb55176c37b43bda045fde44f139cd8353672' WHERE id = 2;"#]],
    );
}

#[test]
fn the_refusal_of_a_late_migration_names_the_newer_one_and_the_repair() {
    check_refusal(
        &[A, B, C],
        rows(&[(C.1, 1002)]),
        &expect![[r#"
            2 migrations are out of order:
              0000_a.sql is not applied, but the newer 0002_c is
              0001_b.sql is not applied, but the newer 0002_c is
            Nothing was changed.
            Next: move the migration to the end of the journal, with the next idx and a later `when`, so that every database applies it in the same order (`cargo xtask rebase`); or let this run apply it where it stands (`cargo xtask migrate --allow-out-of-order`).
            If the database already has what it makes, record it instead:
              `cargo xtask resolve --applied 0000_a`, or
              INSERT INTO "public"."__drizzle_migrations" (hash, created_at) VALUES ('a6fa3408250294f07e295be9842164acefb2e18faeaf8faba9e0b8bb04fdd6c5', 1000);
              `cargo xtask resolve --applied 0001_b`, or
              INSERT INTO "public"."__drizzle_migrations" (hash, created_at) VALUES ('ab8075fd3943a24a90e340cd6a7cb55176c37b43bda045fde44f139cd8353672', 1001);"#]],
    );
}

/// The rows of a first unit that is done.
fn half(tag: &str, unit_hash: &str) -> Vec<UnitRow> {
    let unit_hash = unit_hash.to_owned();
    let (tag, hash) = (tag.to_owned(), "0ld".to_owned());
    vec![UnitRow { tag, hash, unit: 1, unit_hash, is_done: true, known_indexes: Vec::new() }]
}

#[test]
fn a_migration_that_is_begun_is_pending_and_told_from_one_that_is_not() {
    let set = migrations(&[A, ("0001_v", "SELECT 1;--> statement-breakpoint\nVACUUM;")]);
    let first = set.iter().nth(1).unwrap().units()[0].hash();
    let status = Status::of(&set, rows(&[(A.1, 1000)])).with_units(&half("0001_v", &first));
    let State::HalfApplied(half) = &status.migrations[1].state else { panic!() };
    assert_eq!((half.done, half.of, half.begun), (1, 2, false));
    assert_eq!(status.pending().map(Migration::tag).collect::<Vec<_>>(), ["0001_v"]);
    assert_eq!(status.refusal(&Ledger::default()), None);
    assert!(!status.is_current());
}

#[test]
fn what_the_ledger_has_is_applied_whatever_the_units_say() {
    let status = Status::of(&migrations(&[A]), rows(&[(A.1, 1000)])).with_units(&half(A.0, "another"));
    assert_eq!(status.migrations[0].state, State::Applied);
}

#[test]
fn the_refusal_of_a_half_applied_file_that_was_edited_shows_both_hashes_and_the_repair() {
    let status = Status::of(&migrations(&[A, B]), rows(&[(A.1, 1000)])).with_units(&half(B.0, "another"));
    let refusal = status.refusal(&Ledger::default()).unwrap();
    expect![[r#"
        1 migration is edited after a part of it was applied:
          0001_b.sql: 1 unit is applied, and unit 1 is not the one that was run
            file now      ab8075fd3943a24a90e340cd6a7cb55176c37b43bda045fde44f139cd8353672
            file applied  0ld
        Nothing was changed.
        Next: restore that part of the file as it was applied (`git log -p -- FILE` shows its versions) and run again, which goes on where it stopped. What is not applied yet may differ.
        If you undo by hand what was applied, the file may run from its beginning:
          `cargo xtask migrate --restart 0001_b`, or
          DELETE FROM "public"."__drizzle_migrations_progress" WHERE tag = '0001_b';"#]].assert_eq(&refusal.to_string());
}

#[test]
fn pending_migrations_alone_are_no_refusal() {
    let status = Status::of(&migrations(&[A, B]), rows(&[(A.1, 1000), ("other", 9)]));
    assert_eq!(status.refusal(&Ledger::default()), None);
    assert!(!status.is_current());
    assert_eq!(status.pending().map(Migration::tag).collect::<Vec<_>>(), ["0001_b"]);
}

/// A migration that replaces A and B, with the `when` of B, and C after it.
fn squashed() -> Migrations {
    let all = Replaced::all(&migrations(&[A, B]));
    let text: String = all.iter().map(|one| format!("{one}\n")).collect();
    let set = migrations(&[A, ("0001_squashed", &format!("{text}SELECT 'ab';\n")), C]);
    set.after_the_first()
}

fn check_squashed(rows: Vec<LedgerRow>, expected: &[State]) -> Status {
    let status = Status::of(&squashed(), rows);
    assert_eq!(status.migrations.iter().map(|migration| migration.state.clone()).collect::<Vec<_>>(), expected);
    status
}

#[test]
fn a_squashed_migration_is_pending_where_nothing_is_applied() {
    check_squashed(vec![], &[State::Pending, State::Pending]);
}

#[test]
fn a_squashed_migration_is_applied_where_all_that_it_replaces_is() {
    let status = check_squashed(rows(&[(A.1, 1000), (B.1, 1001)]), &[State::Applied, State::Pending]);
    assert_eq!(status.migrations[0].row.as_ref().unwrap().id, 2);
    let windows = rows(&[("SELECT 'a';\r\n", 1000), (B.1, 1001), (C.1, 1002)]);
    assert!(check_squashed(windows, &[State::Applied, State::Applied]).unknown.is_empty());
}

#[test]
fn a_squashed_migration_is_applied_by_its_own_row_too() {
    let text = squashed().iter().next().unwrap().text().to_owned();
    check_squashed(rows(&[(&text, 1001), (C.1, 1002)]), &[State::Applied, State::Applied]);
}

#[test]
fn a_part_of_what_a_squashed_migration_replaces_is_refused_with_what_is_missing() {
    let missing = State::PartlyReplaced { missing: vec![B.0.to_owned()] };
    let status = check_squashed(rows(&[(A.1, 1000)]), &[missing.clone(), State::Pending]);
    expect![[r#"
        1 migration is to stand for others that are applied in part:
          0001_squashed.sql replaces 0001_b, which this database lacks
        Nothing was changed.
        Next: apply these first, with the files from before the squash: `git log -- FILE` names its commit; check out the one before it, run `cargo xtask migrate`, and come back.
        If the database already has what they make, record it instead:
          `cargo xtask resolve --applied 0001_squashed`"#]]
    .assert_eq(&status.refusal(&Ledger::default()).unwrap().to_string());
}

#[test]
fn an_edit_of_the_last_one_that_a_squashed_migration_replaces_is_an_edit() {
    let status = Status::of(&squashed(), rows(&[(A.1, 1000), ("old", 1001)]));
    assert!(matches!(status.migrations[0].state, State::Edited { .. }));
}
