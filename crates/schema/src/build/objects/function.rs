use std::fmt::Display;

use super::type_text;
use crate::build::types::Type;
use crate::model::{self, Argument, ArgumentMode, FunctionKind, Map, PUBLIC, Parallel, Volatility};

/// A function or procedure.
///
/// ```
/// use schema::build::{Function, types};
///
/// let area = Function::new("area")
///     .argument("width", types::integer())
///     .argument_with_default("height", types::integer(), "1")
///     .returns("integer")
///     .sql("select width * height")
///     .immutable()
///     .strict();
/// ```
#[derive(Clone, Debug)]
pub struct Function(model::Function);

impl Function {
    /// A function in `public` without arguments, in `plpgsql`.
    pub fn new(name: impl Into<String>) -> Self {
        Function(model::Function {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            kind: FunctionKind::Function,
            arguments: Vec::new(),
            returns: None,
            language: "plpgsql".to_owned(),
            volatility: Volatility::Volatile,
            is_strict: false,
            is_security_definer: false,
            is_leakproof: false,
            parallel: Parallel::Unsafe,
            cost: None,
            rows: None,
            config: Map::new(),
            body: String::new(),
        })
    }

    /// A procedure in `public` without arguments, in `plpgsql`.
    pub fn procedure(name: impl Into<String>) -> Self {
        let mut procedure = Function::new(name);
        procedure.0.kind = FunctionKind::Procedure;
        procedure
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = schema.into();
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(self, name: impl Into<String>, sql_type: Type) -> Self {
        self.with(ArgumentMode::In, Some(name.into()), &sql_type, None)
    }

    /// Adds an argument that has no name.
    #[must_use]
    pub fn unnamed_argument(self, sql_type: Type) -> Self {
        self.with(ArgumentMode::In, None, &sql_type, None)
    }

    /// Adds an argument that a call may leave out.
    #[must_use]
    pub fn argument_with_default(self, name: impl Into<String>, sql_type: Type, expression: impl Into<String>) -> Self {
        self.with(ArgumentMode::In, Some(name.into()), &sql_type, Some(expression.into()))
    }

    /// Adds an argument that a call gets.
    #[must_use]
    pub fn out(self, name: impl Into<String>, sql_type: Type) -> Self {
        self.with(ArgumentMode::Out, Some(name.into()), &sql_type, None)
    }

    /// Adds an argument that a call gives and gets.
    #[must_use]
    pub fn in_out(self, name: impl Into<String>, sql_type: Type) -> Self {
        self.with(ArgumentMode::InOut, Some(name.into()), &sql_type, None)
    }

    /// Adds an argument, an array, whose elements a call gives one by one.
    #[must_use]
    pub fn variadic(self, name: impl Into<String>, sql_type: Type) -> Self {
        self.with(ArgumentMode::Variadic, Some(name.into()), &sql_type, None)
    }

    /// Adds an argument of any direction, with or without a name and a default.
    #[must_use]
    pub fn argument_of(self, mode: ArgumentMode, name: Option<&str>, sql_type: Type, default: Option<&str>) -> Self {
        self.with(mode, name.map(str::to_owned), &sql_type, default.map(str::to_owned))
    }

    fn with(mut self, mode: ArgumentMode, name: Option<String>, sql_type: &Type, default: Option<String>) -> Self {
        self.0.arguments.push(Argument { mode, name, sql_type: type_text(sql_type), default });
        self
    }

    /// What stands after RETURNS, as SQL: `integer`, `SETOF users`, `TABLE (id integer)`, `trigger`.
    #[must_use]
    pub fn returns(mut self, sql: impl Into<String>) -> Self {
        self.0.returns = Some(sql.into());
        self
    }

    /// The language and the body in it.
    #[must_use]
    pub fn body(mut self, language: impl Into<String>, body: impl Into<String>) -> Self {
        self.0.language = language.into();
        self.0.body = body.into();
        self
    }

    /// A body in `plpgsql`.
    #[must_use]
    pub fn plpgsql(self, body: impl Into<String>) -> Self {
        self.body("plpgsql", body)
    }

    /// A body in `sql`.
    #[must_use]
    pub fn sql(self, body: impl Into<String>) -> Self {
        self.body("sql", body)
    }

    /// `STABLE`.
    #[must_use]
    pub fn stable(mut self) -> Self {
        self.0.volatility = Volatility::Stable;
        self
    }

    /// `IMMUTABLE`.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.0.volatility = Volatility::Immutable;
        self
    }

    /// `STRICT`: NULL among the arguments makes the result NULL.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.0.is_strict = true;
        self
    }

    /// `SECURITY DEFINER`: it runs with the rights of its owner.
    #[must_use]
    pub fn security_definer(mut self) -> Self {
        self.0.is_security_definer = true;
        self
    }

    /// `LEAKPROOF`.
    #[must_use]
    pub fn leakproof(mut self) -> Self {
        self.0.is_leakproof = true;
        self
    }

    /// `PARALLEL`.
    #[must_use]
    pub fn parallel(mut self, parallel: Parallel) -> Self {
        self.0.parallel = parallel;
        self
    }

    /// `COST`.
    #[must_use]
    pub fn cost(mut self, cost: impl Display) -> Self {
        self.0.cost = Some(cost.to_string());
        self
    }

    /// `ROWS`.
    #[must_use]
    pub fn rows(mut self, rows: impl Display) -> Self {
        self.0.rows = Some(rows.to_string());
        self
    }

    /// `SET name TO value` while it runs; the value is SQL: `''`, `public, pg_temp`, `'5s'`.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.config.insert(name.into(), value.into());
        self
    }

    pub(in crate::build) fn build(self) -> model::Function {
        self.0
    }
}
