use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode as _};

use crate::script::{Script, Spot};

/// A column of type json.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    for statement in &script.statements {
        if matches!(statement.tree, ast::Stmt::CreateTable(_) | ast::Stmt::AlterTable(_)) {
            let types = statement.tree.syntax().descendants().filter_map(ast::Type::cast);
            spots.extend(types.filter(|ty| is_json(ty) && is_columns(ty)).map(|ty| Spot::of(ty.syntax())));
        }
    }
}

fn is_json(ty: &ast::Type) -> bool {
    matches!(ty, ast::Type::PathType(_)) && matches!(crate::catalog::type_text(ty).as_str(), "json" | "pg_catalog.json")
}

/// Whether it is a column's type, and not one that a value is cast to.
fn is_columns(ty: &ast::Type) -> bool {
    let mut parents = ty.syntax().ancestors().skip(1).skip_while(|node| node.kind() == SyntaxKind::ARRAY_TYPE);
    let is_column = |kind| matches!(kind, SyntaxKind::COLUMN | SyntaxKind::ADD_COLUMN | SyntaxKind::SET_TYPE);
    parents.next().is_some_and(|node| is_column(node.kind()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_column_of_json_is_named() {
        check(
            "prefer-jsonb",
            "CREATE TABLE t (a json, b json[]);\nALTER TABLE t ADD COLUMN c JSON;\n\
             ALTER TABLE t ALTER COLUMN d SET DATA TYPE json USING d::json;",
            expect![[r#"
                1:19 `json`
                1:27 `json`
                2:28 `JSON`
                3:44 `json`
            "#]],
        );
    }

    #[test]
    fn jsonb_and_a_cast_are_left_alone() {
        check("prefer-jsonb", "CREATE TABLE t (a jsonb DEFAULT '{}'::json::jsonb);\nSELECT '1'::json;", expect![""]);
    }
}
