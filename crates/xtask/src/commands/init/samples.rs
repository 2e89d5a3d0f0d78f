//! The samples: what a file has between `[sample]` and `[/sample]`, each in a comment of its own line.
//!
//! Posts are the sample. Users, tokens, passwords and keys of idempotency stay: access stands on them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Error, PACKAGE};

/// Files that are samples as a whole, below the package.
const WHOLE: [&str; 2] = ["src/routes/posts.rs", "tests/api/posts.rs"];

/// Where samples begin and end inside a file.
const PLACES: [&str; 2] = [PACKAGE, "crates/xtask/tests/peers"];

/// Removes them, in memory.
pub(super) fn remove(files: &mut BTreeMap<PathBuf, String>) -> Result<(), Error> {
    for name in WHOLE {
        let whole = Path::new(PACKAGE).join(name);
        files.retain(|file, _| !file.starts_with(&whole));
    }
    let parts = files.iter_mut().filter(|(path, _)| PLACES.iter().any(|place| path.starts_with(place)));
    for (path, text) in parts {
        *text = without(text).ok_or_else(|| Error::Sample { file: path.clone() })?;
    }
    Ok(())
}

/// The text outside of samples; none where one does not end.
fn without(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let comment = line.trim().trim_start_matches(['/', '#', ' ']);
        match (comment, inside) {
            ("[sample]", false) => inside = true,
            ("[/sample]", true) => inside = false,
            ("[sample]", true) | ("[/sample]", false) => return None,
            (_, false) => kept.push_str(line),
            (_, true) => {}
        }
    }
    (!inside).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_marks_goes_with_them() {
        let text = "a\n// [sample]\nb\n    // [/sample]\nc\n# [sample]\nd\n# [/sample]\n";
        assert_eq!(without(text).as_deref(), Some("a\nc\n"));
        assert_eq!(without("a [sample]\n").as_deref(), Some("a [sample]\n"));
    }

    #[test]
    fn a_mark_without_its_other_is_refused() {
        for text in ["// [sample]\n", "// [/sample]\n", "// [sample]\n// [sample]\n// [/sample]\n"] {
            assert_eq!(without(text), None, "{text}");
        }
    }
}
