use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode as _};

use crate::script::{Script, Spot};

/// What PostgreSQL refuses in a transaction.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        if let Some(what) = refused(&statement.tree) {
            let message = format!("PostgreSQL refuses {what} in a transaction, and migrate opens one for each file");
            spots.push(Spot::of(statement.tree.syntax()).saying(message));
        }
    }
}

fn refused(tree: &ast::Stmt) -> Option<&'static str> {
    let is_concurrent = || {
        // REFRESH MATERIALIZED VIEW CONCURRENTLY is not among these: that is allowed.
        let tokens = tree.syntax().descendants_with_tokens();
        tokens.into_iter().any(|element| element.kind() == SyntaxKind::CONCURRENTLY_KW)
    };
    match tree {
        ast::Stmt::CreateIndex(_) if is_concurrent() => Some("CREATE INDEX CONCURRENTLY"),
        ast::Stmt::DropIndex(_) if is_concurrent() => Some("DROP INDEX CONCURRENTLY"),
        ast::Stmt::Reindex(reindex) if reindex.is_concurrently() => Some("REINDEX CONCURRENTLY"),
        ast::Stmt::AlterTable(_) if is_concurrent() => Some("DETACH PARTITION CONCURRENTLY"),
        ast::Stmt::Vacuum(_) => Some("VACUUM"),
        ast::Stmt::CreateDatabase(_) => Some("CREATE DATABASE"),
        ast::Stmt::CreateTablespace(_) => Some("CREATE TABLESPACE"),
        ast::Stmt::DropTablespace(_) => Some("DROP TABLESPACE"),
        ast::Stmt::AlterSystem(_) => Some("ALTER SYSTEM"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_needs_to_stand_outside_of_a_transaction_is_refused() {
        check(
            "ban-concurrently-in-transaction",
            "CREATE INDEX CONCURRENTLY i ON t (a);\nDROP INDEX CONCURRENTLY i;\nREINDEX (CONCURRENTLY) TABLE t;\n\
             ALTER TABLE t DETACH PARTITION p CONCURRENTLY;\nVACUUM t;\nALTER SYSTEM SET work_mem = 1;",
            expect![[r#"
                1:1 `CREATE INDEX CONCURRENTLY i ON t (a);`
                  PostgreSQL refuses CREATE INDEX CONCURRENTLY in a transaction, and migrate opens one for each file
                2:1 `DROP INDEX CONCURRENTLY i;`
                  PostgreSQL refuses DROP INDEX CONCURRENTLY in a transaction, and migrate opens one for each file
                3:1 `REINDEX (CONCURRENTLY) TABLE t;`
                  PostgreSQL refuses REINDEX CONCURRENTLY in a transaction, and migrate opens one for each file
                4:1 `ALTER TABLE t DETACH PARTITION p CONCURRENTLY;`
                  PostgreSQL refuses DETACH PARTITION CONCURRENTLY in a transaction, and migrate opens one for each file
                5:1 `VACUUM t;`
                  PostgreSQL refuses VACUUM in a transaction, and migrate opens one for each file
                6:1 `ALTER SYSTEM SET work_mem = 1;`
                  PostgreSQL refuses ALTER SYSTEM in a transaction, and migrate opens one for each file
            "#]],
        );
    }

    #[test]
    fn what_can_stand_in_one_is_left_alone() {
        check(
            "ban-concurrently-in-transaction",
            "CREATE INDEX i ON t (a);\nREFRESH MATERIALIZED VIEW CONCURRENTLY v;\nREINDEX TABLE t;",
            expect![""],
        );
    }
}
