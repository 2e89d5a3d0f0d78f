//! Functions and procedures: what they take and give first, since types and columns call them; their
//! bodies last, since these read tables.

use std::collections::HashSet;

use schema::build::{Function, Object};
use schema::quote::ident;
use schema::type_text;

use super::objects::Places;
use super::types::Types;
use super::{BuiltColumn, BuiltTable, Namespaces, nth, path, pick};
use crate::random::spec::{Choice, FunctionSpec, TypeSpec};
use crate::random::types::Kind;

const FUNCTIONS: [&str; 4] = ["twice", "f", "Shout It", "q\"f"];
const WITH_DEFAULT: [&str; 2] = ["perhaps", "Or not"];
const ARGUMENTS: [&str; 4] = ["", "x", "value", "q\"n"];

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Result {
    Integer,
    Text,
    Boolean,
    /// What it takes.
    Argument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionKind {
    /// Takes one value and gives one.
    Scalar,
    Trigger,
    Procedure,
    /// Counts the rows of a table.
    Reader,
    /// Gives the rows of a table.
    Rows,
}

pub(super) struct BuiltFunction {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) kind: FunctionKind,
    pub(super) argument: BuiltColumn,
    pub(super) result: Result,
    pub(super) is_immutable: bool,
}

impl BuiltFunction {
    fn path(&self) -> String {
        path(&self.schema, &self.name)
    }

    /// A call of it where there is no value to give.
    fn call_of_nothing(&self) -> String {
        match self.kind {
            FunctionKind::Scalar => format!("{}(NULL::{})", self.path(), self.argument.text),
            _ => format!("{}()", self.path()),
        }
    }
}

/// Where each function is, and each procedure.
pub(super) fn places(functions: &[Option<BuiltFunction>]) -> [Places; 2] {
    [false, true].map(|is_procedure| {
        let is_of_kind = |function: &&BuiltFunction| (function.kind == FunctionKind::Procedure) == is_procedure;
        let place = |function: &BuiltFunction| (function.schema.clone(), function.name.clone());
        functions.iter().map(|function| function.as_ref().filter(is_of_kind).map(place)).collect()
    })
}

/// The functions as far as they are known: those whose argument is no declared type, then the others.
pub(super) struct Signatures {
    taken: HashSet<String>,
    pub(super) functions: Vec<Option<BuiltFunction>>,
}

impl Signatures {
    pub(super) fn of_native(specs: &[FunctionSpec], types: &Types, namespaces: Namespaces) -> Self {
        let functions = specs.iter().map(|_| None).collect();
        let mut signatures = Signatures { taken: HashSet::new(), functions };
        signatures.add(specs, types, namespaces, |spec| matches!(spec.argument, TypeSpec::Native(..)));
        signatures
    }

    pub(super) fn add_the_rest(&mut self, specs: &[FunctionSpec], types: &Types, namespaces: Namespaces) {
        self.add(specs, types, namespaces, |spec| !matches!(spec.argument, TypeSpec::Native(..)));
    }

    fn add(
        &mut self,
        specs: &[FunctionSpec],
        types: &Types,
        namespaces: Namespaces,
        is_meant: impl Fn(&FunctionSpec) -> bool,
    ) {
        for (spec, function) in specs.iter().zip(&mut self.functions).filter(|(spec, _)| is_meant(spec)) {
            let in_schema = namespaces.place(spec.place.schema);
            let kind = match spec.kind % 10 {
                5 | 6 => FunctionKind::Trigger,
                7 => FunctionKind::Procedure,
                8 => FunctionKind::Reader,
                9 => FunctionKind::Rows,
                _ => FunctionKind::Scalar,
            };
            let argument = types.resolve_plain(&spec.argument);
            let takes_one = matches!(kind, FunctionKind::Scalar | FunctionKind::Procedure);
            // A call without arguments must not mean two functions, be it only halfway through a migration.
            let names = if spec.has_default && takes_one { &WITH_DEFAULT[..] } else { &FUNCTIONS[..] };
            let name = pick(names, spec.place.name);
            // PostgreSQL tells functions apart by types without lengths.
            let identity = if takes_one { type_text::canonical(&argument.text) } else { String::new() };
            if spec.place.is_gone || !self.taken.insert(format!("{in_schema}.{name}({identity})")) {
                continue;
            }
            *function = Some(BuiltFunction {
                schema: in_schema.to_owned(),
                name: name.to_owned(),
                kind,
                argument,
                result: [Result::Integer, Result::Text, Result::Boolean, Result::Argument]
                    [usize::from(spec.returns % 4)],
                is_immutable: kind == FunctionKind::Scalar && spec.attributes % 4 != 3,
            });
        }
    }
}

/// The scalar function that is chosen among those that take the value, and a call of it.
pub(super) fn call<'a>(
    functions: &'a [Option<BuiltFunction>],
    choice: Choice,
    value: &BuiltColumn,
    written: &str,
) -> Option<(String, &'a BuiltFunction)> {
    let takes = |function: &&BuiltFunction| {
        function.kind == FunctionKind::Scalar && function.argument.comparable == value.comparable
    };
    let fitting: Vec<&BuiltFunction> = functions.iter().flatten().filter(takes).collect();
    let function = *fitting.get(usize::from(choice) % fitting.len().max(1))?;
    Some((format!("{}({written})", function.path()), function))
}

/// A call that gives a value for a column.
pub(super) fn call_for(functions: &[Option<BuiltFunction>], choice: Choice, column: &BuiltColumn) -> Option<String> {
    let fits = |function: &&BuiltFunction| match (function.kind, function.result) {
        (FunctionKind::Reader, _) => column.comparable == "bigintfalse",
        (FunctionKind::Scalar, Result::Integer) => column.comparable == "integerfalse",
        (FunctionKind::Scalar, Result::Text) => column.is(Kind::Text) && column.comparable == "textfalse",
        (FunctionKind::Scalar, Result::Boolean) => column.comparable == "booleanfalse",
        (FunctionKind::Scalar, Result::Argument) => column.comparable == function.argument.comparable,
        _ => false,
    };
    let fitting: Vec<&BuiltFunction> = functions.iter().flatten().filter(fits).collect();
    fitting.get(usize::from(choice) % fitting.len().max(1)).map(|function| function.call_of_nothing())
}

/// A call of a function that counts the rows of a table.
pub(super) fn call_of_reader(functions: &[Option<BuiltFunction>], choice: Choice) -> Option<String> {
    let readers: Vec<&BuiltFunction> =
        functions.iter().flatten().filter(|function| function.kind == FunctionKind::Reader).collect();
    readers.get(usize::from(choice) % readers.len().max(1)).map(|function| function.call_of_nothing())
}

/// The trigger function that is chosen, by its schema and name.
pub(super) fn trigger_function(functions: &[Option<BuiltFunction>], choice: Choice) -> Option<(&str, &str)> {
    let triggers: Vec<&BuiltFunction> =
        functions.iter().flatten().filter(|function| function.kind == FunctionKind::Trigger).collect();
    let function = triggers.get(usize::from(choice) % triggers.len().max(1))?;
    Some((&function.schema, &function.name))
}

pub(super) fn declare(
    specs: &[FunctionSpec],
    functions: &[Option<BuiltFunction>],
    tables: &[Option<BuiltTable>],
) -> Vec<Object> {
    let built = specs.iter().zip(functions).enumerate();
    built
        .filter_map(|(at, (spec, function))| Some(function_of(spec, function.as_ref()?, &functions[..at], tables)))
        .collect()
}

fn function_of(
    spec: &FunctionSpec,
    built: &BuiltFunction,
    before: &[Option<BuiltFunction>],
    tables: &[Option<BuiltTable>],
) -> Object {
    let function = Function::new(&built.name).in_schema(&built.schema);
    match built.kind {
        FunctionKind::Scalar => scalar(spec, built, before, function).into(),
        FunctionKind::Trigger => {
            let body = ["begin return new; end", "begin\n  perform 1;\n  return new;\nend"];
            function.returns("trigger").plpgsql(body[usize::from(spec.body % 2)]).into()
        }
        FunctionKind::Procedure => {
            let procedure = Function::procedure(&built.name).in_schema(&built.schema);
            let procedure = with_argument(spec, built, procedure);
            if spec.body.is_multiple_of(2) { procedure.sql("select 1") } else { procedure.plpgsql("begin null; end") }
                .into()
        }
        FunctionKind::Reader => {
            let query = match nth(tables, spec.other) {
                Some(table) => match nth(&table.columns, spec.body) {
                    Some(column) if spec.body % 4 > 1 => {
                        format!("select count({}) from {}", ident(&column.name), path(&table.schema, &table.name))
                    }
                    _ => format!("select count(*) from {}", path(&table.schema, &table.name)),
                },
                None => "select 7::bigint".to_owned(),
            };
            let function = function.returns("bigint").stable();
            if spec.body.is_multiple_of(2) {
                function.sql(query).into()
            } else {
                function.plpgsql(format!("begin return ({query}); end")).into()
            }
        }
        FunctionKind::Rows => match nth(tables, spec.other) {
            Some(table) => {
                let table = path(&table.schema, &table.name);
                function.returns(format!("SETOF {table}")).sql(format!("select * from {table}")).stable().into()
            }
            None => function.returns("SETOF integer").sql("select 1").into(),
        },
    }
}

fn scalar(
    spec: &FunctionSpec,
    built: &BuiltFunction,
    before: &[Option<BuiltFunction>],
    function: Function,
) -> Function {
    let argument = match pick(&ARGUMENTS, spec.argument_name) {
        "" if !spec.has_default => "$1".to_owned(),
        "" => "x".to_owned(),
        name => ident(name),
    };
    // PostgreSQL takes a body in SQL apart where an index calls it: then it must not call what is not immutable.
    // Functions are told apart by their bare names.
    // While an index is built, 17 and later find nothing without its schema but what is their own.
    let is_callee = |other: &&BuiltFunction| {
        let argument = &other.argument;
        other.is_immutable && other.name != built.name && !argument.refuses_null && !argument.text.contains('"')
    };
    let callee = before.iter().rev().flatten().find(is_callee);
    let callee = callee.filter(|_| spec.body % 8 > 5 && spec.attributes % 7 != 2);
    let is_null = match callee {
        Some(BuiltFunction { schema, name, argument, .. }) => {
            format!("{}.{}(NULL::{}) is null", ident(schema), ident(name), argument.text)
        }
        None => format!("{argument} is null"),
    };
    let number = spec.body % 3;
    let (result, expression) = match built.result {
        Result::Integer => ("integer", format!("case when {is_null} then {number} else 5 end")),
        Result::Text => ("text", format!("case when {is_null} then 'a{number}' else 'it''s' end")),
        Result::Boolean => ("boolean", format!("{is_null} or {number} > 1")),
        Result::Argument => (built.argument.text.as_str(), argument),
    };
    let function = with_argument(spec, built, function).returns(result);
    let function = if spec.body.is_multiple_of(2) {
        function.sql(format!("select {expression}"))
    } else {
        function.plpgsql(format!("begin return {expression}; end"))
    };
    let function = if built.is_immutable { function.immutable() } else { function };
    match spec.attributes % 7 {
        1 => function.parallel(schema::Parallel::Safe).cost(7),
        2 => function.security_definer().set("search_path", "''"),
        5 => function.leakproof(),
        6 => function.strict(),
        _ => function,
    }
}

fn with_argument(spec: &FunctionSpec, built: &BuiltFunction, function: Function) -> Function {
    let sql_type = built.argument.sql_type.clone();
    match pick(&ARGUMENTS, spec.argument_name) {
        name if spec.has_default && !built.argument.refuses_null => {
            function.argument_with_default(if name.is_empty() { "x" } else { name }, sql_type, "NULL")
        }
        "" if !spec.has_default => function.unnamed_argument(sql_type),
        "" => function.argument("x", sql_type),
        name => function.argument(name, sql_type),
    }
}
