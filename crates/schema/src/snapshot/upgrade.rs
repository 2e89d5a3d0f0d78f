//! Snapshots of versions 5 and 6 as version 7 says the same.
//!
//! Version 5 (drizzle-kit 0.18 to 0.20) names a table without its schema, keeps the values of an enum as an object and
//! knows enums in `public` alone; versions before 7 (0.21) have the columns of an index as bare names, and no policies,
//! checks, sequences, roles and views. drizzle-kit's own `up` leaves out in which schema the type of a column is and the
//! schema of a referenced table, and then finds a change where there is none; both are filled in here.

use serde_json::{Map, Value, json};

use super::{DIALECT, Error, Snapshot, VERSION};
use crate::model::{PUBLIC, key, or_public};

impl Snapshot {
    /// Reads a snapshot of version 5, 6 or 7; tells whether it was an older one.
    ///
    /// # Errors
    /// As [`Snapshot::parse`].
    pub fn parse_any(text: &str) -> Result<(Self, bool), Error> {
        let mut value: Value = serde_json::from_str(text).map_err(Error::Syntax)?;
        let version = value.get("version").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(snapshot) = value.as_object_mut().filter(|_| matches!(version.as_str(), "5" | "6")) else {
            return Ok((Snapshot::parse(text)?, false));
        };
        if version == "5" {
            from_5_to_6(snapshot);
        }
        from_6_to_7(snapshot);
        let upgraded = Snapshot::parse(&value.to_string())?;
        // The order of keys is that of `generate`, as in a file that was always of this version.
        Ok((Snapshot { layout: super::Layout::default(), ..upgraded }, true))
    }
}

fn from_5_to_6(snapshot: &mut Map<String, Value>) {
    snapshot.insert("dialect".to_owned(), json!(DIALECT));
    if let Some(enums) = snapshot.get_mut("enums").and_then(Value::as_object_mut) {
        *enums = std::mem::take(enums)
            .into_iter()
            .map(|(name, declared)| {
                let values: Vec<Value> = match declared.get("values") {
                    Some(Value::Object(values)) => values.values().cloned().collect(),
                    Some(Value::Array(values)) => values.clone(),
                    _ => Vec::new(),
                };
                (key(PUBLIC, &name), json!({ "name": name, "schema": PUBLIC, "values": values }))
            })
            .collect();
    }
    let tables = snapshot.get_mut("tables").and_then(Value::as_object_mut);
    if let Some(tables) = tables {
        *tables = std::mem::take(tables)
            .into_iter()
            .map(|(name, table)| {
                let schema = table.get("schema").and_then(Value::as_str).unwrap_or_default();
                (key(schema, &name), table)
            })
            .collect();
    }
}

fn from_6_to_7(snapshot: &mut Map<String, Value>) {
    snapshot.insert("version".to_owned(), json!(VERSION));
    for section in ["sequences", "roles", "policies", "views"] {
        snapshot.entry(section).or_insert_with(|| json!({}));
    }
    let enums = names(snapshot.get("enums"));
    let tables = names(snapshot.get("tables"));
    let sections = snapshot.get_mut("tables").and_then(Value::as_object_mut);
    for table in sections.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        for section in ["policies", "checkConstraints"] {
            table.entry(section).or_insert_with(|| json!({}));
        }
        table.entry("isRLSEnabled").or_insert(json!(false));
        let own_schema = table.get("schema").and_then(Value::as_str).map(or_public).unwrap_or(PUBLIC).to_owned();
        members(table, "indexes").for_each(upgrade_index);
        members(table, "columns").for_each(|column| find_type(column, &enums));
        members(table, "foreignKeys").for_each(|reference| find_target(reference, &own_schema, &tables));
    }
}

/// Every object's schema, written out, with its name.
fn names(section: Option<&Value>) -> Vec<(String, String)> {
    let objects = section.and_then(Value::as_object);
    let text = |object: &Value, key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = |object: &Value| (or_public(&text(object, "schema")).to_owned(), text(object, "name"));
    objects.into_iter().flat_map(Map::values).map(name).collect()
}

fn members<'a>(table: &'a mut Map<String, Value>, section: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let objects = table.get_mut(section).and_then(Value::as_object_mut);
    objects.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut)
}

fn upgrade_index(index: &mut Map<String, Value>) {
    let columns = index.get_mut("columns").and_then(Value::as_array_mut);
    for column in columns.into_iter().flatten().filter(|column| column.is_string()) {
        *column = json!({ "expression": column.take(), "isExpression": false, "asc": true, "nulls": "last" });
    }
    index.entry("with").or_insert_with(|| json!({}));
    index.entry("method").or_insert(json!("btree"));
    index.entry("concurrently").or_insert(json!(false));
}

/// Fills in the schema of a column's enum, where only one enum has that name.
fn find_type(column: &mut Map<String, Value>, enums: &[(String, String)]) {
    if column.contains_key("typeSchema") {
        return;
    }
    let Some(written) = column.get("type").and_then(Value::as_str) else { return };
    let base = written.split('[').next().unwrap_or(written).to_owned();
    let mut found = enums.iter().filter(|(_, name)| *name == base);
    if let (Some((schema, _)), None) = (found.next(), found.next()) {
        column.insert("typeSchema".to_owned(), json!(schema));
    }
}

/// Fills in the schema of a referenced table: the one of the table itself if it is there, else the only one.
fn find_target(reference: &mut Map<String, Value>, own_schema: &str, tables: &[(String, String)]) {
    if reference.contains_key("schemaTo") {
        return;
    }
    let Some(target) = reference.get("tableTo").and_then(Value::as_str).map(str::to_owned) else { return };
    let mut schemas = tables.iter().filter(|(_, name)| *name == target).map(|(schema, _)| schema.as_str());
    let found = match (schemas.next(), schemas.next()) {
        (Some(only), None) => only,
        _ if tables.iter().any(|(schema, name)| schema == PUBLIC && *name == target) => PUBLIC,
        _ => own_schema,
    };
    if found != PUBLIC {
        reference.insert("schemaTo".to_owned(), json!(found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What drizzle-kit 0.20.18 wrote, shortened.
    const VERSION_5: &str = r#"{"id":"a","prevId":"b","version":"5","dialect":"pg","tables":{"posts":{"name":"posts",
"schema":"app","columns":{"a":{"name":"a","type":"integer","primaryKey":false,"notNull":true},
"mood":{"name":"mood","type":"mood[]","primaryKey":false,"notNull":false,"default":"'{}'"}},
"indexes":{"ix":{"name":"ix","columns":["a"],"isUnique":false}},"foreignKeys":{"fk":{"name":"fk","tableFrom":"posts",
"tableTo":"posts","columnsFrom":["a"],"columnsTo":["a"],"onDelete":"cascade","onUpdate":"no action"}},
"compositePrimaryKeys":{},"uniqueConstraints":{"u":{"name":"u","nullsNotDistinct":true,"columns":["a"]}}}},
"enums":{"mood":{"name":"mood","values":{"sad":"sad","ok":"ok"}}},"schemas":{"app":"app"},
"_meta":{"columns":{},"schemas":{},"tables":{}}}"#;

    #[test]
    fn version_5_says_in_version_7_what_it_said() {
        let (snapshot, was_older) = Snapshot::parse_any(VERSION_5).unwrap();
        assert!(was_older);
        expect_test::expect_file!["upgrade/version_7.json"].assert_eq(&snapshot.to_json());
    }

    #[test]
    fn version_7_stays_as_it_is_and_an_unknown_one_is_named() {
        let (snapshot, _) = Snapshot::parse_any(VERSION_5).unwrap();
        assert_eq!(Snapshot::parse_any(&snapshot.to_json()).unwrap(), (snapshot, false));
        let unknown = VERSION_5.replace("\"version\":\"5\"", "\"version\":\"4\"");
        assert!(matches!(Snapshot::parse_any(&unknown), Err(Error::Version { found }) if found == "4"));
    }
}
