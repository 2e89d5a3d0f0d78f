//! The name of a migration: what it changes, in a few words that make a file name.

mod objects;

use std::collections::HashSet;

use Verb::{Add, AddPart, Alter, Comment, Create, CreatePart, Drop, DropPart, Move, Remove, Rename};

use crate::Migration;
use crate::step::{
    ColumnStep, ConstraintStep, EnumStep, IndexStep, PolicyEnd, PolicyStep, RoleStep, SchemaStep, SequenceStep, Step,
    TableStep, ViewChange, ViewStep,
};

/// The longest name, so that file names stay readable in a listing.
const MAX_LENGTH: usize = 60;

/// What a step does, and to what.
type Phrase = (Verb, String);

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Verb {
    Create,
    Drop,
    Rename,
    Move,
    Add,
    Remove,
    Alter,
    // What goes with a table that is made or dropped.
    CreatePart,
    AddPart,
    DropPart,
    Comment,
}

impl Verb {
    /// The lower, the more it says of a migration, which those of the lowest rank name.
    fn rank(self) -> u8 {
        match self {
            Create | Drop | Rename | Move => 0,
            Add | Remove => 1,
            Alter => 2,
            CreatePart | AddPart | DropPart => 3,
            Comment => 4,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Create | CreatePart => "create",
            Drop | DropPart => "drop",
            Rename => "rename",
            Move => "move",
            Add | AddPart => "add",
            Remove => "remove",
            Alter => "alter",
            Comment => "comment",
        }
    }
}

/// A name such as `add_users_role` or `create_users_and_posts`, in lower case with underscores.
pub fn suggest(migration: &Migration) -> String {
    let mut seen = HashSet::new();
    let mut phrases: Vec<Phrase> = migration.steps().iter().map(|planned| describe(&planned.step)).collect();
    phrases.retain(|phrase| seen.insert(phrase.clone()));
    let rank = phrases.iter().map(|(verb, _)| verb.rank()).min();
    phrases.retain(|(verb, _)| Some(verb.rank()) == rank);
    let name = slug(&join(&phrases));
    if name.is_empty() { "migration".to_owned() } else { name }
}

/// `create_users_and_posts`: the verb once while it stays the same; a count where the list is long.
fn join(phrases: &[Phrase]) -> String {
    let full = phrases.chunk_by(|a, b| a.0 == b.0).map(|run| {
        let objects: Vec<&str> = run.iter().map(|(_, object)| object.as_str()).collect();
        format!("{}_{}", run[0].0.word(), objects.join("_and_"))
    });
    let full = full.collect::<Vec<_>>().join("_");
    match phrases {
        [first, rest @ ..] if slug(&full).len() > MAX_LENGTH && !rest.is_empty() => {
            format!("{}_{}_and_{}_more", first.0.word(), clip(&slug(&first.1), MAX_LENGTH - 20), rest.len())
        }
        _ => clip(&full, MAX_LENGTH).to_owned(),
    }
}

fn describe(step: &Step) -> Phrase {
    match step {
        Step::Schema(SchemaStep::Create { name }) => (CreatePart, format!("schema_{name}")),
        Step::Schema(SchemaStep::Rename { to, .. }) => (Rename, format!("schema_to_{to}")),
        Step::Schema(SchemaStep::Drop { name }) => (Drop, format!("schema_{name}")),
        Step::Enum(step) => enumeration(step),
        Step::Serial(_) => (Alter, "sequences".to_owned()),
        Step::Sequence(step) => sequence(step),
        Step::Role(step) => role(step),
        Step::Table(step) => table(step),
        Step::Column(step) => column(step),
        Step::Constraint(step) => constraint(step),
        Step::Index(IndexStep::Create { index, .. }) => (AddPart, index.name.clone()),
        Step::Index(IndexStep::Drop { index, .. }) => (DropPart, index.name.clone()),
        Step::Index(IndexStep::Rename { name, to, .. }) => (Rename, format!("{}_to_{to}", name.name)),
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

fn enumeration(step: &EnumStep) -> Phrase {
    match step {
        EnumStep::Create(declared) => (CreatePart, format!("enum_{}", declared.name)),
        EnumStep::AddValue { name, value, .. } => (Add, format!("{}_{value}", name.name)),
        EnumStep::RenameValue { name, from, to } => (Rename, format!("{}_{from}_to_{to}", name.name)),
        EnumStep::SetSchema { name, .. } => (Move, name.name.clone()),
        EnumStep::Rename { name, to, .. } => (Rename, format!("{}_to_{to}", name.name)),
        EnumStep::Recreate(declared) => (Alter, declared.name.clone()),
        EnumStep::Drop { name } => (DropPart, format!("enum_{}", name.name)),
    }
}

fn sequence(step: &SequenceStep) -> Phrase {
    match step {
        SequenceStep::Create(sequence) => (Create, sequence.name.clone()),
        SequenceStep::Alter { name, .. } => (Alter, name.name.clone()),
        SequenceStep::SetSchema { name, to, .. } => (Move, format!("{}_to_{to}", name.name)),
        SequenceStep::Rename { name, to, .. } => (Rename, format!("{}_to_{to}", name.name)),
        SequenceStep::Drop { name } => (Drop, name.name.clone()),
    }
}

fn role(step: &RoleStep) -> Phrase {
    match step {
        RoleStep::Create(role) => (Create, format!("role_{}", role.name)),
        RoleStep::Alter { next, .. } => (Alter, format!("role_{}", next.name)),
        RoleStep::Rename { from, to, .. } => (Rename, format!("role_{from}_to_{to}")),
        RoleStep::Drop { name } => (Drop, format!("role_{name}")),
    }
}

fn policy(step: &PolicyStep) -> Phrase {
    match step {
        PolicyStep::Create { policy, replaced: None, .. } => (AddPart, format!("policy_{}", policy.name)),
        PolicyStep::Drop { policy, why: PolicyEnd::Gone | PolicyEnd::WithTable, .. } => {
            (DropPart, format!("policy_{}", policy.name))
        }
        PolicyStep::Create { on, policy, .. } | PolicyStep::Drop { on, policy, .. } => {
            (Alter, format!("{}_{}", on.name.name, policy.name))
        }
        PolicyStep::Alter { on, next, .. } => (Alter, format!("{}_{}", on.name.name, next.name)),
        PolicyStep::Rename { on, from, to, .. } => (Rename, format!("{}_{from}_to_{to}", on.name.name)),
    }
}

fn table(step: &TableStep) -> Phrase {
    match step {
        TableStep::Create { table, .. } => (Create, table.name.clone()),
        TableStep::Drop { table, .. } => (Drop, table.name.clone()),
        TableStep::SetSchema { table, to, .. } => (Move, format!("{}_to_{to}", table.name)),
        TableStep::Rename { table, to, .. } => (Rename, format!("{}_to_{to}", table.name)),
        TableStep::EnableRls { table, .. }
        | TableStep::DisableRls { table }
        | TableStep::SetRlsForced { table, .. }
        | TableStep::SetUnlogged { table, .. }
        | TableStep::SetParameters { table, .. }
        | TableStep::ResetParameters { table, .. } => (Alter, table.name.clone()),
    }
}

fn view(ViewStep { name, change, .. }: &ViewStep) -> Phrase {
    let view = name.name.clone();
    match change {
        ViewChange::Create { recreated: false, .. } => (Create, view),
        ViewChange::Drop { recreated: false, .. } => (Drop, view),
        ViewChange::SetSchema { to, .. } => (Move, format!("{view}_to_{to}")),
        ViewChange::Rename { to, .. } => (Rename, format!("{view}_to_{to}")),
        ViewChange::Create { .. }
        | ViewChange::Drop { .. }
        | ViewChange::SetOptions(_)
        | ViewChange::ResetOptions(_)
        | ViewChange::SetTablespace(_)
        | ViewChange::SetAccessMethod(_) => (Alter, view),
    }
}

fn column(step: &ColumnStep) -> Phrase {
    match step {
        ColumnStep::Add { table, column, rebuilt: false, .. } => (Add, format!("{}_{}", table.name, column.name)),
        ColumnStep::Drop { table, column, rebuilt: false, .. } => (Remove, format!("{}_{}", table.name, column.name)),
        ColumnStep::Rename { table, from, to, .. } => (Rename, format!("{}_{from}_to_{to}", table.name)),
        ColumnStep::Add { table, column, .. } | ColumnStep::Drop { table, column, .. } => {
            (Alter, format!("{}_{}", table.name, column.name))
        }
        ColumnStep::SetType { table, next, .. } => (Alter, format!("{}_{}", table.name, next.name)),
        ColumnStep::SetDefault { table, column, .. }
        | ColumnStep::DropDefault { table, column, .. }
        | ColumnStep::SetNotNull { table, column }
        | ColumnStep::SetStorage { table, column, .. }
        | ColumnStep::SetCompression { table, column, .. }
        | ColumnStep::DropNotNull { table, column }
        | ColumnStep::AddIdentity { table, column, .. }
        | ColumnStep::AlterIdentity { table, column, .. }
        | ColumnStep::DropIdentity { table, column, .. }
        | ColumnStep::DropExpression { table, column, .. } => (Alter, format!("{}_{column}", table.name)),
    }
}

fn constraint(step: &ConstraintStep) -> Phrase {
    match step {
        ConstraintStep::AddPrimaryKey { table, .. } => (AddPart, format!("{}_primary_key", table.name)),
        ConstraintStep::AddUnique { unique, .. } => (AddPart, unique.name.clone()),
        ConstraintStep::AddCheck { check, .. } => (AddPart, check.name.clone()),
        ConstraintStep::AddExclusion { exclusion, .. } => (AddPart, exclusion.name.clone()),
        ConstraintStep::AddForeignKey { key, .. } => (AddPart, key.name.clone()),
        ConstraintStep::SetDeferral { name, .. } => (Alter, name.clone()),
        ConstraintStep::Drop { name, .. } => (DropPart, name.clone()),
        ConstraintStep::Rename { table, is_implicit: true, .. } => (Alter, table.name.clone()),
        ConstraintStep::Rename { from, to, .. } => (Rename, format!("{from}_to_{to}")),
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

#[cfg(test)]
mod tests {
    use schema::build::{Column, Index, Object, Policy, Table, enumeration, schema, types};

    use super::suggest;
    use crate::Migration;
    use crate::rename::{Answers, resolve};

    fn named<const A: usize, const B: usize>(previous: [Object; A], next: [Object; B]) -> String {
        let (previous, next) = (schema(previous).unwrap(), schema(next).unwrap());
        let resolved = resolve(&previous, &next, &Answers::default().create_the_rest());
        suggest(&Migration::new(crate::plan::plan(&resolved, &next)))
    }

    fn users() -> Table {
        Table::new("users").column(Column::new("id", types::integer()))
    }

    fn mood() -> Object {
        enumeration("mood", ["ok"]).into()
    }

    #[test]
    fn a_name_says_the_most_telling_change_and_leaves_out_what_goes_with_it() {
        let indexed = || users().index(Index::on(["id"]).name("by_id"));
        assert_eq!(named([], [indexed().into(), mood()]), "create_users");
        assert_eq!(
            named([users().into()], [indexed().column(Column::new("name", types::text())).into()]),
            "add_users_name"
        );
        assert_eq!(named([users().into()], [indexed().into()]), "add_by_id");
        assert_eq!(named([indexed().policy(Policy::new("own")).into()], [users().into()]), "alter_users");
        assert_eq!(named([], [mood()]), "create_enum_mood");
        assert_eq!(named([mood()], []), "drop_enum_mood");
    }
}
