use squawk_syntax::ast::{self, AstNode as _};

use crate::name::Name;
use crate::script::{Script, Spot};

/// A value added to an enum that a later statement of the file names. Before PostgreSQL 17 it makes no
/// difference that the file itself has made the enum.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        let Some((name, value)) = added(&statement.tree) else { continue };
        let later = script.statements.iter().filter(|later| later.number > statement.number);
        for literal in later.filter_map(|later| usage(&later.tree, &value)) {
            let message = format!(
                "'{value}' is added to {name} by statement {}, and cannot be used before the transaction has ended",
                statement.number
            );
            spots.push(Spot::of(literal.syntax()).saying(message));
        }
    }
}

fn added(tree: &ast::Stmt) -> Option<(Name, String)> {
    let ast::Stmt::AlterType(alter) = tree else { return None };
    let ast::AlterTypeAction::AddValue(add) = alter.action()? else { return None };
    Some((Name::used(alter.type_name_ref()?.path_ref())?, add.literal()?.string_value()?))
}

/// Where a statement names the value. To add another value after it is no use of it.
fn usage(tree: &ast::Stmt, value: &str) -> Option<ast::Literal> {
    if matches!(tree, ast::Stmt::AlterType(_) | ast::Stmt::CommentOn(_) | ast::Stmt::Do(_) | ast::Stmt::CreateType(_)) {
        return None;
    }
    let mut literals = tree.syntax().descendants().filter_map(ast::Literal::cast);
    literals.find(|literal| literal.string_value().as_deref() == Some(value))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_new_value_that_the_same_file_uses_is_refused() {
        check(
            "ban-enum-value-in-same-transaction",
            "ALTER TYPE \"mood\" ADD VALUE 'it''s';\nALTER TYPE mood ADD VALUE 'b' AFTER 'it''s';\n\
             UPDATE t SET mood = 'it''s';\nALTER TABLE t ALTER COLUMN mood SET DEFAULT 'b';",
            expect![[r#"
                3:21 `'it''s'`
                  'it's' is added to mood by statement 1, and cannot be used before the transaction has ended
                4:45 `'b'`
                  'b' is added to mood by statement 2, and cannot be used before the transaction has ended
            "#]],
        );
    }

    #[test]
    fn the_first_values_of_an_enum_and_others_can_be_used() {
        check(
            "ban-enum-value-in-same-transaction",
            "CREATE TYPE mood AS ENUM ('a');\nUPDATE t SET mood = 'a';\nALTER TYPE mood ADD VALUE 'b';\nUPDATE t SET mood = 'c';",
            expect![""],
        );
    }
}
