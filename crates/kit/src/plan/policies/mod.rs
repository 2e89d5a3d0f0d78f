//! Row-level security policies, on tables that are declared and on others. A policy follows when
//! what it names is renamed; it makes way when that is dropped, retyped or made anew.

mod scope;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use schema::mentions::Mentions;
use schema::{Policy, Schema};

pub(super) use self::scope::Scope;
use super::views::Ground;
use super::{OldNames, Stage, Steps};
use crate::diff::{self, Placed};
use crate::rename::Kind;
use crate::step::{Leg, Name, PolicyEnd, PolicyStep, PolicyTable, Reads, Step, TableStep, ViewChange, ViewStep};

/// Policies. Those of a dropped table go right before it, or before a view that they read and that is dropped before
/// the table. Comes after the tables and views.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, ground: Ground) {
    let is_dropped = |name: &Name| {
        let key = name.key();
        previous.tables.contains_key(&key) && !next.tables.contains_key(&key)
    };
    let dropped_views = dropped_views(steps);
    let before = policed(previous, ground.old);
    with_drop(steps, &before);
    let after = policed(next, OldNames(&[]));
    let mut planner = Planner { steps, next, ground, dropped_views };

    let mut with_tables: HashMap<&Name, Vec<Step>> = HashMap::new();
    for (_, was) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        if is_dropped(&was.placed.table) && !planner.holds_view(was) {
            with_tables.entry(&was.placed.table).or_default().push(with_table(was));
        } else {
            planner.drop(was, PolicyEnd::Gone);
        }
    }
    planner.drop_with_tables(with_tables);
    // drizzle-kit makes those of new tables after all others.
    let created = after.iter().filter(|(name, _)| !before.contains_key(*name)).map(|(_, is)| is);
    let is_of_new_table = |is: &&Policed| !previous.tables.contains_key(&is.placed.table.key());
    let (of_new, mut of_old): (Vec<&Policed>, Vec<&Policed>) = created.partition(is_of_new_table);
    // And those of the others in the old order of the tables.
    let table = |is: &Policed| previous.tables.get_index_of(&is.placed.table.key());
    of_old.sort_by_key(|is| (!is.placed.is_linked).then(|| table(is)));
    of_old.into_iter().for_each(|is| planner.create(is, None));
    for (name, was) in &before {
        if let Some(is) = after.get(name) {
            planner.alter(was, is);
        }
    }
    of_new.into_iter().for_each(|is| planner.create(is, None));
}

/// Says in the steps that drop a table what its policies read: they go with it.
fn with_drop(steps: &mut Steps, policies: &IndexMap<(Name, &str), Policed>) {
    let mut of_tables: HashMap<&Name, Vec<&Policed>> = HashMap::new();
    for ((table, _), policy) in policies {
        of_tables.entry(table).or_default().push(policy);
    }
    for step in steps.iter_mut() {
        let Step::Table(TableStep::Drop { table, with }) = step else { continue };
        for policy in of_tables.get(&Name::of(table)).into_iter().flatten() {
            // CASCADE takes the policies along that read another table which is dropped.
            with.reads.columns.extend(policy.reads.columns.iter().cloned());
            with.reads.types.extend(policy.reads.types.iter().cloned());
        }
    }
}

/// The policies of a schema by table and name, each with what its conditions name.
fn policed<'a>(schema: &'a Schema, old: OldNames<'a>) -> IndexMap<(Name, &'a str), Policed<'a>> {
    let scope = Scope::new(schema, old);
    let policies = diff::policies(schema).map(|placed| {
        let reads = scope.reads(placed.policy, &placed.table);
        ((placed.table.clone(), placed.policy.name.as_str()), Policed { placed, reads })
    });
    policies.collect()
}

/// The views that are dropped, be it for good, by the names that they have before any rename.
fn dropped_views(steps: &Steps) -> HashSet<Name> {
    let dropped = steps.iter().filter_map(|step| match step {
        Step::View(ViewStep { name, change: ViewChange::Drop { .. }, .. }) => Some(name.clone()),
        _ => None,
    });
    dropped.collect()
}

/// A policy with what it stands on.
struct Policed<'a> {
    placed: Placed<'a>,
    reads: Reads,
}

impl Policed<'_> {
    fn on(&self) -> PolicyTable {
        PolicyTable { name: self.placed.table.clone(), is_linked: self.placed.is_linked }
    }

    /// The one stage or the other.
    fn stage(&self, of_table: Stage, linked: Stage) -> Stage {
        if self.placed.is_linked { linked } else { of_table }
    }
}

/// The drop of a policy whose table is dropped next.
fn with_table(was: &Policed) -> Step {
    Step::Policy(PolicyStep::Drop {
        on: was.on(),
        early: None,
        policy: was.placed.policy.clone(),
        why: PolicyEnd::WithTable,
        releases: was.reads.clone(),
    })
}

struct Planner<'a> {
    steps: &'a mut Steps,
    next: &'a Schema,
    ground: Ground<'a>,
    dropped_views: HashSet<Name>,
}

impl Planner<'_> {
    fn alter(&mut self, was: &Policed, is: &Policed) {
        let (previous, next) = (was.placed.policy, is.placed.policy);
        if self.is_in_the_way(was) || !can_alter(previous, next) {
            self.drop(was, PolicyEnd::Replaced);
            self.create(is, Some(was));
            return;
        }
        let old_name = self.ground.old.policy(&was.placed.table, &previous.name);
        let is_renamed = old_name != previous.name;
        if is_renamed {
            let step =
                PolicyStep::Rename { on: is.on(), from: old_name.to_owned(), to: next.name.clone(), leg: Leg::Whole };
            self.steps.push(is.stage(Stage::RenamePolicy, Stage::RenameLinkedPolicy), Step::Policy(step));
        }
        // A policy follows a role that is renamed; drizzle-kit says the name anyway, but of a renamed policy.
        let says_role = !is_renamed && next.role_names().into_iter().any(|role| self.ground.old.role(role) != role);
        let is_same = scope::are_same(&was.reads, &is.reads) && !self.has_old_labels(was) && !says_role;
        if is_same && diff::same_policy(previous, next) {
            return;
        }
        let step = PolicyStep::Alter {
            on: is.on(),
            previous: Box::new(previous.clone()),
            next: next.clone(),
            needs: is.reads.clone(),
            releases: scope::without(&was.reads, &is.reads),
        };
        self.steps.push(is.stage(Stage::AlterPolicy, Stage::AlterLinkedPolicy), Step::Policy(step));
    }

    /// Whether the policy reads a view that is dropped.
    fn holds_view(&self, was: &Policed) -> bool {
        let mut relations = was.reads.relations.iter().map(|relation| self.ground.old.before(Kind::View, relation));
        relations.any(|relation| self.dropped_views.contains(relation))
    }

    /// Whether something that the policy names goes, gets another type or is made anew.
    fn is_in_the_way(&self, was: &Policed) -> bool {
        let Reads { relations, columns, types } = &was.reads;
        let Ground { touched, recreated, old } = self.ground;
        let changes = |(table, column): &(Name, String)| {
            let is_gone = self.next.tables.get(&table.key()).is_some_and(|table| !table.columns.contains_key(column));
            is_gone || touched.of(&table.key()).is_some_and(|touched| touched.changes_type(column))
        };
        let is_gone = |relation: &Name| {
            let key = relation.key();
            let is_there = self.next.tables.contains_key(&key) || self.next.views.contains_key(&key);
            !is_there || self.dropped_views.contains(old.before(Kind::View, relation))
        };
        let is_made_anew = |name: &Name| recreated.contains(name) || !self.next.enums.contains_key(&name.key());
        let anew = recreated.anew();
        let is_under_anew = || was.placed.policy.expressions().any(|condition| anew.is_under(condition));
        is_under_anew()
            || columns.iter().any(changes)
            || relations.iter().any(is_gone)
            || types.iter().any(is_made_anew)
    }

    /// Whether a `*` of the policy stands for a renamed column, which keeps its old name there as a label.
    fn has_old_labels(&self, was: &Policed) -> bool {
        let is_renamed = |(table, column): &(Name, String)| self.ground.old.column(table, column) != column;
        let takes_all = |condition: &str| Mentions::of(condition).names_all_columns();
        was.reads.columns.iter().any(is_renamed) && was.placed.policy.expressions().any(takes_all)
    }

    /// Drops a policy, by the name that it has before this migration.
    fn drop(&mut self, was: &Policed, why: PolicyEnd) {
        let Policed { placed, reads } = was;
        let old = self.ground.old;
        let is_in_the_way = self.is_in_the_way(was);
        let mut releases = reads.clone();
        // A view that is dropped has its old name by then; another one may be renamed as it stands.
        releases.relations.retain_mut(|relation| {
            let before = old.before(Kind::View, relation).clone();
            let is_renamed = before != *relation;
            let is_dropped = self.dropped_views.contains(&before);
            *relation = before;
            is_dropped || !is_renamed
        });
        let step = PolicyStep::Drop {
            on: was.on(),
            early: is_in_the_way.then(|| old.before(Kind::Table, &placed.table).clone()),
            policy: Policy { name: old.policy(&placed.table, &placed.policy.name).to_owned(), ..placed.policy.clone() },
            why,
            releases,
        };
        let late = was.stage(Stage::DropPolicy, Stage::DropLinkedPolicy);
        self.steps.push(if is_in_the_way { Stage::TakeDownPolicy } else { late }, Step::Policy(step));
    }

    /// Drops policies right before their tables.
    fn drop_with_tables(&mut self, mut policies: HashMap<&Name, Vec<Step>>) {
        if policies.is_empty() {
            return;
        }
        for (stage, step) in std::mem::take(&mut self.steps.0) {
            if let Step::Table(TableStep::Drop { table, .. }) = &step {
                for policy in policies.remove(&Name::of(table)).into_iter().flatten() {
                    self.steps.push(Stage::DropTable, policy);
                }
            }
            self.steps.push(stage, step);
        }
    }

    fn create(&mut self, is: &Policed, replaced: Option<&Policed>) {
        let step = PolicyStep::Create {
            on: is.on(),
            policy: is.placed.policy.clone(),
            replaced: replaced.map(|was| Box::new(was.placed.policy.clone())),
            // After what the policy before it gave way to.
            needs: replaced.map_or_else(|| is.reads.clone(), |was| scope::union(&is.reads, &was.reads)),
        };
        self.steps.push(is.stage(Stage::CreatePolicy, Stage::CreateLinkedPolicy), Step::Policy(step));
    }
}

/// `ALTER POLICY` changes roles and conditions, and takes no condition away.
fn can_alter(previous: &Policy, next: &Policy) -> bool {
    previous.kind.unwrap_or_default() == next.kind.unwrap_or_default()
        && previous.command.unwrap_or_default() == next.command.unwrap_or_default()
        && (previous.using.is_none() || next.using.is_some())
        && (previous.with_check.is_none() || next.with_check.is_some())
}
