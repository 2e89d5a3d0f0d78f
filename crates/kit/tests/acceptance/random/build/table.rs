//! One table with its keys, checks and indexes.

mod beside;

use std::collections::HashSet;

use schema::build::{Check, Column, Identity, Index, IndexColumn, PrimaryKey, Table, Unique};
use schema::names;
use schema::quote::{ident, literal};

use super::column::{default, generated};
use super::functions::{BuiltFunction, Result, call, call_for};
use super::objects::{partition_by, partition_key};
use super::{BuiltColumn, BuiltTable, Taken, cut_off, pick};
use crate::random::spec::{CheckSpec, Choice, Content, IndexSpec, KeySpec, PartSpec, TableSpec};
use crate::random::types::Kind;

pub(super) struct Builder<'a> {
    pub(super) spec: &'a TableSpec,
    pub(super) built: &'a mut BuiltTable,
    pub(super) taken: &'a mut Taken,
    pub(super) functions: &'a [Option<BuiltFunction>],
    pub(super) has_btree_gist: bool,
}

impl Builder<'_> {
    pub(super) fn table(mut self) -> Table {
        let mut table = Table::new(&self.built.name).in_schema(&self.built.schema);
        if self.spec.rls {
            table = table.enable_rls();
        }
        self.built.partition_by = partition_by(self.spec, self.built);
        let key = self.spec.key.as_ref().and_then(|key| self.key(key));
        let is_deferrable = self.spec.key.as_ref().is_some_and(is_deferrable);
        let grouping = key.as_ref().filter(|_| !is_deferrable);
        self.built.primary_key = grouping.map(|(_, columns)| columns.clone()).unwrap_or_default();
        for at in 0..self.spec.columns.len() {
            let is_key = key.as_ref().is_some_and(|(named, columns)| named.is_none() && *columns == [at]);
            if let Some(column) = self.column(at) {
                table = table.column(if is_key { column.primary_key() } else { column });
            }
        }
        if let Some((Some(key), _)) = key {
            table = table.primary_key(key);
        }
        for unique in &self.spec.uniques {
            let columns = self.ordered(&unique.columns);
            let names = self.names(&columns);
            let name = match unique.name {
                Some(choice) => format!("unique_{}", choice % 4),
                None => names::unique(&self.built.name, &names),
            };
            if columns.is_empty() || !self.finds_partition(&columns) || !self.take(&name) {
                continue;
            }
            let mut constraint = Unique::on(names).name(name).include(self.included(&unique.beside.include));
            if unique.nulls_not_distinct {
                constraint = constraint.nulls_not_distinct();
            }
            table = table.unique(match unique.beside.deferral % 3 {
                0 => constraint,
                1 => constraint.deferrable(),
                _ => constraint.initially_deferred(),
            });
            // No foreign key references one that can wait.
            if unique.beside.deferral % 3 == 0 {
                self.built.keys.push(columns);
            }
        }
        let mut checks = HashSet::new();
        for check in &self.spec.checks {
            let name = format!("check {}", check.name % 4);
            if let Some(condition) = self.condition(check)
                && checks.insert(name.clone())
            {
                let is_partitioned = self.built.partition_by.is_some();
                let built = Check::new(name, condition);
                table = table.check(if check.no_inherit && !is_partitioned { built.no_inherit() } else { built });
            }
        }
        for index in &self.spec.indexes {
            if let Some(index) = self.index(index) {
                table = table.index(index);
            }
        }
        self.beside(table)
    }

    /// Whether a key on the columns tells in which partition a row is, as PostgreSQL wants it.
    fn finds_partition(&self, columns: &[usize]) -> bool {
        self.built.partition_by.is_none_or(|by| columns.contains(&by.column))
    }

    fn take(&mut self, name: &str) -> bool {
        self.built.constraints.insert(cut_off(name));
        self.taken.take(&self.built.schema, name)
    }

    /// The chosen columns that are there and that a btree takes, each once.
    fn ordered(&self, choices: &[Choice]) -> Vec<usize> {
        let mut columns = Vec::new();
        for choice in choices {
            let at = usize::from(*choice) % self.built.columns.len();
            let is_ordered = self.built.columns[at].as_ref().is_some_and(|column| column.kind.is_ordered());
            if is_ordered && !columns.contains(&at) {
                columns.push(at);
            }
        }
        columns
    }

    fn names(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().filter_map(|at| self.built.columns[*at].as_ref()).map(|column| column.name.clone()).collect()
    }

    /// The chosen columns that are there, of whatever type.
    fn included(&self, choices: &[Choice]) -> Vec<String> {
        let columns = &self.built.columns;
        let chosen = choices.iter().filter_map(|choice| columns[usize::from(*choice) % columns.len()].as_ref());
        chosen.map(|column| column.name.clone()).collect()
    }

    fn key(&mut self, spec: &KeySpec) -> Option<(Option<PrimaryKey>, Vec<usize>)> {
        let mut columns = self.ordered(&spec.columns);
        if spec.named.is_none() {
            columns.truncate(1);
        }
        let names = self.names(&columns);
        let name = match spec.named {
            None => names::catalog(&self.built.name, None, "pkey"),
            Some(0) => names::primary_key(&self.built.name, &names),
            Some(choice) => format!("key_{}", choice % 4),
        };
        if columns.is_empty() || !self.finds_partition(&columns) || !self.take(&name) {
            return None;
        }
        let Some(_) = spec.named else {
            self.built.keys.push(columns.clone());
            return Some((None, columns));
        };
        let key = PrimaryKey::on(names).name(name).include(self.included(&spec.beside.include));
        let key = match spec.beside.deferral % 3 {
            0 => key,
            1 => key.deferrable(),
            _ => key.initially_deferred(),
        };
        if !is_deferrable(spec) {
            self.built.keys.push(columns.clone());
        }
        Some((Some(key), columns))
    }

    fn column(&mut self, at: usize) -> Option<Column> {
        let built = self.built.columns[at].clone()?;
        let spec = &self.spec.columns[at];
        let mut column = self.column_beside(at, Column::new(&built.name, built.sql_type.clone()), &built);
        if spec.not_null {
            column = column.not_null();
        }
        if built.is(Kind::Serial) {
            self.take(&names::catalog(&self.built.name, Some(&built.name), "seq"));
            return Some(column);
        }
        Some(match spec.content {
            Content::Default(choice) if !built.defaults.is_empty() => {
                default(column, &built.defaults[usize::from(choice) % built.defaults.len()])
            }
            Content::Call(choice) if !built.is_generated => match call_for(self.functions, choice, &built) {
                Some(call) => column.default_sql(call),
                None => column,
            },
            Content::Identity { always, named, increment }
                if built.is(Kind::Integer)
                    && !built.is_generated
                    && !built.is_domain
                    && self.built.partition_by.is_none() =>
            {
                let identity = if always { Identity::always() } else { Identity::by_default() };
                let name = if named {
                    format!("identity_{}", spec.name % 4)
                } else {
                    names::identity_sequence(&self.built.name, &built.name)
                };
                let identity = match increment {
                    0 => identity,
                    1 => identity.increment(-1).cache(5),
                    _ => identity.start_with(100).min_value(10).max_value(1000).cycle(),
                };
                if self.take(&name) { column.identity(identity.name(name)) } else { column }
            }
            Content::Generated { from, how } if built.is_generated => {
                let source = usize::from(from) % self.built.columns.len();
                let source = self.built.columns[source].as_ref()?;
                column.generated(generated(source, how, self.functions).1)
            }
            _ => column,
        })
    }

    fn condition(&self, check: &CheckSpec) -> Option<String> {
        let column = self.built.columns[usize::from(check.column) % self.built.columns.len()].as_ref()?;
        let (table, name) = (ident(&self.built.name), ident(&column.name));
        if check.how % 5 == 4
            && let Some((call, _)) = call(self.functions, check.how, column, &name)
        {
            return Some(format!("{call} IS NOT NULL OR true"));
        }
        Some(match (check.how % 4, column.label.as_ref().filter(|_| !column.is_array)) {
            (0, Some(label)) => format!("{name} <> {}", literal(label)),
            (0, _) if column.is(Kind::Text) => format!("{name} <> 'forbidden'"),
            (0, _) if column.is_integer() => format!("{table}.{name} > -5"),
            (1, _) => format!("{table}.{name} IS NULL OR true"),
            (2, _) => format!("{name} IS NOT NULL OR 'a;b--c' <> ')'"),
            _ => "1 < 2".to_owned(),
        })
    }

    fn index(&mut self, spec: &IndexSpec) -> Option<Index> {
        let mut method = pick(&["btree", "btree", "btree", "hash", "gin", "gist", "brin", "spgist"], spec.method);
        let mut parts: Vec<IndexColumn> = spec.parts.iter().filter_map(|part| self.part(part, method)).collect();
        if parts.is_empty() {
            method = "btree";
            parts = spec.parts.iter().filter_map(|part| self.part(part, method)).collect();
        }
        if matches!(method, "hash" | "spgist") {
            parts.truncate(1);
        }
        let plain = spec.parts.iter().all(|part| method == "btree" && part.expression % 8 == 0);
        let columns = self.ordered(&spec.parts.iter().map(|part| part.column).collect::<Vec<_>>());
        let name = match spec.name {
            Some(choice) => format!("index_{}", choice % 6),
            None => names::index(&self.built.name, &self.names(&columns)),
        };
        if parts.is_empty() || !self.take(&name) {
            return None;
        }
        let mut index = Index::on(parts).name(name).using(method);
        if matches!(method, "btree" | "gist" | "spgist") {
            index = index.include(self.included(&spec.beside.include));
        }
        let is_plain = plain && columns.len() == spec.parts.len();
        let is_partitioned = self.built.partition_by.is_some();
        if spec.unique && method == "btree" && (!is_partitioned || (is_plain && self.finds_partition(&columns))) {
            index = index.unique();
            if spec.beside.nulls_not_distinct {
                index = index.nulls_not_distinct();
            }
            if is_plain && spec.filter.is_none() {
                self.built.keys.push(columns);
            }
        }
        if let Some(choice) = spec.filter
            && let Some(column) = &self.built.columns[usize::from(choice) % self.built.columns.len()]
        {
            let name = ident(&column.name);
            index = match &column.label {
                Some(label) if !column.is_array => index.filter(format!("{name} = {}", literal(label))),
                _ => index.filter(format!("{name} IS NOT NULL")),
            };
        }
        if spec.fillfactor && !matches!(method, "gin" | "brin") {
            index = index.with("fillfactor", 70);
        }
        Some(if spec.concurrently && !is_partitioned { index.concurrently() } else { index })
    }

    fn part(&self, spec: &PartSpec, method: &str) -> Option<IndexColumn> {
        let column = self.built.columns[usize::from(spec.column) % self.built.columns.len()].as_ref()?;
        part(spec, column, method, self.functions)
    }
}

/// Whether no foreign key and no GROUP BY can rely on the key.
fn is_deferrable(key: &KeySpec) -> bool {
    key.named.is_some() && !key.beside.deferral.is_multiple_of(3)
}

/// A key of an index by that method, on the column of a table or view.
pub(super) fn part(
    spec: &PartSpec,
    column: &BuiltColumn,
    method: &str,
    functions: &[Option<BuiltFunction>],
) -> Option<IndexColumn> {
    let plain = IndexColumn::column(&column.name);
    match method {
        "btree" => {}
        "hash" | "brin" if column.is_integer() || column.is(Kind::Text) => return Some(plain),
        "gin" if column.is(Kind::Document) || (column.is_array && column.kind.is_ordered()) => return Some(plain),
        "gist" if column.is(Kind::Network) => return Some(plain.operator_class("inet_ops")),
        "gist" if column.is(Kind::Point) => return Some(plain),
        "spgist" if column.is(Kind::Point) || column.is(Kind::Network) => return Some(plain),
        _ => return None,
    }
    let name = ident(&column.name);
    let called = call(functions, spec.column, column, &name);
    let called = called.filter(|(_, function)| function.is_immutable && function.result != Result::Argument);
    let mut part = match spec.expression % 8 {
        7 if called.is_some() => IndexColumn::expression(called.map(|(call, _)| call).unwrap_or_default()),
        1 if column.is(Kind::Text) => IndexColumn::expression(format!("lower({name})")),
        2 if column.is(Kind::Text) => IndexColumn::expression(format!("{name} || 'a'")),
        3 if column.is(Kind::Text) => IndexColumn::expression(format!("{name} COLLATE \"C\"")),
        1 if column.is_integer() => IndexColumn::expression(format!("{name} + 1")),
        2 if column.is_integer() => IndexColumn::expression(format!("({name} + 1)")),
        3 if column.is_integer() => IndexColumn::expression(format!("{name}::text")),
        4 => IndexColumn::expression(format!("{name} IS NULL")),
        5 if column.kind.is_ordered() => IndexColumn::expression(name),
        6 => IndexColumn::expression(format!("({name} IS NULL) = ({name} IS NOT NULL)")),
        _ if column.kind.is_ordered() => {
            if spec.class && column.is(Kind::Text) && column.comparable == "textfalse" && column.collation.is_none() {
                plain.operator_class("text_pattern_ops")
            } else {
                plain
            }
        }
        _ => return None,
    };
    if spec.desc {
        part = part.desc();
    }
    Some(if spec.nulls_first { part.nulls_first() } else { part })
}
