//! What no snapshot holds: types and collations, functions and triggers.

use indexmap::IndexSet;
use schema::{Collation, Composite, Domain, Function, FunctionKind, Map, Objects, Range, Schema};

use super::sides::{Sides, is_called};
use super::{Kind, Rename, Resolver, apply, in_passing, in_turn, named, sibling_in_passing};
use crate::step::Name;

/// Whether an object of the kind has that name, as an answer writes it.
pub(super) fn has(objects: &Objects, kind: Kind, name: &str) -> bool {
    let is_function = |kind| objects.functions.iter().any(|(key, of)| of.kind == kind && is_called(name, key));
    match kind {
        Kind::Collation => objects.collations.contains_key(name),
        Kind::Domain => objects.domains.contains_key(name),
        Kind::Composite => objects.composites.contains_key(name),
        Kind::Range => objects.ranges.contains_key(name),
        Kind::Function => is_function(FunctionKind::Function),
        Kind::Procedure => is_function(FunctionKind::Procedure),
        Kind::Trigger => objects.triggers.contains_key(name),
        _ => false,
    }
}

impl Resolver<'_> {
    pub(super) fn types(&mut self) {
        self.named(
            Kind::Collation,
            |objects| &objects.collations,
            |Collation { schema, name, .. }| Name::new(schema, name),
            apply::collation,
            |from, to| Rename::Collation { from, to },
        );
        self.named(
            Kind::Domain,
            |objects| &objects.domains,
            |Domain { schema, name, .. }| Name::new(schema, name),
            apply::domain,
            |from, to| Rename::Domain { from, to },
        );
        self.named(
            Kind::Composite,
            |objects| &objects.composites,
            |Composite { schema, name, .. }| Name::new(schema, name),
            apply::composite,
            |from, to| Rename::Composite { from, to },
        );
        self.named(
            Kind::Range,
            |objects| &objects.ranges,
            |Range { schema, name, .. }| Name::new(schema, name),
            apply::range,
            |from, to| Rename::Range { from, to },
        );
    }

    /// Objects that have a schema and a name, and nothing else to tell them apart.
    fn named<T>(
        &mut self,
        kind: Kind,
        of: impl Fn(&Objects) -> &Map<T>,
        name: impl Fn(&T) -> Name,
        apply: impl Fn(&mut Schema, &Name, &Name),
        rename: impl Fn(Name, Name) -> Rename,
    ) {
        let sides = Sides::of(of(&self.previous.objects), of(&self.next.objects));
        let pairs = self.settle(kind, &sides);
        let (previous, next) = (of(&self.previous.objects), of(&self.next.objects));
        let pairs = named(pairs, |key| name(&previous[key]), |key| name(&next[key]));
        for (from, to) in in_turn(&pairs, sibling_in_passing) {
            apply(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| rename(from, to)));
    }

    /// Functions, then procedures: each is another one with other arguments.
    pub(super) fn functions(&mut self) {
        for (kind, of_kind) in [(Kind::Function, FunctionKind::Function), (Kind::Procedure, FunctionKind::Procedure)] {
            let (previous, next) = (&self.previous.objects.functions, &self.next.objects.functions);
            let sides = Sides::of_functions(&keys(previous, of_kind), &keys(next, of_kind));
            let pairs = self.settle(kind, &sides);
            let (previous, next) = (&self.previous.objects.functions, &self.next.objects.functions);
            let identity = |function: &Function| {
                let arguments = function.identity().into_iter().map(str::to_owned).collect();
                Identity { name: Name::of_function(function), arguments }
            };
            let pairs: Vec<(Identity, Identity)> =
                pairs.iter().map(|(from, to)| (identity(&previous[from]), identity(&next[to]))).collect();
            for (from, to) in in_turn(&pairs, Identity::in_passing) {
                apply::function(&mut self.previous, &from.name, &to.name, &to.arguments);
            }
            let renames = pairs.into_iter().map(|(from, Identity { name, arguments })| Rename::Function {
                kind: of_kind,
                from: from.name,
                to: name,
                arguments,
            });
            self.renames.extend(renames);
        }
    }

    /// Triggers, each asked about among those of its table or view.
    pub(super) fn triggers(&mut self) {
        let (was, mut is) = (by_table(&self.previous), by_table(self.next));
        for (key, previous) in was {
            let next = is.swap_remove(&key).unwrap_or_default();
            let Some(table) = previous.values().next().cloned() else { continue };
            let Some(sides) = self.sides_in(&key, &previous, &next) else { continue };
            let pairs = self.settle_in(Kind::Trigger, &key, sides);
            for (from, to) in in_turn(&pairs, in_passing) {
                apply::trigger(&mut self.previous.objects, &table, &from, &to);
            }
            let renames = pairs.into_iter().map(|(from, to)| Rename::Trigger { table: table.clone(), from, to });
            self.renames.extend(renames);
        }
    }
}

/// The triggers of each table or view, which has them for a name.
fn by_table(schema: &Schema) -> Map<Map<Name>> {
    let mut tables: Map<Map<Name>> = Map::new();
    for trigger in schema.objects.triggers.values() {
        let table = Name::new(&trigger.schema, &trigger.table);
        tables.entry(trigger.table_key()).or_default().insert(trigger.name.clone(), table);
    }
    tables
}

/// The keys of the functions of one kind.
fn keys(functions: &Map<Function>, kind: FunctionKind) -> IndexSet<&String> {
    functions.iter().filter(|(_, function)| function.kind == kind).map(|(key, _)| key).collect()
}

/// What tells a function from others.
#[derive(Clone, PartialEq)]
struct Identity {
    name: Name,
    arguments: Vec<String>,
}

impl Identity {
    fn in_passing(&self) -> Self {
        Identity { name: sibling_in_passing(&self.name), arguments: self.arguments.clone() }
    }
}
