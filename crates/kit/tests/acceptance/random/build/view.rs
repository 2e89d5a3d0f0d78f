//! Views on tables and on each other.

use schema::build::{Index, IndexColumn, View};
use schema::names;
use schema::quote::{ident, literal};

use super::functions::{BuiltFunction, call};
use super::{BuiltColumn, BuiltTable, TABLES, Taken, pick, table};
use crate::random::spec::{IndexSpec, ViewSpec};

const VIEWS: [&str; 5] = ["seen", "Some view", "q\"v", "v.d", "group"];

pub(super) struct BuiltView {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<BuiltColumn>,
    pub(super) is_materialized: bool,
}

/// Where a query reads from.
struct Source<'a> {
    path: String,
    columns: Vec<&'a BuiltColumn>,
    /// The columns of its primary key: a query that groups by them may name the others too.
    primary_key: Vec<&'a BuiltColumn>,
}

pub(super) fn build(
    spec: &ViewSpec,
    in_schema: &str,
    tables: &[Option<BuiltTable>],
    views: &[Option<BuiltView>],
    functions: &[Option<BuiltFunction>],
    taken: &mut Taken,
) -> Option<(BuiltView, View)> {
    // A view may have the name that a table had.
    let name = if spec.name % 8 == 7 { pick(&TABLES, spec.name) } else { pick(&VIEWS, spec.name) };
    let sources: Vec<Source> =
        tables.iter().flatten().map(of_table).chain(views.iter().flatten().map(of_view)).collect();
    if spec.is_gone || sources.is_empty() {
        return None;
    }
    let source = &sources[usize::from(spec.from) % sources.len()];
    let mut columns: Vec<&BuiltColumn> = Vec::new();
    for choice in spec.columns.iter().filter(|_| !source.columns.is_empty()) {
        let column = source.columns[usize::from(*choice) % source.columns.len()];
        if columns.iter().all(|taken| taken.name != column.name) {
            columns.push(column);
        }
    }
    if columns.is_empty() || !taken.take(in_schema, name) {
        return None;
    }
    let list: Vec<String> = columns.iter().map(|column| ident(&column.name)).collect();
    let mut query = format!("select {} from {}", list.join(", "), source.path);
    if let Some(condition) = condition(spec.filter, &columns, functions) {
        query.push_str(&format!(" where {condition}"));
    }
    if spec.grouped && !source.primary_key.is_empty() {
        let key: Vec<String> = source.primary_key.iter().map(|column| ident(&column.name)).collect();
        query.push_str(&format!(" group by {}", key.join(", ")));
    }
    let mut view = View::new(name).in_schema(in_schema).query(query);
    if spec.materialized {
        view = view.materialized();
    }
    if let Some(option) = spec.option {
        view = match (spec.materialized, option) {
            (true, percent) => view.option("fillfactor", 50 + percent),
            (false, 0) => view.option("securityBarrier", true),
            (false, 1) => view.option("securityBarrier", false),
            (false, _) => view.option("securityInvoker", option == 2),
        };
    }
    for spec in spec.indexes.iter().filter(|_| spec.materialized) {
        if let Some((index_name, index)) = index(spec, name, &columns, functions)
            && taken.take(in_schema, &index_name)
        {
            view = view.index(index.name(index_name));
        }
    }
    let columns = columns.into_iter().cloned().collect();
    let is_materialized = spec.materialized;
    Some((BuiltView { schema: in_schema.to_owned(), name: name.to_owned(), columns, is_materialized }, view))
}

/// An index of a materialized view, and its name.
fn index(
    spec: &IndexSpec,
    view: &str,
    columns: &[&BuiltColumn],
    functions: &[Option<BuiltFunction>],
) -> Option<(String, Index)> {
    let column = |choice: u8| columns[usize::from(choice) % columns.len()];
    let parts = spec.parts.iter().filter_map(|part| table::part(part, column(part.column), "btree", functions));
    let parts: Vec<IndexColumn> = parts.collect();
    if parts.is_empty() {
        return None;
    }
    let named: Vec<&str> = spec.parts.iter().map(|part| column(part.column).name.as_str()).collect();
    let name = spec.name.map_or_else(|| names::index(view, &named), |choice| format!("index_{}", choice % 6));
    let mut index = Index::on(parts);
    if spec.unique {
        index = index.unique();
    }
    if let Some(choice) = spec.filter {
        index = index.filter(format!("{} IS NOT NULL", ident(&column(choice).name)));
    }
    if spec.fillfactor {
        index = index.with("fillfactor", 70);
    }
    Some((name, if spec.concurrently { index.concurrently() } else { index }))
}

fn of_table(table: &BuiltTable) -> Source<'_> {
    Source {
        path: format!("{}.{}", ident(&table.schema), ident(&table.name)),
        columns: table.columns.iter().flatten().collect(),
        primary_key: table.primary_key.iter().filter_map(|at| table.columns[*at].as_ref()).collect(),
    }
}

fn of_view(view: &BuiltView) -> Source<'_> {
    Source {
        path: format!("{}.{}", ident(&view.schema), ident(&view.name)),
        columns: view.columns.iter().collect(),
        primary_key: Vec::new(),
    }
}

fn condition(filter: u8, columns: &[&BuiltColumn], functions: &[Option<BuiltFunction>]) -> Option<String> {
    let column = columns.first()?;
    let name = ident(&column.name);
    match (filter, &column.label) {
        (0, _) => None,
        (1, Some(label)) if !column.is_array => Some(format!("{name} = {}", literal(label))),
        (1 | 2, _) => Some(format!("{name} is not null")),
        (4, _) => call(functions, filter, column, &name).map(|(call, _)| format!("{call} is not null")),
        (_, _) => Some(format!("{name}::text <> '*'")),
    }
}
