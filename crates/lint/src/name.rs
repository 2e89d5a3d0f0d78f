use std::fmt;

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _};

/// The schema of a name without one.
const PUBLIC: &str = "public";

/// The name of a table, type, view or function, with its schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl Name {
    /// What a statement names to make it.
    pub(crate) fn made(path: Option<ast::Path>) -> Option<Self> {
        let path = path?;
        Some(Name { schema: schema(path.qualifier()), name: path.segment()?.text() })
    }

    /// What a statement names to use it.
    pub(crate) fn used(path: Option<ast::PathRef>) -> Option<Self> {
        let path = path?;
        Some(Name { schema: schema(path.qualifier()), name: path.segment()?.text() })
    }

    /// All that a node names to use it, in the order of its text.
    pub(crate) fn all_in(node: &SyntaxNode) -> Vec<Self> {
        let paths = node.descendants().filter_map(ast::PathRef::cast);
        // A path inside a path is its schema.
        let whole =
            paths.filter(|path| path.syntax().parent().is_none_or(|parent| !ast::PathRef::can_cast(parent.kind())));
        whole.filter_map(|path| Self::used(Some(path))).collect()
    }

    /// The table that an ALTER TABLE or CREATE INDEX is about.
    pub(crate) fn of_relation(relation: Option<ast::TableRelationName>) -> Option<Self> {
        Self::used(relation?.table_name_ref()?.path_ref())
    }
}

fn schema(qualifier: Option<ast::PathRef>) -> String {
    qualifier.and_then(|path| path.segment()).map_or_else(|| PUBLIC.to_owned(), |segment| segment.text())
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema != PUBLIC {
            write!(f, "{}.", self.schema)?;
        }
        f.write_str(&self.name)
    }
}
