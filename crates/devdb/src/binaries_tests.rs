use super::*;
use std::collections::BTreeMap;

/// Files by path; a program's value is what it prints.
#[derive(Default)]
struct FakeMachine {
    path: &'static str,
    files: BTreeMap<PathBuf, String>,
    links: BTreeMap<PathBuf, PathBuf>,
}

impl FakeMachine {
    fn with_installation(mut self, bin: &str, version: &str) -> Self {
        for program in PROGRAMS {
            let printed = format!("{program} (PostgreSQL) {version}\n");
            self.files.insert(Path::new(bin).join(program), printed);
        }
        self
    }

    fn with_file(mut self, path: &str, printed: &str) -> Self {
        self.files.insert(PathBuf::from(path), printed.to_owned());
        self
    }

    fn with_link(mut self, from: &str, to: &str) -> Self {
        self.links.insert(PathBuf::from(from), PathBuf::from(to));
        self
    }

    fn found(&self) -> Vec<String> {
        installations(self, None)
            .unwrap()
            .iter()
            .map(|found| format!("{} {}", found.major, found.bin.display()))
            .collect()
    }
}

impl Machine for FakeMachine {
    fn variable(&self, name: &str) -> Option<OsString> {
        (name == "PATH").then(|| self.path.into())
    }

    fn entries(&self, folder: &Path) -> Vec<String> {
        self.files
            .keys()
            .filter_map(|path| path.strip_prefix(folder).ok())
            .filter_map(|rest| rest.iter().next())
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&self.resolved(path))
    }

    fn resolved(&self, path: &Path) -> PathBuf {
        self.links.get(path).cloned().unwrap_or(path.to_owned())
    }

    fn output(&self, program: &Path, _argument: &str) -> Option<String> {
        self.files.get(&self.resolved(program)).cloned()
    }
}

#[test]
fn path_comes_before_pg_config_and_the_usual_folders() {
    let machine = FakeMachine { path: "/usr/bin:/home/me/pg/bin", ..FakeMachine::default() }
        .with_installation("/home/me/pg/bin", "16.1")
        .with_file("/usr/bin/pg_config", "/opt/pg/bin\n")
        .with_installation("/opt/pg/bin", "15.4")
        .with_installation("/usr/lib/postgresql/17/bin", "17.2 (Debian 17.2-1)");
    assert_eq!(machine.found(), ["16 /home/me/pg/bin", "15 /opt/pg/bin", "17 /usr/lib/postgresql/17/bin"]);
}

#[test]
fn the_newest_version_of_a_usual_folder_comes_first() {
    let machine = FakeMachine::default()
        .with_installation("/usr/lib/postgresql/14/bin", "14.2")
        .with_installation("/usr/lib/postgresql/17/bin", "17.2")
        .with_installation("/usr/pgsql-18/bin", "18beta1")
        .with_installation("/opt/homebrew/opt/postgresql@16/bin", "16.1 (Homebrew)")
        .with_installation("/Applications/Postgres.app/Contents/Versions/15/bin", "15.1");
    assert_eq!(
        machine.found(),
        [
            "17 /usr/lib/postgresql/17/bin",
            "14 /usr/lib/postgresql/14/bin",
            "18 /usr/pgsql-18/bin",
            "16 /opt/homebrew/opt/postgresql@16/bin",
            "15 /Applications/Postgres.app/Contents/Versions/15/bin"
        ]
    );
}

#[test]
fn a_link_on_path_leads_to_the_folder_with_all_programs() {
    let machine = FakeMachine { path: "/usr/local/bin", ..FakeMachine::default() }
        .with_link("/usr/local/bin/initdb", "/usr/lib/postgresql/15/bin/initdb")
        .with_installation("/usr/lib/postgresql/15/bin", "15.13");
    assert_eq!(machine.found(), ["15 /usr/lib/postgresql/15/bin"]);
}

#[test]
fn a_folder_with_clients_only_is_passed_over() {
    let machine = FakeMachine { path: "/usr/bin", ..FakeMachine::default() }
        .with_file("/usr/bin/initdb", "")
        .with_file("/usr/bin/pg_ctl", "");
    let reason = installations(&machine, None).unwrap_err();
    assert!(reason.starts_with("no folder with initdb, pg_ctl, postgres"));
}

#[test]
fn a_version_that_is_too_old_is_named() {
    let machine = FakeMachine::default().with_installation("/usr/pgsql-12/bin", "12.9");
    let reason = installations(&machine, None).unwrap_err();
    assert_eq!(reason, "/usr/pgsql-12/bin is version 12, and 14 is the oldest that will do");
}

#[test]
fn an_explicit_folder_is_the_only_one() {
    let machine = FakeMachine::default()
        .with_installation("/usr/lib/postgresql/17/bin", "17.2")
        .with_installation("/mine", "16.0");
    let found = installations(&machine, Some(Path::new("/mine"))).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].major, 16);
    let reason = installations(&machine, Some(Path::new("/other"))).unwrap_err();
    assert!(reason.starts_with("DEVDB_PG_BIN (/other)"), "{reason}");
}

#[test]
fn the_major_is_read_from_any_version_text() {
    for (text, expected) in [
        ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)", Some(15)),
        ("postgres (PostgreSQL) 18beta1", Some(18)),
        ("postgres (PostgreSQL) 19devel", Some(19)),
        ("something else 3", None),
        ("postgres (PostgreSQL) devel", None),
    ] {
        assert_eq!(major(text), expected, "{text}");
    }
}
