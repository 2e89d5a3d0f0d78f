//! Views and materialized views. PostgreSQL keeps a view as it was understood when it was made: a
//! column or relation that its query names can be renamed under it, and neither retyped nor dropped.
//! A view in the way is dropped first and made again at the end, and so is every view on it.

mod ground;
mod indexes;
mod options;
mod reader;

use std::collections::HashSet;

use schema::mentions::Mentions;
use schema::{Schema, Table, View};

pub(super) use self::ground::Ground;
use self::reader::Reader;
use super::route::{self, Hop};
use super::{OldNames, Stage, Steps};
use crate::diff::{Matched, Pair};
use crate::rename::Kind;
use crate::step::{Name, Step, ViewChange, ViewStep};

/// Views: dropped before what they stand on changes, made after all of it.
pub(super) fn plan(steps: &mut Steps, previous: &Schema, next: &Schema, tables: &Matched<Table>, ground: Ground) {
    let views = Matched::new(&previous.views, &next.views);
    if views.all().next().is_none() {
        return;
    }
    let recreated = recreated(&views, tables, &ground);
    let of_previous = Reader::new(previous, Some(ground.old));
    let of_next = Reader::new(next, None);
    let is_recreated = |view: &View| recreated.contains(&view.key());
    let ours = |view: &&View| !view.is_existing;

    for dropped in views.dropped.iter().copied().filter(ours) {
        steps.push(Stage::DropView, drop(dropped, &of_previous, false));
    }
    for pair in views.kept.iter().filter(|pair| is_recreated(pair.next)) {
        steps.push(Stage::DropView, drop(pair.previous, &of_previous, true));
    }
    rename(steps, Pair { previous, next }, &views, ground.old, &is_recreated);
    for pair in views.kept.iter().filter(|pair| is_ours(**pair) && !is_recreated(pair.next)) {
        let changes = options::changes(*pair).into_iter();
        changes.for_each(|change| steps.push(Stage::AlterView, step(pair.next, Name::of_view(pair.next), change)));
    }
    for created in views.created.iter().copied().filter(ours) {
        steps.push(Stage::CreateView, create(created, &of_next, false));
    }
    for pair in views.kept.iter().filter(|pair| is_recreated(pair.next)) {
        steps.push(Stage::CreateView, create(pair.next, &of_next, true));
    }
    indexes::plan(steps, Pair { previous, next }, &views, &recreated, &ground);
}

/// Whether migrations made the view, and go on to.
fn is_ours(view: Pair<&View>) -> bool {
    !view.previous.is_existing && !view.next.is_existing
}

/// The views that are dropped and made again: no ALTER gives them their query, or they are in the way.
fn recreated(views: &Matched<View>, tables: &Matched<Table>, ground: &Ground) -> HashSet<String> {
    let kept = views.kept.iter().copied().filter(|pair| !pair.next.is_existing);
    let (changed, same): (Vec<Pair<&View>>, Vec<Pair<&View>>) = kept.partition(|pair| {
        let Pair { previous, next } = *pair;
        previous.is_existing || previous.definition != next.definition || previous.materialized != next.materialized
    });
    let mut recreated: HashSet<String> = changed.iter().map(|pair| pair.next.key()).collect();
    if same.is_empty() {
        return recreated;
    }
    let mut moving = ground.moving_names(views, tables);
    moving.extend(changed.iter().map(|pair| Name::of_view(pair.next)));
    let shifts = ground.shifts(tables);
    let mut standing: Vec<(&View, Mentions)> = same
        .iter()
        .map(|pair| (pair.next, Mentions::of(pair.next.definition.as_deref().unwrap_or_default())))
        .collect();
    let has_type =
        |mentions: &Mentions| ground.recreated.anew().names().any(|name| mentions.has_type(&name.schema, &name.name));
    let is_shifted = |view: &View, mentions: &Mentions| {
        has_type(mentions) || shifts.iter().any(|shift| shift.is_under(view, mentions))
    };
    let calls = |view: &View| view.definition.as_deref().is_some_and(|query| ground.recreated.anew().calls(query));
    let renamed = ground.renamed_objects();
    let is_renamed = |view: &View, mentions: &Mentions| {
        view.definition.as_deref().is_some_and(|query| renamed.is_under(query, mentions))
    };
    // Each round may take down a view that others stand on.
    loop {
        let falls = |(view, mentions): &(&View, Mentions)| {
            calls(view)
                || moving.iter().any(|name| mentions.has_relation(&name.schema, &name.name))
                || is_shifted(view, mentions)
                || is_renamed(view, mentions)
        };
        let (falling, rest): (Vec<_>, Vec<_>) = standing.into_iter().partition(falls);
        if falling.is_empty() {
            return recreated;
        }
        moving = falling.iter().map(|(view, _)| Name::of_view(view)).collect();
        recreated.extend(falling.iter().map(|(view, _)| view.key()));
        standing = rest;
    }
}

fn rename(
    steps: &mut Steps,
    schemas: Pair<&Schema>,
    views: &Matched<View>,
    old: OldNames,
    is_recreated: &impl Fn(&View) -> bool,
) {
    let kept = |name: &Name| views.kept.iter().copied().find(|pair| Name::of_view(pair.next) == *name);
    let exists = |name: &Name| route::is_taken(schemas, name);
    for (to, hops) in route::routes(old.0, Kind::View, exists) {
        let Some(pair) = kept(to).filter(|pair| is_ours(*pair) && !is_recreated(pair.next)) else { continue };
        let steps_of = |hop| match hop {
            Hop::SetSchema { from, to, leg } => {
                step(pair.next, from, ViewChange::SetSchema { to, carried: Vec::new(), leg })
            }
            Hop::Rename { from, to, leg } => step(pair.next, from, ViewChange::Rename { to, leg }),
        };
        // A move and a rename of one view are two hops in their order.
        let of_rename = if hops.len() == 1 { Stage::RenameView } else { Stage::MoveView };
        route::add(steps, vec![(to, hops)], [Stage::MoveView, of_rename], steps_of);
    }
}

fn step(view: &View, name: Name, change: ViewChange) -> Step {
    Step::View(ViewStep { name, is_materialized: view.materialized, change })
}

fn create(view: &View, reader: &Reader, recreated: bool) -> Step {
    let (name, options) = (Name::of_view(view), options::named(view));
    let change = ViewChange::Create { view: Box::new(view.clone()), options, reads: reader.reads(view), recreated };
    step(view, name, change)
}

/// Drops a view under the name that it has before any rename.
fn drop(view: &View, reader: &Reader, recreated: bool) -> Step {
    let definition = view.definition.as_ref().map(|query| match reader.old() {
        Some(old) => old.with_new_names(query),
        None => query.clone(),
    });
    let (calls, indexes) = (Vec::new(), indexes::of(reader.schema(), view).cloned().collect());
    let change = ViewChange::Drop { reads: reader.reads(view), definition, calls, indexes, recreated };
    step(view, reader.name_of(view), change)
}
