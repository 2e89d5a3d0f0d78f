//! What a step reads by way of functions: one that computes values for the rows that are there runs the functions that
//! it calls, and PostgreSQL looks into one in SQL when it is made. It keeps no record of what they read, and so lets go
//! of a column or view that is made anew under them. Such a step comes after that is there again; where that waits
//! for the step, before it goes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use schema::mentions::{Mentions, may_call};
use schema::{Function, Map};

use super::objects::{argument_defaults, body_in_sql, exclusion_expressions};
use super::resources::Path;
use crate::step::{
    ColumnStep, ConstraintStep, FunctionStep, IndexStep, Name, PartitionStep, Step, TableStep, ViewChange, ViewStep,
};

/// A step that reads by way of functions what another step makes.
pub(super) struct Reader {
    /// Where it stands.
    pub(super) at: usize,
    /// Where what it reads comes.
    pub(super) comes: usize,
    /// Where what it reads goes, if it is there before.
    pub(super) goes: Option<usize>,
}

/// The readers among the steps, given the functions that there are in the end.
pub(super) fn of(steps: &[Step], functions: &Map<Function>) -> Vec<Reader> {
    let grounds = if functions.is_empty() { Vec::new() } else { grounds(steps) };
    if grounds.is_empty() {
        return Vec::new();
    }
    let mut bodies = Bodies::new(functions, &grounds);
    let mut readers = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let read = match step {
            Step::Function(FunctionStep::Create { function, .. } | FunctionStep::Replace(function)) => {
                read_when_made(function, &grounds)
            }
            step => bodies.read_by(&computed(step)),
        };
        let others = read.into_iter().map(|ground| &grounds[ground]).filter(|ground| ground.comes != at);
        readers.extend(others.map(|Ground { comes, goes, .. }| Reader { at, comes: *comes, goes: *goes }));
    }
    readers
}

/// A relation or column that a step makes.
struct Ground {
    relation: Name,
    column: Option<String>,
    comes: usize,
    goes: Option<usize>,
    /// Whether it is a column that is made anew.
    is_rebuilt: bool,
}

impl Ground {
    fn is_in(&self, body: &Mentions, path: Path) -> bool {
        path.finds(body, &self.relation) && self.column.as_ref().is_none_or(|column| body.has_column(column))
    }
}

fn grounds(steps: &[Step]) -> Vec<Ground> {
    let mut gone: HashMap<(&Name, Option<&str>), usize> = HashMap::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Column(ColumnStep::Drop { table, column, .. }) => {
                gone.insert((table, Some(&column.name)), at);
            }
            Step::View(ViewStep { name, change: ViewChange::Drop { .. }, .. }) => {
                gone.insert((name, None), at);
            }
            _ => {}
        }
    }
    let ground = |relation: Name, column: Option<&str>, comes, is_rebuilt| {
        let goes = gone.get(&(&relation, column)).copied();
        Ground { relation, column: column.map(str::to_owned), comes, goes, is_rebuilt }
    };
    let made = steps.iter().enumerate().filter_map(|(at, step)| match step {
        Step::Column(ColumnStep::Add { table, column, rebuilt, .. }) => {
            Some(ground(table.clone(), Some(&column.name), at, *rebuilt))
        }
        Step::Table(TableStep::Create { table, .. }) => Some(ground(Name::of(table), None, at, false)),
        Step::View(ViewStep { name, change: ViewChange::Create { .. }, .. }) => {
            Some(ground(name.clone(), None, at, false))
        }
        Step::Partition(PartitionStep::Create(partition)) => {
            Some(ground(Name::of_partition(partition), None, at, false))
        }
        _ => None,
    });
    made.collect()
}

/// The columns that PostgreSQL looks for when the function is made, among those that may be the former ones as well.
fn read_when_made(function: &Function, grounds: &[Ground]) -> BTreeSet<usize> {
    let bodies: Vec<Mentions> = body_in_sql(function).map(Mentions::of).collect();
    let path = Path::of(function);
    let is_read = |ground: &Ground| ground.is_rebuilt && bodies.iter().any(|body| ground.is_in(body, path));
    (0..grounds.len()).filter(|at| is_read(&grounds[*at])).collect()
}

/// The expressions and queries that the step computes.
fn computed(step: &Step) -> Vec<Cow<'_, str>> {
    match step {
        Step::Column(ColumnStep::Add { column, .. }) => {
            let generated = column.generated.iter().map(|generated| Cow::Borrowed(generated.expression.as_str()));
            column.default_sql().into_iter().chain(generated).collect()
        }
        Step::Column(ColumnStep::SetType { using, .. }) => using.iter().map(Cow::from).collect(),
        Step::Constraint(ConstraintStep::AddCheck { check, .. }) => vec![Cow::from(&check.value)],
        Step::Constraint(ConstraintStep::AddExclusion { exclusion, .. }) => {
            exclusion_expressions(exclusion).map(Cow::from).collect()
        }
        Step::Index(IndexStep::Create { index, .. }) => {
            crate::diff::expressions_of_index(index).map(Cow::from).collect()
        }
        Step::View(ViewStep { change: ViewChange::Create { view, .. }, is_materialized: true, .. }) => {
            view.definition.iter().map(Cow::from).collect()
        }
        _ => Vec::new(),
    }
}

/// What the functions read and call, as far as it was asked for.
struct Bodies<'a> {
    functions: HashMap<&'a str, Vec<&'a Function>>,
    grounds: &'a [Ground],
    /// By the bare name of a function, the grounds that it reads and the functions that it calls.
    found: HashMap<String, (Vec<usize>, Vec<String>)>,
}

impl<'a> Bodies<'a> {
    fn new(functions: &'a Map<Function>, grounds: &'a [Ground]) -> Self {
        let mut by_name: HashMap<&str, Vec<&Function>> = HashMap::new();
        for function in functions.values() {
            by_name.entry(&function.name).or_default().push(function);
        }
        Bodies { functions: by_name, grounds, found: HashMap::new() }
    }

    /// The grounds that the functions read that are called, and those that these call.
    fn read_by(&mut self, expressions: &[Cow<str>]) -> BTreeSet<usize> {
        let mut called: Vec<String> = expressions.iter().flat_map(|expression| may_call(expression)).collect();
        let (mut seen, mut read) = (HashSet::new(), BTreeSet::new());
        while let Some(name) = called.pop() {
            if self.functions.contains_key(name.as_str()) && seen.insert(name.clone()) {
                let (reads, calls) = self.of(name);
                read.extend(reads);
                called.extend(calls.iter().cloned());
            }
        }
        read
    }

    fn of(&mut self, name: String) -> &(Vec<usize>, Vec<String>) {
        let functions = self.functions.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        let grounds = self.grounds;
        self.found.entry(name).or_insert_with(|| {
            let (mut reads, mut calls) = (Vec::new(), Vec::new());
            for function in functions {
                let (body, path) = (Mentions::of(&function.body), Path::of(function));
                reads.extend((0..grounds.len()).filter(|at| grounds[*at].is_in(&body, path)));
                calls.extend(may_call(&function.body).chain(argument_defaults(function).flat_map(may_call)));
            }
            (reads, calls)
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Column, Function, Object, Table, schema, types};

    use crate::rename::{Answers, resolve};

    fn check(counts: Function, previous: Table, next: Table, expected: Expect) {
        let [previous, next] = [previous, next]
            .map(|table| schema([counts.clone().into(), table.into()] as [Object; 2]).expect("both can be built"));
        let steps = crate::plan::plan(&resolve(&previous, &next, &Answers::default()), &next);
        let statements: Vec<String> = steps.iter().flat_map(crate::sql::statements).collect();
        expected.assert_eq(&statements.join("\n"));
    }

    fn counts(column: &str) -> Function {
        let body = format!("begin return (select count({column}) from items); end");
        Function::new("counts").returns("bigint").plpgsql(body)
    }

    fn integer(name: &str) -> Column {
        Column::new(name, types::integer())
    }

    fn counted(name: &str) -> Column {
        Column::new(name, types::bigint()).default_sql("counts()")
    }

    #[test]
    fn a_default_that_reads_a_column_made_anew_is_computed_after_that_or_before_it_where_it_must() {
        let items = || Table::new("items").column(integer("a"));
        check(
            counts("a"),
            items(),
            Table::new("items").column(integer("a").generated("c * 2")).column(counted("b")).column(integer("c")),
            expect![[r#"
                ALTER TABLE "items" DROP COLUMN "a";
                ALTER TABLE "items" ADD COLUMN "c" integer;
                ALTER TABLE "items" ADD COLUMN "a" integer GENERATED ALWAYS AS (c * 2) STORED;
                ALTER TABLE "items" ADD COLUMN "b" bigint DEFAULT counts();"#]],
        );
        check(
            counts("a"),
            items(),
            Table::new("items").column(integer("a").generated("b * 2")).column(counted("b")),
            expect![[r#"
                ALTER TABLE "items" ADD COLUMN "b" bigint DEFAULT counts();
                ALTER TABLE "items" DROP COLUMN "a";
                ALTER TABLE "items" ADD COLUMN "a" integer GENERATED ALWAYS AS (b * 2) STORED;"#]],
        );
    }

    #[test]
    fn a_function_of_another_column_holds_nothing_up() {
        check(
            counts("id"),
            Table::new("items").column(integer("id")),
            Table::new("items").column(integer("id")).column(counted("b")).column(integer("c")),
            expect![[r#"
                ALTER TABLE "items" ADD COLUMN "b" bigint DEFAULT counts();
                ALTER TABLE "items" ADD COLUMN "c" integer;"#]],
        );
    }
}
