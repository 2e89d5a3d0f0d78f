//! What migrations have made, as far as a rule asks for it.

use std::collections::{BTreeMap, BTreeSet};

use squawk_syntax::ast::{self, AstNode as _, NameLike as _};
use squawk_syntax::{SourceFile, SyntaxNode};

use crate::name::Name;
use crate::script;

/// What the migrations before a file have made: tables, the types of their columns, and what is indexed.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The tables and materialized views.
    tables: BTreeSet<Name>,
    columns: BTreeMap<(Name, String), Declared>,
    indexes: Vec<Index>,
}

/// What is known of a column.
#[derive(Clone, Debug, Default)]
struct Declared {
    /// As it is written, in lower case.
    ty: String,
    is_generated: bool,
}

/// What finds rows by columns: an index, or the one of a primary key or unique constraint.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// None where PostgreSQL names it.
    pub(crate) name: Option<Name>,
    pub(crate) table: Name,
    /// The columns that it is sorted by, as far as they are plain columns.
    pub(crate) columns: Vec<String>,
}

impl History {
    /// Adds what a file makes.
    pub fn add(&mut self, sql: &str) {
        for tree in SourceFile::parse(&script::with_ended_statements(sql)).tree().stmts() {
            self.run(&tree);
        }
    }

    /// Whether there is a table or materialized view of that name.
    pub(crate) fn has_table(&self, table: &Name) -> bool {
        self.tables.contains(table)
    }

    /// The type of a column, as its declaration writes it, in lower case.
    pub(crate) fn type_of(&self, table: &Name, column: &str) -> Option<&str> {
        self.declared(table, column).map(|declared| declared.ty.as_str())
    }

    /// Whether the column is known to be computed from others.
    pub(crate) fn is_generated(&self, table: &Name, column: &str) -> bool {
        self.declared(table, column).is_some_and(|declared| declared.is_generated)
    }

    fn declared(&self, table: &Name, column: &str) -> Option<&Declared> {
        self.columns.get(&(table.clone(), column.to_owned()))
    }

    pub(crate) fn indexes(&self) -> impl Iterator<Item = &Index> {
        self.indexes.iter()
    }

    /// Whether an index is sorted by these columns first, in any order among them.
    pub(crate) fn is_indexed(&self, table: &Name, columns: &[String]) -> bool {
        self.indexes.iter().any(|index| {
            let first = index.columns.get(..columns.len());
            index.table == *table && first.is_some_and(|first| columns.iter().all(|column| first.contains(column)))
        })
    }

    /// Does what a statement does.
    pub(crate) fn run(&mut self, tree: &ast::Stmt) {
        self.tables.extend(script::new_table(tree).map(|(table, _)| table));
        match tree {
            ast::Stmt::CreateTable(create) => self.create_table(create),
            ast::Stmt::AlterTable(alter) => self.alter_table(alter),
            ast::Stmt::CreateIndex(create) => self.indexes.extend(Index::created(create)),
            ast::Stmt::DropIndex(drop) => {
                for name in drop.index_refs().filter_map(|index| Name::used(index.path_ref())) {
                    self.indexes.retain(|index| index.name.as_ref() != Some(&name));
                }
            }
            ast::Stmt::DropTable(drop) => {
                for name in drop.table_name_refs().filter_map(|table| Name::used(table.path_ref())) {
                    self.tables.remove(&name);
                    self.indexes.retain(|index| index.table != name);
                    self.columns.retain(|(table, _), _| *table != name);
                }
            }
            ast::Stmt::DropMaterializedView(drop) => {
                for name in drop.view_refs().filter_map(|view| Name::used(view.path_ref())) {
                    self.tables.remove(&name);
                    self.indexes.retain(|index| index.table != name);
                }
            }
            _ => {}
        }
    }

    fn create_table(&mut self, create: &ast::CreateTable) {
        let Some(table) = Name::made(create.table_name().and_then(|table| table.path())) else { return };
        for arg in create.table_arg_list().into_iter().flat_map(|list| list.args()) {
            match arg {
                ast::TableArg::Column(column) => {
                    let Some(name) = column.name().map(|name| name.text()) else { continue };
                    let is_generated = column.clauses().any(|clause| is_computed(clause.syntax()));
                    self.column(&table, &name, column.ty()).is_generated = is_generated;
                    if column.clauses().any(|clause| is_unique(&clause)) {
                        self.indexes.push(Index { name: None, table: table.clone(), columns: vec![name] });
                    }
                }
                ast::TableArg::TableConstraint(ast::TableConstraint::PrimaryKeyConstraint(key)) => {
                    self.constraint(&table, key.constraint_name_clause(), key.index_parameters());
                }
                ast::TableArg::TableConstraint(ast::TableConstraint::UniqueConstraint(unique)) => {
                    self.constraint(&table, unique.constraint_name_clause(), unique.index_parameters());
                }
                ast::TableArg::LikeClause(_) | ast::TableArg::TableConstraint(_) => {}
            }
        }
    }

    fn column(&mut self, table: &Name, column: &str, ty: Option<ast::Type>) -> &mut Declared {
        let declared = self.columns.entry((table.clone(), column.to_owned())).or_default();
        if let Some(ty) = ty {
            declared.ty = type_text(&ty);
        }
        declared
    }

    fn constraint(
        &mut self,
        table: &Name,
        name: Option<ast::ConstraintNameClause>,
        parameters: Option<ast::IndexParameters>,
    ) {
        let name = name.and_then(|clause| clause.constraint_name());
        let name = name.map(|name| Name { schema: table.schema.clone(), name: name.text() });
        let columns = parameters.and_then(|parameters| parameters.column_list());
        let columns =
            columns.into_iter().flat_map(|list| list.column_name_refs()).map(|column| column.text()).collect();
        self.indexes.push(Index { name, table: table.clone(), columns });
    }

    fn alter_table(&mut self, alter: &ast::AlterTable) {
        let Some(table) = Name::of_relation(alter.table_relation_name()) else { return };
        for action in alter.actions() {
            self.action(&table, &action);
        }
        if let Some((from, to)) = script::renamed(alter) {
            self.rename_table(&from, &to);
        }
    }

    fn action(&mut self, table: &Name, action: &ast::AlterTableAction) {
        match action {
            ast::AlterTableAction::AddColumn(add) => {
                let Some(name) = add.column_name().map(|name| name.text()) else { return };
                let is_generated = add.constraints().any(|constraint| is_computed(constraint.syntax()));
                self.column(table, &name, add.ty()).is_generated = is_generated;
                let is_unique =
                    |c| matches!(c, ast::Constraint::PrimaryKeyConstraint(_) | ast::Constraint::UniqueConstraint(_));
                if add.constraints().any(is_unique) {
                    self.indexes.push(Index { name: None, table: table.clone(), columns: vec![name] });
                }
            }
            ast::AlterTableAction::AlterColumn(alter) => {
                let Some(name) = alter.column_name_ref().map(|name| name.text()) else { return };
                match alter.option() {
                    Some(ast::AlterColumnOption::SetType(set)) => {
                        self.column(table, &name, set.ty());
                    }
                    Some(ast::AlterColumnOption::DropExpression(_)) => {
                        self.column(table, &name, None).is_generated = false;
                    }
                    _ => {}
                }
            }
            ast::AlterTableAction::AddConstraint(add) => match add.constraint() {
                Some(ast::Constraint::PrimaryKeyConstraint(key)) => {
                    self.constraint(table, key.constraint_name_clause(), key.index_parameters());
                }
                Some(ast::Constraint::UniqueConstraint(unique)) => {
                    self.constraint(table, unique.constraint_name_clause(), unique.index_parameters());
                }
                _ => {}
            },
            ast::AlterTableAction::DropConstraint(drop) => {
                let name = drop.constraint_name_ref().and_then(|name| Name::used(name.path_ref()));
                let name = name.map(|name| Name { schema: table.schema.clone(), ..name });
                self.indexes.retain(|index| index.table != *table || index.name.is_none() || index.name != name);
            }
            ast::AlterTableAction::DropColumn(drop) => {
                let Some(name) = drop.column_name_ref().map(|name| name.text()) else { return };
                self.indexes.retain(|index| index.table != *table || !index.columns.contains(&name));
                self.columns.remove(&(table.clone(), name));
            }
            ast::AlterTableAction::RenameColumn(rename) => self.rename_column(table, rename),
            _ => {}
        }
    }

    fn rename_column(&mut self, table: &Name, rename: &ast::RenameColumn) {
        let (Some(from), Some(to)) = (rename.column_name_ref(), rename.column_name()) else { return };
        let (from, to) = (from.text(), to.text());
        for index in self.indexes.iter_mut().filter(|index| index.table == *table) {
            for column in index.columns.iter_mut().filter(|column| **column == from) {
                column.clone_from(&to);
            }
        }
        if let Some(declared) = self.columns.remove(&(table.clone(), from)) {
            self.columns.insert((table.clone(), to), declared);
        }
    }

    fn rename_table(&mut self, from: &Name, to: &Name) {
        if self.tables.remove(from) {
            self.tables.insert(to.clone());
        }
        for index in self.indexes.iter_mut().filter(|index| index.table == *from) {
            index.table = to.clone();
        }
        let columns = std::mem::take(&mut self.columns);
        let renamed = |table| if table == *from { to.clone() } else { table };
        self.columns = columns.into_iter().map(|((table, name), column)| ((renamed(table), name), column)).collect();
    }
}

impl Index {
    fn created(create: &ast::CreateIndex) -> Option<Self> {
        let table = Name::of_relation(create.table_relation_name())?;
        let name = Name::made(create.index().and_then(|index| index.path()));
        let name = name.map(|name| Name { schema: table.schema.clone(), ..name });
        let items = create.partition_item_list().into_iter().flat_map(|list| list.partition_items());
        let column = |item: ast::PartitionItem| match item.expr() {
            Some(ast::Expr::NameRef(name)) => Some(name.text()),
            _ => None,
        };
        // A partial index knows nothing of the other rows.
        let columns = if create.where_clause().is_some() { Vec::new() } else { items.map_while(column).collect() };
        Some(Index { name, table, columns })
    }
}

fn is_unique(clause: &ast::ColumnClause) -> bool {
    use ast::ColumnConstraint::{PrimaryKeyConstraint, UniqueConstraint};
    matches!(clause, ast::ColumnClause::ColumnConstraint(PrimaryKeyConstraint(_) | UniqueConstraint(_)))
}

/// Whether a column's constraint says how it is computed, which identity does not.
fn is_computed(constraint: &SyntaxNode) -> bool {
    let generated = ast::GeneratedConstraint::cast(constraint.clone()).and_then(|generated| generated.generated_as());
    matches!(generated, Some(ast::GeneratedAs::GeneratedStored(_)))
}

/// A type as it is written, in lower case and without white space that makes no difference.
pub(crate) fn type_text(ty: &ast::Type) -> String {
    let text = ty.syntax().text().to_string().to_lowercase();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace(" (", "(").replace("( ", "(").replace(" )", ")").replace(", ", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Name {
        Name { schema: "public".to_owned(), name: name.to_owned() }
    }

    fn history(sql: &str) -> History {
        let mut history = History::default();
        history.add(sql);
        history
    }

    #[test]
    fn keys_and_indexes_are_known_by_their_first_columns() {
        let history = history(
            r#"CREATE TABLE "a" ("id" uuid PRIMARY KEY, "x" int UNIQUE, "y" int, "z" int, CONSTRAINT "k" UNIQUE("y","z"));
               CREATE INDEX "i" ON "a" USING btree ("z" DESC, lower("x"));
               CREATE INDEX "p" ON "a" ("q") WHERE "q" > 1;"#,
        );
        let is_indexed = |columns: &[&str]| {
            history.is_indexed(&name("a"), &columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>())
        };
        assert!(is_indexed(&["id"]) && is_indexed(&["x"]) && is_indexed(&["y"]) && is_indexed(&["z", "y"]));
        assert!(is_indexed(&["z"]) && !is_indexed(&["z", "x"]) && !is_indexed(&["q"]));
        assert!(!history.is_indexed(&name("b"), &["id".to_owned()]));
    }

    #[test]
    fn names_and_types_follow_what_later_statements_do() {
        let mut history = history(r#"CREATE TABLE "a" ("x" varchar ( 10 ), "n" numeric(10, 2));"#);
        assert_eq!(history.type_of(&name("a"), "x"), Some("varchar(10)"));
        assert_eq!(history.type_of(&name("a"), "n"), Some("numeric(10,2)"));
        history.add(
            r#"CREATE INDEX "i" ON "a" ("x"); ALTER TABLE "a" RENAME COLUMN "x" TO "y"; ALTER TABLE "a" RENAME TO "b";
               ALTER TABLE "b" ALTER COLUMN "y" SET DATA TYPE text;"#,
        );
        assert_eq!(history.type_of(&name("a"), "x"), None);
        assert_eq!(history.type_of(&name("b"), "y"), Some("text"));
        assert!(history.is_indexed(&name("b"), &["y".to_owned()]));
        history.add(r#"DROP INDEX "i";"#);
        assert!(!history.is_indexed(&name("b"), &["y".to_owned()]));
    }

    #[test]
    fn a_generated_column_is_known_and_an_identity_is_none() {
        let mut history = history(
            r#"CREATE TABLE "a" ("x" text, "y" text GENERATED ALWAYS AS ("x" || '!') STORED, "i" int GENERATED ALWAYS AS IDENTITY);
               ALTER TABLE "a" ADD COLUMN "z" text GENERATED ALWAYS AS ("x") STORED;"#,
        );
        assert_eq!(
            ["x", "y", "i", "z"].map(|column| history.is_generated(&name("a"), column)),
            [false, true, false, true]
        );
        history.add(r#"ALTER TABLE "a" ALTER COLUMN "y" DROP EXPRESSION;"#);
        assert!(!history.is_generated(&name("a"), "y"));
    }

    #[test]
    fn a_breakpoint_ends_a_statement_here_too() {
        let history = history("CREATE TABLE a (x int)\n--> statement-breakpoint\nCREATE INDEX i ON a (x)");
        assert!(history.is_indexed(&name("a"), &["x".to_owned()]));
    }

    #[test]
    fn a_dropped_constraint_takes_its_index_along() {
        let mut history = history(r#"CREATE TABLE "a" ("x" int, CONSTRAINT "k" UNIQUE("x"));"#);
        history.add(r#"ALTER TABLE "a" DROP CONSTRAINT "k";"#);
        assert!(!history.is_indexed(&name("a"), &["x".to_owned()]));
    }
}
