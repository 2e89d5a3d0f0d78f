//! Columns that a migration takes apart, and so what stands on them must make way and come back.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use schema::mentions::{is_only_tested_for_null, mentions};
use schema::{Column, Objects, Table, TableObjects};

use super::casts::{self, Conversion};
use super::enums::Recreated;
use super::objects::{Anew, Remade};
use super::reread::{self, Family};
use crate::diff::{self, Matched, Pair};
use crate::rename::Rename;
use crate::step::Name;

/// By table, the columns that are retyped or rebuilt.
pub(crate) struct Touched {
    tables: HashMap<String, Columns>,
}

/// The touched columns of one table.
#[derive(Default)]
pub(crate) struct Columns {
    /// Columns whose type becomes another one, and not only longer or shorter.
    pub(crate) retyped: HashSet<String>,
    /// Retyped columns that stay in one family of types.
    alike: HashMap<String, Family>,
    /// Columns whose type changes at all, be it only in length.
    resized: HashSet<String>,
    /// `varchar` columns of another length.
    lengthened: HashSet<String>,
    /// Columns that are dropped and added again, because a generated expression is new or changes, or
    /// its values are stored from now on, or no more.
    pub(crate) rebuilt: HashSet<String>,
    /// Columns whose foreign keys PostgreSQL does not keep, whatever the types: they are made anew, or their type is.
    pub(crate) unreferable: HashSet<String>,
    /// Renamed columns: drizzle-kit makes a named primary key on one anew.
    pub(crate) renamed: HashSet<String>,
    /// The names that the renamed columns had. An expression of the same text means others now.
    former: HashSet<String>,
    /// What is made anew under an expression of the table, if any of them calls or names it.
    anew: Option<Rc<Anew>>,
    /// Constraints and indexes that are made anew for what no snapshot says of them.
    pub(super) remade: Remade,
}

impl Columns {
    /// Whether an expression names a column that is retyped or rebuilt, or was renamed, or something that is
    /// made anew.
    pub(crate) fn stands_under(&self, expression: &str) -> bool {
        self.retyped.iter().chain(&self.rebuilt).chain(&self.former).any(|column| mentions(expression, column))
            || self.anew.as_ref().is_some_and(|anew| anew.is_under(expression))
    }

    /// Whether an expression of a check or index is made anew for what becomes of the columns under it. PostgreSQL
    /// reads one on a retyped column again by itself.
    pub(crate) fn takes_down(&self, expression: &str, table: &Table) -> bool {
        let is_listed = || self.lengthened.iter().any(|column| mentions(expression, column));
        (self.stands_under(expression) && !self.is_read_again(expression, table))
            || (reread::has_list(expression) && is_listed())
    }

    fn is_read_again(&self, expression: &str, table: &Table) -> bool {
        let is_named = |column: &&String| mentions(expression, column);
        let has_other = self.rebuilt.iter().chain(&self.former).any(|column| is_named(&column))
            || self.anew.as_ref().is_some_and(|anew| anew.is_under(expression));
        // Of whatever type the column is, it is NULL or not.
        let is_compared = |column: &&String| !is_only_tested_for_null(expression, column);
        let compared = self.retyped.iter().filter(is_named).filter(is_compared);
        let families: Option<Vec<Family>> = compared.map(|column| self.alike.get(column).copied()).collect();
        !has_other
            && families
                .is_some_and(|families| reread::is_plain(expression, table, !families.contains(&Family::Integers)))
    }

    /// Whether a retyped column is in an index of that method as well by its new type as by the old one; and by text,
    /// which the column of an enum that is made anew is meanwhile.
    pub(crate) fn keeps_index(&self, column: &str, method: &str, opclass: Option<&str>) -> bool {
        match opclass {
            // Those of texts take both.
            Some(_) => self.alike.get(column) == Some(&Family::Texts),
            None => matches!(method, "btree" | "hash" | "brin") || !self.unreferable.contains(column),
        }
    }

    /// Whether the type of the column changes, or the column is made anew.
    pub(crate) fn changes_type(&self, column: &str) -> bool {
        [&self.retyped, &self.resized, &self.rebuilt].into_iter().any(|columns| columns.contains(column))
    }

    fn is_empty(&self) -> bool {
        let Columns { retyped, alike: _, resized, lengthened: _, rebuilt, unreferable, renamed, former, anew, remade } =
            self;
        let columns = [retyped, resized, rebuilt, unreferable, renamed, former];
        anew.is_none() && remade.is_empty() && columns.into_iter().all(HashSet::is_empty)
    }
}

impl Touched {
    pub(super) fn new(
        tables: &Matched<Table>,
        objects: Pair<&Objects>,
        renames: &[Rename],
        recreated: &Recreated,
    ) -> Self {
        let none = TableObjects::default();
        let touched = tables.kept.iter().map(|table| {
            let key = table.next.key();
            let [previous, next] =
                [objects.previous, objects.next].map(|objects| objects.tables.get(&key).unwrap_or(&none));
            let beside = Pair { previous, next };
            let mut touched = columns(*table, beside, renames, recreated);
            touched.remade = Remade::of(table.next, beside, &touched);
            (key, touched)
        });
        Touched { tables: touched.filter(|(_, columns)| !columns.is_empty()).collect() }
    }

    /// The touched columns of a table, if there are any.
    pub(crate) fn of(&self, table_key: &str) -> Option<&Columns> {
        self.tables.get(table_key)
    }
}

fn columns(table: Pair<&Table>, beside: Pair<&TableObjects>, renames: &[Rename], recreated: &Recreated) -> Columns {
    let mut touched = Columns::default();
    let name = Name::of(table.next);
    let anew = recreated.anew();
    if !anew.is_empty() && diff::expressions(table.next).any(|expression| anew.is_under(expression)) {
        touched.anew = Some(Rc::clone(anew));
    }
    for rename in renames {
        if let Rename::Column { table, from, to } = rename
            && *table == name
        {
            touched.renamed.insert(to.clone());
            touched.former.insert(from.clone());
        }
    }
    let kept = Matched::new(&table.previous.columns, &table.next.columns).kept;
    for column in &kept {
        let Pair { previous, next } = *column;
        // PostgreSQL does not let go of an enum that a generated column has, even to become text.
        let is_recreated = next.generated.is_some() && recreated.has(next);
        // PostgreSQL stores no values that it has computed when they were read, nor the other way round.
        let [was_virtual, is_virtual] = [beside.previous, beside.next].map(|beside| is_virtual(beside, &next.name));
        // One that is virtual has no values to convert.
        let is_retyped_virtual = is_virtual && previous.sql_type != next.sql_type;
        if rebuilds(previous, next) || is_recreated || was_virtual != is_virtual || is_retyped_virtual {
            touched.rebuilt.insert(next.name.clone());
        } else if !casts::is_same_type(previous, next) || recreated.has(next) || anew.recollates(&name, &next.name) {
            touched.retyped.insert(next.name.clone());
            if recreated.has(next) || anew.recollates(&name, &next.name) {
                touched.unreferable.insert(next.name.clone());
            }
            if let Some(family) = Family::of(*column).filter(|_| !anew.recollates(&name, &next.name)) {
                touched.alike.insert(next.name.clone(), family);
            }
        } else if previous.sql_type != next.sql_type && Family::of(*column) == Some(Family::Texts) {
            touched.lengthened.insert(next.name.clone());
        }
    }
    // A generated column cannot stay while a column that it is computed from changes its type, be
    // it only in length.
    let resized = |column: &Pair<&Column>| column.previous.sql_type != column.next.sql_type;
    touched.resized.extend(kept.iter().filter(|column| resized(column)).map(|column| column.next.name.clone()));
    for column in &kept {
        let Some(generated) = &column.next.generated else { continue };
        let expression = &generated.expression;
        if touched.stands_under(expression) || touched.resized.iter().any(|resized| mentions(expression, resized)) {
            touched.rebuilt.insert(column.next.name.clone());
        }
    }
    touched.retyped.retain(|column| !touched.rebuilt.contains(column));
    touched.unreferable.extend(touched.rebuilt.iter().cloned());
    touched
}

/// Whether a column's values are computed when they are read.
fn is_virtual(beside: &TableObjects, column: &str) -> bool {
    beside.columns.get(column).is_some_and(|column| column.is_virtual)
}

/// PostgreSQL (up to 16) cannot give a column an expression, nor change it, only take it away; and it takes no
/// `USING` for another type.
fn rebuilds(previous: &Column, next: &Column) -> bool {
    let is_converted = || casts::conversion(previous, next) == Conversion::Assignment;
    next.generated.is_some() && (previous.generated != next.generated || !is_converted())
}
