use squawk_syntax::ast::{self, AstNode as _, NameLike as _};

use crate::script::{Script, Spot};

/// A primary key of one column that holds 32 bits or less.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        match &statement.tree {
            ast::Stmt::CreateTable(create) => created(create, spots),
            ast::Stmt::AlterTable(alter) => {
                for action in alter.actions() {
                    if let ast::AlterTableAction::AddColumn(add) = action
                        && add.constraints().any(|c| matches!(c, ast::Constraint::PrimaryKeyConstraint(_)))
                    {
                        spots.extend(add.ty().filter(is_small).map(|ty| Spot::of(ty.syntax())));
                    }
                }
            }
            _ => {}
        }
    }
}

fn created(create: &ast::CreateTable, spots: &mut Vec<Spot>) {
    let args = || create.table_arg_list().into_iter().flat_map(|list| list.args());
    let keys = args().filter_map(|arg| match arg {
        ast::TableArg::TableConstraint(ast::TableConstraint::PrimaryKeyConstraint(key)) => key.index_parameters(),
        _ => None,
    });
    let columns = keys.filter_map(|key| key.column_list()).map(|list| list.column_name_refs().map(|c| c.text()));
    // Of several columns each may be small: it is their product that runs out.
    let alone: Option<String> = columns.map(Vec::from_iter).find(|columns| columns.len() == 1).map(|mut c| c.remove(0));
    for arg in args() {
        let ast::TableArg::Column(column) = arg else { continue };
        let is_key = |clause| {
            matches!(clause, ast::ColumnClause::ColumnConstraint(ast::ColumnConstraint::PrimaryKeyConstraint(_)))
        };
        let is_named = column.name().is_some_and(|name| alone.as_ref() == Some(&name.text()));
        if is_named || column.clauses().any(is_key) {
            spots.extend(column.ty().filter(is_small).map(|ty| Spot::of(ty.syntax())));
        }
    }
}

fn is_small(ty: &ast::Type) -> bool {
    let small = ["integer", "int", "int4", "serial", "serial4", "smallint", "int2", "smallserial", "serial2"];
    small.contains(&crate::catalog::type_text(ty).as_str())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_small_primary_key_is_named() {
        check(
            "prefer-bigint-primary-key",
            "CREATE TABLE a (id serial PRIMARY KEY NOT NULL);\nCREATE TABLE b (id integer, CONSTRAINT k PRIMARY KEY(id));\n\
             ALTER TABLE c ADD COLUMN id smallint PRIMARY KEY;",
            expect![[r#"
                1:20 `serial`
                2:20 `integer`
                3:29 `smallint`
            "#]],
        );
    }

    #[test]
    fn a_large_or_composite_key_and_other_columns_are_left_alone() {
        check(
            "prefer-bigint-primary-key",
            "CREATE TABLE a (id bigserial PRIMARY KEY, n int);\nCREATE TABLE b (id uuid PRIMARY KEY);\n\
             CREATE TABLE c (x int, y int, PRIMARY KEY (x, y));",
            expect![""],
        );
    }
}
