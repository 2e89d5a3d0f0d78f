//! What a change did to one schema, done to another: the schema after two branches that began with the same one.
//!
//! Problem: two branches each add a migration. Whichever is merged last was generated from a schema that is no longer
//! the newest one, and its snapshot lacks what the other branch changed. Here the three schemas become one, property by
//! property: what one branch changed is taken, what both changed alike is taken once, and what both changed otherwise
//! is a [`Conflict`], which only a person settles.
//!
//! As in [`crate::difference`], the schemas are walked as the snapshot format writes them.

use schema::snapshot::ORIGIN_ID;
use schema::{Objects, Schema, Snapshot};
use serde_json::{Map, Value};

/// A property that both branches changed, each in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The path of keys to it: `tables.public.users.columns.age.type`.
    pub place: String,
    /// What it is on the one branch; none where that branch removed it.
    pub mine: Option<String>,
    /// What it is on the other.
    pub theirs: Option<String>,
}

/// Makes of `theirs` what `mine` has made of `base`.
///
/// # Errors
/// Every conflict, where there is one.
pub fn merge(base: &Schema, mine: &Schema, theirs: &Schema) -> Result<Schema, Vec<Conflict>> {
    let mut merger = Merger::default();
    let snapshot = merger.whole(&snapshot(base), &snapshot(mine), &snapshot(theirs));
    let objects = merger.whole(&objects(base), &objects(mine), &objects(theirs));
    if !merger.conflicts.is_empty() {
        return Err(merger.conflicts);
    }
    let schema = Snapshot::parse(&snapshot.to_string()).expect("sections of snapshots make a snapshot").schema;
    let objects = Objects::parse(&objects.to_string()).expect("sections of objects make objects");
    Ok(Schema { objects, ..schema })
}

fn snapshot(schema: &Schema) -> Value {
    parsed(&Snapshot::new(ORIGIN_ID, ORIGIN_ID, schema.clone()).to_json())
}

fn objects(schema: &Schema) -> Value {
    parsed(&schema.objects.to_json())
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).expect("what was written is JSON")
}

#[derive(Default)]
struct Merger {
    conflicts: Vec<Conflict>,
}

impl Merger {
    /// Sections by name, and in each objects by name: an order that is that of the names stays so.
    fn whole(&mut self, base: &Value, mine: &Value, theirs: &Value) -> Value {
        let is_sorted = |value: &Value| value.as_object().is_some_and(|members| members.keys().is_sorted());
        let mut merged = self.value(&mut Vec::new(), Some(base), Some(mine), Some(theirs)).unwrap_or_default();
        for (name, section) in merged.as_object_mut().into_iter().flatten() {
            let were_sorted = [mine, theirs].iter().all(|whole| whole.get(name).is_none_or(is_sorted));
            if let (true, Value::Object(objects)) = (were_sorted, section) {
                objects.sort_keys();
            }
        }
        merged
    }

    fn value(
        &mut self,
        path: &mut Vec<String>,
        base: Option<&Value>,
        mine: Option<&Value>,
        theirs: Option<&Value>,
    ) -> Option<Value> {
        if mine == theirs || mine == base {
            return theirs.cloned();
        }
        if theirs == base {
            return mine.cloned();
        }
        match (base, mine, theirs) {
            (base, Some(Value::Object(mine)), Some(Value::Object(theirs))) => {
                let nothing = Map::new();
                let base = base.and_then(Value::as_object).unwrap_or(&nothing);
                Some(Value::Object(self.members(path, base, mine, theirs)))
            }
            (Some(Value::Array(base)), Some(Value::Array(mine)), Some(Value::Array(theirs)))
                if is_values_of_enum(path) && is_added_to(base, mine) && is_added_to(base, theirs) =>
            {
                Some(Value::Array(add_all(mine, theirs)))
            }
            _ => {
                let text = |value: Option<&Value>| value.map(ToString::to_string);
                self.conflicts.push(Conflict { place: path.join("."), mine: text(mine), theirs: text(theirs) });
                theirs.cloned()
            }
        }
    }

    /// In the order of `theirs`, and what is new in `mine` behind.
    fn members(
        &mut self,
        path: &mut Vec<String>,
        base: &Map<String, Value>,
        mine: &Map<String, Value>,
        theirs: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut merged = Map::new();
        let new = mine.keys().filter(|key| !theirs.contains_key(*key));
        for key in theirs.keys().chain(new) {
            path.push(key.clone());
            if let Some(value) = self.value(path, base.get(key), mine.get(key), theirs.get(key)) {
                merged.insert(key.clone(), value);
            }
            path.pop();
        }
        merged
    }
}

/// Whether a list is one that two branches may both add to. Two that add columns to an index mean two indexes.
fn is_values_of_enum(path: &[String]) -> bool {
    matches!(path, [section, _, property] if section == "enums" && property == "values")
}

/// Whether a list has all of another in its order, as an enum that gained values.
fn is_added_to(base: &[Value], grown: &[Value]) -> bool {
    let mut rest = grown.iter();
    base.iter().all(|item| rest.any(|other| other == item))
}

/// Both lists in one: what only `mine` has comes after the item that it comes after there.
fn add_all(mine: &[Value], theirs: &[Value]) -> Vec<Value> {
    let mut merged = theirs.to_vec();
    let mut at = 0;
    for item in mine {
        match merged.iter().position(|other| other == item) {
            Some(found) => at = found + 1,
            None => {
                merged.insert(at, item.clone());
                at += 1;
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::build::{Column, Domain, Index, Object, Table, enumeration, schema, types};

    use super::*;

    fn of<const N: usize>(objects: [Object; N]) -> Schema {
        schema(objects).unwrap()
    }

    fn users() -> Table {
        Table::new("users").column(Column::new("id", types::integer()).primary_key())
    }

    #[test]
    fn what_each_branch_changed_is_in_the_schema_after_both() {
        let base = of([users().into()]);
        let mine = of([
            users().column(Column::new("name", types::text())).into(),
            Table::new("a").column(Column::new("id", types::uuid())).into(),
        ]);
        let theirs = of([
            users().column(Column::new("age", types::integer())).into(),
            Domain::new("email", types::text()).into(),
        ]);
        let both = of([
            users().column(Column::new("age", types::integer())).column(Column::new("name", types::text())).into(),
            Table::new("a").column(Column::new("id", types::uuid())).into(),
            Domain::new("email", types::text()).into(),
        ]);
        let merged = merge(&base, &mine, &theirs).unwrap();
        assert_eq!(merged, both);
        assert!(merged.tables.keys().is_sorted());
    }

    #[test]
    fn what_is_gone_on_one_branch_is_gone_and_what_both_did_is_done_once() {
        let old = || Table::new("old").column(Column::new("id", types::uuid())).into();
        let named = || users().column(Column::new("name", types::text())).into();
        let merged = merge(&of([users().into(), old()]), &of([named()]), &of([named(), old()])).unwrap();
        assert_eq!(merged, of([named()]));
    }

    #[test]
    fn values_that_both_added_to_an_enum_are_all_there_each_behind_its_neighbour() {
        let mood = |values: &[&str]| of([Object::Enum(enumeration("mood", values.iter().copied()))]);
        let merged = merge(&mood(&["a", "b"]), &mood(&["a", "x", "b"]), &mood(&["a", "b", "y"])).unwrap();
        assert_eq!(merged, mood(&["a", "x", "b", "y"]));
    }

    #[test]
    fn columns_that_both_added_to_an_index_are_a_conflict() {
        let by = |columns: &[&str]| {
            let columns = columns.iter().copied();
            let all = ["a", "b", "c"].map(|name| Column::new(name, types::integer()));
            of([all.into_iter().fold(users(), Table::column).index(Index::on(columns).name("by")).into()])
        };
        let conflicts = merge(&by(&["a"]), &by(&["a", "b"]), &by(&["a", "c"])).unwrap_err();
        let places: Vec<&str> = conflicts.iter().map(|conflict| conflict.place.as_str()).collect();
        assert_eq!(places, ["tables.public.users.indexes.by.columns"]);
    }

    #[test]
    fn what_both_changed_otherwise_is_a_conflict_with_both_values() {
        let with = |column: Column| of([users().column(column).into()]);
        let age = || Column::new("age", types::integer());
        let conflicts = merge(&with(age()), &with(Column::new("age", types::bigint())), &of([users().into()]));
        expect![[r#"
            [
                Conflict {
                    place: "tables.public.users.columns.age",
                    mine: Some(
                        "{\"name\":\"age\",\"type\":\"bigint\",\"primaryKey\":false,\"notNull\":false}",
                    ),
                    theirs: None,
                },
            ]
        "#]]
        .assert_debug_eq(&conflicts.unwrap_err());
        let conflicts = merge(&with(age()), &with(age().not_null()), &with(age().not_null().default_sql("0")));
        assert!(conflicts.is_ok());
    }
}
