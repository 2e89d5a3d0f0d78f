use squawk_syntax::ast::{self, AstNode as _};

use crate::name::Name;
use crate::script::{Script, Spot, Statement};

/// TRUNCATE, and DELETE without WHERE.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        let tables = emptied(statement);
        if tables.iter().any(|table| !script.is_new(table, statement)) {
            spots.push(Spot::of(statement.tree.syntax()));
        }
    }
}

fn emptied(statement: &Statement) -> Vec<Name> {
    match &statement.tree {
        ast::Stmt::Truncate(truncate) => Name::all_in(truncate.syntax()),
        ast::Stmt::Delete(delete) if delete.where_clause_or_current_of().is_none() => {
            Name::all_in(delete.syntax()).into_iter().take(1).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_table_that_is_emptied_is_named() {
        check(
            "ban-delete-all-rows",
            "TRUNCATE a, \"s\".\"b\";\nDELETE FROM users;",
            expect![[r#"
            1:1 `TRUNCATE a, "s"."b";`
            2:1 `DELETE FROM users;`
        "#]],
        );
    }

    #[test]
    fn some_rows_and_a_new_table_are_left_alone() {
        check(
            "ban-delete-all-rows",
            "DELETE FROM users WHERE id = 1;\nCREATE TABLE t (a int);\nDELETE FROM t;\nTRUNCATE t;",
            expect![""],
        );
    }
}
