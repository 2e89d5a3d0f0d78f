//! Where a column's numbers come from: an identity, or the sequence of a serial column.

use schema::{Column, Identity};

use super::Alteration;
use crate::diff::Pair;
use crate::plan::casts::{self, Conversion};
use crate::plan::enums::{drop_default, set_default};
use crate::plan::options::{self, Options};
use crate::plan::{Stage, serial};
use crate::step::{ColumnStep, Leg, SequenceOption, SerialStep, Step};

impl Alteration<'_> {
    pub(super) fn drop_identity(&mut self) {
        let Pair { previous, next } = self.column;
        let Some(identity) = &previous.identity else { return };
        let (table, column, sequence) = (self.name.clone(), next.name.clone(), identity.name.clone());
        self.push(ColumnStep::DropIdentity { table, column, sequence });
    }

    fn push_serial(&mut self, step: SerialStep) {
        self.steps.push(Stage::AlterTable, Step::Serial(step));
    }

    pub(super) fn identity(&mut self) {
        let Pair { previous, next } = self.column;
        let Some(identity) = &next.identity else { return };
        let (was_type, sql_type) = (previous.sql_type.as_str(), next.sql_type.as_str());
        let (table, column) = (self.name.clone(), next.name.clone());
        match &previous.identity {
            None => self.add_identity(identity, previous.is_serial()),
            Some(was)
                if !options::can_alter(
                    &Options::of_identity(was, was_type),
                    &Options::of_identity(identity, sql_type),
                ) =>
            {
                self.push(ColumnStep::DropIdentity { table, column, sequence: was.name.clone() });
                self.add_identity(identity, true);
            }
            Some(was) => {
                if was.name != identity.name {
                    let name = self.name.sibling(&was.name);
                    self.push_serial(SerialStep::Rename {
                        name,
                        to: identity.name.clone(),
                        table: table.clone(),
                        is_settled: true,
                        is_implicit: false,
                        leg: Leg::Whole,
                    });
                }
                let kind = (was.kind != identity.kind).then_some(identity.kind);
                let mut options =
                    options::differing(&Options::of_identity(was, was_type), &Options::of_identity(identity, sql_type));
                // The bounds first: drizzle-kit's order where each option is a statement.
                options
                    .sort_by_key(|option| !matches!(option, SequenceOption::MinValue(_) | SequenceOption::MaxValue(_)));
                if kind.is_some() || !options.is_empty() {
                    self.push(ColumnStep::AlterIdentity { table, column, kind, options });
                }
            }
        }
    }

    /// Gives the column an identity, which goes on after the values of the sequence before it.
    fn add_identity(&mut self, identity: &Identity, had_sequence: bool) {
        let (table, column) = (self.name.clone(), self.column.next.name.clone());
        let sql_type = self.column.next.sql_type.clone();
        let (start, is_descending) = Options::of_identity(identity, &sql_type).start();
        let (of_table, of_column) = (table.clone(), column.clone());
        let identity = identity.clone();
        self.push(ColumnStep::AddIdentity { table: of_table, column: of_column, sql_type, identity });
        if had_sequence {
            self.push_serial(SerialStep::Continue { table, column, start, is_descending });
        }
    }

    /// The column keeps its integers and loses its sequence.
    pub(super) fn drop_serial(&mut self) {
        let Pair { previous, next } = self.column;
        self.push(drop_default(self.name, previous));
        let name = self.old.sequence(self.name, &next.name);
        self.push_serial(SerialStep::Drop { name, table: self.name.clone(), column: next.name.clone() });
        if !casts::is_same_type(previous, next) {
            self.set_type(next, self.conversion(next));
        }
        self.restore_default();
    }

    /// The column gets a sequence that goes on after its greatest value.
    pub(super) fn make_serial(&mut self) {
        let Pair { previous, next } = self.column;
        let integer = Column { sql_type: serial::integer(next).to_owned(), ..next.clone() };
        if previous.default.is_some() {
            self.push(drop_default(self.name, previous));
        }
        if !casts::is_same_type(previous, &integer) {
            self.set_type(&integer, self.conversion(&integer));
        }
        self.not_null();
        let (table, column) = (self.name.clone(), next.name.clone());
        let name = serial::sequence(self.name, &next.name);
        let nextval = format!("nextval({}::regclass)", schema::quote::literal(&name.to_string()));
        let sql_type = serial::integer(next);
        self.push_serial(SerialStep::CreateOwned { name, sql_type, table: table.clone(), column: column.clone() });
        self.push(set_default(self.name, next, nextval, None));
        let (start, is_descending) = ("1".to_owned(), false);
        self.push_serial(SerialStep::Continue { table, column, start, is_descending });
    }

    pub(super) fn widen_serial(&mut self) {
        let Pair { previous, next } = self.column;
        if previous.sql_type == next.sql_type {
            return;
        }
        let integer = Column { sql_type: serial::integer(next).to_owned(), ..next.clone() };
        self.set_type(&integer, Conversion::Assignment);
        let name = serial::sequence(self.name, &next.name);
        self.push_serial(SerialStep::SetType { name, sql_type: serial::integer(next) });
    }
}
