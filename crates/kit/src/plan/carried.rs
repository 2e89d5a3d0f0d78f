//! What goes with a table or materialized view that moves to another schema: its indexes and sequences. Where the name
//! of one is taken there for longer than the move can wait, it goes by a name in passing.

use std::collections::{HashMap, HashSet};

use schema::{Schema, Table, View, names};

use super::{OldNames, Stage, Steps, route, serial};
use crate::diff::{Matched, Pair, primary_key};
use crate::rename::Kind;
use crate::step::{
    Carried, ColumnStep, ConstraintStep, IndexStep, Leg, Name, Part as PartKind, SerialStep, Stay, Step, TableStep,
    ViewChange, ViewStep,
};

/// Says in each step that moves a table or view what it carries. Comes when every step is known that drops or renames
/// a part of one.
pub(super) fn plan(steps: &mut Steps, schemas: Pair<&Schema>, tables: &Matched<Table>, old: OldNames) {
    let is_moved = |kind: Kind, name: &Name| old.before(kind, name).schema != name.schema;
    let new = OldNames(&[]);
    let mut moves: Vec<Move> = Vec::new();
    for table in tables.kept.iter().filter(|table| is_moved(Kind::Table, &Name::of(table.next))) {
        let parts = [parts(table.previous, schemas.previous, old), parts(table.next, schemas.next, new)];
        moves.extend(Move::find(steps, Kind::Table, Name::of(table.next), parts, old));
    }
    for view in Matched::new(&schemas.previous.views, &schemas.next.views).kept {
        if is_moved(Kind::View, &Name::of_view(view.next)) {
            let parts = [parts_of_view(view.previous, schemas.previous), parts_of_view(view.next, schemas.next)];
            moves.extend(Move::find(steps, Kind::View, Name::of_view(view.next), parts, old));
        }
    }
    if moves.is_empty() {
        return;
    }
    let holders = holders(schemas.previous, old);
    moves.iter_mut().for_each(|of_table| of_table.leave_by_other_names(&holders));
    part_circles(&mut moves);
    let mut taken: HashSet<String> = holders.into_keys().map(|(_, name)| name).collect();
    // From the last one, so that what is added to the others' places moves none.
    moves.sort_by_key(|of_table| of_table.at);
    moves.into_iter().rev().for_each(|of_table| of_table.write(steps, &mut taken));
}

/// An index or sequence that belongs to a table or view.
#[derive(PartialEq)]
struct Part {
    name: String,
    is_sequence: bool,
}

/// The parts of a table, by the names that PostgreSQL keeps, before the renames of `old`.
fn parts(table: &Table, schema: &Schema, old: OldNames) -> Vec<Part> {
    let name = Name::of(table);
    let table_then = name.sibling(old.table(&name));
    let implicit = primary_key(table).filter(|key| key.name.is_empty());
    let implicit = implicit.map(|_| names::catalog(&table_then.name, None, "pkey"));
    let beside = schema.objects.tables.get(&name.key());
    let exclusions = beside.into_iter().flat_map(|beside| beside.exclusion_constraints.keys());
    let named = |kind, part: &String| old.part(&name, kind, part).to_owned();
    let constraints = table.unique_constraints.keys().map(|key| named(PartKind::Unique, key));
    let constraints =
        constraints.chain(table.composite_primary_keys.keys().map(|key| named(PartKind::PrimaryKey, key)));
    let constraints = constraints.chain(exclusions.map(|key| named(PartKind::Exclusion, key)));
    let indexes = table.indexes.keys().map(|index| named(PartKind::Index, index)).chain(constraints).chain(implicit);
    let sequences = table.columns.values().filter_map(|column| match &column.identity {
        Some(identity) => Some(identity.name.clone()),
        None => column.is_serial().then(|| serial::sequence(&table_then, old.column(&name, &column.name)).name),
    });
    indexes.map(|name| part(&name, false)).chain(sequences.map(|name| part(&name, true))).collect()
}

/// The parts of a view, likewise.
fn parts_of_view(view: &View, schema: &Schema) -> Vec<Part> {
    let beside = schema.objects.views.get(&view.key());
    beside.into_iter().flat_map(|beside| beside.indexes.keys()).map(|name| part(name, false)).collect()
}

fn part(name: &str, is_sequence: bool) -> Part {
    Part { name: names::stored(name).to_owned(), is_sequence }
}

/// The table or view that has each part before the migration, by schema and name.
fn holders(previous: &Schema, old: OldNames) -> HashMap<(String, String), Name> {
    let mut holders = HashMap::new();
    for table in previous.tables.values() {
        let name = Name::of(table);
        let in_schema = &old.before(Kind::Table, &name).schema;
        for part in parts(table, previous, old) {
            holders.insert((in_schema.clone(), part.name), name.clone());
        }
    }
    for view in previous.views.values() {
        let name = Name::of_view(view);
        let in_schema = &old.before(Kind::View, &name).schema;
        for part in parts_of_view(view, previous) {
            holders.insert((in_schema.clone(), part.name), name.clone());
        }
    }
    holders
}

/// A table or view that goes from one schema to another.
struct Move {
    /// The place of the step that moves it.
    at: usize,
    from: String,
    /// The table where it is then.
    there: Name,
    /// The table in the end.
    table: Name,
    carried: Vec<Carried>,
}

impl Move {
    /// Follows the table, with its parts before and after, to the step that moves it.
    fn find(
        steps: &mut Steps,
        kind: Kind,
        name: Name,
        [mut parts, in_the_end]: [Vec<Part>; 2],
        old: OldNames,
    ) -> Option<Self> {
        let mut now = old.before(kind, &name).clone();
        let stages = match kind {
            Kind::View => [Stage::MoveView, Stage::RenameView],
            _ => [Stage::MoveTable, Stage::RenameTable],
        };
        let hops = steps.0.iter().enumerate();
        let hops = hops.filter(|(_, (stage, _))| stages.contains(stage));
        let mut moved = None;
        for (at, (_, step)) in hops {
            let mut rename = |from: &str, to: &str| {
                parts.iter_mut().filter(|part| part.name == from).for_each(|part| to.clone_into(&mut part.name));
            };
            match step {
                Step::Table(TableStep::Rename { table, to, leg: _ })
                | Step::View(ViewStep { name: table, change: ViewChange::Rename { to, leg: _ }, .. })
                    if *table == now =>
                {
                    now = now.sibling(to);
                }
                Step::Constraint(ConstraintStep::Rename { table, from, to, .. }) if *table == now => rename(from, to),
                Step::Serial(SerialStep::Rename { name, to, table, .. }) if *table == now => rename(&name.name, to),
                Step::Table(TableStep::SetSchema { table, to, .. })
                | Step::View(ViewStep { name: table, change: ViewChange::SetSchema { to, .. }, .. })
                    if *table == now =>
                {
                    moved = Some((at, Name::new(to, &now.name)));
                    break;
                }
                _ => {}
            }
        }
        let (at, there) = moved?;
        let mut of_table = Move { at, from: now.schema, there, table: name, carried: Vec::new() };
        for part in parts {
            let is_left = steps.iter_mut().any(|step| of_table.leaving(step, &part.name).is_some());
            let stay = if in_the_end.contains(&part) && !is_left { Stay::Keeps } else { Stay::Leaves };
            of_table.carried.push(Carried { name: part.name, is_sequence: part.is_sequence, stay });
        }
        Some(of_table)
    }

    /// The name in a step that drops or renames that part of the table, once it is in the other schema.
    fn leaving<'a>(&self, step: &'a mut Step, part: &str) -> Option<&'a mut String> {
        let is_of_table = |table: &Name| *table == self.table || *table == self.there;
        let names = match step {
            Step::Index(IndexStep::Drop { table, index, .. }) if is_of_table(table) => {
                [Some(&mut index.name), None, None]
            }
            Step::Constraint(
                ConstraintStep::Drop { table, name, .. } | ConstraintStep::Rename { table, from: name, .. },
            ) if is_of_table(table) => [Some(name), None, None],
            Step::Serial(SerialStep::Drop { name, table, .. } | SerialStep::Rename { name, table, .. })
                if is_of_table(table) =>
            {
                [Some(&mut name.name), None, None]
            }
            Step::Column(ColumnStep::DropIdentity { table, sequence, .. }) if is_of_table(table) => {
                [Some(sequence), None, None]
            }
            Step::Column(ColumnStep::Drop { table, column, key, sequence, .. }) if is_of_table(table) => {
                let identity = column.identity.as_mut().map(|identity| &mut identity.name);
                [key.as_mut(), sequence.as_mut().map(|sequence| &mut sequence.name), identity]
            }
            _ => return None,
        };
        names.into_iter().flatten().find(|name| names::stored(name) == part)
    }

    /// What does not keep its name must not meet another part of that name, which may be there to stay.
    fn leave_by_other_names(&mut self, holders: &HashMap<(String, String), Name>) {
        for carried in self.carried.iter_mut().filter(|carried| carried.stay == Stay::Leaves) {
            let holder = holders.get(&(self.there.schema.clone(), carried.name.clone()));
            if holder.is_some_and(|holder| *holder != self.table) {
                carried.stay = Stay::Passes;
            }
        }
    }

    /// Whether the other table makes room for a part of this one.
    fn waits_for(&self, other: &Move) -> bool {
        other.from == self.there.schema && self.carried.iter().any(|carried| is_freed_by(carried, other))
    }

    /// Writes into the steps what the table carries, and how that goes by a name in passing.
    fn write(self, steps: &mut Steps, taken: &mut HashSet<String>) {
        let Move { at, from, there, .. } = &self;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut carried = self.carried.clone();
        for part in carried.iter_mut().filter(|part| part.stay == Stay::Passes) {
            let passing = route::passing(&part.name, |name| taken.contains(name));
            taken.insert(passing.clone());
            before.push(rename(part, &Name::new(from, &there.name), &part.name, &passing, Leg::First));
            let leaving: Vec<&mut String> =
                steps.iter_mut().filter_map(|step| self.leaving(step, &part.name)).collect();
            if leaving.is_empty() {
                after.push(rename(part, there, &passing, &part.name, Leg::Last));
            }
            leaving.into_iter().for_each(|name| name.clone_from(&passing));
            part.name = passing;
        }
        let stage = steps.0[*at].0;
        if let Step::Table(TableStep::SetSchema { carried: of_step, .. })
        | Step::View(ViewStep { change: ViewChange::SetSchema { carried: of_step, .. }, .. }) = &mut steps.0[*at].1
        {
            *of_step = carried;
        }
        let staged = |step| (stage, step);
        steps.0.splice(at + 1..at + 1, after.into_iter().map(staged));
        steps.0.splice(at..at, before.into_iter().map(staged));
    }
}

fn rename(part: &Carried, table: &Name, from: &str, to: &str, leg: Leg) -> Step {
    let (name, to) = (table.sibling(from), to.to_owned());
    if part.is_sequence {
        Step::Serial(SerialStep::Rename { name, to, table: table.clone(), is_settled: false, is_implicit: true, leg })
    } else {
        Step::Index(IndexStep::Rename { name, to, leg })
    }
}

fn is_freed_by(carried: &Carried, other: &Move) -> bool {
    let is_same = |part: &Carried| part.stay != Stay::Passes && part.name == carried.name;
    carried.stay == Stay::Keeps && other.carried.iter().any(is_same)
}

/// Where tables wait for each other in a circle, the first one's parts go by names in passing.
fn part_circles(moves: &mut [Move]) {
    for at in 0..moves.len() {
        let comes_back =
            (0..moves.len()).filter(|other| moves[at].waits_for(&moves[*other]) && leads(moves, *other, at));
        let comes_back: Vec<usize> = comes_back.collect();
        let passes = |carried: &Carried| comes_back.iter().any(|other| is_freed_by(carried, &moves[*other]));
        let passing: Vec<bool> = moves[at].carried.iter().map(passes).collect();
        for (carried, passes) in moves[at].carried.iter_mut().zip(passing) {
            if passes {
                carried.stay = Stay::Passes;
            }
        }
    }
}

/// Whether the one table waits for the other, or for one that does.
fn leads(moves: &[Move], from: usize, to: usize) -> bool {
    let mut reached = HashSet::from([from]);
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        if at == to {
            return true;
        }
        let next = (0..moves.len()).filter(|other| moves[at].waits_for(&moves[*other]));
        waiting.extend(next.filter(|other| reached.insert(*other)));
    }
    false
}
