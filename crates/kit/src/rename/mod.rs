//! Renames: two schemas alone do not tell a rename from a drop and a create. Whoever calls
//! answers; what stays unanswered comes back as questions.
//!
//! Answers are applied to the previous schema, kind by kind in the order in which drizzle-kit
//! asks, so that everything after this module finds an object by its new name.

mod answers;
mod apply;
mod kind;
mod objects;
mod parts;
mod passing;
mod policies;
mod renamed;
mod sides;
mod values;

use std::collections::HashSet;
use std::fmt;

use schema::mentions::mentions;
use schema::{Column, Map, Policy, Schema};

use self::passing::{in_passing, make_way, sibling_in_passing};
use self::sides::Sides;
use crate::step::Name;

pub use answers::{Answer, Answers, ParseError, UsingError};
pub use kind::Kind;
pub(crate) use passing::before_leaving;
pub use renamed::Rename;

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

/// How many of the objects that are gone a question names: the rest are less like the new one.
const NAMED: usize = 5;

impl Question {
    /// Every answer that would settle the question, as strings of `--rename` (first, from the likeliest name on) and
    /// `--create` (last).
    pub fn answers(&self) -> Vec<Answer> {
        let kind = self.is_ambiguous.then_some(self.kind);
        let to = &self.created;
        let renames = self.likeliest_first().into_iter();
        let renames = renames.map(|from| Answer::Rename { kind, from: from.to_owned(), to: to.clone() });
        renames.chain([Answer::Create { kind, name: to.clone() }]).collect()
    }

    /// The answers that are worth a line each where nobody chooses: the likeliest renames, and the new object.
    pub fn likely_answers(&self) -> Vec<Answer> {
        let mut answers = self.answers();
        let unlikely = NAMED.min(answers.len() - 1)..answers.len() - 1;
        answers.drain(unlikely);
        answers
    }

    fn likeliest_first(&self) -> Vec<&str> {
        let likeness = |name: &str| strsim::jaro_winkler(name, &self.created);
        let mut candidates: Vec<(f64, &str)> = self.candidates.iter().map(|name| (likeness(name), &**name)).collect();
        candidates.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        candidates.into_iter().map(|(_, name)| name).collect()
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { kind, created, candidates, is_ambiguous: _ } = self;
        let named: Vec<&str> = self.likeliest_first().into_iter().take(NAMED).collect();
        write!(f, "is {} {created} new, or was it renamed from {}", kind.word(), named.join(" or "))?;
        match candidates.len() - named.len() {
            0 => write!(f, "?"),
            1 => write!(f, ", or from another one?"),
            rest => write!(f, ", or from one of {rest} others?"),
        }
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
    resolver.values();
    resolver.sequences();
    resolver.roles();
    resolver.tables();
    resolver.columns();
    resolver.policies();
    resolver.linked_policies();
    resolver.views();
    resolver.types();
    resolver.functions();
    resolver.triggers();
    if answers.rename_parts {
        resolver.parts();
    }
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
        for (_, to) in pairs.iter().filter(|(from, to)| from.name == to.name) {
            let tables = (self.previous.tables.get_mut(&to.key()), self.next.tables.get(&to.key()));
            if let (Some(table), Some(next)) = tables {
                apply::requalify(table, next);
            }
        }
        self.renames.extend(pairs.into_iter().map(|(from, to)| Rename::Table { from, to }));
    }

    fn columns(&mut self) {
        for key in self.kept_tables() {
            let (table, next) = (&self.previous.tables[&key], &self.next.tables[&key]);
            let name = Name::of(table);
            let Some(sides) = self.sides_in(&key, &table.columns, &next.columns) else { continue };
            let mut pairs = self.settle_in(Kind::Column, &key, sides);
            make_way(&mut pairs, &self.previous.tables[&key].columns);
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
        let has_new = || next.keys().any(|name| !previous.contains_key(name));
        (has_new() || self.names_part_of(table)).then(|| Sides::of(previous, next))
    }

    /// Whether an answer renames something that may be a part of the table.
    fn names_part_of(&self, table: &str) -> bool {
        let is_named = |answer: &Answer| matches!(answer, Answer::Rename { to, .. } if to.starts_with(table));
        self.answers.list.iter().any(is_named)
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
        for (at, from, to) in self.renamed(kind, sides) {
            gone.shift_remove(&from);
            new.shift_remove(&to);
            pairs.push((from, to));
            self.used[at] = true;
        }
        for (answer, used) in self.answers.list.iter().zip(&mut self.used) {
            if let Answer::Create { kind: asked, name } = answer
                && asked.is_none_or(|asked| asked == kind)
            {
                let count = new.len();
                new.retain(|key| !sides.means(name, key));
                *used |= new.len() < count;
            }
        }
        if !self.answers.create_the_rest {
            for created in new {
                let candidates = gone.iter().filter(|from| sides.can_be(from, &created));
                let candidates: Vec<String> = candidates.map(|from| sides.written(from)).collect();
                if !candidates.is_empty() {
                    let created = sides.written(&created);
                    let is_ambiguous = is_ambiguous(self.next, kind, &created);
                    self.questions.push(Question { kind, created, candidates, is_ambiguous });
                }
            }
        }
        pairs
    }

    /// What the answers rename among the objects of the kind, each with the place of its answer. What keeps its name
    /// may be renamed too, where something else has the name afterwards; but nothing takes a name that is not left, unless it
    /// is that of a column, which goes then.
    fn renamed(&self, kind: Kind, sides: &Sides) -> Vec<(usize, String, String)> {
        let mut renamed: Vec<(usize, String, String)> = Vec::new();
        for (at, answer) in self.answers.list.iter().enumerate().filter(|(at, _)| !self.used[*at]) {
            let Answer::Rename { kind: asked, from, to } = answer else { continue };
            if !asked.is_none_or(|asked| asked == kind) {
                continue;
            }
            for (from, to) in sides.pairs(from, to) {
                let is_free = |(_, was, is): &(usize, String, String)| *was != from && *is != to;
                if from != to && renamed.iter().all(is_free) {
                    renamed.push((at, from, to));
                }
            }
        }
        loop {
            let left: HashSet<String> = renamed.iter().map(|(_, from, _)| from.clone()).collect();
            let count = renamed.len();
            let gives_way =
                |from: &str, to: &str| kind == Kind::Column && sides.gives_way(from, to) && self.can_go(to, from);
            renamed.retain(|(_, from, to)| sides.new.contains(to) || left.contains(to) || gives_way(from, to));
            if renamed.len() == count {
                // In the order in which drizzle-kit asks, whatever that of the answers.
                renamed.sort_by_key(|(_, _, to)| sides.new.get_index_of(to));
                return renamed;
            }
        }
    }

    /// Whether a column can be dropped before another takes its name: not where the other is computed from it.
    fn can_go(&self, leaving: &str, taker: &str) -> bool {
        let Some(column) = column(&self.previous, taker) else { return false };
        let table = taker.strip_suffix(column.name.as_str()).unwrap_or_default();
        let name = leaving.strip_prefix(table).unwrap_or_default();
        column.generated.as_ref().is_none_or(|generated| !mentions(&generated.expression, name))
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

/// Whether an object of another kind has the same name, as an answer writes it.
fn is_ambiguous(schema: &Schema, kind: Kind, name: &str) -> bool {
    Kind::ALL.into_iter().filter(|other| *other != kind).any(|other| match other {
        Kind::Schema => schema.schemas.contains_key(name),
        Kind::Enum => schema.enums.contains_key(name),
        Kind::Value => values::has(schema, name),
        Kind::Sequence => schema.sequences.contains_key(name),
        Kind::Table => schema.tables.contains_key(name),
        Kind::Role => schema.roles.contains_key(name),
        Kind::Column => column(schema, name).is_some(),
        Kind::Policy => policy(schema, name).is_some(),
        Kind::View => schema.views.contains_key(name),
        Kind::Collation
        | Kind::Domain
        | Kind::Composite
        | Kind::Range
        | Kind::Function
        | Kind::Procedure
        | Kind::Trigger => objects::has(&schema.objects, other, name),
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
