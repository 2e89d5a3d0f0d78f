//! The SQL text of each step. Nothing is decided here.
//!
//! House rules, all drizzle-kit's: keywords in upper case, types in lower case, every identifier
//! quoted, one statement a line but for CREATE TABLE with a column a line, a semicolon after each.

mod column;
mod constraint;
mod enumeration;
pub(crate) mod expression;
mod index;
mod namespace;
mod parameter;
mod policy;
mod role;
mod sequence;
mod serial;
mod table;
pub(crate) mod types;
mod view;

use crate::step::Step;

/// The statements of a step, in order, each with its semicolon.
pub fn statements(step: &Step) -> Vec<String> {
    match step {
        Step::Schema(step) => vec![namespace::statement(step)],
        Step::Enum(step) => enumeration::statements(step),
        Step::Serial(step) => vec![serial::statement(step)],
        Step::Sequence(step) => vec![sequence::statement(step)],
        Step::Role(step) => vec![role::statement(step)],
        Step::Table(step) => vec![table::statement(step)],
        Step::Column(step) => column::statements(step),
        Step::Constraint(step) => vec![constraint::statement(step)],
        Step::Index(step) => vec![index::statement(step)],
        Step::View(step) => vec![view::statement(step)],
        Step::Policy(step) => vec![policy::statement(step)],
    }
}
