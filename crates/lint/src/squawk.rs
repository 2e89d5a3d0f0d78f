//! squawk's rules, run over a file.

use squawk_linter::Linter;
use squawk_syntax::ast::{self, AstNode as _, NameLike as _};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use crate::name::Name;
use crate::rules::{self, Rule, Source, Text, type_change, volatile};
use crate::script::{Script, Spot};

/// What squawk finds of these rules.
pub(crate) fn run<'a>(script: &Script, rules: impl Iterator<Item = &'static Rule> + 'a) -> Vec<(&'static Rule, Spot)> {
    let rules: Vec<(squawk_linter::Rule, &Rule)> = rules
        .filter_map(|rule| match rule.source {
            Source::Squawk(theirs) => Some((theirs, rule)),
            Source::Own(_) => None,
        })
        .collect();
    let (assuming, plain): (Vec<_>, Vec<_>) = rules.into_iter().partition(|(theirs, _)| minds_transaction(*theirs));
    let mut found = lint(script, &assuming, true);
    found.extend(lint(script, &plain, false));
    found
}

/// Whether the rule is to know that the migrator opens a transaction. The others would take a table for
/// new by its bare name and in any order of statements, where [`Script`] goes by schema and order.
fn minds_transaction(rule: squawk_linter::Rule) -> bool {
    matches!(rule, squawk_linter::Rule::TransactionNesting | squawk_linter::Rule::PreferRobustStmts)
}

fn lint(
    script: &Script,
    rules: &[(squawk_linter::Rule, &'static Rule)],
    in_transaction: bool,
) -> Vec<(&'static Rule, Spot)> {
    let mut linter = Linter::from(rules.iter().map(|(theirs, _)| *theirs));
    linter.settings.assume_in_transaction = in_transaction;
    let violations = linter.lint(&script.parse, &script.text);
    let root = script.parse.syntax_node();
    violations
        .into_iter()
        .filter_map(|violation| {
            let (_, rule) = rules.iter().find(|(theirs, _)| *theirs == violation.code)?;
            let node = root.covering_element(violation.text_range);
            let node = node.as_node().cloned().or_else(|| node.parent())?;
            if !is_meant(violation.code, script, &node) {
                return None;
            }
            let message = (rule.text == Text::Squawks).then_some(violation.message);
            Some((*rule, Spot { range: range(violation.text_range), message, help: help(violation.code, &node) }))
        })
        .collect()
}

fn range(range: impl Into<std::ops::Range<usize>>) -> std::ops::Range<usize> {
    range.into()
}

/// The safer way where it is not the rule's own.
fn help(rule: squawk_linter::Rule, node: &SyntaxNode) -> Option<String> {
    let is_generated = ast::GeneratedConstraint::can_cast(node.kind());
    let is_it = rule == squawk_linter::Rule::AddingFieldWithDefault && is_generated;
    is_it.then(|| {
        "a plain column that a trigger keeps up to date, filled in batches; or a view that computes it".to_owned()
    })
}

/// Whether squawk is right about a place: some rules are less exact than PostgreSQL.
fn is_meant(rule: squawk_linter::Rule, script: &Script, node: &SyntaxNode) -> bool {
    use squawk_linter::Rule;
    match rule {
        // Only checks and foreign keys can be NOT VALID, and the latter have a rule of their own.
        Rule::ConstraintMissingNotValid => node
            .descendants()
            .any(|node| matches!(node.kind(), SyntaxKind::CHECK_CONSTRAINT | SyntaxKind::NOT_NULL_CONSTRAINT)),
        // A default that is the same for all rows is kept once; identity has a rule of its own.
        Rule::AddingFieldWithDefault => match ast::Expr::cast(node.clone()) {
            Some(default) => volatile::is_volatile(&default),
            None => node.descendants_with_tokens().any(|element| element.kind() == SyntaxKind::STORED_KW),
        },
        // The sequence of a serial column gives its values.
        Rule::AddingRequiredField => {
            let ty = ast::AddColumn::cast(node.clone()).and_then(|add| add.ty());
            !ty.is_some_and(|ty| rules::is_serial(&ty))
        }
        // The values of a generated column are computed, and so are those of one that takes its place.
        Rule::BanDropColumn => !is_computed_anew(script, node),
        // A column that is added has no expression yet.
        Rule::BanAlterGeneratedExpression => node.ancestors().all(|node| !ast::AddColumn::can_cast(node.kind())),
        // Row level security has a rule of its own.
        Rule::BanDisableTrigger => !matches!(node.kind(), SyntaxKind::DISABLE_RLS | SyntaxKind::NO_FORCE_RLS),
        Rule::ChangingColumnType => {
            let set = ast::SetType::cast(node.clone());
            !set.is_some_and(|set| type_change::is_in_place(script, &set))
        }
        _ => true,
    }
}

/// Whether this drops a generated column that a later statement adds again, as a generated one.
fn is_computed_anew(script: &Script, node: &SyntaxNode) -> bool {
    let column = ast::DropColumn::cast(node.clone()).and_then(|drop| drop.column_name_ref());
    let alter = node.ancestors().find_map(ast::AlterTable::cast);
    let table = alter.and_then(|alter| Name::of_relation(alter.table_relation_name()));
    let (Some(column), Some(table)) = (column, table) else { return false };
    let at: usize = node.text_range().start().into();
    if !script.before(at).is_generated(&table, &column.text()) {
        return false;
    }
    let is_it = |action: ast::AlterTableAction| match action {
        ast::AlterTableAction::AddColumn(add) => {
            let is_generated = |c| matches!(c, ast::Constraint::GeneratedConstraint(_));
            add.column_name().is_some_and(|name| name.text() == column.text()) && add.constraints().any(is_generated)
        }
        _ => false,
    };
    script.statements.iter().filter(|statement| statement.range.end > at).any(|statement| match &statement.tree {
        ast::Stmt::AlterTable(alter) => {
            Name::of_relation(alter.table_relation_name()).as_ref() == Some(&table) && alter.actions().any(is_it)
        }
        _ => false,
    })
}
