use std::error::Error as _;

use expect_test::{Expect, expect};

use super::*;

fn entry(idx: u32, tag: &str, when: i64) -> String {
    format!(r#"{{"idx": {idx}, "version": "7", "when": {when}, "tag": "{tag}", "breakpoints": true}}"#)
}

fn journal(entries: &[String]) -> String {
    let entries = entries.join(", ");
    format!(r#"{{"version": "7", "dialect": "postgresql", "entries": [{entries}]}}"#)
}

fn check_refused(text: &str, expected: &Expect) {
    let error = parse(text, "meta/_journal.json").unwrap_err();
    let source = error.source().map(|source| format!("\ncause: {source}")).unwrap_or_default();
    expected.assert_eq(&format!("{error}{source}"));
}

#[test]
fn entries_are_read_in_order() {
    let text = journal(&[entry(0, "0000_init", 5), entry(1, "0001_users", 6)]);
    let entries = parse(&text, "j").unwrap();
    let read: Vec<_> = entries.iter().map(|e| (e.idx, e.tag.as_str(), e.when)).collect();
    assert_eq!(read, [(0, "0000_init", 5), (1, "0001_users", 6)]);
}

#[test]
fn an_empty_journal_is_an_empty_set() {
    assert!(parse(&journal(&[]), "j").unwrap().is_empty());
}

#[test]
fn entries_of_an_older_format_stay_readable() {
    let text = journal(&[entry(0, "0000_init", 5).replace('7', "5")]);
    assert_eq!(parse(&text, "j").unwrap().len(), 1);
}

#[test]
fn a_truncated_journal_names_line_and_column() {
    let text = journal(&[entry(0, "0000_init", 5)]).replace(", ", ",\n");
    check_refused(
        &text[..text.len() - 20],
        &expect![[r#"
        meta/_journal.json is cut short: the JSON ends at line 7, column 2. Restore it from version control, or write it again with the command that generates migrations
        cause: EOF while parsing a string at line 7 column 2"#]],
    );
}

#[test]
fn an_empty_file_is_truncated() {
    check_refused(
        "",
        &expect![[r#"
        meta/_journal.json is cut short: the JSON ends at line 1, column 0. Restore it from version control, or write it again with the command that generates migrations
        cause: EOF while parsing a value at line 1 column 0"#]],
    );
}

#[test]
fn a_conflict_marker_is_not_json() {
    check_refused(
        "{\n<<<<<<< HEAD\n}",
        &expect![[r#"
            meta/_journal.json is not valid JSON at line 2, column 1. In a merge that has stopped, `cargo xtask rebase` puts one branch's migrations after the other's; else look for conflict markers or a missing comma there
            cause: key must be a string at line 2 column 1"#]],
    );
}

#[test]
fn an_unknown_key_is_named() {
    let text = journal(&[]).replace("{", "{\"checksum\": 1, ");
    check_refused(
        &text,
        &expect![[r#"
        meta/_journal.json is not a journal of version 7: see line 1, column 11. The journal has the keys version, dialect and entries; an entry has idx, version, when, tag and breakpoints. Correct the key, or update this tool if a newer drizzle-kit wrote it
        cause: unknown field `checksum`, expected one of `version`, `dialect`, `entries` at line 1 column 11"#]],
    );
}

#[test]
fn an_unknown_key_of_an_entry_is_named() {
    let text = journal(&[entry(0, "0000_init", 5).replace("when", "at")]);
    check_refused(
        &text,
        &expect![[r#"
        meta/_journal.json is not a journal of version 7: see line 1, column 85. The journal has the keys version, dialect and entries; an entry has idx, version, when, tag and breakpoints. Correct the key, or update this tool if a newer drizzle-kit wrote it
        cause: unknown field `at`, expected one of `idx`, `version`, `when`, `tag`, `breakpoints` at line 1 column 85"#]],
    );
}

#[test]
fn a_missing_key_is_named() {
    check_refused(
        r#"{"version": "7", "entries": []}"#,
        &expect![[r#"
        meta/_journal.json is not a journal of version 7: see line 1, column 31. The journal has the keys version, dialect and entries; an entry has idx, version, when, tag and breakpoints. Correct the key, or update this tool if a newer drizzle-kit wrote it
        cause: missing field `dialect` at line 1 column 31"#]],
    );
}

#[test]
fn another_version_is_refused_whatever_else_is_in_it() {
    check_refused(
        r#"{"version": "8", "steps": []}"#,
        &expect![[
            r#"meta/_journal.json has version "8", and this tool reads version "7". `cargo xtask up` brings an older folder to it; update this tool for a newer one"#
        ]],
    );
}

#[test]
fn another_dialect_is_refused() {
    check_refused(
        &journal(&[]).replace("postgresql", "mysql"),
        &expect![[
            r#"meta/_journal.json is for the dialect "mysql", and this tool migrates "postgresql". Point it at the folder of the PostgreSQL migrations"#
        ]],
    );
}

#[test]
fn an_entry_of_an_unknown_version_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5).replace(r#""7""#, r#""8""#)]),
        &expect![[
            r#"meta/_journal.json: the entry 0000_init has version "8", and this tool knows "5", "6" and "7". Update this tool, or generate the migration again"#
        ]],
    );
}

#[test]
fn a_tag_cannot_leave_the_folder() {
    check_refused(
        &journal(&[entry(0, "../secret", 5)]),
        &expect![[
            r#"meta/_journal.json: the tag "../secret" (idx 0) is no file name. A tag is the name of a .sql file in the folder without the ending; rename the file and the tag alike"#
        ]],
    );
}

#[test]
fn a_repeated_idx_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5), entry(1, "0001_a", 6), entry(1, "0001_b", 7)]),
        &expect![
            "meta/_journal.json: 0001_a and 0001_b both have idx 1, as after a merge of two branches. While it has stopped, `cargo xtask rebase` puts one behind the other. Afterwards, take the one that is applied nowhere yet out (its entry, file and snapshot), and `cargo xtask generate` makes it anew"
        ],
    );
}

#[test]
fn a_repeated_tag_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5), entry(1, "0000_init", 6)]),
        &expect![
            "meta/_journal.json: the tag 0000_init stands at idx 0 and at idx 1. Remove the entry that was added by mistake"
        ],
    );
}

#[test]
fn a_gap_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5), entry(2, "0002_b", 6)]),
        &expect![
            "meta/_journal.json: 0002_b has idx 2 where 1 comes next. Restore the missing entry, or number the entries, and their snapshots with them, 0, 1, 2 and so on without a gap"
        ],
    );
}

#[test]
fn squashed_migrations_leave_the_number_and_the_when_of_the_last_one() {
    let text = journal(&[entry(0, "0000_init", 5), entry(1, "0001_b", 6), entry(2, "0002_c", 7)]);
    let mut journal = Journal::parse(&text, "").unwrap();
    journal.squash(2, "0001_squashed".to_owned());
    let entries: Vec<_> = journal.entries().iter().map(|entry| (entry.idx, entry.when, entry.tag.as_str())).collect();
    assert_eq!(entries, [(1, 6, "0001_squashed"), (2, 7, "0002_c")]);
    assert_eq!(Journal::parse(&journal.to_json(), "").unwrap(), journal);
}

#[test]
fn unsorted_entries_are_refused() {
    check_refused(
        &journal(&[entry(1, "0001_a", 5), entry(0, "0000_init", 6)]),
        &expect![
            "meta/_journal.json: 0000_init (idx 0) stands after 0001_a (idx 1). Sort the entries by idx: they are applied in that order"
        ],
    );
}

#[test]
fn a_when_that_goes_back_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5), entry(1, "0001_a", 4)]),
        &expect![
            "meta/_journal.json: 0001_a has `when` 4, which is not later than 5 of 0000_init before it. drizzle-kit would skip it. If 0001_a is applied nowhere yet, set its `when` to 6 or more"
        ],
    );
}

#[test]
fn a_repeated_when_is_refused() {
    check_refused(
        &journal(&[entry(0, "0000_init", 5), entry(1, "0001_a", 5)]),
        &expect![
            "meta/_journal.json: 0001_a has `when` 5, which is not later than 5 of 0000_init before it. drizzle-kit would skip it. If 0001_a is applied nowhere yet, set its `when` to 6 or more"
        ],
    );
}

#[test]
fn a_journal_is_written_as_drizzle_kit_writes_it_and_reads_back() {
    let mut journal = Journal::default();
    journal.push("0000_first".to_owned(), 1_795_399_876_114, true);
    journal.push("0001_second".to_owned(), 1_795_399_876_000, false);
    let text = journal.to_json();
    expect![[r#"
        {
          "version": "7",
          "dialect": "postgresql",
          "entries": [
            {
              "idx": 0,
              "version": "7",
              "when": 1795399876114,
              "tag": "0000_first",
              "breakpoints": true
            },
            {
              "idx": 1,
              "version": "7",
              "when": 1795399876115,
              "tag": "0001_second",
              "breakpoints": false
            }
          ]
        }"#]]
    .assert_eq(&text);
    assert_eq!(Journal::parse(&text, "journal").unwrap(), journal);
}
