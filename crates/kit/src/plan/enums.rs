use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use schema::mentions::Mentions;
use schema::{Column, Enum, Schema, Table};

use super::objects::{Anew, Domains};
use super::policies::Scope;
use super::route::{self, Hop};
use super::{OldNames, Stage, Steps, casts};
use crate::diff::{self, Matched, Pair};
use crate::rename::{Kind, Rename};
use crate::step::{ColumnStep, DefaultCast, EnumStep, Name, Reads, Step};

/// What must be dropped and made anew.
pub(crate) struct Recreated {
    /// Enums: PostgreSQL adds values, and does not remove or move one.
    enums: BTreeMap<String, Name>,
    /// All that is made anew, these enums and what no snapshot holds.
    anew: Rc<Anew>,
    /// What values are below their domains.
    domains: Domains,
}

impl Recreated {
    /// Whether the column's type is one of them.
    pub(crate) fn has(&self, column: &Column) -> bool {
        match casts::enum_of(column) {
            Some(name) => self.enums.contains_key(&name.key()),
            None => self.anew.type_named(&column.sql_type).is_some(),
        }
    }

    /// Whether the enum is one of them.
    pub(crate) fn contains(&self, name: &Name) -> bool {
        self.enums.contains_key(&name.key())
    }

    /// Whether the column has one of them before and after, so that making it anew changes the column too.
    pub(crate) fn takes(&self, column: Pair<&Column>) -> bool {
        (casts::enum_of(column.next).is_some() && self.has(column.next) && goes_through_text(column))
            || self.steps_aside(column)
    }

    /// Whether the type that the column has goes before another one is made anew, and the type that it gets comes after
    /// that. Where both are enums, making them anew takes care of it.
    pub(crate) fn steps_aside(&self, Pair { previous, next }: Pair<&Column>) -> bool {
        let is_enum = |column: &Column| casts::enum_of(column).is_some();
        let waits = |column| self.has(column) || (!is_enum(column) && self.anew.is_over(&column.sql_type));
        next.generated.is_none() && !(is_enum(previous) && is_enum(next)) && waits(previous) && waits(next)
    }

    /// How the values of one column become values of the type of the other.
    pub(crate) fn conversion(&self, previous: &Column, next: &Column) -> casts::Conversion {
        self.domains.conversion(previous, next)
    }

    /// All that is made anew, with what that means for others.
    pub(crate) fn anew(&self) -> &Rc<Anew> {
        &self.anew
    }
}

/// Whether the column is text while its enum is made anew: it has the enum already, or is text as it stands.
fn goes_through_text(Pair { previous, next }: Pair<&Column>) -> bool {
    // A text may be that of an array; an array of texts is none of a value.
    let has_text = casts::is_text(previous) && (casts::is_array(next) || !casts::is_array(previous));
    let is_text = has_text && previous.generated.is_none();
    next.generated.is_none() && (casts::enum_of(previous) == casts::enum_of(next) || is_text)
}

/// Finds the enums whose new values do not follow from the old ones by adding, or whose added
/// values this migration itself uses: PostgreSQL refuses a value in the transaction that added it.
pub(super) fn recreated(previous: &Schema, next: &Schema, tables: &[Pair<&Table>], old: OldNames) -> Recreated {
    let kept = Matched::new(&previous.enums, &next.enums).kept;
    let changed = kept.into_iter().filter(|pair| pair.previous.values != pair.next.values);
    let must = changed.filter(|pair| {
        let key = pair.next.key();
        added_values(pair.previous, pair.next)
            .is_none_or(|added| uses_a_value(next, &key, &added) || converts_values(tables, &key))
    });
    let enums: BTreeMap<String, Name> = must.map(|pair| (pair.next.key(), Name::of_enum(pair.next))).collect();
    let anew = Rc::new(Anew::new(previous, next, enums.values().cloned().collect(), old));
    Recreated { enums, anew, domains: Domains::new(previous, next) }
}

/// Whether a column of another type gets this one, and with it whatever values its rows have.
fn converts_values(tables: &[Pair<&Table>], enum_key: &str) -> bool {
    let has_type = |column: &Column| casts::enum_of(column).is_some_and(|name| name.key() == enum_key);
    tables.iter().any(|table| {
        let columns = Matched::new(&table.previous.columns, &table.next.columns).kept;
        columns.iter().any(|column| has_type(column.next) && !has_type(column.previous))
    })
}

/// The values to add, each with the old value that it sorts before; `None` where one is gone or moved.
fn added_values(previous: &Enum, next: &Enum) -> Option<Vec<(String, Option<String>)>> {
    let mut old = previous.values.iter().peekable();
    let mut added = Vec::new();
    for value in &next.values {
        if old.next_if_eq(&value).is_none() {
            added.push((value.clone(), old.peek().map(|before| (*before).clone())));
        }
    }
    let is_moved = added.iter().any(|(value, _)| previous.values.contains(value));
    (old.next().is_none() && !is_moved).then_some(added)
}

/// Whether a view, a policy, a default or another expression of a table with that type names one of the values.
fn uses_a_value(next: &Schema, enum_key: &str, added: &[(String, Option<String>)]) -> bool {
    let has_type = |column: &Column| casts::enum_of(column).is_some_and(|name| name.key() == enum_key);
    let names_value = |sql: &str| added.iter().any(|(value, _)| names_value(sql, value));
    let casts_value = |sql: &str| names_value(sql) && next.enums.get(enum_key).is_some_and(|of| names_type(sql, of));
    // What a literal in a query is compared with, the text does not tell.
    let mut queries = next.views.values().filter_map(|view| view.definition.as_deref());
    queries.any(names_value)
        || in_an_object(next, names_value)
        || in_a_policy(next, enum_key, names_value)
        || next.tables.values().any(|table| {
            let has_column = table.columns.values().any(has_type);
            let mut defaults = table.columns.values().filter_map(|column| Some((column, column.default_sql()?)));
            defaults.any(|(column, default)| casts_value(&default) || (has_type(column) && names_value(&default)))
                || diff::expressions(table).any(|sql| casts_value(sql) || (has_column && names_value(sql)))
        })
}

/// Whether a text names the type, as a cast to it does.
fn names_type(sql: &str, declared: &Enum) -> bool {
    Mentions::of(sql).has_type(&declared.schema, &declared.name)
}

/// Whether something that no snapshot holds names a value, or a default of a column that has such a type.
fn in_an_object(next: &Schema, names_value: impl Fn(&str) -> bool) -> bool {
    let objects = &next.objects;
    let has_object = |column: &&Column| {
        let mentions = Mentions::of(&column.sql_type);
        let is_of = |schema: &str, name: &str| mentions.has_type(schema, name);
        objects.domains.values().any(|domain| is_of(&domain.schema, &domain.name))
            || objects.composites.values().any(|composite| is_of(&composite.schema, &composite.name))
            || objects.ranges.values().any(|range| is_of(&range.schema, &range.name))
    };
    let columns = next.tables.values().flat_map(|table| table.columns.values());
    let mut defaults = columns.filter(|column| column.type_schema.is_none()).filter_map(|column| {
        let default = column.default_sql().filter(|default| names_value(default))?;
        Some((column, default))
    });
    super::objects::texts(objects).any(&names_value) || defaults.any(|(column, _)| has_object(&column))
}

/// Whether a policy that has to do with the type names a value. A view that it reads may have columns of any type.
fn in_a_policy(next: &Schema, enum_key: &str, names_value: impl Fn(&str) -> bool) -> bool {
    let mut suspects = diff::policies(next).filter(|placed| placed.policy.expressions().any(&names_value)).peekable();
    if suspects.peek().is_none() {
        return false;
    }
    let scope = Scope::new(next, OldNames(&[]));
    suspects.any(|placed| {
        let Reads { relations, columns: _, types } = scope.reads(placed.policy, &placed.table);
        types.iter().any(|name| name.key() == enum_key)
            || relations.iter().any(|name| next.views.contains_key(&name.key()))
    })
}

/// Whether a text names the value, by itself or as a part of an array, row or range: `'{a,"b c"}'`.
fn names_value(sql: &str, value: &str) -> bool {
    let part = value.replace('\'', "''");
    let has_parts = ["'{", "'(", "'["].into_iter().any(|start| sql.contains(start));
    let mut parts = sql.split(['{', '}', '(', ')', '[', ']', ',']).map(str::trim);
    // Elsewhere double quotes are those of a name.
    let may_have_elements = has_parts || sql.contains('{');
    sql.contains(&schema::quote::literal(value))
        || (may_have_elements && sql.contains(&schema::quote::array_element(&part)))
        || (has_parts && parts.any(|bare| bare == part))
}

/// Enum types: created before whatever has them, dropped after it.
pub(super) fn plan(
    steps: &mut Steps,
    previous: &Schema,
    next: &Schema,
    renames: &[Rename],
    recreated: &Recreated,
    tables: &[Pair<&Table>],
) {
    let enums = Matched::new(&previous.enums, &next.enums);
    for created in enums.created {
        steps.push(Stage::CreateEnum, Step::Enum(EnumStep::Create(created.clone())));
    }
    let exists = |name: &Name| route::is_taken(Pair { previous, next }, name);
    route::add(steps, route::routes(renames, Kind::Enum, exists), [Stage::MoveEnum, Stage::RenameEnum], |hop| {
        Step::Enum(match hop {
            Hop::SetSchema { from: name, to, leg } => EnumStep::SetSchema { name, to, leg },
            Hop::Rename { from: name, to, leg } => EnumStep::Rename { name, to, leg },
        })
    });
    for rename in renames {
        if let Rename::Value { of, from, to } = rename {
            let step = EnumStep::RenameValue { name: of.clone(), from: from.clone(), to: to.clone() };
            steps.push(Stage::RenameEnumValue, Step::Enum(step));
        }
    }
    for pair in enums.kept.iter().filter(|pair| pair.previous.values != pair.next.values) {
        let name = Name::of_enum(pair.next);
        if recreated.enums.contains_key(&name.key()) {
            recreate(steps, pair.next, &name, tables);
        } else {
            for (value, before) in added_values(pair.previous, pair.next).unwrap_or_default() {
                let step = EnumStep::AddValue { name: name.clone(), value, before };
                steps.push(Stage::AddEnumValue, Step::Enum(step));
            }
        }
    }
    for dropped in enums.dropped {
        let name = Name::of_enum(dropped);
        steps.push(Stage::DropEnum, Step::Enum(EnumStep::Drop { name }));
    }
}

/// Turns every column of the type into text, makes the type anew, and turns the columns back.
fn recreate(steps: &mut Steps, declared: &Enum, name: &Name, tables: &[Pair<&Table>]) {
    let has_type = |column: &Column| casts::enum_of(column).as_ref() == Some(name);
    let mut columns: Vec<(Name, Pair<&Column>)> = Vec::new();
    for table in tables {
        for pair in Matched::new(&table.previous.columns, &table.next.columns).kept {
            if has_type(pair.next) && goes_through_text(pair) {
                columns.push((Name::of(table.next), pair));
            }
        }
    }
    for (table, column) in &columns {
        into_text(steps, table, *column);
    }
    steps.push(Stage::RecreateEnum, Step::Enum(EnumStep::Recreate(declared.clone())));
    for (table, column) in &columns {
        out_of_text(steps, table, *column);
    }
}

fn into_text(steps: &mut Steps, table: &Name, column: Pair<&Column>) {
    let text = Column { sql_type: "text".to_owned(), type_schema: None, ..column.next.clone() };
    let mut push = |step| steps.push(Stage::RecreateEnum, Step::Column(step));
    let replaced = column.next.default_sql().filter(|default| is_literal(default));
    // A default that is not replaced would keep a reference to the type that is dropped.
    if column.previous.default.is_some() && replaced.is_none() {
        push(drop_default(table, column.previous));
    }
    push(ColumnStep::SetType {
        table: table.clone(),
        previous: Box::new(column.previous.clone()),
        next: Box::new(text),
        using: None,
        collation: None,
        leaves: None,
    });
    if let Some(default) = replaced {
        let releases = casts::enum_of(column.previous);
        let (table, name) = (table.clone(), column.next.name.clone());
        let (default, cast) = (default.into_owned(), Some(DefaultCast::Text));
        push(ColumnStep::SetDefault { table, column: name, default, cast, releases, previous: None });
    }
}

fn out_of_text(steps: &mut Steps, table: &Name, Pair { previous, next: column }: Pair<&Column>) {
    let text = Column { sql_type: "text".to_owned(), type_schema: None, ..column.clone() };
    let (name, sql_type) = (schema::quote::ident(&column.name), crate::sql::types::qualified(column));
    let using = if casts::is_array(column) && !casts::is_array(previous) {
        format!("CASE WHEN {name} IS NULL THEN NULL ELSE ARRAY[{name}]::{sql_type} END")
    } else {
        format!("{name}::{sql_type}")
    };
    let mut push = |step| steps.push(Stage::RecreateEnum, Step::Column(step));
    let (literal, other) = match column.default_sql().map(Cow::into_owned) {
        Some(default) if is_literal(&default) => (Some(default), None),
        other => (None, other),
    };
    if let Some(default) = literal {
        push(set_default(table, column, default, Some(DefaultCast::Column(Box::new(column.clone())))));
    }
    push(ColumnStep::SetType {
        table: table.clone(),
        previous: Box::new(text),
        next: Box::new(column.clone()),
        using: Some(using),
        collation: None,
        leaves: None,
    });
    if let Some(default) = other {
        push(set_default(table, column, default, None));
    }
}

pub(super) fn drop_default(table: &Name, column: &Column) -> ColumnStep {
    let default = column.default_sql().map(Cow::into_owned);
    let releases = casts::enum_of(column);
    ColumnStep::DropDefault { table: table.clone(), column: column.name.clone(), releases, default }
}

pub(super) fn set_default(table: &Name, column: &Column, default: String, cast: Option<DefaultCast>) -> ColumnStep {
    let column = column.name.clone();
    ColumnStep::SetDefault { table: table.clone(), column, default, cast, releases: None, previous: None }
}

/// Whether a default is one quoted string and nothing else, so that a cast can follow it.
pub(super) fn is_literal(default: &str) -> bool {
    let inner = default.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[&str]) -> Enum {
        Enum { name: "e".into(), schema: "public".into(), values: values.iter().map(|v| (*v).to_owned()).collect() }
    }

    fn added(previous: &[&str], next: &[&str]) -> Option<Vec<(String, Option<String>)>> {
        added_values(&values(previous), &values(next))
    }

    #[test]
    fn a_new_value_goes_before_the_old_one_that_follows_it() {
        let expected = vec![("0".to_owned(), Some("a".to_owned())), ("z".to_owned(), None)];
        assert_eq!(added(&["a", "b"], &["0", "a", "b", "z"]), Some(expected));
    }

    #[test]
    fn a_default_names_a_value_and_not_one_that_it_only_begins_with() {
        for (default, value) in [("'a'", "a"), ("'a'::mood", "a"), ("'{b,a}'", "a"), ("'{\"it''s\"}'", "it's")] {
            assert!(names_value(default, value), "{default} {value}");
        }
        for (default, value) in [("'active'", "a"), ("'{active,b}'", "a"), ("'{}'", "a")] {
            assert!(!names_value(default, value), "{default} {value}");
        }
    }

    #[test]
    fn values_that_are_gone_or_moved_cannot_be_added() {
        assert_eq!(added(&["a", "b"], &["a"]), None);
        assert_eq!(added(&["a", "b"], &["b", "a"]), None);
    }
}
