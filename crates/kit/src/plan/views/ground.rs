//! What moves under a view whose own text stays as it is.

use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{Column, Table, View};

use crate::diff::{Matched, Pair};
use crate::plan::OldNames;
use crate::plan::constraints::replaces_primary_key;
use crate::plan::enums::Recreated;
use crate::plan::touched::Touched;
use crate::rename::{Kind, Rename};
use crate::step::Name;

/// What the rest of the migration changes.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Ground<'a> {
    /// Columns that are retyped or rebuilt.
    pub(in crate::plan) touched: &'a Touched,
    /// Enums that are made anew.
    pub(in crate::plan) recreated: &'a Recreated,
    /// The names from before.
    pub(in crate::plan) old: OldNames<'a>,
}

/// What changes in a table that is in both schemas.
pub(super) struct Shift {
    table: Name,
    /// Columns that are gone or get another type, and both names of those that are renamed.
    columns: HashSet<String>,
    /// Whether `*` means other columns than before.
    is_reshaped: bool,
    /// Whether its rows are written anew, which PostgreSQL refuses where they are values elsewhere.
    is_rewritten: bool,
    /// Whether the primary key is another one. A query that groups by it may name other columns too,
    /// and then stands on the constraint.
    is_rekeyed: bool,
}

impl Shift {
    /// Whether the change takes something away from a view with these mentions.
    pub(super) fn is_under(&self, view: &View, mentions: &Mentions) -> bool {
        let Shift { table, columns, is_reshaped, is_rewritten, is_rekeyed } = self;
        mentions.has_relation(&table.schema, &table.name)
            && (columns.iter().any(|column| mentions.has_column(column))
                || (*is_reshaped && mentions.names_all_columns())
                || (*is_rewritten && view.materialized && mentions.names_rows())
                || (*is_rekeyed && mentions.has_word("group")))
    }
}

/// Types and functions that are renamed. A column of a view is named after what it calls or casts to, and keeps that
/// name; and the same name may be that of another one from here on.
#[derive(Default)]
pub(super) struct RenamedObjects {
    /// The bare names of functions, and of types that have a function of their name.
    functions: HashSet<String>,
    types: Vec<Name>,
}

impl RenamedObjects {
    /// Whether a view with that query, of these mentions, names one.
    pub(super) fn is_under(&self, query: &str, mentions: &Mentions) -> bool {
        (!self.functions.is_empty() && may_call(query).any(|name| self.functions.contains(&name)))
            || self.types.iter().any(|name| mentions.has_type(&name.schema, &name.name))
    }
}

/// Whether a new column of that kind has values in the rows that are there.
fn has_values(column: &Column) -> bool {
    column.default.is_some() || column.generated.is_some() || column.identity.is_some() || column.is_serial()
}

impl Ground<'_> {
    /// The tables that change under the views on them.
    pub(super) fn shifts(&self, tables: &Matched<Table>) -> Vec<Shift> {
        tables.kept.iter().filter_map(|table| self.shift(*table)).collect()
    }

    fn shift(&self, table: Pair<&Table>) -> Option<Shift> {
        let name = Name::of(table.next);
        let touched = self.touched.of(&table.next.key());
        let columns = Matched::new(&table.previous.columns, &table.next.columns);
        let is_retyped = |pair: &&Pair<&Column>| {
            let Pair { previous, next } = **pair;
            let is_rebuilt = touched.is_some_and(|touched| touched.rebuilt.contains(&next.name));
            is_rebuilt
                || self.recreated.has(next)
                || self.recreated.anew().recollates(&name, &next.name)
                || previous.sql_type != next.sql_type
                || previous.type_schema != next.type_schema
        };
        let mut retyped = columns.kept.iter().filter(is_retyped).map(|pair| &pair.next.name).peekable();
        let is_rewritten = retyped.peek().is_some() || columns.created.iter().any(|column| has_values(column));
        let dropped = columns.dropped.iter().map(|column| &column.name);
        let mut shift = Shift {
            columns: retyped.chain(dropped).cloned().collect(),
            is_reshaped: !columns.created.is_empty() || !columns.dropped.is_empty(),
            is_rewritten,
            is_rekeyed: replaces_primary_key(table, touched),
            table: name,
        };
        for rename in self.old.0 {
            if let Rename::Column { table, from, to } = rename
                && *table == shift.table
            {
                shift.columns.extend([from.clone(), to.clone()]);
            }
        }
        let is_still = shift.columns.is_empty() && !shift.is_reshaped && !shift.is_rekeyed;
        (!is_still).then_some(shift)
    }

    /// What is renamed among the types and functions, by the names before and after.
    pub(super) fn renamed_objects(&self) -> RenamedObjects {
        let mut renamed = RenamedObjects::default();
        for rename in self.old.0 {
            let Some((kind, from, to)) = rename.moved() else { continue };
            let written = self.old.written(kind, to);
            if matches!(kind, Kind::Function | Kind::Procedure | Kind::Range) {
                renamed.functions.extend([from.name.clone(), to.name.clone()]);
            }
            if matches!(kind, Kind::Collation | Kind::Domain | Kind::Composite | Kind::Range) {
                renamed.types.extend([written, to.clone()]);
            }
        }
        renamed
    }

    /// The names that stand for nothing, or for something else, once the migration is through: those of
    /// tables and views that are dropped or renamed.
    pub(super) fn moving_names(&self, views: &Matched<View>, tables: &Matched<Table>) -> Vec<Name> {
        let dropped_tables = tables.dropped.iter().map(|table| self.old.written(Kind::Table, &Name::of(table)));
        let dropped_views = views.dropped.iter().map(|view| self.old.written(Kind::View, &Name::of_view(view)));
        let renamed = self.old.0.iter().filter_map(Rename::moved).flat_map(|(kind, _, to)| {
            let is_relation = matches!(kind, Kind::Table | Kind::View);
            is_relation.then(|| [self.old.written(kind, to), to.clone()]).into_iter().flatten()
        });
        dropped_tables.chain(dropped_views).chain(renamed).collect()
    }
}
