//! How two schemas differ, object by object, for a person who asks whether they are the same.
//!
//! The plan says what would have to be done, which is something else: a column with another type may take five
//! statements, or need none that PostgreSQL has. Here every object has its line, and every property its two values.
//!
//! The model is written as the snapshot format writes it, and that is walked: a property that the model gains is
//! compared without a change here. What is named here are the kinds of objects, and in which of their properties other
//! objects are kept.

mod sections;

use std::collections::BTreeSet;
use std::fmt;

use schema::Schema;
use sections::{Kind, sections};
use serde_json::{Map as Properties, Value};

/// One object that is not the same in two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What kind of object it is, as a person says it: `table`, `foreign key`.
    pub kind: &'static str,
    /// Its name with everything that it is in: `public.users.email`.
    pub name: String,
    /// What is different.
    pub change: Change,
}

/// How an object differs between a schema `previous` and a schema `next`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only `previous` has it.
    OnlyPrevious,
    /// Only `next` has it.
    OnlyNext,
    /// Both have it, and these properties are not the same.
    Changed(Vec<Property>),
}

/// A property of an object with its value in both schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name in words: `type`, `not null`.
    pub name: String,
    /// The value in `previous`; none where it has PostgreSQL's default.
    pub previous: Option<String>,
    /// The value in `next`.
    pub next: Option<String>,
}

/// Every difference, in the order of kinds and of names.
pub fn differences(previous: &Schema, next: &Schema) -> Vec<Difference> {
    let mut found = Vec::new();
    for ((kind, previous), (_, next)) in sections(previous, next).into_iter().zip(sections(next, previous)) {
        compare_objects(kind, "", &previous, &next, &mut found);
    }
    found
}

/// The kind of the objects that are kept by name in a property of another one.
fn kept_in(kind: Kind, property: &str) -> Option<Kind> {
    Some(match (kind, property) {
        ("table" | "view", "columns") => "column",
        ("table" | "view", "indexes") => "index",
        ("table", "foreignKeys") => "foreign key",
        ("table", "compositePrimaryKeys") => "primary key",
        ("table", "uniqueConstraints") => "unique constraint",
        ("table", "policies") => "policy",
        ("table" | "domain", "checkConstraints") => "check constraint",
        ("table", "exclusionConstraints") => "exclusion constraint",
        _ => return None,
    })
}

fn compare_objects(
    kind: Kind,
    inside: &str,
    previous: &Properties<String, Value>,
    next: &Properties<String, Value>,
    found: &mut Vec<Difference>,
) {
    let keys: BTreeSet<&String> = previous.keys().chain(next.keys()).collect();
    for key in keys {
        let name = if inside.is_empty() { key.clone() } else { format!("{inside}.{key}") };
        match (previous.get(key), next.get(key)) {
            (Some(previous), Some(next)) => compare_object(kind, name, previous, next, found),
            (Some(_), None) => found.push(Difference { kind, name, change: Change::OnlyPrevious }),
            (None, _) => found.push(Difference { kind, name, change: Change::OnlyNext }),
        }
    }
}

fn compare_object(kind: Kind, name: String, previous: &Value, next: &Value, found: &mut Vec<Difference>) {
    let nothing = Properties::new();
    let (Value::Object(previous), Value::Object(next)) = (previous, next) else {
        if previous != next {
            let property = Property { name: kind.to_owned(), previous: text(Some(previous)), next: text(Some(next)) };
            found.push(Difference { kind, name, change: Change::Changed(vec![property]) });
        }
        return;
    };
    let members: BTreeSet<&String> = previous.keys().chain(next.keys()).collect();
    let (objects, plain): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| kept_in(kind, member).is_some());
    let changed = plain.into_iter().filter(|member| !is_same(kind, member, previous.get(*member), next.get(*member)));
    let changed: Vec<Property> = changed
        .map(|member| Property {
            name: words(member),
            previous: text(previous.get(member)),
            next: text(next.get(member)),
        })
        .collect();
    if !changed.is_empty() {
        found.push(Difference { kind, name: name.clone(), change: Change::Changed(changed) });
    }
    for member in objects {
        let Some(kind) = kept_in(kind, member) else { continue };
        let of = |object: &'_ Properties<String, Value>| object.get(member).and_then(Value::as_object).cloned();
        let (previous, next) = (of(previous), of(next));
        let (previous, next) = (previous.as_ref().unwrap_or(&nothing), next.as_ref().unwrap_or(&nothing));
        compare_objects(kind, &name, previous, next, found);
    }
}

/// Whether a property is the same, as it is for the plan. What is left out is the same as nothing.
fn is_same(kind: Kind, property: &str, previous: Option<&Value>, next: Option<&Value>) -> bool {
    match (kind, property) {
        // How an index is built, not what it is.
        ("index", "concurrently") => true,
        _ => previous.unwrap_or(&Value::Null) == next.unwrap_or(&Value::Null),
    }
}

/// A value as a person reads it.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        }
        other => Some(other.to_string()),
    }
}

/// The snapshot's name of a property in words: `notNull` is `not null`.
fn words(property: &str) -> String {
    match property {
        "isRLSEnabled" => return "row-level security".to_owned(),
        "isExisting" => return "existing".to_owned(),
        "as" => return "permissive or restrictive".to_owned(),
        "for" => return "command".to_owned(),
        "to" => return "roles".to_owned(),
        _ => {}
    }
    let mut words = String::new();
    for letter in
        property.strip_prefix("is").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(property).chars()
    {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

impl Difference {
    /// The lines that say it, with what the two schemas are called.
    pub fn lines(&self, previous: &str, next: &str) -> Vec<String> {
        let Difference { kind, name, change } = self;
        match change {
            Change::OnlyPrevious => vec![format!("- {kind} {name}: in {previous} only")],
            Change::OnlyNext => vec![format!("+ {kind} {name}: in {next} only")],
            Change::Changed(properties) => properties
                .iter()
                .map(|Property { name: property, previous: one, next: other }| {
                    format!("~ {kind} {name}: {property} is {} in {previous}, {} in {next}", Shown(one), Shown(other))
                })
                .collect(),
        }
    }
}

/// A value in a sentence.
struct Shown<'a>(&'a Option<String>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => write!(f, "not set"),
            Some(value) if value.is_empty() => write!(f, "empty"),
            // A body or a query of many lines would tear the report apart.
            Some(value) if value.contains('\n') => write!(f, "{:?}", value),
            Some(value) => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use schema::build::{
        Column, Domain, Exclusion, ExclusionElement, Index, Literal, Object, Policy, Table, Unique, View, schema, types,
    };

    use super::differences;

    fn check<const A: usize, const B: usize>(previous: [Object; A], next: [Object; B], expected: Expect) {
        let (previous, next) = (schema(previous).unwrap(), schema(next).unwrap());
        let lines: Vec<String> =
            differences(&previous, &next).iter().flat_map(|found| found.lines("the database", "the code")).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn equal_schemas_differ_in_nothing() {
        let users = || Table::new("users").column(Column::new("id", types::uuid()).primary_key());
        check([users().into()], [users().into()], expect![""]);
    }

    #[test]
    fn what_makes_no_migration_is_no_difference() {
        let file = |limit: Column, size: Index| Table::new("files").column(limit).index(size);
        let limit = || Column::new("limit", types::double_precision());
        check(
            [file(limit().default_literal(Literal::Float(1.5)), Index::on(["limit"])).into()],
            [file(limit().default_sql("1.5"), Index::on(["limit"]).concurrently()).into()],
            expect![""],
        );
    }

    #[test]
    fn an_object_that_one_of_them_has_is_one_line_and_not_one_for_each_of_its_parts() {
        let users = Table::new("users").column(Column::new("id", types::uuid()).primary_key());
        let posts = Table::new("posts").column(Column::new("id", types::uuid()).primary_key());
        check(
            [users.into()],
            [posts.into()],
            expect![[r#"
                + table public.posts: in the code only
                - table public.users: in the database only"#]],
        );
    }

    #[test]
    fn every_property_of_a_part_is_named_with_both_values() {
        let before = Table::new("users")
            .column(Column::new("age", types::integer()))
            .index(Index::on(["age"]).name("by_age"))
            .policy(Policy::new("own").using("a > 0"));
        let after = Table::new("users")
            .column(Column::new("age", types::bigint()).not_null().default_sql("1 + 1"))
            .column(Column::new("born", types::date()))
            .policy(Policy::new("own").using("a > 1"));
        check(
            [before.into()],
            [after.into()],
            expect![[r#"
                ~ column public.users.age: default is not set in the database, 1 + 1 in the code
                ~ column public.users.age: not null is false in the database, true in the code
                ~ column public.users.age: type is integer in the database, bigint in the code
                + column public.users.born: in the code only
                - index public.users.by_age: in the database only
                ~ policy public.users.own: using is a > 0 in the database, a > 1 in the code"#]],
        );
    }

    #[test]
    fn an_index_of_a_materialized_view_is_one_of_its_parts() {
        let view = |filter: &str| {
            let by_id = Index::on(["id"]).name("by_id").filter(filter);
            View::new("v").query("select 1 as id").materialized().index(by_id)
        };
        check(
            [view("id > 0").index(Index::on(["id"]).name("more")).into()],
            [view("id > 1").into()],
            expect![[r#"
            ~ index public.v.by_id: where is id > 0 in the database, id > 1 in the code
            - index public.v.more: in the database only"#]],
        );
    }

    #[test]
    fn what_no_snapshot_holds_is_said_of_the_table_and_column_that_have_it() {
        let column = || Column::new("room", types::text());
        let plain = Table::new("rooms").column(column());
        let excluded = Exclusion::new("once").element(ExclusionElement::column("room", "="));
        let by = || Index::on(["room"]).name("by");
        let plain = plain.index(by()).unique(Unique::on(["room"]).name("one"));
        let more = Table::new("rooms")
            .column(column().collate("C"))
            .exclude(excluded)
            .storage_parameter("fillfactor", "80")
            .index(by().include(["room"]))
            .unique(Unique::on(["room"]).name("one").deferrable());
        let domain = |check: &str| Domain::new("email", types::text()).check("at", check);
        check(
            [plain.into(), domain("VALUE ~ '@'").into()],
            [more.into(), domain("VALUE ~ '.@.'").into()],
            expect![[r#"
                ~ check constraint public.email.at: value is VALUE ~ '@' in the database, VALUE ~ '.@.' in the code
                ~ table public.rooms: storage parameters is not set in the database, {"fillfactor":"80"} in the code
                ~ column public.rooms.room: collation is not set in the database, {"name":"C"} in the code
                + exclusion constraint public.rooms.once: in the code only
                ~ index public.rooms.by: include is not set in the database, room in the code
                ~ unique constraint public.rooms.one: deferral is not set in the database, initiallyImmediate in the code"#]],
        );
    }
}
