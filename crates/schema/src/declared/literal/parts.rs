//! The keys, indexes, checks and policies of a declaration's literal.

use serde::Deserialize;
use serde_json::Value;

use super::Names;
use crate::build::{self, Check, Index, IndexColumn, PrimaryKey};
use crate::declared::column::unique_options;
use crate::model::{Deferral, Map, PolicyCommand, PolicyKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    name: Option<String>,
    columns: Vec<String>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    deferral: Deferral,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableCheck {
    name: String,
    condition: String,
    #[serde(default)]
    no_inherit: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableUnique {
    name: Option<String>,
    columns: Vec<String>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    nulls_not_distinct: bool,
    #[serde(default)]
    deferral: Deferral,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableIndex {
    name: Option<String>,
    on: Vec<IndexKey>,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    concurrently: bool,
    using: Option<String>,
    filter: Option<String>,
    #[serde(default)]
    with: Map<Value>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    nulls_not_distinct: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndexKey {
    field: Option<String>,
    sql: Option<String>,
    #[serde(default)]
    desc: bool,
    #[serde(default)]
    nulls_first: bool,
    op: Option<String>,
}

/// A policy with Drizzle's options.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    name: String,
    #[serde(rename = "as", default)]
    kind: PolicyKind,
    #[serde(rename = "for", default)]
    command: PolicyCommand,
    #[serde(default)]
    to: Vec<String>,
    using: Option<String>,
    with_check: Option<String>,
}

impl TableCheck {
    pub(super) fn build(&self) -> Check {
        let TableCheck { name, condition, no_inherit } = self;
        let check = Check::new(name, condition);
        if *no_inherit { check.no_inherit() } else { check }
    }
}

impl Policy {
    pub(super) fn build(&self) -> build::Policy {
        let Policy { name, kind, command, to, using, with_check } = self;
        let mut policy = build::Policy::new(name).for_command(*command);
        if *kind == PolicyKind::Restrictive {
            policy = policy.restrictive();
        }
        if !to.is_empty() {
            policy = policy.to(to);
        }
        if let Some(condition) = using {
            policy = policy.using(condition);
        }
        match with_check {
            Some(condition) => policy.with_check(condition),
            None => policy,
        }
    }
}

impl TableIndex {
    pub(super) fn build(&self, names: &Names) -> Result<Index, String> {
        let TableIndex { name, on, unique, concurrently, using, filter, with, include, nulls_not_distinct } = self;
        let mut index = Index::on(on.iter().map(|key| key.build(names)).collect::<Result<Vec<_>, _>>()?);
        if let Some(name) = name {
            index = index.name(name);
        }
        if *unique {
            index = index.unique();
        }
        if *concurrently {
            index = index.concurrently();
        }
        if let Some(method) = using {
            index = index.using(method);
        }
        if let Some(predicate) = filter {
            index = index.filter(predicate);
        }
        if *nulls_not_distinct {
            index = index.nulls_not_distinct();
        }
        index = index.include(names.own(include)?);
        Ok(with.iter().fold(index, |index, (parameter, value)| index.with(parameter, value.clone())))
    }
}

impl IndexKey {
    pub(super) fn build(&self, names: &Names) -> Result<IndexColumn, String> {
        let IndexKey { field, sql, desc, nulls_first, op } = self;
        let mut column = match (field, sql) {
            (Some(field), _) => IndexColumn::column(names.own(std::slice::from_ref(field))?.concat()),
            (None, sql) => IndexColumn::expression(sql.clone().unwrap_or_default()),
        };
        if *desc {
            column = column.desc();
        }
        if *nulls_first {
            column = column.nulls_first();
        }
        Ok(match op {
            Some(class) => column.operator_class(class),
            None => column,
        })
    }
}

impl Key {
    pub(super) fn build(&self, names: &Names) -> Result<PrimaryKey, String> {
        let Key { name, columns, include, deferral } = self;
        let mut key = PrimaryKey::on(names.own(columns)?).include(names.own(include)?);
        if let Some(name) = name {
            key = key.name(name);
        }
        Ok(key.deferral(*deferral))
    }
}

impl TableUnique {
    pub(super) fn build(&self, names: &Names) -> Result<build::Unique, String> {
        let TableUnique { name, columns, include, nulls_not_distinct, deferral } = self;
        let unique = build::Unique::on(names.own(columns)?).include(names.own(include)?);
        Ok(unique_options(unique, name.as_deref(), *nulls_not_distinct, *deferral))
    }
}
