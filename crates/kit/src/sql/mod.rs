//! The SQL text of each step. Nothing is decided here.
//!
//! House rules, all drizzle-kit's: keywords in upper case, types in lower case, every identifier
//! quoted, one statement a line but for CREATE TABLE with a column a line and functions, a semicolon after each.

mod column;
mod comment;
mod constraint;
mod data_type;
mod enumeration;
pub(crate) mod expression;
mod extension;
mod function;
mod index;
mod namespace;
mod parameter;
mod partition;
mod policy;
mod role;
pub(crate) mod safer;
mod sequence;
mod serial;
mod statistics;
mod table;
mod trigger;
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
        Step::Extension(step) => vec![extension::statement(step)],
        Step::Type(step) => data_type::statements(step),
        Step::Function(step) => vec![function::statement(step)],
        Step::Trigger(step) => trigger::statements(step),
        Step::Partition(step) => partition::statements(step),
        Step::Statistics(step) => statistics::statements(step),
        Step::Comment(step) => vec![comment::statement(step)],
    }
}
