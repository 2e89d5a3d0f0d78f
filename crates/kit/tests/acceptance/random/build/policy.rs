//! Row-level security policies, whose conditions mention columns, other tables and enums.

use std::collections::HashSet;

use schema::build::{Object, Policy};
use schema::quote::{ident, literal};
use schema::{Enum, PolicyCommand};

use super::functions::{BuiltFunction, call, call_of_reader};
use super::types::native;
use super::view::BuiltView;
use super::{BuiltColumn, BuiltTable, nth, pick};
use crate::random::spec::{ConditionSpec, PolicySpec};

const POLICIES: [&str; 6] = ["own", "all", "q\"p", "a.b", "select", "policy 😀"];

/// The name of each policy that is there.
pub(super) fn names(policies: &[PolicySpec]) -> Vec<Option<String>> {
    let mut taken = HashSet::new();
    let mut name = |policy: &PolicySpec| {
        let name = pick(&POLICIES, policy.name);
        (!policy.is_gone && taken.insert(name)).then(|| name.to_owned())
    };
    policies.iter().map(&mut name).collect()
}

/// What a condition may read besides its own table.
pub(super) struct Others<'a> {
    pub(super) tables: &'a [Option<BuiltTable>],
    pub(super) views: &'a [Option<BuiltView>],
    pub(super) enums: &'a [Option<Enum>],
    pub(super) roles: &'a [Option<String>],
    pub(super) functions: &'a [Option<BuiltFunction>],
}

impl Others<'_> {
    pub(super) fn policy(&self, spec: &PolicySpec, name: &str, own: &BuiltTable) -> Policy {
        use PolicyCommand::{All, Delete, Insert, Select, Update};
        let command = [All, All, All, All, Select, Insert, Update, Delete][usize::from(spec.command % 8)];
        let roles: [&[&str]; 4] =
            [&["public"], &["current_user"], &["session_user", "current_user"], &["current_role"]];
        let declared = nth(self.roles, spec.roles / 6).filter(|_| spec.roles % 6 > 3);
        let mut policy = Policy::new(name).for_command(command);
        policy = match declared {
            Some(role) if spec.roles % 6 == 4 => policy.to([role.as_str()]),
            Some(role) => policy.to(["current_user", role.as_str()]),
            None => policy.to(roles[usize::from(spec.roles % 4)].iter().copied()),
        };
        if spec.restrictive {
            policy = policy.restrictive();
        }
        if let Some(spec) = spec.using.as_ref().filter(|_| command.has_using()) {
            policy = policy.using(self.condition(spec, own));
        }
        if let Some(spec) = spec.with_check.as_ref().filter(|_| command.has_check()) {
            policy = policy.with_check(self.condition(spec, own));
        }
        policy
    }

    /// No condition has a `*`: it stands for the columns in the order in which the table got them.
    fn condition(&self, spec: &ConditionSpec, own: &BuiltTable) -> String {
        let other = nth(self.tables, spec.other);
        match (spec.how % 10, other, nth(self.views, spec.other), nth(self.enums, spec.other)) {
            (3, Some(other), ..) => format!("exists (select 1 from {} where {})", path(other), on_column(spec, other)),
            (4, Some(other), ..) => format!("current_user = 'a' OR (select count(*) FROM {}) > 0", path(other)),
            (5, Some(other), ..) => match nth(&other.columns, spec.column) {
                Some(column) => format!("exists (select o.{} from {} AS o)", ident(&column.name), path(other)),
                None => "true".to_owned(),
            },
            (6, _, _, Some(declared)) => {
                let name = format!("{}.{}", ident(&declared.schema), ident(&declared.name));
                let value = literal(&declared.values[usize::from(spec.column) % declared.values.len()]);
                format!("{value}::{name} = {value}::{name}")
            }
            (7, ..) => "1 < 2 AND current_user <> 'a;b--c'".to_owned(),
            (8, _, Some(view), _) => {
                let column = ident(&view.columns[usize::from(spec.column) % view.columns.len()].name);
                format!(
                    "exists (select 1 from {}.{} v where v.{column} is null)",
                    ident(&view.schema),
                    ident(&view.name)
                )
            }
            (9, ..) => match (call_of_reader(self.functions, spec.other), nth(&own.columns, spec.column)) {
                (Some(call), _) if spec.column.is_multiple_of(2) => format!("{call} >= 0"),
                (_, Some(column)) => match call(self.functions, spec.other, column, &ident(&column.name)) {
                    Some((call, _)) => format!("{call} IS NOT NULL"),
                    None => "1 < 3".to_owned(),
                },
                _ => "1 < 4".to_owned(),
            },
            _ => on_column(spec, own),
        }
    }

    /// Policies on a table that is declared nowhere.
    pub(super) fn linked(&self, specs: &[PolicySpec]) -> Vec<Object> {
        let id = BuiltColumn { name: "id".to_owned(), ..native(0, false) };
        let elsewhere = BuiltTable {
            schema: "public".to_owned(),
            name: "elsewhere".to_owned(),
            columns: vec![Some(id)],
            primary_key: Vec::new(),
            keys: Vec::new(),
            policies: Vec::new(),
            triggers: Vec::new(),
            constraints: HashSet::new(),
            partition_by: None,
            is_unlogged: false,
        };
        let named = specs.iter().zip(names(specs)).filter_map(|(spec, name)| Some((spec, name?)));
        named.map(|(spec, name)| self.policy(spec, &name, &elsewhere).on("public", "elsewhere").into()).collect()
    }
}

fn on_column(spec: &ConditionSpec, table: &BuiltTable) -> String {
    let Some(column): Option<&BuiltColumn> = nth(&table.columns, spec.column) else { return "true".to_owned() };
    let name = ident(&column.name);
    match (spec.how % 3, &column.label) {
        (0, Some(label)) if !column.is_array => format!("{name} <> {}", literal(label)),
        (1, _) => format!("{}.{name} IS NOT NULL", ident(&table.name)),
        _ => format!("{name} IS NULL OR true"),
    }
}

fn path(table: &BuiltTable) -> String {
    format!("{}.{}", ident(&table.schema), ident(&table.name))
}
