//! What is dropped and made again: PostgreSQL has no ALTER for it, or it stands on something that is made
//! again itself.

use std::collections::HashSet;

use schema::mentions::{Mentions, may_call};
use schema::{Argument, CollationName, Composite, Domain, Function, Objects, Range, Schema, quote};

use crate::diff::{Matched, Pair};
use crate::plan::OldNames;
use crate::rename::Kind;
use crate::step::Name;

/// The types, collations and functions that are made anew, and what that means for others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anew {
    /// Enum types whose values go or change places.
    enums: Vec<Name>,
    /// Those of them that are renamed, by the names that expressions from before have for them.
    written: Vec<Name>,
    /// Domains, composite and range types that are dropped and made again.
    types: Vec<Name>,
    /// Composite types that stay, while an attribute gets another type: no column can have one meanwhile.
    retyped: Vec<Name>,
    /// Types that come or go and stand on such a type or enum: they come after it, or go before it.
    over: Vec<Name>,
    /// Collations that are dropped and made again.
    collations: Vec<Name>,
    /// The keys of functions that are dropped and made again.
    functions: HashSet<String>,
    /// Their bare names, by which an expression calls them.
    function_names: HashSet<String>,
    /// Columns that get another collation, by the key of their table.
    recollated: HashSet<(String, String)>,
}

impl Anew {
    /// Finds them, given the enum types that are made anew.
    pub(in crate::plan) fn new(previous: &Schema, next: &Schema, enums: Vec<Name>, old: OldNames) -> Self {
        let (was, is) = (&previous.objects, &next.objects);
        if was.is_empty() && (is.is_empty() || enums.is_empty()) {
            return Anew::of_enums(enums, old);
        }
        let mut makes_way = Vec::new();
        loop {
            let mut anew = Anew::of_enums(enums.clone(), old);
            anew.find_types(previous, is, &makes_way);
            anew.find_over(was, is);
            anew.find_functions(was, is);
            let mut more = anew.unchecked(previous, is);
            more.extend(anew.in_circles(was, is));
            if more.is_empty() {
                anew.find_columns(previous, next);
                return anew;
            }
            makes_way.extend(more);
        }
    }

    fn of_enums(enums: Vec<Name>, old: OldNames) -> Self {
        let written = enums.iter().map(|name| (old.written(Kind::Enum, name), name));
        let written = written.filter(|(written, name)| written != *name).map(|(written, _)| written).collect();
        Anew { enums, written, ..Anew::default() }
    }

    /// Domains that would lose a check while what it calls is made anew, and could not get it back.
    fn unchecked(&self, previous: &Schema, is: &Objects) -> Vec<Name> {
        let makes_way = |domain: &Domain| domain.check_constraints.values().any(|check| self.is_under(&check.value));
        let kept = Matched::new(&previous.objects.domains, &is.domains).kept.into_iter();
        let making_way = kept.filter(|pair| makes_way(pair.previous));
        let names = making_way.map(|pair| Name::new(&pair.next.schema, &pair.next.name));
        names.filter(|name| !self.types.contains(name) && is_contained(previous, name)).collect()
    }

    /// Composite types of which an attribute goes over from a type that must go before another one is made again to
    /// that one: they would wait for each other.
    fn in_circles(&self, was: &Objects, is: &Objects) -> Vec<Name> {
        let made = || self.enums.iter().chain(&self.types).chain(&self.over);
        let goes_over = |previous: &Composite, next: &Composite| {
            let changed = Matched::new(&previous.attributes, &next.attributes);
            changed.kept.iter().any(|attribute| {
                names_one_of(&attribute.previous.sql_type, self.over.iter())
                    && names_one_of(&attribute.next.sql_type, made())
                    && attribute.previous.sql_type != attribute.next.sql_type
            })
        };
        let kept = Matched::new(&was.composites, &is.composites).kept.into_iter();
        let in_circles = kept.filter(|pair| goes_over(pair.previous, pair.next));
        let names = in_circles.map(|pair| Name::new(&pair.next.schema, &pair.next.name));
        names.filter(|name| self.retyped.contains(name)).collect()
    }

    fn find_types(&mut self, previous_schema: &Schema, is: &Objects, makes_way: &[Name]) {
        let was = &previous_schema.objects;
        let changed = Matched::new(&was.collations, &is.collations);
        self.collations
            .extend(changed.changed(|a, b| a == b).map(|pair| Name::new(&pair.next.schema, &pair.next.name)));
        let mut standing: Vec<(Name, Vec<String>)> = Vec::new();
        for Pair { previous, next } in Matched::new(&was.domains, &is.domains).kept {
            let name = Name::new(&next.schema, &next.name);
            let is_other = previous.base != next.base || previous.collation != next.collation;
            let is_narrower = narrows(previous, next) && is_contained(previous_schema, &name);
            if is_other || is_narrower || makes_way.contains(&name) {
                self.types.push(name);
            } else {
                let collation = previous.collation.as_ref().map(written);
                standing.push((name, collation.into_iter().chain([previous.base.clone()]).collect()));
            }
        }
        for Pair { previous, next } in Matched::new(&was.ranges, &is.ranges).kept {
            let name = Name::new(&next.schema, &next.name);
            if previous == next { standing.push((name, parts_of_range(previous))) } else { self.types.push(name) }
        }
        for Pair { previous, next } in Matched::new(&was.composites, &is.composites).kept {
            let name = Name::new(&next.schema, &next.name);
            if makes_way.contains(&name) {
                self.types.push(name);
                continue;
            }
            if has_retyped_attribute(previous, next) {
                self.retyped.push(name.clone());
            }
            standing.push((name, parts_of_composite(previous)));
        }
        // Each round may take down a type that others stand on.
        loop {
            let falls = |(_, parts): &(Name, Vec<String>)| {
                let ground = self.types.iter().chain(&self.collations).chain(&self.enums);
                parts.iter().any(|part| names_one_of(part, ground.clone()))
            };
            let (falling, rest): (Vec<_>, Vec<_>) = standing.into_iter().partition(falls);
            if falling.is_empty() {
                break;
            }
            self.retyped.retain(|name| !falling.iter().any(|(fallen, _)| fallen == name));
            self.types.extend(falling.into_iter().map(|(name, _)| name));
            standing = rest;
        }
    }

    fn find_over(&mut self, was: &Objects, is: &Objects) {
        if self.types.is_empty() && self.retyped.is_empty() && self.enums.is_empty() {
            return;
        }
        let name = |schema: &str, name: &str| Name::new(schema, name);
        let domains = Matched::new(&was.domains, &is.domains).passing();
        let domains = domains.map(|domain| (name(&domain.schema, &domain.name), vec![domain.base.clone()]));
        let ranges = Matched::new(&was.ranges, &is.ranges).passing();
        let ranges = ranges.map(|range| (name(&range.schema, &range.name), parts_of_range(range)));
        let composites = Matched::new(&was.composites, &is.composites).passing();
        let composites = composites.map(|of| (name(&of.schema, &of.name), parts_of_composite(of)));
        let mut passing: Vec<(Name, Vec<String>)> = domains.chain(ranges).chain(composites).collect();
        loop {
            let is_over = |(_, parts): &(Name, Vec<String>)| {
                let ground = self.types.iter().chain(&self.retyped).chain(&self.over).chain(&self.enums);
                parts.iter().any(|part| names_one_of(part, ground.clone()))
            };
            let (over, rest): (Vec<_>, Vec<_>) = passing.into_iter().partition(is_over);
            if over.is_empty() {
                break;
            }
            self.over.extend(over.into_iter().map(|(name, _)| name));
            passing = rest;
        }
    }

    fn find_functions(&mut self, was: &Objects, is: &Objects) {
        let mut standing = Matched::new(&was.functions, &is.functions).kept;
        loop {
            let falls = |pair: &Pair<&Function>| {
                let mut signature = signature(pair.previous);
                !can_replace(pair.previous, pair.next)
                    || signature.any(|part| names_one_of(part, self.types.iter().chain(&self.enums)))
                    || argument_defaults(pair.previous).any(|default| self.is_under(default))
            };
            let (falling, rest): (Vec<_>, Vec<_>) = standing.into_iter().partition(falls);
            if falling.is_empty() {
                break;
            }
            self.functions.extend(falling.iter().map(|pair| pair.next.key()));
            self.function_names.extend(falling.iter().map(|pair| pair.next.name.clone()));
            standing = rest;
        }
    }

    fn find_columns(&mut self, previous: &Schema, next: &Schema) {
        let collation = |objects: &Objects, table: &str, column: &str| {
            objects.tables.get(table).and_then(|table| table.columns.get(column)).and_then(|c| c.collation.clone())
        };
        let tables = previous.objects.tables.keys().chain(next.objects.tables.keys());
        for table_key in tables {
            let [Some(was), Some(is)] = [&previous.tables, &next.tables].map(|tables| tables.get(table_key)) else {
                continue;
            };
            for column in Matched::new(&was.columns, &is.columns).kept {
                let name = &column.next.name;
                let before = collation(&previous.objects, table_key, name);
                let after = collation(&next.objects, table_key, name);
                let is_anew = before.as_ref().is_some_and(|name| self.collations.iter().any(|c| c.key() == name.key()));
                if before != after || is_anew {
                    self.recollated.insert((table_key.clone(), name.clone()));
                }
            }
        }
    }

    /// Whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        let Anew { enums, written: _, types, retyped, over, collations, functions, function_names: _, recollated } =
            self;
        let types_are_same = enums.is_empty() && types.is_empty() && retyped.is_empty() && over.is_empty();
        types_are_same && collations.is_empty() && functions.is_empty() && recollated.is_empty()
    }

    /// Every type and collation that a text may name, and no longer finds for a while.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Name> {
        self.enums.iter().chain(&self.types).chain(&self.retyped).chain(&self.collations)
    }

    /// The type of a column, or of the elements of its array, if it is one that no column can keep.
    pub(crate) fn type_named(&self, sql_type: &str) -> Option<&Name> {
        let mut types = self.types.iter().chain(&self.retyped).peekable();
        types.peek()?;
        let mentions = Mentions::of(sql_type);
        types.find(|name| mentions.has_type(&name.schema, &name.name))
    }

    /// The types that come after one that is made again, or go before it.
    pub(crate) fn over(&self) -> impl Iterator<Item = &Name> {
        self.over.iter()
    }

    /// Whether the type of a column, or of the elements of its array, comes or goes and stands on one that is made again.
    pub(crate) fn is_over(&self, sql_type: &str) -> bool {
        !self.over.is_empty() && {
            let mentions = Mentions::of(sql_type);
            self.over.iter().any(|name| mentions.has_type(&name.schema, &name.name))
        }
    }

    /// Whether the type or collation is dropped and made again.
    pub(crate) fn has_type(&self, name: &Name) -> bool {
        self.types.contains(name) || self.collations.contains(name)
    }

    /// Whether the function of that key is dropped and made again.
    pub(crate) fn has_function(&self, key: &str) -> bool {
        self.functions.contains(key)
    }

    /// Whether the expression may call a function that is dropped and made again.
    pub(crate) fn calls(&self, expression: &str) -> bool {
        !self.function_names.is_empty() && may_call(expression).any(|name| self.function_names.contains(&name))
    }

    /// Whether the expression calls such a function, or names such a type or collation.
    pub(crate) fn is_under(&self, expression: &str) -> bool {
        self.calls(expression) || names_one_of(expression, self.names().chain(&self.written))
    }

    /// Whether the column gets another collation, or the same one made again.
    pub(crate) fn recollates(&self, table: &Name, column: &str) -> bool {
        !self.recollated.is_empty() && self.recollated.contains(&(table.key(), column.to_owned()))
    }
}

/// Whether values that were allowed may be so no more.
fn narrows(previous: &Domain, next: &Domain) -> bool {
    let checks = Matched::new(&previous.check_constraints, &next.check_constraints);
    (next.not_null && !previous.not_null)
        || !checks.created.is_empty()
        || checks.changed(|was, is| was == is).next().is_some()
}

/// Whether a column holds values of the domain in an array or in another type: PostgreSQL does not look into
/// those, and so refuses to narrow the domain.
fn is_contained(schema: &Schema, domain: &Name) -> bool {
    let mut columns = schema.tables.values().flat_map(|table| table.columns.values());
    columns.any(|column| column.type_schema.is_none() && contains(&schema.objects, &column.sql_type, domain, false))
}

fn contains(objects: &Objects, sql_type: &str, domain: &Name, in_container: bool) -> bool {
    let mentions = Mentions::of(sql_type);
    let names = |schema: &str, name: &str| mentions.has_type(schema, name);
    let in_container = in_container || sql_type.ends_with(']');
    if in_container && names(&domain.schema, &domain.name) {
        return true;
    }
    let composites = objects.composites.values().filter(|composite| names(&composite.schema, &composite.name));
    let mut attributes = composites.flat_map(|composite| composite.attributes.values());
    let mut ranges = objects.ranges.values().filter(|range| names(&range.schema, &range.name));
    let of_domain = |other: &Domain| (other.schema.as_str(), other.name.as_str()) != (&domain.schema, &domain.name);
    let mut domains = objects.domains.values().filter(|other| of_domain(other) && names(&other.schema, &other.name));
    attributes.any(|attribute| contains(objects, &attribute.sql_type, domain, true))
        || ranges.any(|range| contains(objects, &range.subtype, domain, true))
        || domains.any(|other| contains(objects, &other.base, domain, in_container))
}

fn names_one_of<'a>(text: &str, names: impl Iterator<Item = &'a Name>) -> bool {
    let mut names = names.peekable();
    if names.peek().is_none() {
        return false;
    }
    let mentions = Mentions::of(text);
    names.into_iter().any(|name| mentions.has_type(&name.schema, &name.name))
}

fn parts_of_range(range: &Range) -> Vec<String> {
    let collation = range.collation.as_ref().map(written);
    collation.into_iter().chain([range.subtype.clone()]).collect()
}

fn parts_of_composite(composite: &Composite) -> Vec<String> {
    let collations = composite.attributes.values().filter_map(|attribute| attribute.collation.as_ref());
    let types = composite.attributes.values().map(|attribute| attribute.sql_type.clone());
    collations.map(written).chain(types).collect()
}

/// The name of a collation, as SQL writes it.
pub(super) fn written(collation: &CollationName) -> String {
    match &collation.schema {
        Some(schema) => format!("{}.{}", quote::ident(schema), quote::ident(&collation.name)),
        None => quote::ident(&collation.name),
    }
}

fn has_retyped_attribute(previous: &Composite, next: &Composite) -> bool {
    Matched::new(&previous.attributes, &next.attributes).changed(|a, b| a == b).next().is_some()
}

/// The types that a function takes and gives.
pub(in crate::plan) fn signature(function: &Function) -> impl Iterator<Item = &str> {
    let arguments = function.arguments.iter().map(|argument| argument.sql_type.as_str());
    arguments.chain(function.returns.as_deref())
}

/// The expressions that calls with fewer arguments stand for.
pub(in crate::plan) fn argument_defaults(function: &Function) -> impl Iterator<Item = &str> {
    function.arguments.iter().filter_map(|argument| argument.default.as_deref())
}

/// Whether `CREATE OR REPLACE` makes the one of the other. PostgreSQL keeps what callers rely on: the
/// result, the names of arguments, and that an argument can be left out.
fn can_replace(previous: &Function, next: &Function) -> bool {
    let same = |(was, is): (&Argument, &Argument)| {
        was.mode == is.mode
            && was.name == is.name
            && was.sql_type == is.sql_type
            && (was.default.is_none() || is.default.is_some())
    };
    previous.kind == next.kind
        && previous.returns == next.returns
        && previous.arguments.len() == next.arguments.len()
        && previous.arguments.iter().zip(&next.arguments).all(same)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{Check, Column, Index, Object, Table, View, enumeration, types};

    use crate::plan::testing;

    fn check(previous: Vec<Object>, next: Vec<Object>, expected: Expect) {
        testing::check(previous, next, &[], expected);
    }

    /// A type with those values, and a table whose check, index and view have the text.
    fn with(values: &[&str], text: &str) -> Vec<Object> {
        let mut status = enumeration("status", values.iter().copied());
        status.schema = "app".to_owned();
        let table = Table::new("notes").column(Column::new("status", types::text()).default_sql("'status'"));
        let table = table.check(Check::new("c", format!("{text} <> 'b'")));
        let table = table.index(Index::on(["status"]).name("i").filter(format!("{text} = 'a'")));
        let view = View::new("v").query(format!("select {text} as s from notes"));
        vec![status.into(), table.into(), view.into()]
    }

    #[test]
    fn a_bare_name_is_not_that_of_a_type_in_another_schema() {
        check(
            with(&["a", "b"], "status"),
            with(&["a"], "status"),
            expect![[r#"
            DROP TYPE "app"."status";
            CREATE TYPE "app"."status" AS ENUM('a');"#]],
        );
    }

    #[test]
    fn what_casts_to_a_type_makes_way_for_it() {
        check(
            with(&["a", "b"], "'a'::app.status"),
            with(&["a"], "'a'::app.status"),
            expect![[r#"
            DROP VIEW "public"."v";
            ALTER TABLE "notes" DROP CONSTRAINT "c";
            DROP INDEX "i";
            DROP TYPE "app"."status";
            CREATE TYPE "app"."status" AS ENUM('a');
            CREATE INDEX "i" ON "notes" USING btree ("status") WHERE 'a'::app.status = 'a';
            ALTER TABLE "notes" ADD CONSTRAINT "c" CHECK ('a'::app.status <> 'b');
            CREATE VIEW "public"."v" AS (select 'a'::app.status as s from notes);"#]],
        );
    }
}
