use schema::Function;

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
