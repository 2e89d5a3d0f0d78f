use serde::Serialize;

use super::is_default;
use crate::model::Map;

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Function {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// Whether it is called in an expression or by CALL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: FunctionKind,
    /// The arguments, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Argument>,
    /// What stands after RETURNS: `integer`, `SETOF users`, `TABLE (id integer)`, `trigger`. A procedure
    /// has none, and a function may have OUT arguments instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// The language: `sql`, `plpgsql`, ….
    pub language: String,
    /// What a call may do and depend on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub volatility: Volatility,
    /// Whether a NULL among the arguments makes the result NULL without a call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_strict: bool,
    /// Whether it runs with the rights of its owner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_security_definer: bool,
    /// Whether it tells nothing of its arguments but by its result.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_leakproof: bool,
    /// Where it may run in a parallel query.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parallel: Parallel,
    /// The estimated cost of a call, as a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// The estimated number of rows, as a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// Settings while it runs, by name: `search_path` and the text after `TO`, as SQL writes it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String>,
    /// The body, without its quotes.
    pub body: String,
}

impl Function {
    /// The types of the arguments that a call gives: what tells it from others of its name.
    pub fn identity(&self) -> Vec<&str> {
        let given = self.arguments.iter().filter(|argument| argument.mode != ArgumentMode::Out);
        given.map(|argument| argument.sql_type.as_str()).collect()
    }

    /// What tells it from other functions to PostgreSQL, in whatever words its types are written.
    pub fn signature(&self) -> String {
        let types: Vec<String> = self.identity().into_iter().map(crate::type_text::canonical).collect();
        format!("{}({})", crate::model::key(&self.schema, &self.name), types.join(", "))
    }

    /// Whether it is the same function, in whatever words its types are written.
    pub fn is_same(&self, other: &Function) -> bool {
        self.signature() == other.signature()
    }

    /// The key of this function in [`Objects::functions`](super::Objects::functions).
    pub fn key(&self) -> String {
        format!("{}({})", crate::model::key(&self.schema, &self.name), self.identity().join(", "))
    }
}

/// How a function is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum FunctionKind {
    /// In an expression.
    #[default]
    Function,
    /// By CALL.
    Procedure,
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Argument {
    /// Whether a call gives it, gets it, or both.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: ArgumentMode,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// The expression that a call without it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// The direction of an argument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum ArgumentMode {
    /// A call gives it.
    #[default]
    In,
    /// A call gets it.
    Out,
    /// Both.
    InOut,
    /// A call gives any number of it.
    Variadic,
}

/// What a function may do, and what its result depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Volatility {
    /// Anything.
    #[default]
    Volatile,
    /// It changes nothing, and gives one result for the same arguments in one statement.
    Stable,
    /// It depends on its arguments alone.
    Immutable,
}

/// Where in a parallel query a function may run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Parallel {
    /// In no parallel query.
    #[default]
    Unsafe,
    /// In its leader.
    Restricted,
    /// Everywhere.
    Safe,
}
