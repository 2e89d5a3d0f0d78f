use schema::{Statistics, StatisticsKind};

use super::expression::without_parentheses;
use crate::introspect::rows::StatisticsRow;

/// Extended statistics. Those of every kind say none, and so do those of a single expression, which have none.
pub(super) fn statistics(mut row: StatisticsRow) -> Statistics {
    row.columns.sort_unstable();
    let kinds = [("d", StatisticsKind::Ndistinct), ("f", StatisticsKind::Dependencies), ("m", StatisticsKind::Mcv)];
    let kept: Vec<StatisticsKind> =
        kinds.iter().filter(|(letter, _)| row.kinds.iter().any(|kind| kind == letter)).map(|(_, kind)| *kind).collect();
    Statistics {
        name: row.name,
        schema: row.schema,
        table_schema: row.table_schema,
        table: row.table_name,
        kinds: if kept.len() == kinds.len() { Vec::new() } else { kept },
        columns: row.columns,
        expressions: row.expressions.iter().map(|sql| without_parentheses(sql).to_owned()).collect(),
        target: row.target,
    }
}
