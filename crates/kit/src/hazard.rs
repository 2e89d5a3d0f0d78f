//! What a reviewer should know before a migration runs: what it loses, what it blocks, what can
//! make it fail on the rows that are there. A table that the same migration makes is empty, and
//! nothing on it is a hazard.

use std::collections::HashSet;
use std::fmt;

use crate::plan::{Conversion, conversion, is_narrowing};
use crate::step::{
    ColumnStep, ConstraintKind, ConstraintStep, EnumStep, IndexStep, Name, SequenceStep, Step, TableStep,
};

/// One thing to know about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// What kind of thing.
    pub kind: HazardKind,
    /// A sentence that names the object.
    pub message: String,
}

/// The kinds of hazard, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HazardKind {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// The rows that are there can make the statement fail.
    MayFail,
    /// Reads or writes wait while it works through the table.
    Lock,
    /// Code that runs during the deployment may name what is no longer there.
    Breaks,
}

impl HazardKind {
    /// The word that a report shows.
    pub fn word(self) -> &'static str {
        match self {
            HazardKind::DataLoss => "data loss",
            HazardKind::MayFail => "may fail",
            HazardKind::Lock => "lock",
            HazardKind::Breaks => "breaks running code",
        }
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.word(), self.message)
    }
}

/// The hazards of each step, in the order of the steps.
pub(crate) fn find(steps: &[Step]) -> Vec<Vec<Hazard>> {
    let new_tables: HashSet<Name> = steps.iter().filter_map(created_table).collect();
    steps.iter().map(|step| Finder { new_tables: &new_tables, found: Vec::new() }.step(step)).collect()
}

fn created_table(step: &Step) -> Option<Name> {
    match step {
        Step::Table(TableStep::Create(table)) => Some(Name::of(table)),
        _ => None,
    }
}

struct Finder<'a> {
    new_tables: &'a HashSet<Name>,
    found: Vec<Hazard>,
}

use HazardKind::{Breaks, DataLoss, Lock, MayFail};

impl Finder<'_> {
    fn step(mut self, step: &Step) -> Vec<Hazard> {
        match step {
            Step::Table(step) => self.table(step),
            Step::Column(step) => self.column(step),
            Step::Constraint(step) => self.constraint(step),
            Step::Index(step) => self.index(step),
            Step::Enum(EnumStep::Drop { .. } | EnumStep::AddValue { .. } | EnumStep::Create(_)) => {}
            Step::Enum(EnumStep::Recreate(declared)) => {
                let name = Name::new(&declared.schema, &declared.name);
                self.add(MayFail, format!("type {name} is made anew; it fails if a row has a value that is gone"));
            }
            Step::Enum(EnumStep::SetSchema { name, .. } | EnumStep::Rename { name, .. }) => {
                self.add(Breaks, format!("type {name} has another name from here on"));
            }
            Step::Sequence(step) => self.sequence(step),
            Step::Schema(_) | Step::Serial(_) => {}
        }
        self.found
    }

    fn add(&mut self, kind: HazardKind, message: String) {
        self.found.push(Hazard { kind, message });
    }

    fn sequence(&mut self, step: &SequenceStep) {
        match step {
            SequenceStep::Drop { name } => {
                self.add(DataLoss, format!("sequence {name} is dropped, and where it stood is forgotten"));
            }
            SequenceStep::SetSchema { name, .. } | SequenceStep::Rename { name, .. } => {
                self.add(Breaks, format!("sequence {name} has another name from here on"));
            }
            SequenceStep::Create(_) | SequenceStep::Alter { .. } => {}
        }
    }

    fn table(&mut self, step: &TableStep) {
        match step {
            TableStep::Drop { table } => {
                self.add(DataLoss, format!("table {} is dropped with all its rows", Name::of(table)));
            }
            TableStep::Rename { table, to, .. } => {
                self.add(Breaks, format!("table {table} is called \"{to}\" from here on"));
            }
            TableStep::SetSchema { table, to, .. } => {
                self.add(Breaks, format!("table {table} is in schema \"{to}\" from here on"));
            }
            TableStep::Create(_) | TableStep::EnableRls { .. } | TableStep::DisableRls { .. } => {}
        }
    }

    fn column(&mut self, step: &ColumnStep) {
        match step {
            ColumnStep::Add { table, column, .. } => {
                let at = format!("{table}.\"{}\"", column.name);
                let has_value = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
                if column.not_null && !has_value && !column.sql_type.contains("serial") {
                    self.add(MayFail, format!("{at} is NOT NULL without a default; it fails if {table} has rows"));
                }
                if column.generated.is_some() || column.identity.is_some() || column.sql_type.contains("serial") {
                    self.add(
                        Lock,
                        format!("{at} is computed for every row; {table} is rewritten and blocked meanwhile"),
                    );
                }
            }
            ColumnStep::Drop { table, column, rebuilt: false, .. } => {
                self.add(DataLoss, format!("column {table}.\"{}\" is dropped with its values", column.name));
            }
            ColumnStep::Drop { table, column, rebuilt: true, .. } if column.generated.is_none() => {
                let at = format!("{table}.\"{}\"", column.name);
                self.add(DataLoss, format!("{at} becomes generated; the values it has now are gone"));
            }
            ColumnStep::Rename { table, from, to } => {
                self.add(Breaks, format!("column {table}.\"{from}\" is called \"{to}\" from here on"));
            }
            ColumnStep::SetType { table, previous, next, .. } => self.set_type(table, previous, next),
            ColumnStep::SetNotNull { table, column } => {
                self.add(MayFail, format!("{table}.\"{column}\" becomes NOT NULL; it fails if a row has NULL there"));
                self.add(Lock, format!("{table} is scanned under an exclusive lock"));
            }
            ColumnStep::Drop { .. }
            | ColumnStep::SetDefault { .. }
            | ColumnStep::DropDefault { .. }
            | ColumnStep::DropNotNull { .. }
            | ColumnStep::AddIdentity { .. }
            | ColumnStep::AlterIdentity { .. }
            | ColumnStep::DropIdentity { .. }
            | ColumnStep::DropExpression { .. } => {}
        }
    }

    fn set_type(&mut self, table: &Name, previous: &schema::Column, next: &schema::Column) {
        let change = format!("{table}.\"{}\" from {} to {}", next.name, previous.sql_type, next.sql_type);
        match conversion(previous, next) {
            Conversion::Using(_) => self.add(MayFail, format!("{change}; it fails if a value does not convert")),
            Conversion::Assignment if is_narrowing(previous, next) => {
                self.add(DataLoss, format!("{change}; a value that does not fit fails or loses digits"));
            }
            Conversion::Assignment => {}
        }
        self.add(Lock, format!("{table} may be rewritten under an exclusive lock"));
    }

    fn constraint(&mut self, step: &ConstraintStep) {
        match step {
            ConstraintStep::AddPrimaryKey { table, key } => {
                self.unique(table, &format!("primary key ({})", key.columns.join(", ")));
            }
            ConstraintStep::AddUnique { table, unique } => {
                self.unique(table, &format!("unique constraint \"{}\"", unique.name));
            }
            ConstraintStep::AddCheck { table, check, .. } if !self.new_tables.contains(table) => {
                let name = &check.name;
                self.add(MayFail, format!("check \"{name}\" fails if a row of {table} does not satisfy it"));
                self.add(Lock, format!("{table} is scanned under an exclusive lock"));
            }
            ConstraintStep::AddForeignKey { table, key } if !self.new_tables.contains(table) => {
                let (name, target) = (&key.name, &key.table_to);
                self.add(
                    MayFail,
                    format!("foreign key \"{name}\" fails if a row of {table} has no match in \"{target}\""),
                );
                self.add(Lock, format!("writes to {table} and \"{target}\" wait while the rows are checked"));
            }
            ConstraintStep::Drop { table, name, kind: ConstraintKind::PrimaryKey { .. } } => {
                self.add(
                    Lock,
                    format!("{table} has no primary key once \"{name}\" is dropped, until another is built"),
                );
            }
            ConstraintStep::AddCheck { .. }
            | ConstraintStep::AddForeignKey { .. }
            | ConstraintStep::Drop { .. }
            | ConstraintStep::Rename { .. } => {}
        }
    }

    fn unique(&mut self, table: &Name, what: &str) {
        if !self.new_tables.contains(table) {
            self.add(MayFail, format!("{what} fails if {table} has two equal rows"));
            self.add(Lock, format!("reads and writes of {table} wait while its index is built"));
        }
    }

    fn index(&mut self, step: &IndexStep) {
        let IndexStep::Create { table, index, on_new_table: false, .. } = step else { return };
        let name = &index.name;
        if index.is_unique {
            self.add(MayFail, format!("unique index \"{name}\" fails if {table} has two equal rows"));
        }
        if !index.concurrently {
            self.add(Lock, format!("writes to {table} wait while index \"{name}\" is built; `concurrently` avoids it"));
        }
    }
}
