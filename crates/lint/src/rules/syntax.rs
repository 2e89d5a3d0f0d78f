use crate::script::{Script, Spot};

/// The first error of each statement: those after it only follow from it.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    let mut last = None;
    for error in script.parse.errors() {
        let start: usize = error.range().start().into();
        let statement = script.statement_at(start).map(|statement| statement.number);
        if last == Some(statement) {
            continue;
        }
        last = Some(statement);
        let end: usize = error.range().end().into();
        let message = format!("this does not parse: {}", error.message().trim_end_matches('.'));
        spots.push(Spot { range: start..end, message: Some(message), help: None });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_does_not_parse_is_named_once_with_its_place_and_the_rest_is_read() {
        check(
            "syntax-error",
            "ALTER TABLE t ADD COLUM;\nALTER TABLE u DROP COLUMN;\nSELECT 1;",
            expect![[r#"
            1:24 ``
              this does not parse: expected type name
            2:26 ``
              this does not parse: expected name
        "#]],
        );
    }

    #[test]
    fn a_file_of_drizzle_kits_parses_with_and_without_semicolons() {
        check(
            "syntax-error",
            "\u{feff}UPDATE t SET a = 1\n--> statement-breakpoint\nSELECT 1;--> statement-breakpoint",
            expect![""],
        );
        check("syntax-error", "DO $$ BEGIN\n EXECUTE 'x;'; END $$;\n-- nothing", expect![""]);
        check("syntax-error", "", expect![""]);
    }
}
