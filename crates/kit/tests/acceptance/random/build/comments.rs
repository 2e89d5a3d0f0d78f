//! Comments, each on one of the objects that a schema has.

use schema::{Comment, CommentKind, CommentTarget, Commentable, FunctionKind, Schema, names};

use crate::random::spec::CommentSpec;

const TEXTS: [&str; 3] = ["as it is", "it's; -- \"x\" \\", "another\nline"];

/// Adds the comments, on objects that the schema has.
pub(super) fn add(schema: &mut Schema, specs: &[CommentSpec]) {
    for spec in specs {
        let targets = targets(schema, spec.kind);
        let Some(on) = targets.get(usize::from(spec.on) % targets.len().max(1)) else { continue };
        assert!(on.is_in(&Commentable::of(schema)), "{on:?}");
        let text = TEXTS[usize::from(spec.text) % TEXTS.len()].to_owned();
        schema.objects.comments.insert(on.key(), Comment { on: on.clone(), text });
    }
    schema.objects.comments.sort_keys();
}

fn target(kind: CommentKind, schema: Option<&str>, owner: Option<&str>, name: &str) -> CommentTarget {
    let [schema, owner] = [schema, owner].map(|name| name.map(str::to_owned));
    CommentTarget { kind, schema, owner, name: name.to_owned(), arguments: None }
}

fn targets(schema: &Schema, kind: u8) -> Vec<CommentTarget> {
    let objects = &schema.objects;
    match kind % 18 {
        0 => schema.schemas.keys().map(|name| target(CommentKind::Schema, None, None, name)).collect(),
        // An extension brings a comment of its own, which is not the same as none.
        1 => Vec::new(),
        2 => whole(CommentKind::Collation, objects.collations.values().map(|c| (&c.schema, &c.name))),
        3 => whole(CommentKind::Type, schema.enums.values().map(|e| (&e.schema, &e.name))),
        4 => whole(CommentKind::Type, objects.composites.values().map(|c| (&c.schema, &c.name))),
        5 => whole(CommentKind::Type, objects.ranges.values().map(|r| (&r.schema, &r.name))),
        6 => whole(CommentKind::Domain, objects.domains.values().map(|d| (&d.schema, &d.name))),
        7 => {
            let checks = |d: &schema::Domain| {
                let of = |name: &String| target(CommentKind::DomainConstraint, Some(&d.schema), Some(&d.name), name);
                d.check_constraints.keys().map(of).collect::<Vec<_>>()
            };
            objects.domains.values().flat_map(checks).collect()
        }
        8 => functions(schema),
        9 => whole(CommentKind::Sequence, schema.sequences.values().map(|s| (&s.schema, &s.name))),
        10 => {
            let partitions = whole(CommentKind::Table, objects.partitions.values().map(|p| (&p.schema, &p.name)));
            let tables = schema.tables.values();
            let tables = tables.map(|t| target(CommentKind::Table, Some(t.schema_name()), None, &t.name));
            tables.chain(partitions).collect()
        }
        11 => columns(schema),
        12 => constraints(schema),
        13 => {
            let indexes = schema.tables.values().flat_map(|t| t.indexes.keys().map(|name| (t.schema_name(), name)));
            let views = schema.views.values().filter_map(|v| Some((&v.schema, objects.views.get(&v.key())?)));
            let of_views = views.flat_map(|(of, beside)| beside.indexes.keys().map(|name| (of.as_str(), name)));
            let indexes = indexes.chain(of_views);
            indexes.map(|(of, name)| target(CommentKind::Index, Some(of), None, name)).collect()
        }
        14 => {
            let kind = |m| if m { CommentKind::MaterializedView } else { CommentKind::View };
            let views = schema.views.values();
            views.map(|v| target(kind(v.materialized), Some(&v.schema), None, &v.name)).collect()
        }
        15 => {
            let policies =
                schema.tables.values().flat_map(|table| table.policies.keys().map(move |name| (table, name)));
            let of = |(table, name): (&schema::Table, &String)| {
                target(CommentKind::Policy, Some(table.schema_name()), Some(&table.name), name)
            };
            policies.map(of).collect()
        }
        16 => whole(CommentKind::Statistics, objects.statistics.values().map(|s| (&s.schema, &s.name))),
        _ => {
            let triggers = objects.triggers.values();
            triggers.map(|t| target(CommentKind::Trigger, Some(&t.schema), Some(&t.table), &t.name)).collect()
        }
    }
}

fn whole<'a>(kind: CommentKind, names: impl Iterator<Item = (&'a String, &'a String)>) -> Vec<CommentTarget> {
    names.map(|(schema, name)| target(kind, Some(schema), None, name)).collect()
}

fn functions(schema: &Schema) -> Vec<CommentTarget> {
    let of = |function: &schema::Function| {
        let kind = match function.kind {
            FunctionKind::Function => CommentKind::Function,
            FunctionKind::Procedure => CommentKind::Procedure,
        };
        let arguments = Some(function.identity().into_iter().map(str::to_owned).collect());
        CommentTarget { arguments, ..target(kind, Some(&function.schema), None, &function.name) }
    };
    schema.objects.functions.values().map(of).collect()
}

fn columns(schema: &Schema) -> Vec<CommentTarget> {
    let column = |schema: &str, owner: &str, name: &str| target(CommentKind::Column, Some(schema), Some(owner), name);
    let tables = schema.tables.values();
    let tables = tables.flat_map(|t| t.columns.keys().map(|name| column(t.schema_name(), &t.name, name)));
    let composites = schema.objects.composites.values();
    let composites = composites.flat_map(|c| c.attributes.keys().map(|name| column(&c.schema, &c.name, name)));
    tables.chain(composites).collect()
}

fn constraints(schema: &Schema) -> Vec<CommentTarget> {
    let mut targets = Vec::new();
    for table in schema.tables.values() {
        let mut add = |name: &str| {
            targets.push(target(CommentKind::Constraint, Some(table.schema_name()), Some(&table.name), name));
        };
        table.unique_constraints.keys().for_each(|name| add(name));
        table.composite_primary_keys.keys().for_each(|name| add(name));
        table.check_constraints.keys().for_each(|name| add(name));
        table.foreign_keys.keys().for_each(|name| add(name));
        if table.columns.values().any(|column| column.primary_key) {
            add(&names::catalog(&table.name, None, "pkey"));
        }
        let beside = schema.objects.tables.get(&table.key());
        beside.into_iter().flat_map(|beside| beside.exclusion_constraints.keys()).for_each(|name| add(name));
    }
    targets
}
