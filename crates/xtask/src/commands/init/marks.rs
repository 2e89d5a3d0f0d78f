//! What goes with `init`: a file has it between `[sample]` and `[/sample]`, each in a comment of its own line.
//!
//! Posts are the sample. Users, tokens, passwords and keys of idempotency stay: access stands on them. What the README
//! says of `init` itself is between `[init]` and `[/init]`, and goes in any case, as do its tests: they clone what has not
//! been renamed yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Error, PACKAGE};

/// What begins and ends what goes.
struct Mark {
    begin: &'static str,
    end: &'static str,
}

const SAMPLE: Mark = Mark { begin: "[sample]", end: "[/sample]" };

const INIT: Mark = Mark { begin: "[init]", end: "[/init]" };

const README: &str = "README.md";

/// Files that are samples as a whole, below the package.
const WHOLE: [&str; 2] = ["src/routes/posts.rs", "tests/api/posts.rs"];

/// The tests of `init`, and the file that has them as a module.
const INIT_TESTS: [&str; 2] = ["crates/xtask/tests/cli/init.rs", "crates/xtask/tests/cli/main.rs"];

/// Where samples begin and end inside a file.
const PLACES: [&str; 2] = [PACKAGE, README];

type Files = BTreeMap<PathBuf, String>;

/// Removes the samples, in memory.
pub(super) fn remove_samples(files: &mut Files) -> Result<(), Error> {
    for name in WHOLE {
        let whole = Path::new(PACKAGE).join(name);
        files.retain(|file, _| !file.starts_with(&whole));
    }
    PLACES.iter().try_for_each(|place| remove(files, place, &SAMPLE))
}

/// Removes what is of use only before `init`, in memory.
pub(super) fn remove_init(files: &mut Files) -> Result<(), Error> {
    let [tests, module] = INIT_TESTS;
    files.remove(Path::new(tests));
    [README, module].iter().try_for_each(|place| remove(files, place, &INIT))
}

fn remove(files: &mut Files, place: &str, mark: &Mark) -> Result<(), Error> {
    for (path, text) in files.iter_mut().filter(|(path, _)| path.starts_with(place)) {
        *text = without(text, mark).ok_or_else(|| Error::Mark { file: path.clone(), mark: mark.begin })?;
    }
    Ok(())
}

/// The text outside of the marks; none where one does not end.
fn without(text: &str, mark: &Mark) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let comment = line.trim().trim_start_matches(['/', '#', '<', '!', '-', ' ']).trim_end_matches([' ', '-', '>']);
        match (comment == mark.begin, comment == mark.end, inside) {
            (true, _, false) => inside = true,
            (_, true, true) => inside = false,
            (true, _, true) | (_, true, false) => return None,
            (_, _, false) => kept.push_str(line),
            (_, _, true) => {}
        }
    }
    (!inside).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_marks_goes_with_them() {
        let text = "a\n// [sample]\nb\n    // [/sample]\nc\n# [sample]\nd\n# [/sample]\n<!-- [sample] -->\ne\n<!-- [/sample] -->\n";
        assert_eq!(without(text, &SAMPLE).as_deref(), Some("a\nc\n"));
        for text in ["a [sample]\n", "<!-- [init] -->\na\n<!-- [/init] -->\n"] {
            assert_eq!(without(text, &SAMPLE).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_mark_without_its_other_is_refused() {
        for text in ["// [sample]\n", "// [/sample]\n", "// [sample]\n// [sample]\n// [/sample]\n"] {
            assert_eq!(without(text, &SAMPLE), None, "{text}");
        }
    }

    #[test]
    fn what_is_of_use_before_init_alone_goes_from_the_readme_and_the_tests() {
        let text = "# A\n<!-- [init] -->\nb\n\n<!-- [/init] -->\nc\n";
        let [tests, module] = INIT_TESTS;
        let names = [README, tests, module, "docs/a.md"];
        let mut files = names.map(|name| (PathBuf::from(name), text.to_owned())).into();
        remove_init(&mut files).unwrap();
        let left = [(README, "# A\nc\n"), (module, "# A\nc\n"), ("docs/a.md", text)];
        assert_eq!(files, left.map(|(name, text)| (PathBuf::from(name), text.to_owned())).into());
    }
}
