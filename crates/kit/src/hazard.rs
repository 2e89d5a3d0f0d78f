//! What a reviewer should know before a migration runs: what it loses, what it blocks, what can
//! make it fail on the rows that are there. A table that the same migration makes has none, so what comes to it
//! afterwards (constraints, indexes, policies) is no hazard for them. Its columns come with it: a step that adds a
//! column, or gives it another type or NOT NULL, is one on a table that was there.

mod columns;
mod loss;
mod objects;
mod security;

use std::collections::HashSet;
use std::fmt;

pub use loss::Loss;

use schema::{Deferral, KeyObjects};

use crate::step::{
    ConstraintKind, ConstraintStep, EnumStep, FunctionStep, IndexStep, Name, SequenceOption, SequenceStep, SerialStep,
    Step, TableStep, ViewChange, ViewStep,
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
    let open_tables: HashSet<Name> = steps.iter().filter_map(opened_table).collect();
    let dropped_functions: HashSet<&str> = steps.iter().filter_map(dropped_function).collect();
    let new_views: HashSet<&Name> = steps.iter().filter_map(created_view).collect();
    let continued: HashSet<(&Name, &str)> = steps.iter().filter_map(continued_column).collect();
    let finder = || Finder {
        new_tables: &new_tables,
        open_tables: &open_tables,
        dropped_functions: &dropped_functions,
        new_views: &new_views,
        continued: &continued,
        found: Vec::new(),
    };
    steps.iter().map(|step| finder().step(step)).collect()
}

fn opened_table(step: &Step) -> Option<Name> {
    match step {
        Step::Table(TableStep::DisableRls { table }) => Some(table.clone()),
        Step::Table(TableStep::Drop { table, .. }) => Some(Name::of(table)),
        _ => None,
    }
}

fn created_table(step: &Step) -> Option<Name> {
    match step {
        Step::Table(TableStep::Create { table, .. }) => Some(Name::of(table)),
        _ => None,
    }
}

fn created_view(step: &Step) -> Option<&Name> {
    match step {
        Step::View(ViewStep { name, change: ViewChange::Create { .. }, .. }) => Some(name),
        _ => None,
    }
}

fn continued_column(step: &Step) -> Option<(&Name, &str)> {
    match step {
        Step::Serial(SerialStep::Continue { table, column, .. }) => Some((table, column)),
        _ => None,
    }
}

fn dropped_function(step: &Step) -> Option<&str> {
    match step {
        Step::Function(FunctionStep::Drop { function, .. }) => Some(&function.name),
        _ => None,
    }
}

struct Finder<'a> {
    new_tables: &'a HashSet<Name>,
    /// Tables without row-level security from here on, or that go, where a policy has no effect.
    open_tables: &'a HashSet<Name>,
    /// The bare names of functions that are dropped, be it to be made anew.
    dropped_functions: &'a HashSet<&'a str>,
    /// Materialized views that are made or made anew: nobody reads them yet.
    new_views: &'a HashSet<&'a Name>,
    /// Columns whose sequence goes on after the values that are there.
    continued: &'a HashSet<(&'a Name, &'a str)>,
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
                let name = Name::of_enum(declared);
                let path = name.key();
                self.add(
                    MayFail,
                    format!(
                        "type {name} is made anew; it fails if a row has a value that is gone, and where that only got \
                         another name, --rename {path}.OLD={path}.NEW keeps it"
                    ),
                );
            }
            Step::Enum(EnumStep::RenameValue { name, from, to }) => {
                self.add(Breaks, format!("value {from} of type {name} is called {to} from here on"));
            }
            Step::Enum(EnumStep::SetSchema { name, .. } | EnumStep::Rename { name, .. }) => {
                self.add(Breaks, format!("type {name} has another name from here on"));
            }
            Step::Sequence(step) => self.sequence(step),
            Step::Serial(step) => self.serial(step),
            Step::View(step) => self.view(step),
            Step::Role(step) => self.role(step),
            Step::Policy(step) => self.policy(step),
            Step::Extension(step) => self.extension(step),
            Step::Type(step) => self.data_type(step),
            Step::Function(step) => self.function(step),
            Step::Trigger(step) => self.trigger(step),
            Step::Partition(step) => self.partition(step),
            // PostgreSQL goes on reading and writing meanwhile, and plans otherwise from the next ANALYZE on.
            Step::Schema(_) | Step::Statistics(_) | Step::Comment(_) => {}
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
            SequenceStep::Alter { name, options } => self.alter_sequence(name, options),
            SequenceStep::Create(_) => {}
        }
    }

    fn alter_sequence(&mut self, name: &Name, options: &[SequenceOption]) {
        if options.contains(&SequenceOption::Restart) {
            self.add(DataLoss, format!("sequence {name} begins again, and where it stood is forgotten"));
        } else if options.iter().any(|o| matches!(o, SequenceOption::MinValue(_) | SequenceOption::MaxValue(_))) {
            self.add(MayFail, format!("sequence {name} is set bounds; it fails if it stands outside of them"));
        }
    }

    fn serial(&mut self, step: &SerialStep) {
        match step {
            SerialStep::SetType { name, .. } | SerialStep::Drop { name, .. } => self.implicit(&name.to_string()),
            SerialStep::Rename { .. } | SerialStep::CreateOwned { .. } | SerialStep::Continue { .. } => {}
        }
    }

    /// The name follows from the table's, unless drizzle-kit renamed that: it leaves such names as they were.
    fn implicit(&mut self, name: &str) {
        let why = "the name that PostgreSQL gave it; after a rename by drizzle-kit it may still have the older one";
        self.add(MayFail, format!("{name} is {why}"));
    }

    fn table(&mut self, step: &TableStep) {
        match step {
            TableStep::Drop { table, .. } => {
                let table = Name::of(table);
                self.add(
                    DataLoss,
                    format!("table {table} is dropped with all its rows, and with the views and foreign keys on it"),
                );
            }
            TableStep::Rename { table, to, .. } => {
                self.add(Breaks, format!("table {table} is called \"{to}\" from here on"));
            }
            TableStep::SetSchema { table, to, .. } => {
                self.add(Breaks, format!("table {table} is in schema \"{to}\" from here on"));
            }
            TableStep::EnableRls { table, is_on: false } if !self.new_tables.contains(table) => {
                self.add(Breaks, format!("who does not own {table} sees the rows that a policy allows, and no others"));
            }
            TableStep::DisableRls { table } => {
                self.add(Breaks, format!("who may read {table} sees every row of it from here on"));
            }
            TableStep::SetRlsForced { table, is_forced } if !self.new_tables.contains(table) => {
                let rows = if *is_forced { "the rows that a policy allows, and no others" } else { "every row" };
                self.add(Breaks, format!("the owner of {table} sees {rows} from here on"));
            }
            TableStep::SetUnlogged { table, is_unlogged, references: _ } => {
                if *is_unlogged {
                    self.add(DataLoss, format!("{table} is empty after a crash from here on"));
                }
                self.add(Lock, format!("{table} is rewritten under an exclusive lock"));
            }
            TableStep::Create { .. }
            | TableStep::EnableRls { .. }
            | TableStep::SetRlsForced { .. }
            | TableStep::SetParameters { .. }
            | TableStep::ResetParameters { .. } => {}
        }
    }

    fn view(&mut self, ViewStep { name, is_materialized, change }: &ViewStep) {
        match change {
            ViewChange::Drop { recreated: false, .. } => {
                self.add(Breaks, format!("view {name} is dropped; whatever reads it fails from here on"));
            }
            ViewChange::Drop { recreated: true, indexes, .. } => {
                // Those that are declared come back.
                let are_unknown = *is_materialized && indexes.is_empty();
                let kept_apart =
                    if are_unknown { "its indexes and the privileges on it" } else { "the privileges on it" };
                self.add(Breaks, format!("view {name} is made anew; {kept_apart} are gone with the old one"));
            }
            ViewChange::SetSchema { .. } | ViewChange::Rename { .. } => {
                self.add(Breaks, format!("view {name} has another name from here on"));
            }
            ViewChange::SetTablespace(_) | ViewChange::SetAccessMethod(_) => {
                self.add(Lock, format!("view {name} is rewritten under an exclusive lock"));
            }
            ViewChange::Create { .. } | ViewChange::SetOptions(_) | ViewChange::ResetOptions(_) => {}
        }
    }

    fn constraint(&mut self, step: &ConstraintStep) {
        match step {
            ConstraintStep::AddPrimaryKey { table, key, objects } => {
                self.unique(table, &format!("primary key ({})", key.columns.join(", ")), objects);
            }
            ConstraintStep::AddUnique { table, unique, objects } => {
                self.unique(table, &format!("unique constraint \"{}\"", unique.name), objects);
            }
            ConstraintStep::AddCheck { table, check, .. } if !self.new_tables.contains(table) => {
                let name = &check.name;
                self.add(MayFail, format!("check \"{name}\" fails if a row of {table} does not satisfy it"));
                self.add(Lock, format!("{table} is scanned under an exclusive lock"));
            }
            ConstraintStep::AddExclusion { table, exclusion, .. } if !self.new_tables.contains(table) => {
                let name = &exclusion.name;
                self.add(MayFail, format!("exclusion constraint \"{name}\" fails if two rows of {table} conflict"));
                self.add(Lock, format!("reads and writes of {table} wait while its index is built"));
            }
            ConstraintStep::AddForeignKey { table, key, .. } if !self.new_tables.contains(table) => {
                let (name, target) = (&key.name, &key.table_to);
                self.add(
                    MayFail,
                    format!("foreign key \"{name}\" fails if a row of {table} has no match in \"{target}\""),
                );
                self.add(Lock, format!("writes to {table} and \"{target}\" wait while the rows are checked"));
            }
            ConstraintStep::Drop { table, name, kind: ConstraintKind::PrimaryKey { is_implicit, .. } } => {
                let what = "what relies on it, ON CONFLICT and logical replication say, fails until another is built";
                self.add(Breaks, format!("{table} has no primary key once \"{name}\" is dropped; {what}"));
                if *is_implicit {
                    self.implicit(&format!("\"{name}\""));
                }
            }
            ConstraintStep::Rename { from, is_implicit: true, .. } => self.implicit(&format!("\"{from}\"")),
            ConstraintStep::AddCheck { .. }
            | ConstraintStep::AddExclusion { .. }
            | ConstraintStep::AddForeignKey { .. }
            | ConstraintStep::SetDeferral { .. }
            | ConstraintStep::Rename { .. }
            | ConstraintStep::Drop { .. } => {}
        }
    }

    fn unique(&mut self, table: &Name, what: &str, objects: &KeyObjects) {
        if !self.new_tables.contains(table) {
            self.add(MayFail, format!("{what} fails if {table} has two equal rows"));
            self.add(Lock, format!("reads and writes of {table} wait while its index is built"));
            self.found.extend(deferrable_key(what, objects));
        }
    }

    fn index(&mut self, step: &IndexStep) {
        let IndexStep::Create { table, index, on_new_table, .. } = step else { return };
        let name = &index.name;
        if index.concurrently {
            let how = "is built outside the transaction: if that fails, what the migration did before it stays";
            let other = "drizzle-kit's migrate cannot run it";
            self.add(MayFail, format!("index \"{name}\" {how}, and the next run goes on; {other}"));
        }
        if *on_new_table {
            return;
        }
        if index.is_unique {
            self.add(MayFail, format!("unique index \"{name}\" fails if {table} has two equal rows"));
        }
        if !index.concurrently && !self.new_views.contains(table) {
            self.add(Lock, format!("writes to {table} wait while index \"{name}\" is built"));
        }
    }
}

/// What a key that can wait is not good for.
pub(crate) fn deferrable_key(what: &str, KeyObjects { include: _, deferral }: &KeyObjects) -> Option<Hazard> {
    let message = || format!("{what} is deferrable; an ON CONFLICT that names it fails from here on");
    (*deferral != Deferral::NotDeferrable).then(|| Hazard { kind: Breaks, message: message() })
}

#[cfg(test)]
mod tests;
