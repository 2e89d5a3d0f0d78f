//! Extended statistics on tables and materialized views.

use std::collections::HashSet;

use schema::StatisticsKind;
use schema::build::{Object, Statistics};
use schema::quote::ident;

use super::functions::{BuiltFunction, call};
use super::view::BuiltView;
use super::{BuiltColumn, BuiltTable, Namespaces, pick};
use crate::random::spec::StatisticsSpec;
use crate::random::types::Kind;

const STATISTICS: [&str; 4] = ["together", "Two of a kind", "q\"s", "s.t"];
const KINDS: [StatisticsKind; 3] = [StatisticsKind::Ndistinct, StatisticsKind::Dependencies, StatisticsKind::Mcv];

pub(super) fn statistics(
    specs: &[StatisticsSpec],
    tables: &[Option<BuiltTable>],
    views: &[Option<BuiltView>],
    functions: &[Option<BuiltFunction>],
    namespaces: Namespaces,
) -> Vec<Object> {
    let of_tables = tables.iter().flatten().map(|table| {
        (table.schema.as_str(), table.name.as_str(), table.columns.iter().flatten().collect::<Vec<&BuiltColumn>>())
    });
    let views = views.iter().flatten().filter(|view| view.is_materialized);
    let of_views = views.map(|view| (view.schema.as_str(), view.name.as_str(), view.columns.iter().collect()));
    let relations: Vec<(&str, &str, Vec<&BuiltColumn>)> = of_tables.chain(of_views).collect();
    let mut taken = HashSet::new();
    let mut declared = Vec::new();
    for spec in specs.iter().filter(|spec| !spec.place.is_gone) {
        let (in_schema, name) = (namespaces.place(spec.place.schema), pick(&STATISTICS, spec.place.name));
        let Some((table_schema, table, columns)) = relations.get(usize::from(spec.on) % relations.len().max(1)) else {
            continue;
        };
        let statistics = Statistics::new(name, *table).in_schema(in_schema).table_schema(*table_schema);
        if let Some(statistics) = with_columns(spec, statistics, columns, functions)
            && taken.insert((in_schema, name))
        {
            declared.push(statistics.into());
        }
    }
    declared
}

fn with_columns(
    spec: &StatisticsSpec,
    mut statistics: Statistics,
    columns: &[&BuiltColumn],
    functions: &[Option<BuiltFunction>],
) -> Option<Statistics> {
    let column = |choice: u8| columns.get(usize::from(choice) % columns.len().max(1)).copied();
    let mut names: Vec<&str> = Vec::new();
    for column in spec.columns.iter().filter_map(|choice| column(*choice)).filter(|column| column.kind.is_ordered()) {
        if !names.contains(&column.name.as_str()) {
            names.push(&column.name);
        }
    }
    let expression = spec.expression.and_then(|(of, how)| expression(column(of)?, how, functions));
    match (names.len(), &expression) {
        (0, Some(_)) => {}
        (0, None) | (1, None) => return None,
        _ => {
            let kept = KINDS.iter().enumerate().filter(|(bit, _)| spec.kinds & (1 << bit) != 0);
            // All of them are every kind, and that is said by none.
            let kept = kept.filter(|_| spec.kinds % 8 != 7);
            statistics = kept.fold(statistics, |statistics, (_, kind)| statistics.kind(*kind));
        }
    }
    statistics = expression.into_iter().fold(statistics.columns(names), Statistics::expression);
    Some(match spec.target {
        Some(target) => statistics.target(i32::from(target)),
        None => statistics,
    })
}

fn expression(column: &BuiltColumn, how: u8, functions: &[Option<BuiltFunction>]) -> Option<String> {
    let name = ident(&column.name);
    Some(match (how % 4, &column.label) {
        (0, _) if column.is(Kind::Text) => format!("lower({name})"),
        (0, _) if column.is_integer() => format!("{name} + 1"),
        (1, Some(label)) if !column.is_array => format!("{name} = {}", schema::quote::literal(label)),
        (2, _) => call(functions, how, column, &name).map(|(call, _)| format!("({call}) IS NULL"))?,
        _ => format!("{name} IS NULL"),
    })
}
