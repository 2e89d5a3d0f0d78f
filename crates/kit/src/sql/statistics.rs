use schema::quote::ident;
use schema::{Statistics, StatisticsKind};

use crate::step::{Name, StatisticsStep};

pub(super) fn statements(step: &StatisticsStep) -> Vec<String> {
    match step {
        StatisticsStep::Create { statistics, recreated: _ } => {
            let target = statistics.target.map(|_| set_target(statistics));
            [create(statistics)].into_iter().chain(target).collect()
        }
        StatisticsStep::Drop { statistics, recreated: _ } => vec![format!("DROP STATISTICS {};", name(statistics))],
        StatisticsStep::SetTarget(statistics) => vec![set_target(statistics)],
    }
}

fn name(statistics: &Statistics) -> String {
    Name::new(&statistics.schema, &statistics.name).qualified()
}

fn create(statistics: &Statistics) -> String {
    let Statistics { name: _, schema: _, table_schema, table, kinds, columns, expressions, target: _ } = statistics;
    let mut sql = format!("CREATE STATISTICS {}", name(statistics));
    if !kinds.is_empty() {
        let kinds = kinds.iter().map(|kind| match kind {
            StatisticsKind::Ndistinct => "ndistinct",
            StatisticsKind::Dependencies => "dependencies",
            StatisticsKind::Mcv => "mcv",
        });
        sql.push_str(&format!(" ({})", kinds.collect::<Vec<_>>().join(", ")));
    }
    let expressions = expressions.iter().map(|sql| format!("({sql})"));
    let on: Vec<String> = columns.iter().map(|column| ident(column)).chain(expressions).collect();
    sql.push_str(&format!(" ON {} FROM {};", on.join(", "), Name::new(table_schema, table).qualified()));
    sql
}

/// -1 is PostgreSQL's word for no target of its own.
fn set_target(statistics: &Statistics) -> String {
    format!("ALTER STATISTICS {} SET STATISTICS {};", name(statistics), statistics.target.unwrap_or(-1))
}
