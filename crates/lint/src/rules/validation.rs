use std::collections::HashSet;

use squawk_syntax::ast::{self, AstNode as _, NameLike as _};

use super::no_transaction;
use crate::name::Name;
use crate::script::{Script, Spot};

/// A constraint that the file itself has added NOT VALID, and validates.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    let mut not_valid: HashSet<(Name, String)> = HashSet::new();
    for statement in &script.statements {
        if no_transaction::ends_transaction(&statement.tree) {
            not_valid.clear();
        }
        let ast::Stmt::AlterTable(alter) = &statement.tree else { continue };
        let Some(table) = Name::of_relation(alter.table_relation_name()) else { continue };
        for action in alter.actions() {
            match action {
                ast::AlterTableAction::AddConstraint(add) => {
                    let constraint = add.constraint().filter(|constraint| constraint.is_not_valid());
                    let name = constraint.and_then(|constraint| constraint.constraint_name());
                    not_valid.extend(name.map(|name| (table.clone(), name.text())));
                }
                ast::AlterTableAction::ValidateConstraint(validate) => {
                    let name = validate.constraint_name_ref().and_then(|name| name.path_ref()?.segment());
                    if name.is_some_and(|name| not_valid.contains(&(table.clone(), name.text()))) {
                        spots.push(Spot::of(validate.syntax()));
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_constraint_validated_where_it_is_added_is_named() {
        check(
            "validate-in-same-transaction",
            "ALTER TABLE t ADD CONSTRAINT \"c\" CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;",
            expect![[r#"
                2:15 `VALIDATE CONSTRAINT c`
            "#]],
        );
    }

    #[test]
    fn one_that_an_earlier_file_has_added_is_left_alone() {
        check(
            "validate-in-same-transaction",
            "ALTER TABLE u ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c;",
            expect![""],
        );
    }
}
