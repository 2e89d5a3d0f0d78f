//! What no schema can say, by name and a line a kind.

use std::io::{IsTerminal, stderr, stdout};

use kit::introspect::NotModelled;

use crate::output::{self, YELLOW, paint};

/// How many names of a kind a person is shown; where a program reads, or a file is written, it is all of them.
const SHOWN: usize = 8;

/// Those of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    kind: String,
    names: Vec<String>,
}

/// All of them by their kinds, in the order in which they are.
pub(crate) fn by_kind(found: &[NotModelled]) -> Vec<Named> {
    let named = |kind: &[NotModelled]| Named {
        kind: kind[0].kind.clone(),
        names: kind.iter().map(|found| found.name.clone()).collect(),
    };
    found.chunk_by(|one, next| one.kind == next.kind).map(named).collect()
}

impl Named {
    /// The kind and the first of the names.
    pub(crate) fn shortened(&self) -> String {
        format!("{} {}", self.kind, names(&self.names, SHOWN))
    }
}

/// Says on stderr what becomes of them, a line a kind.
pub(crate) fn note(what: &str, found: &[Named]) {
    let shown = shown_on(&stderr());
    for Named { kind, names: all } in found {
        output::note(format!("{} {what}: {kind} {}", paint(YELLOW, "note:"), names(all, shown)));
    }
}

/// Lists them as a part of a result: how many there are of each kind, and which.
pub(crate) fn list(found: &[Named]) {
    let shown = shown_on(&stdout());
    for Named { kind, names: all } in found {
        output::line(format!("  {:>6} {kind}: {}", all.len(), names(all, shown)));
    }
}

fn shown_on(stream: &impl IsTerminal) -> usize {
    if stream.is_terminal() { SHOWN } else { usize::MAX }
}

/// The first `shown` names, and how many there are beside them.
fn names(names: &[String], shown: usize) -> String {
    match names.split_at_checked(shown) {
        Some((first, [_, _, ..])) => format!("{} and {} more", first.join(", "), names.len() - shown),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_shortened_where_that_saves_more_than_one() {
        let all = ["a", "b", "c", "d"].map(str::to_owned);
        assert_eq!(names(&all, usize::MAX), "a, b, c, d");
        assert_eq!(names(&all, 4), "a, b, c, d");
        assert_eq!(names(&all, 3), "a, b, c, d");
        assert_eq!(names(&all, 2), "a, b and 2 more");
    }
}
