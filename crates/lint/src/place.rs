//! Offsets of bytes as a person counts them.

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
}

/// The lines of a text.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// The offset at which each line begins.
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Places { text, lines: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    /// The place of an offset; one past the end is that of the end.
    pub(crate) fn of(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.partition_point(|begin| *begin <= offset);
        let begin = self.lines[line - 1];
        Place { line, column: self.text[begin..offset].chars().count() + 1 }
    }
}

/// As much of a statement as fits a line.
pub(crate) fn excerpt(statement: &str) -> String {
    const LENGTH: usize = 80;
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let places = Places::new("é\nab\n");
        let of = |offset| (places.of(offset).line, places.of(offset).column);
        assert_eq!([of(0), of(2), of(3), of(4), of(6), of(99)], [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 1)]);
    }

    #[test]
    fn a_long_statement_is_cut_and_its_lines_are_joined() {
        assert_eq!(excerpt("SELECT\n\t1;"), "SELECT 1;");
        assert_eq!(excerpt(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
    }
}
