//! A file, parsed, with what its statements make and are about.

use std::collections::HashMap;
use std::ops::Range;

use squawk_syntax::ast::{self, AstNode as _};
use squawk_syntax::{Parse, SourceFile, SyntaxNode};

use crate::History;
use crate::name::Name;

/// What drizzle-kit puts between two statements of a file.
const BREAKPOINT: &str = "--> statement-breakpoint";

/// A place of a file that a rule has something to say about.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// What happens there, if it is not the same everywhere.
    pub(crate) message: Option<String>,
    /// The safer way there, if it is not the same everywhere.
    pub(crate) help: Option<String>,
}

impl Spot {
    /// The place of a node, without the white space and comments before it.
    pub(crate) fn of(node: &SyntaxNode) -> Self {
        Spot { range: range(node), message: None, help: None }
    }

    pub(crate) fn saying(self, message: String) -> Self {
        Spot { message: Some(message), ..self }
    }

    pub(crate) fn advising(self, help: String) -> Self {
        Spot { help: Some(help), ..self }
    }
}

/// One statement.
pub(crate) struct Statement {
    /// The number within the file, from 1.
    pub(crate) number: usize,
    pub(crate) tree: ast::Stmt,
    /// Its bytes, without the white space and comments before it.
    pub(crate) range: Range<usize>,
}

/// A file.
pub(crate) struct Script<'a> {
    /// As it was parsed: byte for byte where the file has it, statements ended.
    pub(crate) text: String,
    pub(crate) parse: Parse<SourceFile>,
    pub(crate) statements: Vec<Statement>,
    /// What the files before it have made.
    pub(crate) history: &'a History,
    /// The number of the statement that makes each table or materialized view.
    new_tables: HashMap<Name, usize>,
    /// The table of each index, those of other files included.
    indexes: HashMap<Name, Name>,
}

impl<'a> Script<'a> {
    pub(crate) fn parse(sql: &str, history: &'a History) -> Self {
        let text = with_ended_statements(sql);
        let parse = SourceFile::parse(&text);
        let trees = parse.tree().stmts().filter(|tree| !matches!(tree, ast::Stmt::EmptyStmt(_)));
        let statements: Vec<Statement> =
            (1..).zip(trees).map(|(number, tree)| Statement { number, range: range(tree.syntax()), tree }).collect();
        let (new_tables, indexes) = (new_tables(&statements, history), indexes(&statements, history));
        Script { text, parse, statements, history, new_tables, indexes }
    }

    /// The statement that the byte is in, or the comment before it.
    pub(crate) fn statement_at(&self, offset: usize) -> Option<&Statement> {
        self.statements.iter().find(|statement| offset < statement.range.end)
    }

    /// What is there when the statement at that byte begins.
    pub(crate) fn before(&self, offset: usize) -> History {
        let mut history = self.history.clone();
        for statement in self.statements.iter().take_while(|statement| statement.range.end <= offset) {
            history.run(&statement.tree);
        }
        history
    }

    /// Whether the table is made by an earlier statement of this file.
    pub(crate) fn is_new(&self, table: &Name, at: &Statement) -> bool {
        self.new_tables.get(table).is_some_and(|number| *number < at.number)
    }

    /// Whether all tables that the statement is about are made by earlier statements.
    pub(crate) fn is_on_new_tables(&self, at: &Statement) -> bool {
        let tables = self.tables(&at.tree);
        !tables.is_empty() && tables.iter().all(|table| self.is_new(table, at))
    }

    /// The table of an index, if a file has made it.
    pub(crate) fn table_of(&self, index: &Name) -> Option<&Name> {
        self.indexes.get(index)
    }

    /// The tables that a statement changes or drops, by themselves or by their indexes.
    fn tables(&self, tree: &ast::Stmt) -> Vec<Name> {
        match tree {
            ast::Stmt::AlterTable(alter) => Name::of_relation(alter.table_relation_name()).into_iter().collect(),
            ast::Stmt::CreateIndex(create) => Name::of_relation(create.table_relation_name()).into_iter().collect(),
            ast::Stmt::DropTable(drop) => {
                drop.table_name_refs().filter_map(|table| Name::used(table.path_ref())).collect()
            }
            ast::Stmt::DropIndex(drop) => {
                let indexes = drop.index_refs().filter_map(|index| Name::used(index.path_ref()));
                // An index that nobody knows stands for itself, and is on no table that is new.
                indexes.map(|index| self.table_of(&index).cloned().unwrap_or(index)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether everything that the statement drops is made again further down, so that it is there
    /// before and after the migration.
    pub(crate) fn is_made_anew(&self, at: &Statement) -> bool {
        let dropped = dropped(&at.tree);
        let later = || self.statements.iter().filter(|later| later.number > at.number);
        !dropped.is_empty() && dropped.iter().all(|name| later().any(|later| made(&later.tree).as_ref() == Some(name)))
    }
}

/// The text with a semicolon where one of drizzle-kit's breakpoints ends a statement without one, and
/// white space for the byte order mark of an editor. No byte moves.
pub(crate) fn with_ended_statements(sql: &str) -> String {
    let mut text = sql.replacen('\u{feff}', "   ", usize::from(sql.starts_with('\u{feff}')));
    let breakpoints: Vec<usize> = text.match_indices(BREAKPOINT).map(|(at, _)| at).collect();
    for at in breakpoints {
        if !text[..at].trim_end().ends_with(';') {
            text.replace_range(at..at + BREAKPOINT.len(), &format!("{:<1$}", ";", BREAKPOINT.len()));
        }
    }
    text
}

/// The bytes of a node, without the white space and comments before it.
pub(crate) fn range(node: &SyntaxNode) -> Range<usize> {
    let first = node.children_with_tokens().find(|child| !child.kind().is_trivia());
    let start = first.map_or_else(|| node.text_range().start(), |child| child.text_range().start());
    start.into()..node.text_range().end().into()
}

/// The tables and materialized views that a file makes, by the last name that it gives them, with the statement's number.
fn new_tables(statements: &[Statement], history: &History) -> HashMap<Name, usize> {
    let mut tables = HashMap::new();
    let mut before = history.clone();
    for Statement { number, tree, .. } in statements {
        if let Some((table, is_optional)) = new_table(tree)
            && !(is_optional && before.has_table(&table))
        {
            tables.insert(table, *number);
        }
        if let ast::Stmt::AlterTable(alter) = tree
            && let Some((from, to)) = renamed(alter)
            && tables.contains_key(&from)
        {
            tables.insert(to, *number);
        }
        before.run(tree);
    }
    tables
}

/// The table or materialized view that a statement makes, and whether it does so only if there is none of that name.
pub(crate) fn new_table(tree: &ast::Stmt) -> Option<(Name, bool)> {
    let (path, condition) = match tree {
        ast::Stmt::CreateTable(create) => (create.table_name()?.path(), create.if_not_exists()),
        ast::Stmt::CreateTableAs(create) => (create.table_name()?.path(), create.if_not_exists()),
        ast::Stmt::CreateMaterializedView(create) => (create.view()?.path(), create.if_not_exists()),
        _ => return None,
    };
    Some((Name::made(path)?, condition.is_some()))
}

/// What an ALTER TABLE renames its table from, and to.
pub(crate) fn renamed(alter: &ast::AlterTable) -> Option<(Name, Name)> {
    let from = Name::of_relation(alter.table_relation_name())?;
    alter.actions().find_map(|action| match action {
        ast::AlterTableAction::TableRenameTo(rename) => {
            let to = Name::made(rename.table_name().and_then(|table| table.path()))?;
            Some((from.clone(), Name { schema: from.schema.clone(), ..to }))
        }
        _ => None,
    })
}

fn indexes(statements: &[Statement], history: &History) -> HashMap<Name, Name> {
    let mut indexes: HashMap<Name, Name> =
        history.indexes().filter_map(|index| Some((index.name.clone()?, index.table.clone()))).collect();
    for Statement { tree, .. } in statements {
        if let ast::Stmt::CreateIndex(create) = tree
            && let Some(table) = Name::of_relation(create.table_relation_name())
            && let Some(name) = Name::made(create.index().and_then(|index| index.path()))
        {
            // An index is in its table's schema.
            indexes.insert(Name { schema: table.schema.clone(), ..name }, table);
        }
    }
    indexes
}

/// What a statement drops, with its kind.
fn dropped(tree: &ast::Stmt) -> Vec<(&'static str, Name)> {
    let kind = match tree {
        ast::Stmt::DropType(_) => "type",
        ast::Stmt::DropView(_) => "view",
        ast::Stmt::DropMaterializedView(_) => "materialized view",
        ast::Stmt::DropFunction(_) => "function",
        _ => return Vec::new(),
    };
    // A name inside a longer one is its schema, and one inside a signature the type of a parameter.
    let is_outermost = |path: &ast::PathRef| {
        path.syntax()
            .ancestors()
            .skip(1)
            .all(|node| !ast::PathRef::can_cast(node.kind()) && !ast::Param::can_cast(node.kind()))
    };
    let paths = tree.syntax().descendants().filter_map(ast::PathRef::cast).filter(is_outermost);
    paths.filter_map(|path| Some((kind, Name::used(Some(path))?))).collect()
}

/// What a statement makes, with its kind.
fn made(tree: &ast::Stmt) -> Option<(&'static str, Name)> {
    let kind = match tree {
        ast::Stmt::CreateType(_) => "type",
        ast::Stmt::CreateView(_) => "view",
        ast::Stmt::CreateMaterializedView(_) => "materialized view",
        ast::Stmt::CreateFunction(_) => "function",
        _ => return None,
    };
    Some((kind, Name::made(tree.syntax().descendants().find_map(ast::Path::cast))?))
}
