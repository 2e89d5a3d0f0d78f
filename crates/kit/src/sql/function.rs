use schema::quote::{ident, literal};
use schema::{Argument, ArgumentMode, Function, FunctionKind, Parallel, Volatility};

use crate::step::{FunctionStep, Name};

pub(super) fn statement(step: &FunctionStep) -> String {
    match step {
        FunctionStep::Create { function, recreated: _ } => create("CREATE", function),
        FunctionStep::Replace(function) => create("CREATE OR REPLACE", function),
        FunctionStep::SetSchema { function, to, leg: _ } => {
            format!("ALTER {} SET SCHEMA {};", signature(function), ident(to))
        }
        FunctionStep::Rename { function, to, leg: _ } => {
            format!("ALTER {} RENAME TO {};", signature(function), ident(to))
        }
        FunctionStep::Drop { function, recreated: _ } => format!("DROP {};", signature(function)),
    }
}

/// What tells a function from others.
fn signature(function: &Function) -> String {
    let identity = function.identity().join(", ");
    format!("{} {}({identity})", kind(function), Name::of_function(function).qualified())
}

fn kind(function: &Function) -> &'static str {
    match function.kind {
        FunctionKind::Function => "FUNCTION",
        FunctionKind::Procedure => "PROCEDURE",
    }
}

fn create(verb: &str, function: &Function) -> String {
    let Function {
        name: _,
        schema: _,
        kind: _,
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
    let arguments: Vec<String> = arguments.iter().map(argument).collect();
    let name = Name::of_function(function).qualified();
    let mut sql = format!("{verb} {} {name}({})", kind(function), arguments.join(", "));
    if let Some(returns) = returns {
        sql.push_str(&format!(" RETURNS {returns}"));
    }
    sql.push_str(&format!("\n\tLANGUAGE {}", ident(language)));
    let options = [
        match volatility {
            Volatility::Volatile => None,
            Volatility::Stable => Some("STABLE"),
            Volatility::Immutable => Some("IMMUTABLE"),
        },
        is_leakproof.then_some("LEAKPROOF"),
        is_strict.then_some("STRICT"),
        is_security_definer.then_some("SECURITY DEFINER"),
        match parallel {
            Parallel::Unsafe => None,
            Parallel::Restricted => Some("PARALLEL RESTRICTED"),
            Parallel::Safe => Some("PARALLEL SAFE"),
        },
    ];
    for option in options.into_iter().flatten() {
        sql.push_str(&format!(" {option}"));
    }
    for (name, number) in [("COST", cost), ("ROWS", rows)] {
        if let Some(number) = number {
            sql.push_str(&format!(" {name} {number}"));
        }
    }
    for (name, value) in config {
        sql.push_str(&format!("\n\tSET {} TO {value}", setting(name)));
    }
    sql.push_str(&format!("\n\tAS {};", dollar_quoted(body)));
    sql
}

fn argument(argument: &Argument) -> String {
    let Argument { mode, name, sql_type, default } = argument;
    let mode = match mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    };
    let name = name.as_ref().map(|name| format!("{} ", ident(name))).unwrap_or_default();
    let default = default.as_ref().map(|default| format!(" DEFAULT {default}")).unwrap_or_default();
    format!("{mode}{name}{sql_type}{default}")
}

/// The name of a setting, whose parts stand between dots.
fn setting(name: &str) -> String {
    name.split('.').map(ident).collect::<Vec<_>>().join(".")
}

/// A body as people write it, between `$$`; where the body has that, or migrate would take a line of it for
/// the end of the statement, between others.
fn dollar_quoted(body: &str) -> String {
    if body.contains(crate::BREAKPOINT) {
        return literal_without_breakpoint(body);
    }
    let tags = std::iter::once(String::new()).chain((1..).map(|number| format!("body_{number}")));
    let mut quotes = tags.map(|tag| format!("${tag}$"));
    let is_free = |quote: &String| !body.contains(quote.as_str()) && !format!("{body}$").contains(quote.as_str());
    let quote = quotes.find(is_free).expect("a body holds fewer tags than there are numbers");
    format!("{quote}{body}{quote}")
}

/// A literal in which the mark that parts statements in a file is no such mark.
fn literal_without_breakpoint(body: &str) -> String {
    let escaped = literal(&body.replace('\\', "\\\\"));
    format!("E{}", escaped.replace(crate::BREAKPOINT, "\\x2d-> statement-breakpoint"))
}

#[cfg(test)]
mod tests {
    use super::dollar_quoted;

    #[test]
    fn a_body_is_quoted_by_what_it_does_not_hold() {
        assert_eq!(dollar_quoted("begin end"), "$$begin end$$");
        assert_eq!(dollar_quoted("select $$a$$"), "$body_1$select $$a$$$body_1$");
        assert_eq!(dollar_quoted("select 1 --$"), "$body_1$select 1 --$$body_1$");
    }

    #[test]
    fn a_body_does_not_part_the_file() {
        let quoted = dollar_quoted("-- it's \\ one\n--> statement-breakpoint\nselect 1");
        assert_eq!(quoted, "E'-- it''s \\\\ one\n\\x2d-> statement-breakpoint\nselect 1'");
    }
}
