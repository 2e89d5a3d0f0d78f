//! Comments. What is made anew has lost its comment, and gets it back.

use std::collections::HashSet;

use schema::{Column, Comment, CommentKind, CommentTarget, Commentable, Function, FunctionKind, Map};

use super::{Change, partitions};
use crate::plan::{Stage, Steps, serial};
use crate::step::{
    ColumnStep, CommentStep, ConstraintStep, DomainChange, EnumStep, FunctionStep, IndexStep, Name, PartitionStep,
    PolicyStep, SequenceStep, SerialStep, StatisticsStep, Step, TableStep, TriggerStep, TypeStep, ViewChange, ViewStep,
};

/// Comments, after everything else.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let (was, is) = (&carried(change), &change.next.objects.comments);
    let made = Made::by(steps);
    let commentable = Commentable::of(change.next);
    let mut comments = Vec::new();
    for (_, comment) in was.iter().filter(|(key, _)| !is.contains_key(*key)) {
        let on = &comment.on;
        if on.is_in(&commentable) && !made.has(on) {
            comments.push(CommentStep { on: on.clone(), text: None });
        }
    }
    for (key, comment) in is {
        let is_same = was.get(key).is_some_and(|before| before.text == comment.text);
        if !is_same || made.has(&comment.on) || made.replaces(&comment.on) {
            comments.push(CommentStep { on: comment.on.clone(), text: Some(comment.text.clone()) });
        }
    }
    for comment in comments {
        steps.push(Stage::Comment, Step::Comment(comment));
    }
}

/// The comments that are there, on what they are on in the end: a partition that is renamed takes its own along.
fn carried(change: Change) -> Map<Comment> {
    let renames = partitions::renames(change);
    let carried = change.previous.objects.comments.values().cloned().map(|mut comment| {
        let CommentTarget { kind, schema, owner, name, arguments: _ } = &mut comment.on;
        let relation = if *kind == CommentKind::Table { Some(name) } else { owner.as_mut() };
        let is_on = |from: &Name, relation: &str| schema.as_deref() == Some(&from.schema) && *relation == from.name;
        if let Some(relation) = relation
            && let Some((_, to)) = renames.iter().find(|(from, _)| is_on(from, relation))
        {
            (*schema, *relation) = (Some(to.schema.clone()), to.name.clone());
        }
        (comment.on.key(), comment)
    });
    carried.collect()
}

/// What a migration makes, under the names that it has in the end.
struct Made {
    objects: HashSet<String>,
    /// What is made with all of its parts: tables, views and types.
    wholes: HashSet<(Option<String>, String)>,
    /// What goes, and may leave its name to something that is moved or renamed: indexes.
    gone: HashSet<String>,
}

impl Made {
    fn by(steps: &Steps) -> Self {
        let mut made = Made { objects: HashSet::new(), wholes: HashSet::new(), gone: HashSet::new() };
        for step in steps.iter() {
            made.add(step);
        }
        made
    }

    fn has(&self, on: &CommentTarget) -> bool {
        let owner = on.owner.clone().unwrap_or_else(|| on.name.clone());
        let is_whole = matches!(
            on.kind,
            CommentKind::Table
                | CommentKind::Column
                | CommentKind::Constraint
                | CommentKind::View
                | CommentKind::MaterializedView
                | CommentKind::Type
                | CommentKind::Domain
                | CommentKind::DomainConstraint
                | CommentKind::Collation
        );
        self.objects.contains(&on.key()) || (is_whole && self.wholes.contains(&(on.schema.clone(), owner)))
    }

    /// Whether the object has the name of one that goes.
    fn replaces(&self, on: &CommentTarget) -> bool {
        self.gone.contains(&on.key())
    }

    fn whole(&mut self, name: &Name) {
        self.wholes.insert((Some(name.schema.clone()), name.name.clone()));
    }

    fn part(&mut self, kind: CommentKind, owner: &Name, name: &str) {
        self.object(kind, &owner.schema, Some(&owner.name), name, None);
    }

    fn object(
        &mut self,
        kind: CommentKind,
        schema: &str,
        owner: Option<&str>,
        name: &str,
        arguments: Option<Vec<String>>,
    ) {
        let (schema, owner) = (Some(schema.to_owned()), owner.map(str::to_owned));
        let target = CommentTarget { kind, schema, owner, name: name.to_owned(), arguments };
        self.objects.insert(target.key());
    }

    fn index_gone(&mut self, schema: &str, name: &str) {
        let (kind, schema) = (CommentKind::Index, Some(schema.to_owned()));
        let target = CommentTarget { kind, schema, owner: None, name: name.to_owned(), arguments: None };
        self.gone.insert(target.key());
    }

    fn sequence(&mut self, name: &Name) {
        self.object(CommentKind::Sequence, &name.schema, None, &name.name, None);
    }

    /// The sequence that comes with a column.
    fn sequence_of(&mut self, table: &Name, column: &Column) {
        if let Some(identity) = &column.identity {
            self.sequence(&table.sibling(&identity.name));
        } else if column.is_serial() {
            self.sequence(&serial::sequence(table, &column.name));
        }
    }

    /// A constraint with its index.
    fn key_of(&mut self, table: &Name, name: &str) {
        self.part(CommentKind::Constraint, table, name);
        self.object(CommentKind::Index, &table.schema, None, name, None);
    }

    fn function(&mut self, function: &Function) {
        let kind = match function.kind {
            FunctionKind::Function => CommentKind::Function,
            FunctionKind::Procedure => CommentKind::Procedure,
        };
        let arguments = function.identity().into_iter().map(str::to_owned).collect();
        self.object(kind, &function.schema, None, &function.name, Some(arguments));
    }

    fn add(&mut self, step: &Step) {
        match step {
            Step::Table(TableStep::Create { table, .. }) => {
                let name = Name::of(table);
                self.whole(&name);
                for unique in table.unique_constraints.keys().chain(table.composite_primary_keys.keys()) {
                    self.key_of(&name, unique);
                }
                if table.columns.values().any(|column| column.primary_key) {
                    self.key_of(&name, &schema::names::catalog(&name.name, None, "pkey"));
                }
                table.columns.values().for_each(|column| self.sequence_of(&name, column));
            }
            Step::Table(TableStep::Drop { table, .. }) => {
                let keys = table.unique_constraints.keys().chain(table.composite_primary_keys.keys());
                keys.chain(table.indexes.keys()).for_each(|index| self.index_gone(table.schema_name(), index));
            }
            Step::Partition(PartitionStep::Create(partition)) => self.whole(&Name::of_partition(partition)),
            Step::Index(IndexStep::Drop { table, index, .. }) => self.index_gone(&table.schema, &index.name),
            Step::View(ViewStep { name, change: ViewChange::Create { .. }, .. }) => self.whole(name),
            Step::View(ViewStep { name, change: ViewChange::Drop { indexes, .. }, .. }) => {
                indexes.iter().for_each(|index| self.index_gone(&name.schema, &index.name));
            }
            Step::Column(ColumnStep::Add { table, column, .. }) => {
                self.part(CommentKind::Column, table, &column.name);
                self.sequence_of(table, column);
                if column.primary_key {
                    self.key_of(table, &schema::names::catalog(&table.name, None, "pkey"));
                }
            }
            Step::Column(ColumnStep::AddIdentity { table, identity, .. }) => {
                self.sequence(&table.sibling(&identity.name))
            }
            Step::Serial(SerialStep::CreateOwned { name, .. }) => self.sequence(name),
            Step::Sequence(SequenceStep::Create(sequence)) => self.sequence(&Name::of_sequence(sequence)),
            Step::Constraint(step) => self.constraint(step),
            Step::Index(IndexStep::Create { table, index, .. }) => {
                self.object(CommentKind::Index, &table.schema, None, &index.name, None);
            }
            Step::Enum(EnumStep::Create(declared) | EnumStep::Recreate(declared)) => {
                self.whole(&Name::of_enum(declared));
            }
            Step::Type(TypeStep::Create { definition, .. }) => self.whole(&definition.name()),
            Step::Type(TypeStep::Domain { name, change: DomainChange::AddCheck(check) }) => {
                self.part(CommentKind::DomainConstraint, name, &check.name);
            }
            Step::Function(FunctionStep::Create { function, .. }) => self.function(function),
            Step::Policy(PolicyStep::Create { on, policy, .. }) => {
                self.part(CommentKind::Policy, &on.name, &policy.name);
            }
            Step::Statistics(StatisticsStep::Create { statistics, .. }) => {
                self.object(CommentKind::Statistics, &statistics.schema, None, &statistics.name, None);
            }
            Step::Trigger(TriggerStep::Create { trigger, .. }) => {
                self.part(CommentKind::Trigger, &Name::new(&trigger.schema, &trigger.table), &trigger.name);
            }
            _ => {}
        }
    }

    fn constraint(&mut self, step: &ConstraintStep) {
        match step {
            ConstraintStep::AddPrimaryKey { table, key, .. } if key.name.is_empty() => {
                self.key_of(table, &schema::names::catalog(&table.name, None, "pkey"));
            }
            ConstraintStep::AddPrimaryKey { table, key, .. } => self.key_of(table, &key.name),
            ConstraintStep::AddUnique { table, unique, .. } => self.key_of(table, &unique.name),
            ConstraintStep::AddExclusion { table, exclusion, .. } => self.key_of(table, &exclusion.name),
            ConstraintStep::AddCheck { table, check, .. } => self.part(CommentKind::Constraint, table, &check.name),
            ConstraintStep::AddForeignKey { table, key, .. } => self.part(CommentKind::Constraint, table, &key.name),
            ConstraintStep::SetDeferral { .. } | ConstraintStep::Drop { .. } | ConstraintStep::Rename { .. } => {}
        }
    }
}
