//! The hazards of what is done to a column.

use schema::{Column, ColumnDefault, Identity, mentions};

use super::Finder;
use super::HazardKind::{Breaks, DataLoss, Lock, MayFail};
use crate::plan::{Options, effects};
use crate::sql;
use crate::step::{ColumnStep, Name, SerialStep, Step};

impl Finder<'_> {
    pub(super) fn column(&mut self, step: &ColumnStep) {
        match step {
            ColumnStep::Add { table, column, is_virtual, .. } => {
                if !is_virtual {
                    self.add_column(table, column);
                }
            }
            ColumnStep::Drop { table, column, rebuilt: false, .. } => {
                self.add(DataLoss, format!("column {table}.\"{}\" is dropped with its values", column.name));
            }
            ColumnStep::Drop { table, column, rebuilt: true, .. } if column.generated.is_none() => {
                let at = format!("{table}.\"{}\"", column.name);
                self.add(DataLoss, format!("{at} becomes generated; the values it has now are gone"));
            }
            ColumnStep::Rename { table, from, to, leg: _ } => {
                self.add(Breaks, format!("column {table}.\"{from}\" is called \"{to}\" from here on"));
            }
            ColumnStep::SetType { table, previous, next, using, .. } => {
                self.set_type(table, previous, next, using.is_some());
            }
            ColumnStep::SetNotNull { table, column } => {
                self.add(MayFail, format!("{table}.\"{column}\" becomes NOT NULL; it fails if a row has NULL there"));
                self.add(Lock, format!("{table} is scanned under an exclusive lock"));
            }
            ColumnStep::AddIdentity { table, column, sql_type, identity } => {
                self.add_identity(table, column, sql_type, identity);
            }
            ColumnStep::Drop { .. }
            | ColumnStep::SetDefault { .. }
            | ColumnStep::DropDefault { .. }
            | ColumnStep::SetStorage { .. }
            | ColumnStep::SetCompression { .. }
            | ColumnStep::DropNotNull { .. }
            | ColumnStep::AlterIdentity { .. }
            | ColumnStep::DropIdentity { .. } => {}
            ColumnStep::DropExpression { table, column, expression, .. } => {
                if mentions::may_call(expression).any(|name| self.dropped_functions.contains(name.as_str())) {
                    self.add(
                        DataLoss,
                        format!("{table}.\"{column}\" goes with the function that computed it on PostgreSQL 14, and stays on later ones"),
                    );
                }
            }
        }
    }

    fn add_column(&mut self, table: &Name, column: &Column) {
        let at = format!("{table}.\"{}\"", column.name);
        let is_computed = column.generated.is_some() || column.identity.is_some() || column.is_serial();
        if column.not_null && column.default.is_none() && !is_computed {
            self.add(MayFail, format!("{at} is NOT NULL without a default; it fails if {table} has rows"));
        }
        let called = match &column.default {
            Some(ColumnDefault::Expression(default)) => mentions::calls(default).find(|name| is_volatile(name)),
            _ => None,
        };
        if is_computed {
            self.add(Lock, format!("{at} is computed for every row; {table} is rewritten and blocked meanwhile"));
        } else if let Some(function) = called {
            self.add(
                Lock,
                format!(
                    "the default of {at} calls {function}() for every row; {table} is rewritten and blocked meanwhile"
                ),
            );
        }
    }

    /// drizzle-kit's statement leaves the values that are there out of account.
    fn add_identity(&mut self, table: &Name, column: &str, sql_type: &str, identity: &Identity) {
        if self.continued.contains(&(table, column)) {
            return;
        }
        let (start, is_descending) = Options::of_identity(identity, sql_type).start();
        let at = format!("{table}.\"{column}\" counts from {start}, whatever its rows have");
        let (table, column) = (table.clone(), column.to_owned());
        let step = Step::Serial(SerialStep::Continue { table, column, start, is_descending });
        let next = sql::statements(&step).join(" ");
        self.add(Breaks, format!("{at}; an INSERT gets a value that a row has already, until you run {next}"));
    }

    fn set_type(&mut self, table: &Name, previous: &Column, next: &Column, is_computed: bool) {
        let change = format!("{table}.\"{}\" from {} to {}", next.name, previous.sql_type, next.sql_type);
        let effects = effects(previous, next);
        if effects.loses {
            self.add(DataLoss, format!("{change}; what the new type does not hold of a value is gone without a word"));
        }
        if effects.may_fail {
            self.add(MayFail, format!("{change}; it fails if a value does not fit or convert"));
        }
        if effects.rewrites || is_computed {
            self.add(Lock, format!("{table} is rewritten under an exclusive lock"));
        }
    }
}

/// Whether PostgreSQL calls the function once a row: whatever it does not know to be the same for all
/// rows of a statement. Of the functions that are, these are the ones that defaults have.
fn is_volatile(function: &str) -> bool {
    const STABLE: [&str; 24] = [
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "current_timestamp",
        "localtimestamp",
        "current_time",
        "localtime",
        "current_setting",
        "timezone",
        "date_trunc",
        "date_part",
        "extract",
        "make_interval",
        "to_char",
        "lower",
        "upper",
        "concat",
        "coalesce",
        "cast",
        "array",
        "row",
        "jsonb_build_object",
        "jsonb_build_array",
        "to_jsonb",
    ];
    const OPERATORS: [&str; 6] = ["and", "or", "not", "in", "any", "all"];
    !STABLE.contains(&function) && !OPERATORS.contains(&function)
}
