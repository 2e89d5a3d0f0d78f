use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _};

use crate::name::Name;
use crate::script::{Script, Spot, Statement};

/// TRUNCATE, and DELETE without WHERE, by itself or within WITH.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        for (node, tables) in emptied(statement) {
            if tables.iter().any(|table| !script.is_new(table, statement)) {
                spots.push(Spot::of(&node));
            }
        }
    }
}

/// What empties tables, and which.
fn emptied(statement: &Statement) -> Vec<(SyntaxNode, Vec<Name>)> {
    match &statement.tree {
        ast::Stmt::Truncate(truncate) => vec![(truncate.syntax().clone(), Name::all_in(truncate.syntax()))],
        // What a rule or a function does is only declared.
        ast::Stmt::CreateRule(_) | ast::Stmt::CreateFunction(_) | ast::Stmt::CreateProcedure(_) => Vec::new(),
        tree => {
            let deletes = tree.syntax().descendants().filter_map(ast::Delete::cast);
            let of_all = deletes.filter(|delete| delete.where_clause_or_current_of().is_none());
            of_all.filter_map(|delete| Some((delete.syntax().clone(), vec![target(&delete)?]))).collect()
        }
    }
}

/// The table that a DELETE is about. Those of its WITH and USING lose nothing.
fn target(delete: &ast::Delete) -> Option<Name> {
    Name::used(delete.relation_name()?.relation_name_ref()?.path_ref())
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
    fn a_delete_is_read_by_its_own_table_and_where_beside_and_inside_with() {
        check(
            "ban-delete-all-rows",
            "CREATE TABLE \"keep\" (\"id\" int);\nWITH x AS (SELECT \"id\" FROM \"keep\") DELETE FROM \"users\";\n\
             WITH gone AS (DELETE FROM ONLY \"users\" RETURNING \"id\") SELECT 1 WHERE true;\n\
             WITH gone AS (DELETE FROM \"keep\") DELETE FROM \"users\" WHERE \"id\" = 1;",
            expect![[r#"
                2:1 `WITH x AS (SELECT "id" FROM "keep") DELETE FROM "users";`
                3:15 `DELETE FROM ONLY "users" RETURNING "id"`
            "#]],
        );
    }

    #[test]
    fn what_is_only_declared_deletes_nothing() {
        check(
            "ban-delete-all-rows",
            "CREATE RULE r AS ON INSERT TO users DO ALSO DELETE FROM cache;\n\
             CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM cache; END;",
            expect![""],
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
