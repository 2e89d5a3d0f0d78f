use squawk_syntax::ast::{self, AstNode as _};

use crate::script::{Script, Spot};

/// A column added to a table whose values come from a sequence.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        let ast::Stmt::AlterTable(alter) = &statement.tree else { continue };
        for action in alter.actions() {
            let ast::AlterTableAction::AddColumn(add) = action else { continue };
            if add.ty().is_some_and(|ty| is_serial(&ty)) || add.constraints().any(|c| is_identity(&c)) {
                spots.push(Spot::of(add.syntax()));
            }
        }
    }
}

/// Whether the type is short for an integer with a sequence.
pub(crate) fn is_serial(ty: &ast::Type) -> bool {
    let serial = ["serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"];
    serial.contains(&crate::catalog::type_text(ty).as_str())
}

fn is_identity(constraint: &ast::Constraint) -> bool {
    match constraint {
        ast::Constraint::GeneratedConstraint(generated) => {
            matches!(generated.generated_as(), Some(ast::GeneratedAs::GeneratedIdentity(_)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_serial_or_identity_column_added_to_an_existing_table_is_named() {
        check(
            "adding-serial-field",
            "ALTER TABLE t ADD COLUMN a bigserial NOT NULL;\n\
             ALTER TABLE t ADD COLUMN b bigint GENERATED ALWAYS AS IDENTITY (START WITH 1);",
            expect![[r#"
                1:15 `ADD COLUMN a bigserial NOT NULL`
                2:15 `ADD COLUMN b bigint GENERATED ALWAYS AS IDENTITY (START WITH 1)`
            "#]],
        );
    }

    #[test]
    fn one_of_a_new_table_and_plain_integers_are_left_alone() {
        check(
            "adding-serial-field",
            "CREATE TABLE n (id bigserial);\nALTER TABLE n ADD COLUMN a serial;\nALTER TABLE t ADD COLUMN a bigint;",
            expect![""],
        );
    }
}
