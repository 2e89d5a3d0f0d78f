use schema::{Attribute, Check, Composite, Domain, Map};

use super::{Change, domains};
use crate::diff::{Matched, Pair};
use crate::plan::route::{self, Hop};
use crate::plan::{Stage, Steps};
use crate::rename::Kind;
use crate::step::{CompositeChange, DomainChange, Name, Step, TypeDefinition, TypeKind, TypeStep};

/// Domains, composite and range types and collations: made before what has them, dropped after it.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    renames(steps, change);
    let (was, is) = (&change.previous.objects, &change.next.objects);
    whole(steps, change, &was.collations, &is.collations, TypeDefinition::Collation);
    let (made, to_make) = (domains::with_defaults(&was.domains), domains::to_make(&was.domains, &is.domains));
    whole(steps, change, &made, &to_make, TypeDefinition::Domain);
    whole(steps, change, &was.ranges, &is.ranges, TypeDefinition::Range);
    composites(steps, change);
    let anew = change.recreated.anew();
    let domains = Matched::new(&was.domains, &is.domains);
    domains.created.into_iter().for_each(|created| outlived_default(steps, change, created));
    for pair in domains.kept {
        let name = Name::new(&pair.next.schema, &pair.next.name);
        if anew.has_type(&name) {
            outlived_default(steps, change, pair.next);
        } else {
            alter_domain(steps, change, &name, pair);
        }
    }
}

/// Drops the default that a domain has from the one below, which loses it.
fn outlived_default(steps: &mut Steps, change: Change, domain: &Domain) {
    let (was, is) = (&change.previous.objects.domains, &change.next.objects.domains);
    if let Some(default) = domains::outlived(domain, was, is) {
        let change = DomainChange::DropDefault(default.to_owned());
        push(steps, Stage::AlterType, TypeStep::Domain { name: Name::new(&domain.schema, &domain.name), change });
    }
}

/// `ALTER … SET SCHEMA` and `RENAME TO`, before anything else is made of a type.
fn renames(steps: &mut Steps, change: Change) {
    let schemas = Pair { previous: change.previous, next: change.next };
    let exists = |name: &Name| route::is_taken(schemas, name);
    for kind in [Kind::Collation, Kind::Domain, Kind::Composite, Kind::Range] {
        for (to, hops) in route::routes(change.old.0, kind, exists) {
            let kind = match kind {
                Kind::Domain => TypeKind::Domain,
                Kind::Composite => TypeKind::Composite,
                Kind::Collation => TypeKind::Collation,
                _ => match change.previous.objects.ranges.get(&to.key()) {
                    Some(range) => TypeKind::Range(Box::new(range.clone())),
                    None => continue,
                },
            };
            route::add(steps, vec![(to, hops)], [Stage::MoveType, Stage::RenameType], |hop| {
                Step::Type(match hop {
                    Hop::SetSchema { from: name, to, leg } => TypeStep::SetSchema { kind: kind.clone(), name, to, leg },
                    Hop::Rename { from: name, to, leg } => TypeStep::Rename { kind: kind.clone(), name, to, leg },
                })
            });
        }
    }
}

/// What is new, what goes, and what is made anew.
fn whole<T: Clone>(
    steps: &mut Steps,
    change: Change,
    previous: &Map<T>,
    next: &Map<T>,
    definition: impl Fn(T) -> TypeDefinition,
) {
    let matched = Matched::new(previous, next);
    for created in matched.created {
        push(steps, Stage::CreateType, create(definition(created.clone()), false));
    }
    for Pair { previous, next } in matched.kept {
        let (previous, next) = (definition(previous.clone()), definition(next.clone()));
        if change.recreated.anew().has_type(&next.name()) {
            push(steps, Stage::RecreateType, drop(previous, true));
            push(steps, Stage::RecreateType, create(next, true));
        }
    }
    for dropped in matched.dropped {
        push(steps, Stage::DropType, drop(definition(dropped.clone()), false));
    }
}

fn push(steps: &mut Steps, stage: Stage, step: TypeStep) {
    steps.push(stage, Step::Type(step));
}

fn create(definition: TypeDefinition, recreated: bool) -> TypeStep {
    TypeStep::Create { definition: Box::new(definition), recreated }
}

fn drop(definition: TypeDefinition, recreated: bool) -> TypeStep {
    TypeStep::Drop { definition: Box::new(definition), recreated }
}

fn alter_domain(steps: &mut Steps, change: Change, name: &Name, Pair { previous, next }: Pair<&Domain>) {
    let anew = change.recreated.anew();
    let mut push = |stage, change| push(steps, stage, TypeStep::Domain { name: name.clone(), change });
    let checks = Matched::new(&previous.check_constraints, &next.check_constraints);
    let changed: Vec<_> = checks.changed(|was: &Check, is: &Check| was == is && !anew.is_under(&is.value)).collect();
    for check in checks.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        push(Stage::AlterType, DomainChange::DropCheck(check.clone()));
    }
    let was = domains::default(previous, &change.previous.objects.domains);
    let is = domains::default(next, &change.next.objects.domains);
    let default_falls = was.is_some_and(|default| anew.is_under(default));
    if was != is || default_falls {
        if let Some(default) = was.filter(|_| is.is_none() || default_falls) {
            push(Stage::AlterType, DomainChange::DropDefault(default.to_owned()));
        }
        if let Some(default) = is {
            push(Stage::AlterType, DomainChange::SetDefault(default.to_owned()));
        }
    }
    match (previous.not_null, next.not_null) {
        (false, true) => push(Stage::AlterType, DomainChange::SetNotNull),
        (true, false) => push(Stage::AlterType, DomainChange::DropNotNull),
        (true, true) | (false, false) => {}
    }
    for check in checks.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        push(Stage::AlterType, DomainChange::AddCheck(check.clone()));
    }
}

fn composites(steps: &mut Steps, change: Change) {
    let composites = Matched::new(&change.previous.objects.composites, &change.next.objects.composites);
    for created in composites.created {
        push(steps, Stage::CreateType, create(TypeDefinition::Composite(created.clone()), false));
    }
    for pair in composites.kept {
        let attributes = Matched::new(&pair.previous.attributes, &pair.next.attributes);
        let name = Name::new(&pair.next.schema, &pair.next.name);
        let step = |change| TypeStep::Composite { name: name.clone(), change };
        // Before any column is text for a while: a text is read back by the attributes that it was written with.
        for dropped in &attributes.dropped {
            push(steps, Stage::AlterType, step(CompositeChange::Drop((*dropped).clone())));
        }
        for created in &attributes.created {
            push(steps, Stage::AlterType, step(CompositeChange::Add((*created).clone())));
        }
        if change.recreated.anew().has_type(&name) {
            push(steps, Stage::RecreateType, drop(TypeDefinition::Composite(in_order(pair, &attributes)), true));
            let next = Composite { attributes: ordered(&attributes, |pair| pair.next), ..pair.next.clone() };
            push(steps, Stage::RecreateType, create(TypeDefinition::Composite(next), true));
        } else {
            for changed in attributes.changed(|was, is| was == is) {
                let (previous, next) = (changed.previous.sql_type.clone(), changed.next.clone());
                push(steps, Stage::RecreateType, step(CompositeChange::SetType { previous, next }));
            }
        }
    }
    for dropped in composites.dropped {
        push(steps, Stage::DropType, drop(TypeDefinition::Composite(dropped.clone()), false));
    }
}

/// The type as it is once attributes have come and gone.
fn in_order(pair: Pair<&Composite>, attributes: &Matched<Attribute>) -> Composite {
    Composite { attributes: ordered(attributes, |pair| pair.previous), ..pair.previous.clone() }
}

/// The attributes in the order in which the type has them: a new one comes last.
fn ordered<'a>(
    attributes: &Matched<'a, Attribute>,
    side: impl Fn(&Pair<&'a Attribute>) -> &'a Attribute,
) -> Map<Attribute> {
    let kept = attributes.kept.iter().map(side);
    kept.chain(attributes.created.iter().copied()).map(|a| (a.name.clone(), a.clone())).collect()
}
