use schema::{Argument, ArgumentMode, Function, FunctionKind, Map, Parallel, Volatility, quote};

use super::{Notes, expression, path};
use crate::introspect::rows::FunctionRow;

/// The settings whose value is a list of names, which the catalog keeps as SQL writes them.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// What PostgreSQL takes a call to cost, and a set to have in rows, where nothing is said.
const COST: &str = "100";
const ROWS: &str = "1000";

pub(super) fn function(row: FunctionRow, notes: &mut Notes) -> Function {
    let arguments = arguments(&row);
    notes.extras(&row.extras, &path(&row.schema, &row.name));
    Function {
        returns: returns(&row, &arguments),
        name: row.name,
        schema: row.schema,
        kind: if row.is_procedure { FunctionKind::Procedure } else { FunctionKind::Function },
        arguments,
        language: row.language,
        volatility: match row.volatility.as_str() {
            "i" => Volatility::Immutable,
            "s" => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        is_strict: row.is_strict,
        is_security_definer: row.is_security_definer,
        is_leakproof: row.is_leakproof,
        parallel: match row.parallel.as_str() {
            "s" => Parallel::Safe,
            "r" => Parallel::Restricted,
            _ => Parallel::Unsafe,
        },
        cost: Some(without_exponent(row.cost)).filter(|cost| cost != COST),
        rows: Some(without_exponent(row.rows)).filter(|rows| row.returns_set && rows != ROWS),
        config: row.config.iter().map(|text| setting(text)).collect::<Map<String>>(),
        body: row.body,
    }
}

/// A number as a person writes it: PostgreSQL prints a million as `1e+06`.
fn without_exponent(number: String) -> String {
    number.parse::<f32>().map_or(number, |number| number.to_string())
}

/// The arguments; the columns of a TABLE are none, and stand in the result.
fn arguments(row: &FunctionRow) -> Vec<Argument> {
    let argument = |(at, sql_type): (usize, &String)| {
        let mode = match row.modes.get(at).map(String::as_str) {
            Some("t") => return None,
            Some("o") => ArgumentMode::Out,
            Some("b") => ArgumentMode::InOut,
            Some("v") => ArgumentMode::Variadic,
            _ => ArgumentMode::In,
        };
        let name = row.names.get(at).filter(|name| !name.is_empty()).cloned();
        let default = row.defaults.get(at).cloned().flatten();
        Some(Argument { mode, name, sql_type: sql_type.clone(), default })
    };
    row.types.iter().enumerate().filter_map(argument).collect()
}

/// What stands after RETURNS. Arguments that a call gets say it already, but for the number of rows.
fn returns(row: &FunctionRow, arguments: &[Argument]) -> Option<String> {
    let is_out = |argument: &Argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut);
    let is_said = !row.returns_set && arguments.iter().any(is_out);
    row.result.clone().filter(|_| !is_said && !row.is_procedure)
}

/// A setting and its value as SQL writes it after TO.
fn setting(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let value = if LISTS.contains(&name) {
        expression::list(value).into_iter().map(element).collect::<Vec<_>>().join(", ")
    } else {
        quote::literal(value)
    };
    (name.to_owned(), value)
}

/// A name in a list; a quoted one may be a word that is reserved.
fn element(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => quote::literal(&quoted.replace("\"\"", "\"")),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use schema::ArgumentMode::{In, Out, Variadic};

    use super::{Notes, function, setting};
    use crate::introspect::rows::FunctionRow;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn what_a_call_gets_is_said_by_its_arguments_or_by_the_result() {
        let row = FunctionRow {
            names: texts(&["a", "", "total"]),
            modes: texts(&["i", "v", "o"]),
            types: texts(&["integer", "text[]", "bigint"]),
            defaults: vec![None, Some("'{}'::text[]".to_owned()), None],
            result: Some("bigint".to_owned()),
            cost: "100".to_owned(),
            rows: "0".to_owned(),
            ..FunctionRow::default()
        };
        let mut notes = Notes(Vec::new());
        let found = function(row.clone(), &mut notes);
        let arguments: Vec<_> =
            found.arguments.iter().map(|argument| (argument.mode, argument.name.as_deref())).collect();
        assert_eq!(arguments, [(In, Some("a")), (Variadic, None), (Out, Some("total"))]);
        assert_eq!((found.returns, found.cost, found.rows), (None, None, None));
        let set = FunctionRow { returns_set: true, result: Some("SETOF bigint".to_owned()), ..row.clone() };
        let found = function(set, &mut notes);
        assert_eq!((found.returns.as_deref(), found.rows.as_deref()), (Some("SETOF bigint"), Some("0")));
        let table = FunctionRow { modes: texts(&["i", "t", "t"]), result: Some("TABLE(…)".to_owned()), ..row };
        let found = function(table, &mut notes);
        assert_eq!((found.identity(), found.returns.as_deref()), (vec!["integer"], Some("TABLE(…)")));
    }

    #[test]
    fn a_cost_is_written_as_a_person_writes_it() {
        let row = FunctionRow {
            cost: "1e-07".to_owned(),
            rows: "1e+06".to_owned(),
            returns_set: true,
            ..FunctionRow::default()
        };
        let found = function(row, &mut Notes(Vec::new()));
        assert_eq!((found.cost.as_deref(), found.rows.as_deref()), (Some("0.0000001"), Some("1000000")));
    }

    #[test]
    fn a_setting_is_written_as_sql_has_it() {
        for (text, value) in [
            ("work_mem=8MB", "'8MB'"),
            ("app.greeting=it's", "'it''s'"),
            ("search_path=\"\"", "''"),
            ("search_path=app, pg_temp", "app, pg_temp"),
            ("search_path=\"$user\", \"a,\"\"b\"", "'$user', 'a,\"b'"),
        ] {
            assert_eq!(setting(text), (text.split_once('=').unwrap().0.to_owned(), value.to_owned()));
        }
    }
}
