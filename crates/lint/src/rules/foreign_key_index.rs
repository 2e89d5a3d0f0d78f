use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, NameLike as _};

use crate::name::Name;
use crate::script::{Script, Spot};

/// Foreign keys whose columns no index begins with, once the whole file has run.
pub(super) fn check(script: &Script, spots: &mut Vec<Spot>) {
    let mut after = script.history.clone();
    for statement in &script.statements {
        after.run(&statement.tree);
    }
    for (number, Key { table, columns, node }) in script
        .statements
        .iter()
        .flat_map(|statement| keys(&statement.tree).into_iter().map(|key| (statement.number, key)))
    {
        let table = name_in_the_end(script, table, number);
        if !after.is_indexed(&table, &columns) {
            let columns = columns.join(", ");
            let message = format!(
                "no index of {table} begins with ({columns}): each delete or change of a referenced row scans the table"
            );
            spots.push(Spot::of(&node).saying(message).advising(format!("CREATE INDEX ON {table} ({columns})")));
        }
    }
}

struct Key {
    table: Name,
    columns: Vec<String>,
    node: SyntaxNode,
}

/// What later statements rename the table to.
fn name_in_the_end(script: &Script, table: Name, number: usize) -> Name {
    let later = script.statements.iter().filter(|later| later.number > number);
    later.fold(table, |table, later| match &later.tree {
        ast::Stmt::AlterTable(alter) => match crate::script::renamed(alter) {
            Some((from, to)) if from == table => to,
            _ => table,
        },
        _ => table,
    })
}

fn keys(tree: &ast::Stmt) -> Vec<Key> {
    match tree {
        ast::Stmt::CreateTable(create) => created(create),
        ast::Stmt::AlterTable(alter) => altered(alter),
        _ => Vec::new(),
    }
}

fn created(create: &ast::CreateTable) -> Vec<Key> {
    let Some(table) = Name::made(create.table_name().and_then(|table| table.path())) else { return Vec::new() };
    let args = create.table_arg_list().into_iter().flat_map(|list| list.args());
    args.filter_map(|arg| match arg {
        ast::TableArg::Column(column) => {
            let name = column.name()?.text();
            let reference = column.clauses().find(|clause| {
                matches!(clause, ast::ColumnClause::ColumnConstraint(ast::ColumnConstraint::ReferencesConstraint(_)))
            })?;
            Some(Key { table: table.clone(), columns: vec![name], node: reference.syntax().clone() })
        }
        ast::TableArg::TableConstraint(ast::TableConstraint::ForeignKeyConstraint(key)) => of_constraint(&table, &key),
        ast::TableArg::TableConstraint(_) | ast::TableArg::LikeClause(_) => None,
    })
    .collect()
}

fn altered(alter: &ast::AlterTable) -> Vec<Key> {
    let Some(table) = Name::of_relation(alter.table_relation_name()) else { return Vec::new() };
    let key = |action| match action {
        ast::AlterTableAction::AddConstraint(add) => match add.constraint()? {
            ast::Constraint::ForeignKeyConstraint(key) => of_constraint(&table, &key),
            _ => None,
        },
        ast::AlterTableAction::AddColumn(add) => {
            let name = add.column_name()?.text();
            let reference =
                add.constraints().find(|constraint| matches!(constraint, ast::Constraint::ReferencesConstraint(_)))?;
            Some(Key { table: table.clone(), columns: vec![name], node: reference.syntax().clone() })
        }
        _ => None,
    };
    alter.actions().filter_map(key).collect()
}

fn of_constraint(table: &Name, key: &ast::ForeignKeyConstraint) -> Option<Key> {
    let columns = key.from_columns()?.column_name_refs().map(|column| column.text()).collect();
    Some(Key { table: table.clone(), columns, node: key.syntax().clone() })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_after};

    #[test]
    fn a_foreign_key_without_an_index_is_named_with_its_columns() {
        check(
            "require-foreign-key-index",
            "CREATE TABLE posts (author_id uuid REFERENCES users (id));\n\
             ALTER TABLE \"s\".\"t\" ADD CONSTRAINT \"fk\" FOREIGN KEY (\"a\",\"b\") REFERENCES u (a, b);\n\
             ALTER TABLE t ADD COLUMN c uuid REFERENCES u;",
            expect![[r#"
                1:36 `REFERENCES users (id)`
                  no index of posts begins with (author_id): each delete or change of a referenced row scans the table
                  = CREATE INDEX ON posts (author_id)
                2:25 `CONSTRAINT "fk" FOREIGN KEY ("a","b") REFERENCES u (a, b)`
                  no index of s.t begins with (a, b): each delete or change of a referenced row scans the table
                  = CREATE INDEX ON s.t (a, b)
                3:33 `REFERENCES u`
                  no index of t begins with (c): each delete or change of a referenced row scans the table
                  = CREATE INDEX ON t (c)
            "#]],
        );
    }

    #[test]
    fn an_index_of_the_same_file_is_enough_wherever_it_stands() {
        check(
            "require-foreign-key-index",
            "CREATE TABLE posts (id uuid, author_id uuid REFERENCES users (id));\n\
             ALTER TABLE posts RENAME TO articles;\n\
             CREATE INDEX posts_author ON articles USING btree (author_id, id);",
            expect![""],
        );
        check(
            "require-foreign-key-index",
            "CREATE TABLE a (x int REFERENCES b, y int, CONSTRAINT p PRIMARY KEY (x, y));",
            expect![""],
        );
    }

    #[test]
    fn an_index_of_an_earlier_file_is_enough() {
        check_after(
            "CREATE TABLE posts (author_id uuid);\nCREATE INDEX posts_author ON posts (author_id);",
            "require-foreign-key-index",
            "ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author_id) REFERENCES users (id);",
            expect![""],
        );
    }
}
