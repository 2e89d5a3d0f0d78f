use std::collections::HashSet;

use schema::{Schema, Table, names};

use super::constraints::{replaces_primary_key, without_merged};
use super::route::{self, Hop};
use super::touched::{Columns, Touched};
use super::{OldNames, Stage, Steps, serial};
use crate::diff::{Matched, Pair, primary_key};
use crate::rename::{Kind, Rename, before_leaving};
use crate::step::{Belongings, ColumnStep, ConstraintStep, Leg, Name, Part, SerialStep, Step, TableStep};

/// Tables as a whole: created, moved, renamed, dropped; and the renames of their columns.
pub(super) fn plan(
    steps: &mut Steps,
    schemas: Pair<&Schema>,
    tables: &Matched<Table>,
    renames: &[Rename],
    touched: &Touched,
) {
    for created in &tables.created {
        let (table, objects) = (Box::new(without_merged(created)), Box::default());
        steps.push(Stage::CreateTable, Step::Table(TableStep::Create { table, objects }));
        if has_rls(created) {
            let step = TableStep::EnableRls { table: Name::of(created), is_on: false };
            steps.push(Stage::CreateTable, Step::Table(step));
        }
    }
    let dropped_keys: HashSet<String> = tables.dropped.iter().map(|table| table.key()).collect();
    for dropped in &tables.dropped {
        let references = dropped.foreign_keys.values().filter(|key| !dropped_keys.contains(&key.references()));
        let with = Belongings { references: references.cloned().collect(), ..Belongings::default() };
        let step = TableStep::Drop { table: Box::new((*dropped).clone()), with: Box::new(with) };
        steps.push(Stage::DropTable, Step::Table(step));
    }
    // drizzle-kit looks at the tables in their new order here.
    let mut kept = tables.kept.clone();
    kept.sort_by_key(|pair| schemas.next.tables.get_index_of(&pair.next.key()));
    let switches = kept.into_iter().filter_map(rls);
    let (on, off): (Vec<_>, Vec<_>) = switches.partition(|step| matches!(step, TableStep::EnableRls { .. }));
    on.into_iter().chain(off).for_each(|step| steps.push(Stage::RowLevelSecurity, Step::Table(step)));
    let kept = |name: &Name| tables.kept.iter().copied().find(|table| Name::of(table.next) == *name);
    let old = OldNames(renames);
    let exists = |name: &Name| route::is_taken(schemas, name);
    for (to, hops) in route::routes(renames, Kind::Table, exists) {
        rename_table(steps, kept(to), to, hops, touched, old);
    }
    for rename in renames {
        if let Rename::Column { table, from, to } = rename
            && before_leaving(to).is_none()
        {
            let step = ColumnStep::Rename { table: table.clone(), from: from.clone(), to: to.clone(), leg: Leg::Whole };
            steps.push(Stage::RenameColumn, Step::Column(step));
        }
    }
    for table in &tables.kept {
        let name = Name::of(table.next);
        if old.table(&name) == name.name {
            rename_sequences(steps, Stage::RenameColumn, *table, &name, old);
        }
    }
}

/// What switches row-level security on or off. Like drizzle-kit, it is switched on again where only the declaration says
/// so anew, or where a policy takes over from that.
fn rls(Pair { previous, next }: Pair<&Table>) -> Option<TableStep> {
    let table = Name::of(next);
    let is_said = next.is_rls_enabled && !previous.is_rls_enabled;
    let is_implied = !next.is_rls_enabled && !next.policies.is_empty() && previous.policies.is_empty();
    if is_said || is_implied {
        return Some(TableStep::EnableRls { table, is_on: has_rls(previous) });
    }
    (has_rls(previous) && !has_rls(next)).then_some(TableStep::DisableRls { table })
}

/// A policy switches row-level security on by itself.
fn has_rls(table: &Table) -> bool {
    table.is_rls_enabled || !table.policies.is_empty()
}

fn rename_table(
    steps: &mut Steps,
    table: Option<Pair<&Table>>,
    to: &Name,
    hops: Vec<Hop>,
    touched: &Touched,
    old: OldNames,
) {
    let mut stage = Stage::MoveTable;
    for hop in hops {
        match hop {
            Hop::SetSchema { from, to, leg } => {
                let step = TableStep::SetSchema { table: from, to, carried: Vec::new(), leg };
                steps.push(stage, Step::Table(step));
            }
            Hop::Rename { from, to: name, leg } => {
                stage = Stage::RenameTable;
                let now = from.sibling(&name);
                steps.push(stage, Step::Table(TableStep::Rename { table: from, to: name, leg }));
                if let Some(table) = table.filter(|table| table.next.name == now.name) {
                    rename_primary_key(steps, table, &now, touched.of(&to.key()), old);
                    rename_sequences(steps, stage, table, &now, old);
                }
            }
        }
    }
}

/// What PostgreSQL named after the table keeps the old name; a database built afresh has the new
/// one. The table is called `now` at the time.
fn rename_primary_key(steps: &mut Steps, table: Pair<&Table>, now: &Name, touched: Option<&Columns>, old: OldNames) {
    let name = Name::of(table.next);
    let is_implied = primary_key(table.previous).is_some_and(|key| key.name.is_empty()) && !old.names_key(&name);
    if is_implied && !replaces_primary_key(table, touched) {
        let (from, to) = (names::catalog(old.table(&name), None, "pkey"), names::catalog(&name.name, None, "pkey"));
        if from != to {
            let step = ConstraintStep::Rename {
                table: now.clone(),
                part: Part::PrimaryKey,
                from,
                to,
                is_implicit: true,
                leg: Leg::Whole,
            };
            steps.push(Stage::RenameTable, Step::Constraint(step));
        }
    }
}

/// The sequences of serial columns, which PostgreSQL named after table and column. The table is
/// called `now` at the time.
fn rename_sequences(steps: &mut Steps, stage: Stage, table: Pair<&Table>, now: &Name, old: OldNames) {
    let name = Name::of(table.next);
    let columns = Matched::new(&table.previous.columns, &table.next.columns).kept;
    for column in columns.iter().filter(|pair| pair.previous.is_serial() && pair.next.is_serial()) {
        let column = &column.next.name;
        let (from, to) = (old.sequence(&name, column), serial::sequence(&name, column));
        if from != to {
            let step = SerialStep::Rename {
                name: now.sibling(&from.name),
                to: to.name,
                table: now.clone(),
                is_settled: *now == name,
                is_implicit: true,
                leg: Leg::Whole,
            };
            steps.push(stage, Step::Serial(step));
        }
    }
}
