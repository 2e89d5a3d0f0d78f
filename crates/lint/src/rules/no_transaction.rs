use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode as _};

use crate::script::{Script, Spot};

/// What PostgreSQL refuses in a transaction, so that the migrator runs it on its own.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        if let Some(what) = refused(&statement.tree) {
            let message = format!("{what} runs outside of a transaction, where drizzle-kit's migrate does not run it");
            spots.push(Spot::of(statement.tree.syntax()).saying(message));
        }
    }
}

/// Whether the transaction ends before the statement, and another begins behind it.
pub(super) fn ends_transaction(tree: &ast::Stmt) -> bool {
    refused(tree).is_some()
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
    fn what_runs_outside_of_a_transaction_is_named() {
        check(
            "ban-concurrently-in-transaction",
            "CREATE INDEX CONCURRENTLY i ON t (a);\nDROP INDEX CONCURRENTLY i;\nREINDEX (CONCURRENTLY) TABLE t;\n\
             ALTER TABLE t DETACH PARTITION p CONCURRENTLY;\nVACUUM t;\nALTER SYSTEM SET work_mem = 1;",
            expect![[r#"
                1:1 `CREATE INDEX CONCURRENTLY i ON t (a);`
                  CREATE INDEX CONCURRENTLY runs outside of a transaction, where drizzle-kit's migrate does not run it
                2:1 `DROP INDEX CONCURRENTLY i;`
                  DROP INDEX CONCURRENTLY runs outside of a transaction, where drizzle-kit's migrate does not run it
                3:1 `REINDEX (CONCURRENTLY) TABLE t;`
                  REINDEX CONCURRENTLY runs outside of a transaction, where drizzle-kit's migrate does not run it
                4:1 `ALTER TABLE t DETACH PARTITION p CONCURRENTLY;`
                  DETACH PARTITION CONCURRENTLY runs outside of a transaction, where drizzle-kit's migrate does not run it
                5:1 `VACUUM t;`
                  VACUUM runs outside of a transaction, where drizzle-kit's migrate does not run it
                6:1 `ALTER SYSTEM SET work_mem = 1;`
                  ALTER SYSTEM runs outside of a transaction, where drizzle-kit's migrate does not run it
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
