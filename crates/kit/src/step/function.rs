use schema::Function;

use super::Leg;

/// A step on a function or procedure.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionStep {
    /// `CREATE FUNCTION`.
    Create {
        /// The function with all that it says.
        function: Box<Function>,
        /// Whether it comes back, after a [`Drop`](FunctionStep::Drop) in the same migration.
        recreated: bool,
    },
    /// `ALTER FUNCTION … SET SCHEMA`.
    SetSchema {
        /// The function where it is.
        function: Box<Function>,
        /// The schema it goes to.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER FUNCTION … RENAME TO`.
    Rename {
        /// The function under its name so far.
        function: Box<Function>,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `CREATE OR REPLACE FUNCTION`.
    Replace(Box<Function>),
    /// `DROP FUNCTION`.
    Drop {
        /// The function as it was.
        function: Box<Function>,
        /// Whether it comes back, because PostgreSQL does not replace it by what it becomes.
        recreated: bool,
    },
}
