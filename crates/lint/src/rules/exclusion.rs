use squawk_syntax::ast::{self, AstNode as _};

use crate::script::{Script, Spot};

/// An exclusion constraint added to a table.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        let ast::Stmt::AlterTable(alter) = &statement.tree else { continue };
        for action in alter.actions() {
            if let ast::AlterTableAction::AddConstraint(add) = action
                && let Some(ast::Constraint::ExcludeConstraint(exclude)) = add.constraint()
            {
                spots.push(Spot::of(exclude.syntax()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn an_exclusion_constraint_on_an_existing_table_is_named() {
        check(
            "adding-exclusion-constraint",
            "ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (during WITH &&);",
            expect![[r#"
                1:19 `CONSTRAINT e EXCLUDE USING gist (during WITH &&)`
            "#]],
        );
    }

    #[test]
    fn one_on_a_new_table_is_left_alone() {
        check(
            "adding-exclusion-constraint",
            "CREATE TABLE t (during tsrange);\nALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (during WITH &&);",
            expect![""],
        );
    }
}
