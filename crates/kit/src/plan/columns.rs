mod numbering;

use std::borrow::Cow;

use schema::mentions::mentions;
use schema::{Column, ColumnDefault, Map, PrimaryKey, Table, names};

use super::casts::{self, Conversion};
use super::enums::{Recreated, drop_default, is_literal, set_default};
use super::touched::Columns;
use super::{OldNames, Stage, Steps, constraints};
use crate::diff::{Matched, Pair, is_not_null};
use crate::rename::before_leaving;
use crate::step::{ColumnStep, DefaultCast, Name, Step};

/// Columns of a table that is in both schemas.
pub(super) fn plan(
    steps: &mut Steps,
    table: Pair<&Table>,
    touched: Option<&Columns>,
    recreated: &Recreated,
    old: OldNames,
    using: &Map<String>,
) {
    let name = Name::of(table.next);
    let columns = Matched::new(&table.previous.columns, &table.next.columns);
    for column in &columns.kept {
        let using = using.get(&format!("{}.{}", name.key(), column.next.name)).map(String::as_str);
        Alteration { steps, table, name: &name, column: *column, using, touched, recreated, old }.plan();
    }
    for column in columns.created {
        steps.push(Stage::AddColumn, Step::Column(add(table.next, inline(table.next, column), false)));
    }
    for column in columns.dropped {
        steps.push(Stage::DropColumn, Step::Column(drop(table, column, false, old)));
    }
}

fn add(table: &Table, column: Column, rebuilt: bool) -> ColumnStep {
    let needs = generated_from(table, &column);
    let (table, column) = (Name::of(table), Box::new(column));
    // What no snapshot holds is said later.
    ColumnStep::Add { table, column, rebuilt, needs, collation: None, is_virtual: false }
}

fn drop(table: Pair<&Table>, column: &Column, rebuilt: bool, old: OldNames) -> ColumnStep {
    let name = Name::of(table.next);
    let releases = was_generated_from(table.previous, &name, column, old);
    let key = column.primary_key.then(|| names::catalog(old.table(&name), None, "pkey"));
    let sequence = column.is_serial().then(|| old.sequence(&name, &column.name));
    ColumnStep::Drop {
        table: name,
        column: Box::new(column.clone()),
        rebuilt,
        key,
        sequence,
        collation: None,
        releases,
    }
}

/// Calls a column that made way for another by the name that it has until it goes.
pub(super) fn leave_by_name(step: &mut Step) {
    if let Step::Column(ColumnStep::Drop { column, .. }) = step
        && let Some(name) = before_leaving(&column.name)
    {
        column.name = name.to_owned();
    }
}

/// The columns that a generated column is computed from.
fn generated_from(table: &Table, column: &Column) -> Vec<String> {
    let Some(generated) = &column.generated else { return Vec::new() };
    table.columns.keys().filter(|name| mentions(&generated.expression, name)).cloned().collect()
}

/// The columns that a generated column was computed from, by the names that they have now.
fn was_generated_from(table: &Table, name: &Name, column: &Column, old: OldNames) -> Vec<String> {
    column.generated.as_ref().map(|generated| old.mentioned(table, name, &generated.expression)).unwrap_or_default()
}

/// The column as `ADD COLUMN` makes it. Its primary key is made with it.
fn inline(table: &Table, column: &Column) -> Column {
    let is_only_key = table.composite_primary_keys.is_empty();
    Column { primary_key: column.primary_key && is_only_key, ..column.clone() }
}

/// One column before and after, and where its steps go.
struct Alteration<'a> {
    steps: &'a mut Steps,
    table: Pair<&'a Table>,
    name: &'a Name,
    column: Pair<&'a Column>,
    /// The expression that a person gave for the values of another type.
    using: Option<&'a str>,
    touched: Option<&'a Columns>,
    recreated: &'a Recreated,
    old: OldNames<'a>,
}

impl Alteration<'_> {
    fn plan(&mut self) {
        if self.touched.is_some_and(|touched| touched.rebuilt.contains(&self.column.next.name)) {
            return self.rebuild();
        }
        let Pair { previous, next } = self.column;
        let loses_expression = previous.generated.is_some() && next.generated.is_none();
        let loses_identity = previous.identity.is_some() && next.identity.is_none();
        let is_late = !self.makes_way();
        if loses_expression && !is_late {
            self.drop_expression();
        }
        if loses_identity && !is_late {
            self.drop_identity();
        }
        match (previous.is_serial(), next.is_serial()) {
            (true, false) => self.drop_serial(),
            (false, true) => return self.make_serial(),
            (true, true) => return self.widen_serial(),
            (false, false) => self.type_and_default(),
        }
        if loses_identity && is_late {
            self.drop_identity();
        }
        self.not_null();
        if loses_expression && is_late {
            self.drop_expression();
        }
        self.identity();
    }

    /// Whether an expression or identity that the column loses is in the way of what else becomes of it: PostgreSQL
    /// gives such a column no default, another identity or sequence, nor a type by `USING`, and one with an identity
    /// none but an integer. Where it is not in the way, it goes last, as drizzle-kit has it.
    fn makes_way(&self) -> bool {
        let Pair { previous, next } = self.column;
        let is_in_the_way_of_type = match previous.identity {
            Some(_) => !casts::are_integers(previous, next),
            None => self.recreated.takes(self.column) || self.conversion(next) != Conversion::Assignment,
        };
        next.default.is_some() || next.identity.is_some() || next.is_serial() || is_in_the_way_of_type
    }

    fn drop_expression(&mut self) {
        let Pair { previous, next } = self.column;
        let Some(generated) = &previous.generated else { return };
        let releases = was_generated_from(self.table.previous, self.name, previous, self.old);
        let (table, column) = (self.name.clone(), next.name.clone());
        // An expression may hold on to an enum, which cannot be dropped then.
        let stage = if self.recreated.takes(self.column) { Stage::DropExpression } else { Stage::AlterTable };
        let expression = generated.expression.clone();
        self.steps.push(stage, Step::Column(ColumnStep::DropExpression { table, column, expression, releases }));
    }

    fn push(&mut self, step: ColumnStep) {
        self.steps.push(Stage::AlterTable, Step::Column(step));
    }

    /// Drops the column and adds it with its new expression; its values are computed anew. One that has no expression any
    /// more was virtual: it takes the values that it had.
    fn rebuild(&mut self) {
        let Pair { previous, next } = self.column;
        // The primary key comes back by a step of its own, as every other constraint on the column.
        let back = Column { primary_key: false, ..next.clone() };
        if next.generated.is_some() {
            self.push(drop(self.table, previous, true, self.old));
            return self.push(add(self.table.next, back, true));
        }
        let values = self.computed_so_far();
        self.push(drop(self.table, previous, values.is_some(), self.old));
        let Some(values) = values else { return self.push(add(self.table.next, back, false)) };
        self.push(add(self.table.next, Column { not_null: false, ..back }, true));
        self.set_type(next, Conversion::Using(values));
        if next.not_null {
            self.push(ColumnStep::SetNotNull { table: self.name.clone(), column: next.name.clone() });
        }
    }

    /// The expression that computed the values, where it still means the same and no sequence gives others.
    fn computed_so_far(&self) -> Option<String> {
        let Pair { previous, next } = self.column;
        let expression = &previous.generated.as_ref()?.expression;
        let mut columns = was_generated_from(self.table.previous, self.name, previous, self.old).into_iter();
        let is_same = columns.all(|column| self.old.column(self.name, &column) == column);
        (is_same && next.identity.is_none() && !next.is_serial()).then(|| expression.clone())
    }

    fn type_and_default(&mut self) {
        let Pair { previous, next } = self.column;
        if self.recreated.takes(self.column) {
            // Making the enum anew has set type and default already.
            return;
        }
        if previous.sql_type == next.sql_type && previous.type_schema == next.type_schema {
            if previous.default_sql() != next.default_sql() {
                self.default();
            }
            return;
        }
        let conversion = self.conversion(next);
        match (&conversion, next.default_sql()) {
            (Conversion::Using(_) | Conversion::Guess(_), Some(default)) if self.keeps_default_through(&default) => {
                let cast = Some(DefaultCast::Column(Box::new(next.clone())));
                self.push(set_default(self.name, next, default.into_owned(), cast));
                self.set_type(next, conversion);
            }
            (Conversion::Using(_) | Conversion::Guess(_), _) => self.type_without_default(conversion),
            // The default so far would hold on to a type that is made anew.
            (Conversion::Assignment, _) if previous.type_schema.is_none() && self.recreated.has(previous) => {
                self.type_without_default(conversion);
            }
            (Conversion::Assignment, None) => {
                self.set_type(next, conversion);
                if previous.default.is_some() {
                    self.push(drop_default(self.name, previous));
                }
            }
            (Conversion::Assignment, Some(_)) => {
                self.set_type(next, conversion);
                // PostgreSQL converts the default with the values; drizzle-kit says it again unless it is a bare 0.
                let is_zero = matches!(&next.default, Some(ColumnDefault::Literal(json)) if json == "0");
                if !is_zero || previous.default != next.default {
                    self.restore_default();
                }
            }
        }
    }

    fn type_without_default(&mut self, conversion: Conversion) {
        let Pair { previous, next } = self.column;
        // Of one enum that becomes another drizzle-kit drops the default even where there is none.
        let (was, is) = (casts::enum_of(previous), casts::enum_of(next));
        let is_other_enum = was.is_some() && is.is_some();
        // An array that gets other dimensions keeps its default meanwhile.
        let is_same_array = was.is_some() && was == is && casts::is_array(previous) == casts::is_array(next);
        if next.default.is_none() && is_same_array {
            self.set_type(next, conversion);
            return previous.default.iter().for_each(|_| self.push(drop_default(self.name, previous)));
        }
        if previous.default.is_some() || (is_other_enum && next.default.is_some()) {
            self.push(drop_default(self.name, previous));
        }
        self.set_type(next, conversion);
        self.restore_default();
    }

    /// Text that becomes an enum takes the new default before its type changes: PostgreSQL then
    /// takes the cast to text off again.
    fn keeps_default_through(&self, default: &str) -> bool {
        let Pair { previous, next } = self.column;
        let has_shape = casts::is_array(next) || !casts::is_array(previous);
        next.type_schema.is_some() && casts::is_text(previous) && has_shape && is_literal(default)
    }

    /// How the values become those of the column as it is next, or on its way there.
    fn conversion(&self, next: &Column) -> Conversion {
        match self.using {
            Some(expression) => Conversion::Using(expression.to_owned()),
            None => self.recreated.conversion(self.column.previous, next),
        }
    }

    fn set_type(&mut self, next: &Column, conversion: Conversion) {
        self.push(ColumnStep::SetType {
            table: self.name.clone(),
            previous: Box::new(self.column.previous.clone()),
            next: Box::new(next.clone()),
            using: conversion.using(),
            collation: None,
            leaves: None,
        });
    }

    fn default(&mut self) {
        if self.column.next.default.is_none() {
            self.push(drop_default(self.name, self.column.previous));
        }
        self.restore_default();
    }

    fn restore_default(&mut self) {
        let Pair { previous, next } = self.column;
        if let Some(default) = next.default_sql().map(Cow::into_owned) {
            let releases = casts::enum_of(previous).filter(|name| casts::enum_of(next).as_ref() != Some(name));
            let (table, column) = (self.name.clone(), next.name.clone());
            let previous = previous.default_sql().map(Cow::into_owned).filter(|previous| *previous != default);
            self.push(ColumnStep::SetDefault { table, column, default, cast: None, releases, previous });
        }
    }

    fn not_null(&mut self) {
        let Pair { previous, next } = self.column;
        let was_not_null = is_not_null(self.table.previous, previous);
        let is_not_null = is_not_null(self.table.next, next);
        let (table, column) = (self.name.clone(), next.name.clone());
        if next.identity.is_some() {
            // A key that is made before has it already.
            let comes_with_key = next.primary_key && constraints::has_key_first(self.table, self.touched);
            if !was_not_null && !comes_with_key {
                self.push(ColumnStep::SetNotNull { table, column });
            }
        } else if next.not_null && !previous.not_null {
            // Written out even where a primary key that is added implies it, as drizzle-kit does; but not of a renamed
            // column, of which it says nothing else.
            if !self.is_renamed_into_key() {
                self.push(ColumnStep::SetNotNull { table, column });
            }
        } else if was_not_null && (!is_not_null || self.loses_not_null_to_key()) {
            self.push(ColumnStep::DropNotNull { table, column });
        }
    }

    /// Whether the column is declared NOT NULL no more, and has it from now on of a primary key that it was not in.
    fn loses_not_null_to_key(&self) -> bool {
        let Pair { previous, next } = self.column;
        let has_column = |key: &PrimaryKey| key.columns.contains(&next.name);
        let key = self.table.next.composite_primary_keys.values().find(|key| has_column(key));
        let was_in =
            |key: &PrimaryKey| self.table.previous.composite_primary_keys.get(&key.name).is_some_and(has_column);
        previous.not_null
            && !next.not_null
            && !previous.primary_key
            && !self.is_renamed_into_key()
            && key.is_some_and(|key| !was_in(key))
    }

    /// Whether the column is renamed, and a named primary key that is made with it gives it its NOT NULL.
    fn is_renamed_into_key(&self) -> bool {
        let column = &self.column.next.name;
        let key = self.table.next.composite_primary_keys.values().find(|key| key.columns.contains(column));
        let is_made = key.is_some_and(|key| self.table.previous.composite_primary_keys.get(&key.name) != Some(key));
        is_made && self.old.column(self.name, column) != column
    }
}
