//! Whether PostgreSQL computes a default for each row, or once for the statement.

use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode as _};

/// Functions of PostgreSQL's that give the same for all rows of a statement, of those that defaults
/// call. What is not known to is taken for volatile.
const STABLE: [&str; 38] = [
    "array_fill",
    "cardinality",
    "coalesce",
    "concat",
    "current_database",
    "current_schema",
    "current_setting",
    "date_part",
    "date_trunc",
    "decode",
    "encode",
    "greatest",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "length",
    "lower",
    "make_date",
    "make_interval",
    "make_timestamptz",
    "md5",
    "now",
    "nullif",
    "replace",
    "round",
    "sha256",
    "statement_timestamp",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_timestamp",
    "transaction_timestamp",
    "upper",
    "width_bucket",
];

/// Whether any call in the expression may give another value for each row.
pub(crate) fn is_volatile(default: &ast::Expr) -> bool {
    // squawk reports more than calls; what calls nothing is the same for all rows.
    let calls = default.syntax().descendants().filter_map(ast::CallExpr::cast);
    calls.into_iter().any(|call| !is_stable(&call))
}

fn is_stable(call: &ast::CallExpr) -> bool {
    match call.expr() {
        Some(ast::Expr::NameRef(name)) => STABLE.contains(&name.text().as_str()),
        Some(ast::Expr::FieldExpr(field)) => {
            let text = field.syntax().text().to_string().to_lowercase();
            text.strip_prefix("pg_catalog.").is_some_and(|name| STABLE.contains(&name))
        }
        Some(_) => false,
        // The grammar's own: extract(…), substring(…), trim(…), but for those that only look like it.
        None => call.syntax().first_child().is_none_or(|node| node.kind() != SyntaxKind::GRAPH_TABLE_FN),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_default_that_is_the_same_for_all_rows_is_left_alone() {
        for default in [
            "-1",
            "(1)",
            "true",
            "'a'::mood",
            "'{}'::text[]",
            "now()",
            "CURRENT_TIMESTAMP",
            "(now() + interval '1 day')",
            "lower('A')",
            "pg_catalog.now()",
            "extract(year from now())",
            "ARRAY[1, 2]",
            "1 + 2",
        ] {
            check(
                "adding-field-with-default",
                &format!("ALTER TABLE t ADD COLUMN a x DEFAULT {default};"),
                expect![""],
            );
        }
    }

    #[test]
    fn a_default_that_is_computed_for_each_row_is_named() {
        check(
            "adding-field-with-default",
            "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid() NOT NULL;\n\
             ALTER TABLE t ADD COLUMN b text DEFAULT upper(random()::text);\n\
             ALTER TABLE t ADD COLUMN c int DEFAULT nextval('s');\n\
             ALTER TABLE t ADD COLUMN d text GENERATED ALWAYS AS (a || 'x') STORED;\n\
             ALTER TABLE t ADD COLUMN e timestamptz DEFAULT app.moment();",
            expect![[r#"
                1:41 `gen_random_uuid()`
                2:41 `upper(random()::text)`
                3:40 `nextval('s')`
                4:33 `GENERATED ALWAYS AS (a || 'x') STORED`
                  = a plain column that a trigger keeps up to date, filled in batches; or a view that computes it
                5:48 `app.moment()`
            "#]],
        );
    }

    #[test]
    fn a_virtual_column_and_one_of_a_new_table_take_no_rewrite() {
        check(
            "adding-field-with-default",
            "ALTER TABLE t ADD COLUMN d text GENERATED ALWAYS AS (a || 'x') VIRTUAL;\nCREATE TABLE n ();\n\
             ALTER TABLE n ADD COLUMN a uuid DEFAULT gen_random_uuid();",
            expect![""],
        );
    }
}
