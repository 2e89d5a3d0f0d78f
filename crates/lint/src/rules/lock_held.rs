use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode as _};

use super::no_transaction;
use crate::name::Name;
use crate::script::{Script, Spot, Statement};

/// The first statement of the file that takes its time while an earlier one's ACCESS EXCLUSIVE lock on
/// a table that is in use is held.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    let mut locked: Option<(String, usize)> = None;
    let mut not_valid = false;
    for statement in &script.statements {
        // The migrator ends the transaction that has added a constraint before it validates one.
        if not_valid && has_action(statement, |action| matches!(action, ast::AlterTableAction::ValidateConstraint(_))) {
            (locked, not_valid) = (None, false);
        }
        not_valid |= has_action(statement, |action| match action {
            ast::AlterTableAction::AddConstraint(add) => add.constraint().is_some_and(|added| added.is_not_valid()),
            _ => false,
        });
        if no_transaction::ends_transaction(&statement.tree) {
            (locked, not_valid) = (None, false);
            continue;
        }
        if let Some((table, number)) = &locked
            && is_work(script, statement)
        {
            let message = format!(
                "reads and writes of {table} wait while this runs: statement {number} has locked it, and locks are \
                 held until the end of the transaction"
            );
            spots.push(Spot::of(statement.tree.syntax()).saying(message));
            return;
        }
        locked = locked.or_else(|| Some((exclusively_locked(script, statement)?, statement.number)));
    }
}

fn has_action(statement: &Statement, is_meant: impl Fn(&ast::AlterTableAction) -> bool) -> bool {
    let ast::Stmt::AlterTable(alter) = &statement.tree else { return false };
    alter.actions().any(|action| is_meant(&action))
}

/// What a statement locks against everybody.
fn exclusively_locked(script: &Script, statement: &Statement) -> Option<String> {
    let tables: Vec<Name> = match &statement.tree {
        ast::Stmt::AlterTable(alter) => {
            let is_locked = alter.actions().any(|action| is_exclusive(&action));
            let table = if is_locked { Name::of_relation(alter.table_relation_name()) } else { None };
            table.into_iter().chain(alter.actions().filter_map(|action| attached(&action))).collect()
        }
        ast::Stmt::DropTable(drop) => drop.table_name_refs().filter_map(|table| Name::used(table.path_ref())).collect(),
        ast::Stmt::DropIndex(drop) => return table_of_index(script, statement, drop),
        ast::Stmt::Truncate(truncate) => Name::all_in(truncate.syntax()),
        _ => Vec::new(),
    };
    tables.into_iter().find(|table| !script.is_new(table, statement)).map(|table| table.to_string())
}

/// The first table in use that loses an index. One that is dropped CONCURRENTLY ends the transaction before.
fn table_of_index(script: &Script, statement: &Statement, drop: &ast::DropIndex) -> Option<String> {
    let mut indexes = drop.index_refs().filter_map(|index| Name::used(index.path_ref()));
    indexes.find_map(|index| match script.table_of(&index) {
        Some(table) => (!script.is_new(table, statement)).then(|| table.to_string()),
        None => Some(format!("the table of {index}")),
    })
}

/// The table that becomes a partition, which is locked as its parent is not.
fn attached(action: &ast::AlterTableAction) -> Option<Name> {
    match action {
        ast::AlterTableAction::AttachPartition(attach) => Name::used(attach.table_name_ref()?.path_ref()),
        _ => None,
    }
}

fn is_exclusive(action: &ast::AlterTableAction) -> bool {
    match action {
        ast::AlterTableAction::ValidateConstraint(_)
        | ast::AlterTableAction::AttachPartition(_)
        | ast::AlterTableAction::ClusterOn(_)
        | ast::AlterTableAction::SetWithoutCluster(_)
        | ast::AlterTableAction::SetOptions(_)
        | ast::AlterTableAction::ResetOptions(_)
        | ast::AlterTableAction::EnableTrigger(_)
        | ast::AlterTableAction::DisableTrigger(_) => false,
        ast::AlterTableAction::AddConstraint(add) => {
            !matches!(add.constraint(), Some(ast::Constraint::ForeignKeyConstraint(_)))
        }
        ast::AlterTableAction::AlterColumn(alter) => {
            !matches!(alter.option(), Some(ast::AlterColumnOption::SetStatistics(_)))
        }
        _ => true,
    }
}

/// Whether a statement works through rows, of which a table that is in use may have many.
fn is_work(script: &Script, statement: &Statement) -> bool {
    match &statement.tree {
        ast::Stmt::Update(_)
        | ast::Stmt::Delete(_)
        | ast::Stmt::Merge(_)
        | ast::Stmt::Copy(_)
        | ast::Stmt::Call(_)
        | ast::Stmt::Do(_)
        | ast::Stmt::Select(_)
        | ast::Stmt::SelectInto(_)
        | ast::Stmt::CreateTableAs(_)
        | ast::Stmt::CreateMaterializedView(_)
        | ast::Stmt::Refresh(_) => true,
        ast::Stmt::Insert(insert) => insert.syntax().descendants().any(|node| node.kind() == SyntaxKind::SELECT),
        ast::Stmt::CreateIndex(_) => !script.is_on_new_tables(statement),
        ast::Stmt::AlterTable(alter) => alter.actions().any(|a| is_scan(&a)) && !script.is_on_new_tables(statement),
        _ => false,
    }
}

fn is_scan(action: &ast::AlterTableAction) -> bool {
    match action {
        ast::AlterTableAction::ValidateConstraint(_) => true,
        ast::AlterTableAction::AddConstraint(add) => {
            let uses_index = add.syntax().descendants().any(|node| node.kind() == SyntaxKind::USING_INDEX_NAME);
            add.constraint().is_some_and(|constraint| !constraint.is_not_valid() && !uses_index)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_after};

    #[test]
    fn the_first_work_after_an_exclusive_lock_is_named_with_the_lock() {
        check(
            "ban-work-under-exclusive-lock",
            "ALTER TABLE users ADD COLUMN bio text;\nUPDATE users SET bio = '';\nUPDATE posts SET a = 1;",
            expect![[r#"
                2:1 `UPDATE users SET bio = '';`
                  reads and writes of users wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
        check(
            "ban-work-under-exclusive-lock",
            "DROP TABLE \"app\".\"old\";\nCREATE INDEX i ON posts (a);",
            expect![[r#"
                2:1 `CREATE INDEX i ON posts (a);`
                  reads and writes of app.old wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
        check(
            "ban-work-under-exclusive-lock",
            "TRUNCATE a;\nALTER TABLE posts ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id);",
            expect![[r#"
                2:1 `ALTER TABLE posts ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id);`
                  reads and writes of a wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
    }

    #[test]
    fn an_index_that_is_dropped_locks_its_table() {
        check_after(
            "CREATE INDEX i ON users (bio);",
            "ban-work-under-exclusive-lock",
            "DROP INDEX i;\nUPDATE posts SET a = 1;",
            expect![[r#"
                2:1 `UPDATE posts SET a = 1;`
                  reads and writes of users wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
        check(
            "ban-work-under-exclusive-lock",
            "DROP INDEX unknown;\nUPDATE posts SET a = 1;",
            expect![[r#"
                2:1 `UPDATE posts SET a = 1;`
                  reads and writes of the table of unknown wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
        check(
            "ban-work-under-exclusive-lock",
            "DROP INDEX CONCURRENTLY i;\nCREATE TABLE t (a int);\nCREATE INDEX j ON t (a);\nDROP INDEX j;\nUPDATE posts SET a = 1;",
            expect![""],
        );
    }

    #[test]
    fn a_partition_is_locked_when_it_is_attached_and_its_parent_is_not() {
        check(
            "ban-work-under-exclusive-lock",
            "ALTER TABLE parent ATTACH PARTITION part FOR VALUES IN (1);\nUPDATE posts SET a = 1;",
            expect![[r#"
                2:1 `UPDATE posts SET a = 1;`
                  reads and writes of part wait while this runs: statement 1 has locked it, and locks are held until the end of the transaction
            "#]],
        );
        check(
            "ban-work-under-exclusive-lock",
            "CREATE TABLE part (a int);\nALTER TABLE parent ATTACH PARTITION part FOR VALUES IN (1);\n\
             ALTER TABLE users CLUSTER ON i;\nALTER TABLE users SET WITHOUT CLUSTER;\nUPDATE posts SET a = 1;",
            expect![""],
        );
    }

    #[test]
    fn a_statement_that_runs_on_its_own_has_no_lock_before_it_and_leaves_none() {
        check(
            "ban-work-under-exclusive-lock",
            "ALTER TABLE users ADD COLUMN bio text;\nCREATE INDEX CONCURRENTLY i ON users (bio);\nUPDATE users SET bio = '';",
            expect![""],
        );
        check(
            "ban-work-under-exclusive-lock",
            "ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;",
            expect![""],
        );
    }

    #[test]
    fn work_before_the_lock_or_on_new_tables_is_left_alone() {
        check(
            "ban-work-under-exclusive-lock",
            "UPDATE users SET bio = '';\nCREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN b int;\n\
             INSERT INTO t SELECT 1;\nALTER TABLE users ADD COLUMN c int;\nCREATE INDEX i ON t (a);\n\
             INSERT INTO t VALUES (1);",
            expect![""],
        );
        check(
            "ban-work-under-exclusive-lock",
            "ALTER TABLE a VALIDATE CONSTRAINT c;\nALTER TABLE a VALIDATE CONSTRAINT d;",
            expect![""],
        );
    }
}
