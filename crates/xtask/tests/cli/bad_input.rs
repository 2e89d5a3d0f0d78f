//! Broken files: each error says what, where and what next, and nothing is changed.

use expect_test::{Expect, expect};

use crate::support::Project;

const JOURNAL: &str = r#"{
  "version": "7",
  "dialect": "postgresql",
  "entries": [
    {
      "idx": 0,
      "version": "7",
      "when": 1,
      "tag": "0000_first",
      "breakpoints": true
    }
  ]
}"#;

const SNAPSHOT: &str = r#"{
  "id": "1",
  "prevId": "0",
  "version": "7",
  "dialect": "postgresql",
  "tables": {},
  "enums": {},
  "schemas": {},
  "sequences": {},
  "roles": {},
  "policies": {},
  "views": {},
  "_meta": {
    "columns": {},
    "schemas": {},
    "tables": {}
  }
}"#;

/// A project with one migration, of which `break_it` breaks something.
fn check(break_it: impl FnOnce(&Project), expected: Expect) {
    let project = Project::bare();
    project.write("migrations/0000_first.sql", "SELECT 1;");
    project.write("migrations/meta/_journal.json", JOURNAL);
    project.write("migrations/meta/0000_snapshot.json", SNAPSHOT);
    break_it(&project);
    let before = project.migrations();
    let outcome = project.run(&["diff", "--from", "0000_first", "--to", "empty"]);
    assert_eq!(outcome.code, 1);
    let folder = project.path("").display().to_string();
    expected.assert_eq(&outcome.stderr.replace(&folder, "").replace(folder.trim_end_matches('/'), "the folder"));
    assert_eq!(project.migrations(), before);
}

#[test]
fn a_truncated_journal() {
    check(
        |project| project.write("migrations/meta/_journal.json", &JOURNAL[..80]),
        expect![[r#"
        error: migrations/meta/_journal.json is cut short: the JSON ends at line 6, column 12. Restore it from version control, or write it again with the command that generates migrations
          caused by: EOF while parsing a value at line 6 column 12
    "#]],
    );
}

#[test]
fn a_journal_of_another_version() {
    let journal = JOURNAL.replacen("\"7\"", "\"8\"", 1);
    check(
        |project| project.write("migrations/meta/_journal.json", &journal),
        expect![[r#"
            error: migrations/meta/_journal.json has version "8", and this tool reads version "7". `cargo xtask up` brings an older folder to it; update this tool for a newer one
        "#]],
    );
}

#[test]
fn a_journal_with_an_unknown_key() {
    let journal = JOURNAL.replace("\"when\"", "\"wen\"");
    check(
        |project| project.write("migrations/meta/_journal.json", &journal),
        expect![[r#"
        error: migrations/meta/_journal.json is not a journal of version 7: see line 8, column 11. The journal has the keys version, dialect and entries; an entry has idx, version, when, tag and breakpoints. Correct the key, or update this tool if a newer drizzle-kit wrote it
          caused by: unknown field `wen`, expected one of `idx`, `version`, `when`, `tag`, `breakpoints` at line 8 column 11
    "#]],
    );
}

#[test]
fn a_journal_with_one_idx_twice() {
    let entry = &JOURNAL[JOURNAL.find("    {").unwrap()..JOURNAL.rfind("  ]").unwrap()];
    let second = entry.replace("0000_first", "0000_second");
    let journal = JOURNAL.replace(entry, &format!("{},\n{second}", entry.trim_end()));
    check(
        |project| project.write("migrations/meta/_journal.json", &journal),
        expect![[r#"
        error: migrations/meta/_journal.json: 0000_first and 0000_second both have idx 0, as after a merge of two branches. While it has stopped, `cargo xtask rebase` puts one behind the other. Afterwards, take the one that is applied nowhere yet out (its entry, file and snapshot), and `cargo xtask generate` makes it anew
    "#]],
    );
}

#[test]
fn a_missing_snapshot() {
    check(
        |project| std::fs::remove_file(project.path("migrations/meta/0000_snapshot.json")).unwrap(),
        expect![[r#"
            error: the snapshot of 0000_first is missing: there is no migrations/meta/0000_snapshot.json; restore it from version control
        "#]],
    );
}

#[test]
fn a_truncated_snapshot() {
    check(
        |project| project.write("migrations/meta/0000_snapshot.json", &SNAPSHOT[..120]),
        expect![[r#"
        error: cannot read the snapshot migrations/meta/0000_snapshot.json
          caused by: it is not valid JSON: restore the file from version control
          caused by: EOF while parsing a value at line 8 column 12
    "#]],
    );
}

#[test]
fn a_snapshot_of_another_version() {
    let snapshot = SNAPSHOT.replace("\"version\": \"7\"", "\"version\": \"5\"");
    check(
        |project| project.write("migrations/meta/0000_snapshot.json", &snapshot),
        expect![[r#"
            error: cannot read the snapshot migrations/meta/0000_snapshot.json
              caused by: its version is "5", and only version "7" is read: `cargo xtask up` brings older folders to it
        "#]],
    );
}

#[test]
fn a_snapshot_with_an_unknown_key() {
    let snapshot = SNAPSHOT.replace("\"enums\"", "\"enum\"");
    check(
        |project| project.write("migrations/meta/0000_snapshot.json", &snapshot),
        expect![[r#"
        error: cannot read the snapshot migrations/meta/0000_snapshot.json
          caused by: at `enum`: restore the file from version control, or correct that key
          caused by: unknown field `enum`, expected one of `id`, `prevId`, `version`, `dialect`, `tables`, `enums`, `schemas`, `sequences`, `roles`, `policies`, `views`, `_meta`, `internal` at line 7 column 8
    "#]],
    );
}

#[test]
fn a_setting_that_does_not_exist() {
    check(
        |project| project.settings("[migration]\ntable = \"x\"\n"),
        expect![[r#"
            error: drizzle.toml is not valid: TOML parse error at line 4, column 2
              |
            4 | [migration]
              |  ^^^^^^^^^
            unknown field `migration`, expected one of `dialect`, `schema`, `out`, `breakpoints`, `strict`, `migrations`, `database`, `tablesFilter`, `schemaFilter`, `extensionsFilters`, `entities`, `generate`, `lint`
            next: did you mean `migrations`?
        "#]],
    );
}

#[test]
fn settings_that_are_no_toml() {
    check(
        |project| project.settings("breakpoints =\n"),
        expect![[r#"
        error: drizzle.toml is not valid: TOML parse error at line 4, column 14
          |
        4 | breakpoints =
          |              ^
        string values must be quoted, expected literal string
    "#]],
    );
}

#[test]
fn no_settings_at_all() {
    check(
        |project| std::fs::remove_file(project.path("drizzle.toml")).unwrap(),
        expect![[r#"
            error: no drizzle.toml in the folder or above it; run the command inside the workspace, or restore the file
        "#]],
    );
}
