use super::*;

/// Opens a folder, guarded by a file that is always there.
fn open(path: &Path) -> Result<Folder, Error> {
    Folder::open(path, &Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
}

fn migration<'a>(tag: &str, snapshot: &'a Snapshot, journal: &Journal) -> NewMigration<'a> {
    let mut journal = journal.clone();
    journal.push(tag.to_owned(), 1_000, true);
    let prefix = tag.split('_').next().unwrap_or_default().to_owned();
    NewMigration { tag: tag.to_owned(), prefix, sql: "SELECT 1;".to_owned(), snapshot, objects: None, journal }
}

fn empty_snapshot() -> &'static Snapshot {
    Box::leak(Box::new(Snapshot::new("1", schema::snapshot::ORIGIN_ID, schema::Schema::default())))
}

fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for dir in [folder.to_owned(), folder.join("meta")] {
        for item in fs::read_dir(&dir).into_iter().flatten() {
            let path = item.unwrap().path();
            files.push(path.strip_prefix(folder).unwrap().display().to_string());
        }
    }
    files.sort();
    files
}

#[test]
fn a_migration_is_three_files_and_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("migrations");
    let mut folder = open(&path).unwrap();
    let journal = folder.journal().clone();
    folder.add(migration("0000_first", empty_snapshot(), &journal)).unwrap();
    assert_eq!(files(&path), ["0000_first.sql", "meta", "meta/0000_snapshot.json", "meta/_journal.json"]);
    let folder = open(&path).unwrap();
    assert_eq!(folder.journal().entries().len(), 1);
    assert_eq!(folder.newest_snapshot().unwrap().as_ref(), Some(empty_snapshot()));
    assert_eq!(folder.snapshot_of("0000").unwrap(), *empty_snapshot());
}

#[test]
fn what_was_staged_before_a_crash_is_moved_into_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::create_dir_all(path.join(".staging/meta")).unwrap();
    fs::write(path.join(".staging/0000_first.sql"), "SELECT 1;").unwrap();
    fs::write(path.join(".staging/meta/0000_snapshot.json"), empty_snapshot().to_json()).unwrap();
    let mut journal = Journal::default();
    journal.push("0000_first".to_owned(), 1, true);
    fs::write(path.join(".staging/meta/_journal.json"), journal.to_json()).unwrap();
    assert_eq!(open(path).unwrap().journal(), &journal);
    assert_eq!(files(path), ["0000_first.sql", "meta", "meta/0000_snapshot.json", "meta/_journal.json"]);
}

#[test]
fn what_was_not_staged_before_a_crash_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join(".staging.unfinished/meta")).unwrap();
    fs::write(dir.path().join(".staging.unfinished/0000_first.sql"), "SELECT").unwrap();
    assert_eq!(open(dir.path()).unwrap().journal().entries(), []);
    assert_eq!(files(dir.path()), [""; 0]);
}

#[test]
fn a_migration_of_that_name_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    fs::write(dir.path().join("0000_first.sql"), "precious").unwrap();
    let journal = folder.journal().clone();
    let error = folder.add(migration("0000_first", empty_snapshot(), &journal)).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    assert_eq!(files(dir.path()), ["0000_first.sql"]);
    assert_eq!(fs::read_to_string(dir.path().join("0000_first.sql")).unwrap(), "precious");
}

#[test]
fn a_missing_snapshot_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    let journal = folder.journal().clone();
    folder.add(migration("0000_first", empty_snapshot(), &journal)).unwrap();
    fs::remove_file(dir.path().join("meta/0000_snapshot.json")).unwrap();
    let error = open(dir.path()).unwrap().newest_snapshot().unwrap_err();
    assert!(error.to_string().starts_with("the snapshot of 0000_first is missing"), "{error}");
}

#[test]
fn a_snapshot_that_the_journal_has_lost_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("meta")).unwrap();
    fs::write(dir.path().join("meta/0000_snapshot.json"), "precious").unwrap();
    let mut folder = open(dir.path()).unwrap();
    let journal = folder.journal().clone();
    assert!(matches!(
        folder.add(migration("0000_first", empty_snapshot(), &journal)),
        Err(Error::Exists { path }) if path.ends_with("meta/0000_snapshot.json")
    ));
    assert_eq!(fs::read_to_string(dir.path().join("meta/0000_snapshot.json")).unwrap(), "precious");
}

#[test]
fn a_migration_that_another_command_added_meanwhile_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (mut first, mut second) = (open(dir.path()).unwrap(), open(dir.path()).unwrap());
    let journal = first.journal().clone();
    first.add(migration("0000_first", empty_snapshot(), &journal)).unwrap();
    assert!(matches!(second.add(migration("0000_second", empty_snapshot(), &journal)), Err(Error::Changed)));
    assert_eq!(files(dir.path()), ["0000_first.sql", "meta", "meta/0000_snapshot.json", "meta/_journal.json"]);
}

#[test]
fn a_file_that_the_journal_does_not_list_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    let journal = folder.journal().clone();
    folder.add(migration("0000_first", empty_snapshot(), &journal)).unwrap();
    fs::write(dir.path().join("0001_lost.sql"), "SELECT 1;").unwrap();
    assert!(matches!(open(dir.path()), Err(Error::Migrations(MigrationsError::UnlistedFile { .. }))));
}

fn objects(extension: &str) -> Objects {
    let extension = schema::build::Extension::new(extension);
    schema::build::schema([extension.into()]).unwrap().objects
}

#[test]
fn the_objects_of_a_migration_are_those_of_the_newest_file_that_is_not_newer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("migrations");
    let mut folder = open(&path).unwrap();
    let [first, second] = [objects("citext"), objects("hstore")];
    for (tag, objects) in [("0000_a", None), ("0001_b", Some(&first)), ("0002_c", None), ("0003_d", Some(&second))] {
        let journal = folder.journal().clone();
        folder.add(NewMigration { objects, ..migration(tag, empty_snapshot(), &journal) }).unwrap();
    }
    let folder = open(&path).unwrap();
    let of = |number: &str| folder.snapshot_of(number).unwrap().schema.objects;
    assert_eq!([of("0000"), of("0001"), of("0002"), of("0003")], [Objects::default(), first.clone(), first, second]);
    for file in ["meta/_0001_objects.json", "meta/_0003_objects.json"] {
        assert!(files(&path).contains(&file.to_owned()), "{file}");
    }
    // A snapshot by its path is that of the migration.
    assert_eq!(read_snapshot(&path.join("meta/0002_snapshot.json")).unwrap().schema.objects, of("0002"));
    let other = dir.path().join("other.json");
    fs::copy(path.join("meta/0002_snapshot.json"), &other).unwrap();
    assert_eq!(read_snapshot(&other).unwrap().schema.objects, Objects::default());
    fs::copy(path.join("meta/_0003_objects.json"), dir.path().join("_other_objects.json")).unwrap();
    assert_eq!(read_snapshot(&other).unwrap().schema.objects, of("0003"));
}

#[test]
fn objects_that_cannot_be_read_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    let (journal, objects) = (folder.journal().clone(), objects("citext"));
    folder.add(NewMigration { objects: Some(&objects), ..migration("0000_a", empty_snapshot(), &journal) }).unwrap();
    fs::write(dir.path().join("meta/_0000_objects.json"), "{}").unwrap();
    let error = open(dir.path()).unwrap().newest_snapshot().unwrap_err();
    assert!(matches!(error, Error::Objects { path, .. } if path.ends_with("meta/_0000_objects.json")));
}

#[cfg(feature = "database")]
#[test]
fn the_newest_migration_goes_with_everything_that_belongs_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    for tag in ["0000_first", "0001_second"] {
        let journal = folder.journal().clone();
        folder.add(migration(tag, empty_snapshot(), &journal)).unwrap();
    }
    fs::write(dir.path().join("0001_second.down.sql"), "SELECT 1;").unwrap();
    assert_eq!(folder.remove_newest().unwrap(), "0001_second");
    assert_eq!(files(dir.path()), ["0000_first.sql", "meta", "meta/0000_snapshot.json", "meta/_journal.json"]);
    assert_eq!(open(dir.path()).unwrap().journal().entries().len(), 1);
    assert_eq!(folder.remove_newest().unwrap(), "0000_first");
    assert_eq!(folder.remove_newest().unwrap_err().to_string(), Error::Empty.to_string());
}

#[test]
fn what_was_to_be_removed_before_a_crash_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let mut folder = open(path).unwrap();
    let journal = folder.journal().clone();
    folder.add(migration("0000_first", empty_snapshot(), &journal)).unwrap();
    let removed = ["0000_first.sql".to_owned(), "meta/0000_snapshot.json".to_owned(), "never.sql".to_owned()];
    staging::stage(path, &[], &removed, &Journal::default()).unwrap();
    assert!(open(path).unwrap().journal().entries().is_empty());
    assert_eq!(files(path), ["meta", "meta/_journal.json"]);
}

#[cfg(feature = "database")]
#[test]
fn squashed_migrations_go_whole_and_what_comes_after_them_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = open(dir.path()).unwrap();
    let made = objects("citext");
    for (tag, objects) in [("0000_a", Some(&made)), ("0001_b", None), ("0002_c", None)] {
        let journal = folder.journal().clone();
        folder.add(NewMigration { objects, ..migration(tag, empty_snapshot(), &journal) }).unwrap();
    }
    fs::write(dir.path().join("0000_a.down.sql"), "SELECT 1;").unwrap();
    let snapshot = folder.snapshot_of("0001").unwrap();
    let mut journal = folder.journal().clone();
    journal.squash(2, "0001_squashed".to_owned());
    let squashed = NewMigration {
        tag: "0001_squashed".to_owned(),
        prefix: "0001".to_owned(),
        sql: "-- migrate: replaces 0000_a (1000, aa)\n-- migrate: replaces 0001_b (1001, bb)\n".to_owned(),
        snapshot: &snapshot,
        objects: Some(&snapshot.schema.objects),
        journal,
    };
    folder.squash(2, squashed).unwrap();
    let expected = [
        "0001_squashed.sql",
        "0002_c.sql",
        "meta",
        "meta/0001_snapshot.json",
        "meta/0002_snapshot.json",
        "meta/_0001_objects.json",
        "meta/_journal.json",
    ];
    assert_eq!(files(dir.path()), expected);
    let folder = open(dir.path()).unwrap();
    assert_eq!(folder.snapshot_of("0002").unwrap().schema.objects, made);
    assert_eq!(folder.journal().entries().iter().map(|entry| entry.idx).collect::<Vec<_>>(), [1, 2]);
}
