//! Renames: two schemas alone do not tell a rename from a drop and a create. Whoever calls
//! answers; what stays unanswered comes back as questions.
//!
//! Answers are applied to the previous schema, kind by kind in the order in which drizzle-kit
//! asks, so that everything after this module finds an object by its new name.

mod answers;
mod apply;
mod policies;

use std::fmt;

use indexmap::IndexSet;
use schema::{Column, Map, Policy, Schema};

pub use answers::{Answer, Answers, ParseError, UsingError};

use crate::step::Name;

/// A kind of object that can be renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A schema (namespace).
    Schema,
    /// An enum type.
    Enum,
    /// A sequence that stands alone.
    Sequence,
    /// A role.
    Role,
    /// A table.
    Table,
    /// A column.
    Column,
    /// A row-level security policy.
    Policy,
    /// A view or materialized view.
    View,
}

impl Kind {
    /// Every kind, in the order in which drizzle-kit asks.
    pub(crate) const ALL: [Kind; 8] =
        [Kind::Schema, Kind::Enum, Kind::Sequence, Kind::Role, Kind::Table, Kind::Column, Kind::Policy, Kind::View];

    /// The word that a flag's prefix and a question use.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Enum => "enum",
            Kind::Sequence => "sequence",
            Kind::Role => "role",
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::Policy => "policy",
            Kind::View => "view",
        }
    }
}

/// A rename or move that was answered and found its objects.
#[derive(Clone, Debug, PartialEq)]
pub enum Rename {
    /// A schema.
    Schema {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// An enum, renamed, moved to another schema, or both.
    Enum {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A sequence that stands alone, renamed, moved to another schema, or both.
    Sequence {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A role.
    Role {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A table, renamed, moved to another schema, or both.
    Table {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A column.
    Column {
        /// The table under its new name.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A row-level security policy.
    Policy {
        /// The table under its new name.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A view, renamed, moved to another schema, or both.
    View {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
}

impl Rename {
    /// The kind, the old and the new name of what has a name in a schema.
    pub(crate) fn moved(&self) -> Option<(Kind, &Name, &Name)> {
        match self {
            Rename::Enum { from, to } => Some((Kind::Enum, from, to)),
            Rename::Sequence { from, to } => Some((Kind::Sequence, from, to)),
            Rename::Table { from, to } => Some((Kind::Table, from, to)),
            Rename::View { from, to } => Some((Kind::View, from, to)),
            Rename::Schema { .. } | Rename::Role { .. } | Rename::Column { .. } | Rename::Policy { .. } => None,
        }
    }
}

/// An object that is new, among objects of its kind that are gone: created, or one of them renamed?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The kind of object.
    pub kind: Kind,
    /// The new object, as an answer writes it.
    pub created: String,
    /// The objects that are gone, as an answer writes them.
    pub candidates: Vec<String>,
    /// Whether the new object's name alone could mean an object of another kind, so that an answer
    /// must name the kind.
    pub is_ambiguous: bool,
}

impl Question {
    /// Every answer that would settle the question, as strings of `--rename` (first) and `--create` (last).
    pub fn answers(&self) -> Vec<Answer> {
        let kind = self.is_ambiguous.then_some(self.kind);
        let to = &self.created;
        let renames = self.candidates.iter().map(|from| Answer::Rename { kind, from: from.clone(), to: to.clone() });
        renames.chain([Answer::Create { kind, name: to.clone() }]).collect()
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { kind, created, candidates, is_ambiguous: _ } = self;
        write!(f, "is {} {created} new, or was it renamed from {}?", kind.word(), candidates.join(" or "))
    }
}

/// The previous schema under the next one's names.
#[derive(Debug)]
pub struct Resolved {
    /// The previous schema with every answered rename applied.
    pub previous: Schema,
    /// The renames, in the order in which they were applied.
    pub renames: Vec<Rename>,
    /// What no answer settles.
    pub questions: Vec<Question>,
    /// How the values of a column become those of its new type, by `schema.table.column`.
    pub using: Map<String>,
    /// Answers that found no object to rename or to convert, as they were given.
    pub unused: Vec<Answer>,
}

/// Applies `answers` to `previous`, and finds what they leave open.
pub fn resolve(previous: &Schema, next: &Schema, answers: &Answers) -> Resolved {
    let mut resolver = Resolver {
        previous: previous.clone(),
        next,
        answers,
        used: vec![false; answers.list.len()],
        renames: Vec::new(),
        questions: Vec::new(),
    };
    resolver.schemas();
    resolver.enums();
    resolver.sequences();
    resolver.roles();
    resolver.tables();
    resolver.columns();
    resolver.policies();
    resolver.linked_policies();
    resolver.views();
    let using = resolver.using();
    let unused = answers.list.iter().zip(&resolver.used).filter(|(_, used)| !**used).map(|(a, _)| a.clone()).collect();
    Resolved { previous: resolver.previous, renames: resolver.renames, questions: resolver.questions, using, unused }
}

struct Resolver<'a> {
    previous: Schema,
    next: &'a Schema,
    answers: &'a Answers,
    used: Vec<bool>,
    renames: Vec<Rename>,
    questions: Vec<Question>,
}

impl Resolver<'_> {
    fn schemas(&mut self) {
        let pairs = self.settle(Kind::Schema, &Sides::of(&self.previous.schemas, &self.next.schemas));
        for (from, to) in in_turn(&pairs, in_passing) {
            apply::schema(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Schema { from, to }));
    }

    fn enums(&mut self) {
        let pairs = self.settle(Kind::Enum, &Sides::of(&self.previous.enums, &self.next.enums));
        let pairs =
            named(pairs, |key| Name::of_enum(&self.previous.enums[key]), |key| Name::of_enum(&self.next.enums[key]));
        for (from, to) in in_turn(&pairs, sibling_in_passing) {
            apply::enumeration(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Enum { from, to }));
    }

    fn sequences(&mut self) {
        let pairs = self.settle(Kind::Sequence, &Sides::of(&self.previous.sequences, &self.next.sequences));
        let (previous, next) = (&self.previous.sequences, &self.next.sequences);
        let pairs = named(pairs, |key| Name::of_sequence(&previous[key]), |key| Name::of_sequence(&next[key]));
        for (from, to) in in_turn(&pairs, sibling_in_passing) {
            apply::sequence(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Sequence { from, to }));
    }

    fn roles(&mut self) {
        let pairs = self.settle(Kind::Role, &Sides::of(&self.previous.roles, &self.next.roles));
        for (from, to) in in_turn(&pairs, in_passing) {
            apply::role(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Role { from, to }));
    }

    fn tables(&mut self) {
        let pairs = self.settle(Kind::Table, &Sides::of(&self.previous.tables, &self.next.tables));
        let pairs = named(pairs, |key| Name::of(&self.previous.tables[key]), |key| Name::of(&self.next.tables[key]));
        for (from, to) in in_turn(&pairs, sibling_in_passing) {
            apply::table(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Table { from, to }));
    }

    fn columns(&mut self) {
        for key in self.kept_tables() {
            let (table, next) = (&self.previous.tables[&key], &self.next.tables[&key]);
            let name = Name::of(table);
            let Some(sides) = self.sides_in(&key, &table.columns, &next.columns) else { continue };
            let pairs = self.settle_in(Kind::Column, &key, sides);
            for (from, to) in in_turn(&pairs, in_passing) {
                apply::column(&mut self.previous, &key, &from, &to);
            }
            let renames = pairs.into_iter().map(|(from, to)| Rename::Column { table: name.clone(), from, to });
            self.renames.extend(renames);
        }
    }

    fn views(&mut self) {
        let pairs = self.settle(Kind::View, &Sides::of(&self.previous.views, &self.next.views));
        let pairs =
            named(pairs, |key| Name::of_view(&self.previous.views[key]), |key| Name::of_view(&self.next.views[key]));
        for (from, to) in in_turn(&pairs, sibling_in_passing) {
            apply::view(&mut self.previous, &from, &to);
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::View { from, to }));
    }

    /// The keys of the tables that are in both schemas.
    fn kept_tables(&self) -> Vec<String> {
        self.previous.tables.keys().filter(|key| self.next.tables.contains_key(*key)).cloned().collect()
    }

    /// The parts of one table, unless nothing can be renamed among them.
    fn sides_in<T>(&self, table: &str, previous: &Map<T>, next: &Map<T>) -> Option<Sides> {
        let is_named = |answer: &Answer| matches!(answer, Answer::Rename { to, .. } if to.starts_with(table));
        let has_new = || next.keys().any(|name| !previous.contains_key(name));
        (has_new() || self.answers.list.iter().any(is_named)).then(|| Sides::of(previous, next))
    }

    /// [`settle`](Self::settle) for the parts of one table, which an answer writes behind the table's name.
    fn settle_in(&mut self, kind: Kind, table: &str, sides: Sides) -> Vec<(String, String)> {
        let bare = |path: String| path[table.len() + 1..].to_owned();
        let pairs = self.settle(kind, &sides.behind(table));
        pairs.into_iter().map(|(from, to)| (bare(from), bare(to))).collect()
    }

    /// The expressions that are given for columns whose type changes.
    fn using(&mut self) -> Map<String> {
        let mut using = Map::new();
        for (answer, used) in self.answers.list.iter().zip(&mut self.used) {
            if let Answer::Using { column, expression } = answer
                && is_retyped(&self.previous, self.next, column)
            {
                using.insert(column.clone(), expression.clone());
                *used = true;
            }
        }
        using
    }

    /// Pairs what was with what is, as the answers say; what they do not say of what is new becomes a question.
    fn settle(&mut self, kind: Kind, sides: &Sides) -> Vec<(String, String)> {
        let (mut gone, mut new) = (sides.gone.clone(), sides.new.clone());
        let mut pairs = Vec::new();
        for at in self.renamed(kind, sides) {
            if let Answer::Rename { from, to, .. } = &self.answers.list[at] {
                gone.shift_remove(from);
                new.shift_remove(to);
                pairs.push((from.clone(), to.clone()));
                self.used[at] = true;
            }
        }
        for (answer, used) in self.answers.list.iter().zip(&mut self.used) {
            if let Answer::Create { kind: asked, name } = answer
                && asked.is_none_or(|asked| asked == kind)
            {
                *used |= new.shift_remove(name);
            }
        }
        if !gone.is_empty() && !self.answers.create_the_rest {
            let candidates: Vec<String> = gone.into_iter().collect();
            let question = |created: String| {
                let is_ambiguous = is_ambiguous(self.next, kind, &created);
                Question { kind, created, candidates: candidates.clone(), is_ambiguous }
            };
            self.questions.extend(new.into_iter().map(question));
        }
        pairs
    }

    /// The answers that rename an object of the kind, by their place. What keeps its name may be renamed too,
    /// where something else has the name afterwards; but nothing takes a name that is not left.
    fn renamed(&self, kind: Kind, sides: &Sides) -> Vec<usize> {
        let mut renamed: Vec<(usize, &str, &str)> = Vec::new();
        for (at, answer) in self.answers.list.iter().enumerate().filter(|(at, _)| !self.used[*at]) {
            if let Answer::Rename { kind: asked, from, to } = answer
                && asked.is_none_or(|asked| asked == kind)
                && sides.was(from)
                && sides.is(to)
                && from != to
                && renamed.iter().all(|(_, other_from, other_to)| other_from != from && other_to != to)
            {
                renamed.push((at, from, to));
            }
        }
        loop {
            let left: Vec<&str> = renamed.iter().map(|(_, from, _)| *from).collect();
            let count = renamed.len();
            renamed.retain(|(_, _, to)| sides.new.contains(*to) || left.contains(to));
            if renamed.len() == count {
                return renamed.into_iter().map(|(at, ..)| at).collect();
            }
        }
    }
}

/// The names of one kind of object, before and after.
struct Sides {
    gone: IndexSet<String>,
    new: IndexSet<String>,
    kept: IndexSet<String>,
}

impl Sides {
    fn of<T>(previous: &Map<T>, next: &Map<T>) -> Self {
        let (kept, gone) = previous.keys().cloned().partition(|key| next.contains_key(key));
        let new = next.keys().filter(|key| !previous.contains_key(*key)).cloned().collect();
        Sides { gone, new, kept }
    }

    /// The names as paths behind that of their table.
    fn behind(self, table: &str) -> Self {
        let paths = |names: IndexSet<String>| names.into_iter().map(|name| format!("{table}.{name}")).collect();
        Sides { gone: paths(self.gone), new: paths(self.new), kept: paths(self.kept) }
    }

    fn was(&self, name: &str) -> bool {
        self.gone.contains(name) || self.kept.contains(name)
    }

    fn is(&self, name: &str) -> bool {
        self.new.contains(name) || self.kept.contains(name)
    }
}

/// Pairs of keys as pairs of names.
fn named(
    pairs: Vec<(String, String)>,
    previous: impl Fn(&String) -> Name,
    next: impl Fn(&String) -> Name,
) -> Vec<(Name, Name)> {
    pairs.iter().map(|(from, to)| (previous(from), next(to))).collect()
}

/// The pairs in an order in which each finds its new name free; where names go round in a circle, one of
/// them goes by a name that `in_passing` makes of it.
fn in_turn<N: Clone + PartialEq>(pairs: &[(N, N)], in_passing: impl Fn(&N) -> N) -> Vec<(N, N)> {
    let mut waiting = pairs.to_vec();
    let mut turns = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        match waiting.iter().position(|(_, to)| waiting.iter().all(|(from, _)| from != to)) {
            Some(free) => turns.push(waiting.remove(free)),
            None => {
                let (from, to) = waiting[0].clone();
                waiting[0].0 = in_passing(&to);
                turns.push((from, in_passing(&to)));
            }
        }
    }
    turns
}

/// A name that no object has: PostgreSQL allows no NUL in one.
fn in_passing(name: &String) -> String {
    format!("\0{name}")
}

fn sibling_in_passing(name: &Name) -> Name {
    name.sibling(&in_passing(&name.name))
}

/// Whether an object of another kind has the same name, as an answer writes it.
fn is_ambiguous(schema: &Schema, kind: Kind, name: &str) -> bool {
    Kind::ALL.into_iter().filter(|other| *other != kind).any(|other| match other {
        Kind::Schema => schema.schemas.contains_key(name),
        Kind::Enum => schema.enums.contains_key(name),
        Kind::Sequence => schema.sequences.contains_key(name),
        Kind::Table => schema.tables.contains_key(name),
        Kind::Role => schema.roles.contains_key(name),
        Kind::Column => column(schema, name).is_some(),
        Kind::Policy => policy(schema, name).is_some(),
        Kind::View => schema.views.contains_key(name),
    })
}

/// Whether the column is in both schemas, with another type.
fn is_retyped(previous: &Schema, next: &Schema, path: &str) -> bool {
    let (previous, next) = (column(previous, path), column(next, path));
    previous
        .zip(next)
        .is_some_and(|(previous, next)| previous.sql_type != next.sql_type || previous.type_schema != next.type_schema)
}

/// The column of a path `schema.table.column`.
fn column<'a>(schema: &'a Schema, path: &str) -> Option<&'a Column> {
    let mut tables = schema.tables.iter();
    tables.find_map(|(key, table)| table.columns.get(path.strip_prefix(key.as_str())?.strip_prefix('.')?))
}

/// The policy of a path `schema.table.policy`.
fn policy<'a>(schema: &'a Schema, path: &str) -> Option<&'a Policy> {
    let mut tables = schema.tables.iter();
    tables.find_map(|(key, table)| table.policies.get(path.strip_prefix(key.as_str())?.strip_prefix('.')?))
}

#[cfg(test)]
mod tests;
