use expect_test::{Expect, expect};

use super::*;

fn check(text: &str, first_line: usize, position: Option<u32>, expected: &Expect) {
    let statement = Statement { number: 1, line: first_line, text };
    expected.assert_eq(&format!("{}\n", Excerpt::of(&statement, position)));
}

/// The position that the server would report for the first occurrence of `needle`.
fn position(text: &str, needle: &str) -> Option<u32> {
    let bytes = text.find(needle).unwrap();
    Some(u32::try_from(text[..bytes].chars().count()).unwrap() + 1)
}

#[test]
fn the_caret_stands_under_the_character() {
    let text = "SELECT nothing FROM nowhere";
    check(
        text,
        1,
        position(text, "nowhere"),
        &expect![[r#"
        1 | SELECT nothing FROM nowhere
          |                     ^
    "#]],
    );
}

#[test]
fn lines_are_numbered_as_in_the_file() {
    let text = "CREATE TABLE a (\n\tid int,\n\tb uux\n);";
    check(
        text,
        98,
        position(text, "uux"),
        &expect![[r#"
         98 | CREATE TABLE a (
         99 |     id int,
        100 |     b uux
            |       ^
        101 | );
    "#]],
    );
}

#[test]
fn characters_are_counted_not_bytes() {
    let text = "SELECT 'äöü€', x";
    check(
        text,
        1,
        position(text, "x"),
        &expect![[r#"
        1 | SELECT 'äöü€', x
          |                ^
    "#]],
    );
}

#[test]
fn only_the_lines_around_the_error_are_shown() {
    let text = (1..=20).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
    check(
        &text,
        1,
        position(&text, "line 10"),
        &expect![[r#"
         7 | line 7
         8 | line 8
         9 | line 9
        10 | line 10
           | ^
        11 | line 11
        12 | line 12
        13 | line 13
           | ...
    "#]],
    );
}

#[test]
fn without_a_position_the_statement_s_beginning_is_shown() {
    let text = (1..=20).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
    check(
        &text,
        1,
        None,
        &expect![[r#"
        1 | line 1
        2 | line 2
        3 | line 3
        4 | line 4
        5 | line 5
        6 | line 6
          | ...
    "#]],
    );
}

#[test]
fn an_error_at_the_end_of_input_points_behind_the_text() {
    let text = "SELECT (1";
    check(
        text,
        1,
        Some(10),
        &expect![[r#"
        1 | SELECT (1
          |          ^
    "#]],
    );
}

#[test]
fn a_position_beyond_the_text_points_to_its_end() {
    check(
        "SELECT (1\n",
        1,
        Some(99),
        &expect![[r#"
        1 | SELECT (1
          |          ^
    "#]],
    );
}

#[test]
fn an_overlong_line_is_cut_around_the_caret() {
    let text = format!("SELECT {}oops{}", "a, ".repeat(60), ", b".repeat(60));
    check(
        &text,
        1,
        position(&text, "oops"),
        &expect![[r#"
        1 | …a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, oops, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, …
          |                                                        ^
    "#]],
    );
}

#[test]
fn windows_line_endings_do_not_move_the_caret() {
    let text = "SELECT\r\n  1,\r\n  oops";
    check(
        text,
        1,
        position(text, "oops"),
        &expect![[r#"
        1 | SELECT
        2 |   1,
        3 |   oops
          |   ^
    "#]],
    );
}
