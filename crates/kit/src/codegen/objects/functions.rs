//! Functions and triggers by their builders.

use schema::{
    Argument, ArgumentMode, CommentKind, Function, FunctionKind, Parallel, Trigger, TriggerEvent, TriggerLevel,
    TriggerState, TriggerTiming, Volatility,
};

use super::super::additions::{deferral, list};
use super::super::chain::{self, Chain, code};
use super::super::module::Module;
use super::super::text::{docs, literal, long_literal};
use super::{head, in_schema, sql_type};

/// Writes a function of Rust that gives the one of the database, with its body as a constant where it has several
/// lines.
pub(super) fn render(function: &Function, module: &mut Module) {
    let comment = module.schema.objects.comments.values().find(|comment| is_on(&comment.on, function));
    let docs = comment.map(|comment| docs(&comment.text, "")).unwrap_or_default();
    let head = head(&function.name, "Function", 1, module);
    let is_long = function.body.contains('\n');
    let body =
        if is_long { format!("    const BODY: &str = {};\n", long_literal(&function.body, 4)) } else { String::new() };
    let chain = chain(function, is_long);
    let line = format!("    [{}]\n", chain.line());
    let result = if !chain.line().contains('\n') && line.trim_end().chars().count() <= super::super::text::WIDTH {
        line
    } else {
        format!("    [{}]\n", chain.render(4, 2))
    };
    module.item(format!("{docs}{head}{body}{result}}}\n"));
}

fn is_on(target: &schema::CommentTarget, function: &Function) -> bool {
    matches!(target.kind, CommentKind::Function | CommentKind::Procedure)
        && target.schema.as_deref() == Some(&function.schema)
        && target.name == function.name
        && target.arguments.as_ref().is_none_or(|types| *types == function.identity())
}

fn chain(function: &Function, has_constant: bool) -> Chain {
    let Function {
        name,
        schema,
        kind,
        arguments,
        returns,
        language,
        volatility,
        is_strict,
        is_security_definer,
        is_leakproof,
        parallel,
        cost,
        rows,
        config,
        body,
    } = function;
    let path = match kind {
        FunctionKind::Function => "build::Function::new",
        FunctionKind::Procedure => "build::Function::procedure",
    };
    let mut chain = in_schema(Chain::new(path, [name.into()]), schema);
    chain = arguments.iter().fold(chain, argument).some("returns", returns.as_ref());
    chain = match volatility {
        Volatility::Volatile => chain,
        Volatility::Stable => chain.flag("stable", true),
        Volatility::Immutable => chain.flag("immutable", true),
    };
    chain = chain.flag("strict", *is_strict).flag("security_definer", *is_security_definer);
    chain = chain.flag("leakproof", *is_leakproof);
    chain = match parallel {
        Parallel::Unsafe => chain,
        Parallel::Restricted => chain.with("parallel", code("schema::Parallel::Restricted")),
        Parallel::Safe => chain.with("parallel", code("schema::Parallel::Safe")),
    };
    for (name, text) in [("cost", cost), ("rows", rows)] {
        if let Some(text) = text {
            chain = chain.with(name, number(text));
        }
    }
    for (name, value) in config {
        chain = chain.call("set", [name.into(), value.into()]);
    }
    let body = if has_constant { code("BODY") } else { body.into() };
    match language.as_str() {
        "plpgsql" | "sql" => chain.with(language, body),
        _ => chain.call("body", [language.into(), body]),
    }
}

/// A number as Rust has it, or as a text where Rust has none that is printed so: one that is too large for an `i32`, or has
/// an exponent.
fn number(text: &str) -> chain::Argument {
    let is_printed = text.parse().is_ok_and(|number: i32| number.to_string() == text)
        || (text.contains('.') && text.parse().is_ok_and(|number: f64| number.to_string() == text));
    if is_printed { code(text) } else { text.into() }
}

fn argument(chain: Chain, argument: &Argument) -> Chain {
    let Argument { mode, name, sql_type: declared, default } = argument;
    let declared = sql_type(declared);
    match (mode, name, default) {
        (ArgumentMode::In, Some(name), None) => chain.call("argument", [name.into(), declared]),
        (ArgumentMode::In, None, None) => chain.with("unnamed_argument", declared),
        (ArgumentMode::In, Some(name), Some(default)) => {
            chain.call("argument_with_default", [name.into(), declared, default.into()])
        }
        (ArgumentMode::Out, Some(name), None) => chain.call("out", [name.into(), declared]),
        (ArgumentMode::InOut, Some(name), None) => chain.call("in_out", [name.into(), declared]),
        (ArgumentMode::Variadic, Some(name), None) => chain.call("variadic", [name.into(), declared]),
        (mode, name, default) => {
            let mode = match mode {
                ArgumentMode::In => "In",
                ArgumentMode::Out => "Out",
                ArgumentMode::InOut => "InOut",
                ArgumentMode::Variadic => "Variadic",
            };
            let some = |text: &Option<String>| match text {
                Some(text) => code(format!("Some({})", literal(text))),
                None => code("None"),
            };
            let mode = code(format!("schema::ArgumentMode::{mode}"));
            chain.call("argument_of", [mode, some(name), declared, some(default)])
        }
    }
}

pub(super) fn trigger(trigger: &Trigger) -> Chain {
    let Trigger {
        name,
        schema,
        table,
        timing,
        events,
        columns,
        level,
        old_table,
        new_table,
        when,
        function_schema,
        function,
        arguments,
        constraint,
        state,
    } = trigger;
    let path = match timing {
        TriggerTiming::Before => "build::Trigger::before",
        TriggerTiming::After => "build::Trigger::after",
        TriggerTiming::InsteadOf => "build::Trigger::instead_of",
    };
    let events = events.iter().map(|event| match event {
        TriggerEvent::Insert => "schema::TriggerEvent::Insert",
        TriggerEvent::Update => "schema::TriggerEvent::Update",
        TriggerEvent::Delete => "schema::TriggerEvent::Delete",
        TriggerEvent::Truncate => "schema::TriggerEvent::Truncate",
    });
    let events = format!("[{}]", events.collect::<Vec<_>>().join(", "));
    let mut chain = Chain::new(path, [name.into(), code(events)]).call("on", [schema.into(), table.into()]);
    if !columns.is_empty() {
        chain = chain.with("of", list(columns));
    }
    chain = chain.flag("for_each_row", *level == TriggerLevel::Row && *timing != TriggerTiming::InsteadOf);
    chain = chain.some("old_table", old_table.as_ref()).some("new_table", new_table.as_ref());
    chain = chain.some("when", when.as_ref());
    chain = match function_schema {
        Some(schema) => chain.call("execute_in", [schema.into(), function.into()]),
        None => chain.with("execute", function),
    };
    if !arguments.is_empty() {
        chain = chain.with("arguments", list(arguments));
    }
    if let Some(constraint) = constraint {
        chain = chain.with("constraint", code(deferral(*constraint)));
    }
    let state = match state {
        TriggerState::Enabled => return chain,
        TriggerState::Disabled => "Disabled",
        TriggerState::Replica => "Replica",
        TriggerState::Always => "Always",
    };
    chain.with("state", code(format!("schema::TriggerState::{state}")))
}

#[cfg(test)]
mod tests {
    use schema::build;

    use super::*;

    #[test]
    fn a_cost_is_a_number_where_rust_prints_it_so() {
        for (text, code) in [("5", "5"), ("0.5", "0.5"), ("1e-07", "\"1e-07\""), ("10000000000", "\"10000000000\"")] {
            let function = build::Function::new("f").cost(text);
            let Ok(schema) = build::schema([function.into()]) else { panic!("a function with a cost of {text}") };
            let function = &schema.objects.functions[0];
            let line = chain(function, false).line();
            assert!(line.contains(&format!(".cost({code})")), "{line}");
        }
    }
}
