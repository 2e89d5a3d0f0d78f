//! Which changes of a type leave the rows as they are.

use squawk_syntax::ast::{self, AstNode as _, NameLike as _};

use crate::catalog::type_text;
use crate::name::Name;
use crate::script::Script;

/// Whether the type before is known, and PostgreSQL goes from it to the new one without touching rows.
pub(crate) fn is_in_place(script: &Script, set: &ast::SetType) -> bool {
    let parents = || set.syntax().ancestors();
    let column = parents().find_map(ast::AlterColumn::cast).and_then(|alter| alter.column_name_ref());
    let table =
        parents().find_map(ast::AlterTable::cast).and_then(|alter| Name::of_relation(alter.table_relation_name()));
    let (Some(column), Some(table), Some(to)) = (column, table, set.ty()) else { return false };
    let before = script.before(set.syntax().text_range().start().into());
    let from = before.type_of(&table, &column.text());
    is_plain_conversion(set, &column.text(), &type_text(&to))
        && from.is_some_and(|from| keeps_rows(from, &type_text(&to)))
}

/// Whether the values are converted as they stand: without USING, or with one that only casts the column to its new type.
fn is_plain_conversion(set: &ast::SetType, column: &str, to: &str) -> bool {
    match set.using_expr().and_then(|using| using.expr()) {
        None => set.using_expr().is_none(),
        Some(ast::Expr::CastExpr(cast)) => {
            let is_column = matches!(cast.expr(), Some(ast::Expr::NameRef(name)) if name.text() == column);
            is_column && cast.ty().is_some_and(|ty| Type::read(&type_text(&ty)) == Type::read(to))
        }
        Some(_) => false,
    }
}

/// Whether PostgreSQL changes the one type to the other without a look at the rows.
fn keeps_rows(from: &str, to: &str) -> bool {
    let (from, to) = (Type::read(from), Type::read(to));
    match (from.name, to.name) {
        _ if from == to => true,
        ("varchar", "text") => true,
        ("text", "varchar") => to.parameters.is_empty(),
        ("varchar", "varchar") | ("varbit", "varbit") => to.parameters.is_empty() || grows(&from, &to),
        ("numeric", "numeric") => match (from.parameters.as_slice(), to.parameters.as_slice()) {
            (_, []) => true,
            ([before, scale], [after, new_scale]) => before <= after && scale == new_scale,
            _ => false,
        },
        ("cidr", "inet") => true,
        _ => false,
    }
}

#[derive(PartialEq, Eq)]
struct Type<'a> {
    name: &'a str,
    parameters: Vec<u32>,
}

impl<'a> Type<'a> {
    fn read(text: &'a str) -> Self {
        let (name, rest) = text.split_once('(').unwrap_or((text, ""));
        let name = match name {
            "character varying" => "varchar",
            "bit varying" => "varbit",
            "decimal" => "numeric",
            other => other,
        };
        let numbers: Vec<u32> =
            rest.trim_end_matches(')').split(',').filter_map(|number| number.parse().ok()).collect();
        // numeric(5) is numeric(5,0).
        let scale = if name == "numeric" && numbers.len() == 1 { Some(0) } else { None };
        // What stands after the parentheses makes another type of it: an array, or a time zone.
        let is_plain = rest.is_empty() || rest.ends_with(')');
        Type { name: if is_plain { name } else { text }, parameters: numbers.into_iter().chain(scale).collect() }
    }
}

fn grows(from: &Type, to: &Type) -> bool {
    matches!((from.parameters.as_slice(), to.parameters.as_slice()), ([before], [after]) if before <= after)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::testing::check_after;

    #[test]
    fn a_wider_text_or_number_takes_no_rewrite() {
        for (from, to) in [
            ("varchar(10)", "text"),
            ("character varying(10)", "varchar(20)"),
            ("varchar(10)", "varchar"),
            ("text", "varchar"),
            ("numeric(5)", "numeric(7,0)"),
            ("numeric(5,2)", "numeric"),
            ("cidr", "inet"),
        ] {
            assert!(keeps_rows(from, to), "{from} to {to}");
        }
        for (from, to) in [
            ("varchar(10)", "varchar(5)"),
            ("text", "varchar(10)"),
            ("numeric(5,2)", "numeric(7,3)"),
            ("integer", "bigint"),
            ("varchar(10)[]", "text"),
            ("timestamp(3) with time zone", "timestamp(3)"),
            ("numeric", "numeric(5,2)"),
        ] {
            assert!(!keeps_rows(from, to), "{from} to {to}");
        }
    }

    #[test]
    fn a_change_is_named_unless_the_type_before_is_known_to_allow_it() {
        check_after(
            "CREATE TABLE users (id int, name varchar, email varchar);",
            "changing-column-type",
            "ALTER TABLE users ALTER COLUMN email SET DATA TYPE text USING name::text;\n\
             ALTER TABLE users ALTER COLUMN email SET DATA TYPE text USING \"email\"::integer;\n\
             ALTER TABLE users ALTER COLUMN name SET DATA TYPE text USING CAST(\"name\" AS TEXT);\n\
             ALTER TABLE users ALTER COLUMN name SET DATA TYPE varchar USING name::character varying;",
            expect![[r#"
                1:38 `SET DATA TYPE text USING name::text`
                2:38 `SET DATA TYPE text USING "email"::integer`
            "#]],
        );
        check_after(
            "CREATE TABLE t (a varchar(10), b integer);\nALTER TABLE t RENAME COLUMN a TO c;",
            "changing-column-type",
            "ALTER TABLE t ALTER COLUMN c SET DATA TYPE text;\nALTER TABLE t ALTER COLUMN b SET DATA TYPE bigint;\n\
             ALTER TABLE u ALTER COLUMN x SET DATA TYPE text;\n\
             ALTER TABLE t ALTER COLUMN c SET DATA TYPE varchar USING lower(c);",
            expect![[r#"
                2:30 `SET DATA TYPE bigint`
                3:30 `SET DATA TYPE text`
                4:30 `SET DATA TYPE varchar USING lower(c)`
            "#]],
        );
    }
}
