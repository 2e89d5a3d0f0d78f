//! The rows of what no snapshot holds.

use tokio_postgres::{Error, Row};

rows! {
    /// An extension.
    ExtensionRow {
        schema: String,
        name: String,
        version: String,
    }

    /// A collation.
    CollationRow {
        schema: String,
        name: String,
        /// `c` libc, `i` ICU, and others.
        provider: String,
        locale: Option<String>,
        is_nondeterministic: bool,
        extras: Vec<String>,
    }

    /// A domain.
    DomainRow {
        schema: String,
        name: String,
        base: String,
        collation_schema: Option<String>,
        collation: Option<String>,
        default_value: Option<String>,
        not_null: bool,
        check_names: Vec<String>,
        check_values: Vec<String>,
        /// The conditions that rows from before may break.
        not_valid: Vec<String>,
    }

    /// An attribute of a composite type.
    CompositeRow {
        schema: String,
        name: String,
        attribute: Option<String>,
        sql_type: Option<String>,
        collation_schema: Option<String>,
        collation: Option<String>,
    }

    /// A range type.
    RangeRow {
        schema: String,
        name: String,
        subtype: String,
        subtype_class: Option<String>,
        collation_schema: Option<String>,
        collation: Option<String>,
        subtype_diff: Option<String>,
        multirange: String,
        extras: Vec<String>,
    }

    /// A function or procedure.
    FunctionRow {
        schema: String,
        name: String,
        is_procedure: bool,
        language: String,
        names: Vec<String>,
        /// `i` in, `o` out, `b` both, `v` variadic, `t` a column of the result.
        modes: Vec<String>,
        types: Vec<String>,
        defaults: Vec<Option<String>>,
        result: Option<String>,
        returns_set: bool,
        /// `v` volatile, `s` stable, `i` immutable.
        volatility: String,
        is_strict: bool,
        is_security_definer: bool,
        is_leakproof: bool,
        /// `u` unsafe, `r` restricted, `s` safe.
        parallel: String,
        cost: String,
        rows: String,
        /// `name=value`.
        config: Vec<String>,
        body: String,
        extras: Vec<String>,
    }

    /// A trigger.
    TriggerRow {
        schema: String,
        table_name: String,
        name: String,
        type_bits: i16,
        columns: Vec<String>,
        old_table: Option<String>,
        new_table: Option<String>,
        definition: String,
        function_schema: String,
        function: String,
        is_constraint: bool,
        is_deferrable: bool,
        is_deferred: bool,
        /// `O` enabled, `D` disabled, `R` replica, `A` always.
        state: String,
        extras: Vec<String>,
    }

    /// Extended statistics.
    StatisticsRow {
        schema: String,
        name: String,
        table_schema: String,
        table_name: String,
        /// `d` ndistinct, `f` dependencies, `m` mcv, `e` of expressions.
        kinds: Vec<String>,
        columns: Vec<String>,
        expressions: Vec<String>,
        target: Option<i32>,
    }

    /// A comment.
    CommentRow {
        /// As the file of objects writes it.
        kind: Option<String>,
        /// What it is on, where a schema has no kind for it.
        other: Option<String>,
        schema: Option<String>,
        owner: Option<String>,
        name: String,
        arguments: Option<Vec<String>>,
        text: String,
    }

    /// Something that a schema cannot say.
    NotModelledRow {
        kind: String,
        name: String,
    }
}
