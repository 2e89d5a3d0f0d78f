use expect_test::{Expect, expect};

use super::testing::migrations;
use super::*;

const JOURNAL: &str = r#"{"version": "7", "dialect": "postgresql", "entries": [
    {"idx": 0, "version": "7", "when": 1700000000000, "tag": "0000_init", "breakpoints": true}
]}"#;

const EMBEDDED: [(&str, &str); 3] = [
    ("0000_init.sql", include_str!("../tests/folder/0000_init.sql")),
    ("0001_add_name.sql", include_str!("../tests/folder/0001_add_name.sql")),
    (JOURNAL_PATH, include_str!("../tests/folder/meta/_journal.json")),
];

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("meta")).unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn check_refused(files: &[(&str, &[u8])], expected: &Expect) {
    let folder = folder(files);
    let error = Migrations::from_folder(folder.path()).unwrap_err().to_string();
    expected.assert_eq(&error.replace(&folder.path().display().to_string(), "FOLDER"));
}

fn check_statements(text: &str, expected: &Expect) {
    let set = migrations(&[("0000_init", text)]);
    let migration = set.iter().next().unwrap();
    expected.assert_debug_eq(
        &migration
            .statements()
            .iter()
            .map(|statement| (statement.number, statement.line, statement.text))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_folder_that_does_not_exist_is_an_empty_set() {
    assert!(Migrations::from_folder(Path::new("/nowhere/at/all")).unwrap().is_empty());
}

#[test]
fn a_folder_without_migrations_is_an_empty_set() {
    assert!(Migrations::from_folder(folder(&[]).path()).unwrap().is_empty());
}

#[test]
fn a_folder_is_read_with_journal_and_files() {
    let folder = folder(&[("meta/_journal.json", JOURNAL.as_bytes()), ("0000_init.sql", b"abc")]);
    let set = Migrations::from_folder(folder.path()).unwrap();
    let migration = set.iter().next().unwrap();
    assert_eq!(set.len(), 1);
    assert_eq!(migration.tag(), "0000_init");
    assert_eq!(migration.when(), 1_700_000_000_000);
    assert_eq!(migration.text(), "abc");
    assert!(migration.file().ends_with("/0000_init.sql"));
}

#[test]
fn embedded_migrations_equal_those_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/folder");
    let read = Migrations::from_folder(&folder).unwrap();
    let embedded = Migrations::embedded(&EMBEDDED).unwrap();
    let facts =
        |set: &Migrations| set.iter().map(|m| (m.idx(), m.tag().to_owned(), m.hash().to_owned())).collect::<Vec<_>>();
    assert_eq!(facts(&embedded), facts(&read));
    assert_eq!(embedded.iter().next().unwrap().file(), "0000_init.sql (embedded)");
}

#[test]
fn the_hash_is_the_sha_256_of_the_text_in_lower_case_hex() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn line_endings_alone_do_not_change_what_a_file_is() {
    let unix = migrations(&[("0000_init", "SELECT 1;\nSELECT 2;\n")]);
    let windows = migrations(&[("0000_init", "SELECT 1;\r\nSELECT 2;\r\n")]);
    let edited = migrations(&[("0000_init", "SELECT 1;\nSELECT 2;\n\n")]);
    let of = |set: &Migrations| set.iter().next().unwrap().clone();
    assert_ne!(of(&unix).hash(), of(&windows).hash());
    assert!(of(&unix).has_hash(of(&windows).hash()));
    assert!(of(&windows).has_hash(of(&unix).hash()));
    assert!(!of(&unix).has_hash(of(&edited).hash()));
}

#[test]
fn statements_are_split_at_breakpoints_with_their_lines() {
    check_statements(
        "CREATE TABLE a (\n\tid int\n);\n--> statement-breakpoint\nSELECT 1;--> statement-breakpoint\n\nSELECT 2;\n",
        &expect![[r#"
            [
                (
                    1,
                    1,
                    "CREATE TABLE a (\n\tid int\n);",
                ),
                (
                    2,
                    5,
                    "SELECT 1;",
                ),
                (
                    3,
                    7,
                    "SELECT 2;",
                ),
            ]
        "#]],
    );
}

#[test]
fn blank_parts_are_skipped() {
    check_statements(
        "--> statement-breakpoint\n  \n--> statement-breakpoint\nSELECT 1;\n--> statement-breakpoint\n",
        &expect![[r#"
            [
                (
                    1,
                    4,
                    "SELECT 1;",
                ),
            ]
        "#]],
    );
}

#[test]
fn a_file_without_breakpoints_is_one_statement() {
    check_statements(
        "SELECT 1;\nSELECT 2;",
        &expect![[r#"
        [
            (
                1,
                1,
                "SELECT 1;\nSELECT 2;",
            ),
        ]
    "#]],
    );
}

#[test]
fn a_byte_order_mark_is_not_sent() {
    check_statements(
        "\u{feff}SELECT 1;",
        &expect![[r#"
        [
            (
                1,
                1,
                "SELECT 1;",
            ),
        ]
    "#]],
    );
}

#[test]
fn files_without_a_journal_are_refused() {
    check_refused(
        &[("0000_init.sql", b"")],
        &expect![
            "FOLDER/meta/_journal.json is missing, but there are migrations such as FOLDER/0000_init.sql. Restore the journal from version control: it says in which order the files apply"
        ],
    );
}

#[test]
fn a_journal_begins_with_0_or_with_a_migration_that_replaces_those_before_it() {
    let journal = JOURNAL.replace("\"idx\": 0", "\"idx\": 1");
    check_refused(
        &[("meta/_journal.json", journal.as_bytes()), ("0000_init.sql", b"")],
        &expect![
            "FOLDER/meta/_journal.json: 0000_init has idx 1 where 0 comes next. Restore the missing entry, or number the entries, and their snapshots with them, 0, 1, 2 and so on without a gap"
        ],
    );
    let replaces = b"-- migrate: replaces 0000_a (1, aa)\nSELECT 1;";
    let folder = folder(&[("meta/_journal.json", journal.as_bytes()), ("0000_init.sql", replaces)]);
    assert_eq!(Migrations::from_folder(folder.path()).unwrap().iter().next().unwrap().replaces().len(), 1);
}

#[test]
fn a_listed_file_that_is_missing_is_refused() {
    check_refused(
        &[("meta/_journal.json", JOURNAL.as_bytes())],
        &expect![
            "FOLDER/meta/_journal.json lists FOLDER/0000_init.sql, and it is not there; restore it from version control. If the migration was given up and is applied nowhere, remove its entry too"
        ],
    );
}

#[test]
fn a_file_that_is_not_listed_is_refused() {
    check_refused(
        &[("meta/_journal.json", JOURNAL.as_bytes()), ("0000_init.sql", b""), ("0001_lost.sql", b"")],
        &expect![
            "FOLDER/0001_lost.sql is not in FOLDER/meta/_journal.json, so it is never applied. Move it out of the folder; `cargo xtask generate --custom` then makes a migration to put its SQL into. If a merge lost its entry, restore the journal from version control"
        ],
    );
}

#[test]
fn the_reverse_of_a_migration_is_no_migration() {
    let folder =
        folder(&[("meta/_journal.json", JOURNAL.as_bytes()), ("0000_init.sql", b""), ("0000_init.down.sql", b"")]);
    assert_eq!(Migrations::from_folder(folder.path()).unwrap().len(), 1);
}

#[test]
fn a_file_that_is_not_text_is_refused() {
    check_refused(
        &[("meta/_journal.json", JOURNAL.as_bytes()), ("0000_init.sql", b"SELECT '\xe9'")],
        &expect![
            "FOLDER/0000_init.sql is not UTF-8 text: the byte at offset 8 is invalid. Save it as UTF-8; if it is applied already, restore it from version control instead"
        ],
    );
}

#[test]
fn a_broken_journal_names_its_path() {
    check_refused(
        &[("meta/_journal.json", b"{\"version\": \"7\",\n")],
        &expect![
            "FOLDER/meta/_journal.json is cut short: the JSON ends at line 2, column 0. Restore it from version control, or write it again with the command that generates migrations"
        ],
    );
}
