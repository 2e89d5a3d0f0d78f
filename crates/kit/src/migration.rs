//! A planned migration: its statements, and what a reviewer should know of each.

use schema::Schema;

use crate::hazard::{self, Hazard};
use crate::step::Step;
use crate::{safer, sql};

/// What separates the statements of a migration file.
pub const BREAKPOINT: &str = "--> statement-breakpoint";

/// A migration that can be written, shown or executed.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    steps: Vec<PlannedStep>,
}

/// One step with its text and its hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    /// What is done.
    pub step: Step,
    /// The SQL, a statement each.
    pub statements: Vec<String>,
    /// What can go wrong or be lost.
    pub hazards: Vec<Hazard>,
}

impl Migration {
    /// Renders steps in the order given.
    pub fn new(steps: Vec<Step>) -> Self {
        let hazards = hazard::find(&steps);
        let planned = steps.into_iter().zip(hazards);
        let steps = planned
            .map(|(step, hazards)| PlannedStep { statements: sql::statements(&step), step, hazards })
            .filter(|planned| !planned.statements.is_empty())
            .collect();
        Migration { steps }
    }

    /// The same migration in its safer form: on tables that are there before it, indexes are built and dropped
    /// concurrently, constraints are added for new rows and then validated, and keys are made of an index. It runs
    /// in several units, and leads to the same schema. `previous` is the schema before it, under the names of
    /// `next`.
    #[must_use]
    pub fn safer(mut self, previous: &Schema, next: &Schema) -> Self {
        safer::rewrite(&mut self.steps, previous, next);
        self
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps in order.
    pub fn steps(&self) -> &[PlannedStep] {
        &self.steps
    }

    /// The statements in order.
    pub fn statements(&self) -> Vec<&str> {
        self.steps.iter().flat_map(|step| &step.statements).map(String::as_str).collect()
    }

    /// The text of the migration file, with a line of its own for each breakpoint that follows a
    /// statement of several lines, as drizzle-kit has it. Without breakpoints drizzle-kit's migrator
    /// runs the whole file as one query.
    pub fn file(&self, breakpoints: bool) -> String {
        let separator = if breakpoints { format!("{BREAKPOINT}\n") } else { "\n".to_owned() };
        self.statements().join(&separator)
    }
}
