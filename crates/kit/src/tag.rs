//! The name of a migration: what it changes, in a few words that make a file name.

mod objects;

use crate::Migration;
use crate::step::{
    ColumnStep, ConstraintStep, EnumStep, IndexStep, PolicyEnd, PolicyStep, RoleStep, SchemaStep, SequenceStep, Step,
    TableStep, ViewChange, ViewStep,
};

/// The longest name, so that file names stay readable in a listing.
const MAX_LENGTH: usize = 60;

/// A name such as `add_users_role` or `create_users_and_posts`, in lower case with underscores.
pub fn suggest(migration: &Migration) -> String {
    let mut phrases: Vec<(&'static str, String)> = Vec::new();
    for planned in migration.steps() {
        let phrase = describe(&planned.step);
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    // The first rank that says anything names the migration: what goes with a new table is part of it.
    let ranks =
        [["create", "drop", "rename", "move"].as_slice(), &["add", "remove"], &["alter"], &["index"], &["comment"]];
    let of_rank = |rank: &[&str]| phrases.iter().filter(|(verb, _)| rank.contains(verb)).cloned().collect::<Vec<_>>();
    let named = ranks.iter().map(|rank| of_rank(rank)).find(|found| !found.is_empty()).unwrap_or_default();
    let name = slug(&join(&named));
    if name.is_empty() { "migration".to_owned() } else { name }
}

/// `create_users_and_posts`: the verb once while it stays the same; a count where the list is long.
fn join(phrases: &[(&'static str, String)]) -> String {
    let full = phrases.chunk_by(|a, b| a.0 == b.0).map(|run| {
        let objects: Vec<&str> = run.iter().map(|(_, object)| object.as_str()).collect();
        format!("{}_{}", run[0].0, objects.join("_and_"))
    });
    let full = full.collect::<Vec<_>>().join("_");
    match phrases {
        [first, rest @ ..] if slug(&full).len() > MAX_LENGTH && !rest.is_empty() => {
            format!("{}_{}_and_{}_more", first.0, clip(&slug(&first.1), MAX_LENGTH - 20), rest.len())
        }
        _ => clip(&full, MAX_LENGTH).to_owned(),
    }
}

fn describe(step: &Step) -> (&'static str, String) {
    match step {
        Step::Schema(SchemaStep::Create { name }) => ("index", format!("schema_{name}")),
        Step::Schema(SchemaStep::Rename { to, .. }) => ("rename", format!("schema_to_{to}")),
        Step::Schema(SchemaStep::Drop { name }) => ("drop", format!("schema_{name}")),
        Step::Enum(step) => enumeration(step),
        Step::Serial(_) => ("alter", "sequences".to_owned()),
        Step::Sequence(step) => sequence(step),
        Step::Role(step) => role(step),
        Step::Table(step) => table(step),
        Step::Column(step) => column(step),
        Step::Constraint(step) => constraint(step),
        Step::Index(IndexStep::Create { index, .. }) => ("index", format!("add_{}", index.name)),
        Step::Index(IndexStep::Drop { index, .. }) => ("index", format!("drop_{}", index.name)),
        Step::Index(IndexStep::Rename { name, to, .. }) => ("rename", format!("{}_to_{to}", name.name)),
        Step::View(step) => view(step),
        Step::Policy(step) => policy(step),
        Step::Extension(step) => objects::extension(step),
        Step::Type(step) => objects::data_type(step),
        Step::Function(step) => objects::function(step),
        Step::Trigger(step) => objects::trigger(step),
        Step::Partition(step) => objects::partition(step),
        Step::Statistics(step) => objects::statistics(step),
        Step::Comment(step) => objects::comment(step),
    }
}

fn enumeration(step: &EnumStep) -> (&'static str, String) {
    match step {
        EnumStep::Create(declared) => ("index", format!("add_{}", declared.name)),
        EnumStep::AddValue { name, value, .. } => ("add", format!("{}_{value}", name.name)),
        EnumStep::SetSchema { name, .. } => ("move", name.name.clone()),
        EnumStep::Rename { name, to, .. } => ("rename", format!("{}_to_{to}", name.name)),
        EnumStep::Recreate(declared) => ("alter", declared.name.clone()),
        EnumStep::Drop { name } => ("index", format!("drop_{}", name.name)),
    }
}

fn sequence(step: &SequenceStep) -> (&'static str, String) {
    match step {
        SequenceStep::Create(sequence) => ("create", sequence.name.clone()),
        SequenceStep::Alter { name, .. } => ("alter", name.name.clone()),
        SequenceStep::SetSchema { name, to, .. } => ("move", format!("{}_to_{to}", name.name)),
        SequenceStep::Rename { name, to, .. } => ("rename", format!("{}_to_{to}", name.name)),
        SequenceStep::Drop { name } => ("drop", name.name.clone()),
    }
}

fn role(step: &RoleStep) -> (&'static str, String) {
    match step {
        RoleStep::Create(role) => ("create", format!("role_{}", role.name)),
        RoleStep::Alter { next, .. } => ("alter", format!("role_{}", next.name)),
        RoleStep::Rename { from, to, .. } => ("rename", format!("role_{from}_to_{to}")),
        RoleStep::Drop { name } => ("drop", format!("role_{name}")),
    }
}

fn policy(step: &PolicyStep) -> (&'static str, String) {
    match step {
        PolicyStep::Create { policy, replaced: None, .. } => ("index", format!("add_{}", policy.name)),
        PolicyStep::Drop { policy, why: PolicyEnd::Gone | PolicyEnd::WithTable, .. } => {
            ("index", format!("drop_{}", policy.name))
        }
        PolicyStep::Create { on, policy, .. } | PolicyStep::Drop { on, policy, .. } => {
            ("alter", format!("{}_{}", on.name.name, policy.name))
        }
        PolicyStep::Alter { on, next, .. } => ("alter", format!("{}_{}", on.name.name, next.name)),
        PolicyStep::Rename { on, from, to, .. } => ("rename", format!("{}_{from}_to_{to}", on.name.name)),
    }
}

fn table(step: &TableStep) -> (&'static str, String) {
    match step {
        TableStep::Create { table, .. } => ("create", table.name.clone()),
        TableStep::Drop { table, .. } => ("drop", table.name.clone()),
        TableStep::SetSchema { table, to, .. } => ("move", format!("{}_to_{to}", table.name)),
        TableStep::Rename { table, to, .. } => ("rename", format!("{}_to_{to}", table.name)),
        TableStep::EnableRls { table, .. }
        | TableStep::DisableRls { table }
        | TableStep::SetRlsForced { table, .. }
        | TableStep::SetUnlogged { table, .. }
        | TableStep::SetParameters { table, .. }
        | TableStep::ResetParameters { table, .. } => ("alter", table.name.clone()),
    }
}

fn view(ViewStep { name, change, .. }: &ViewStep) -> (&'static str, String) {
    let view = name.name.clone();
    match change {
        ViewChange::Create { recreated: false, .. } => ("create", view),
        ViewChange::Drop { recreated: false, .. } => ("drop", view),
        ViewChange::SetSchema { to, .. } => ("move", format!("{view}_to_{to}")),
        ViewChange::Rename { to, .. } => ("rename", format!("{view}_to_{to}")),
        ViewChange::Create { .. }
        | ViewChange::Drop { .. }
        | ViewChange::SetOptions(_)
        | ViewChange::ResetOptions(_)
        | ViewChange::SetTablespace(_)
        | ViewChange::SetAccessMethod(_) => ("alter", view),
    }
}

fn column(step: &ColumnStep) -> (&'static str, String) {
    match step {
        ColumnStep::Add { table, column, rebuilt: false, .. } => ("add", format!("{}_{}", table.name, column.name)),
        ColumnStep::Drop { table, column, rebuilt: false, .. } => ("remove", format!("{}_{}", table.name, column.name)),
        ColumnStep::Rename { table, from, to, .. } => ("rename", format!("{}_{from}_to_{to}", table.name)),
        ColumnStep::Add { table, column, .. } | ColumnStep::Drop { table, column, .. } => {
            ("alter", format!("{}_{}", table.name, column.name))
        }
        ColumnStep::SetType { table, next, .. } => ("alter", format!("{}_{}", table.name, next.name)),
        ColumnStep::SetDefault { table, column, .. }
        | ColumnStep::DropDefault { table, column, .. }
        | ColumnStep::SetNotNull { table, column }
        | ColumnStep::SetStorage { table, column, .. }
        | ColumnStep::SetCompression { table, column, .. }
        | ColumnStep::DropNotNull { table, column }
        | ColumnStep::AddIdentity { table, column, .. }
        | ColumnStep::AlterIdentity { table, column, .. }
        | ColumnStep::DropIdentity { table, column, .. }
        | ColumnStep::DropExpression { table, column, .. } => ("alter", format!("{}_{column}", table.name)),
    }
}

fn constraint(step: &ConstraintStep) -> (&'static str, String) {
    match step {
        ConstraintStep::AddPrimaryKey { table, .. } => ("index", format!("add_{}_primary_key", table.name)),
        ConstraintStep::AddUnique { unique, .. } => ("index", format!("add_{}", unique.name)),
        ConstraintStep::AddCheck { check, .. } => ("index", format!("add_{}", check.name)),
        ConstraintStep::AddExclusion { exclusion, .. } => ("index", format!("add_{}", exclusion.name)),
        ConstraintStep::AddForeignKey { key, .. } => ("index", format!("add_{}", key.name)),
        ConstraintStep::SetDeferral { name, .. } => ("alter", name.clone()),
        ConstraintStep::Drop { name, .. } => ("index", format!("drop_{name}")),
        ConstraintStep::Rename { table, .. } => ("alter", table.name.clone()),
    }
}

/// Lower case ASCII letters and digits, everything else one underscore.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.trim_end_matches('_').to_owned()
}

fn clip(name: &str, length: usize) -> &str {
    &name[..name.floor_char_boundary(length)]
}
