//! What is read from a real PostgreSQL, and what becomes of it when it is built again.

mod corpus;
mod differences;
mod errors;
mod found;
mod objects;
mod random;
mod round_trips;
mod scratch;

use kit::introspect::{
    Compared, Filter, Introspected, Patterns, Roles, Surroundings, compared, in_same_form, read, read_within,
};
use kit::rename::{Answers, resolve};
use schema::{Map, PUBLIC, Schema, Table};
use serde::Serialize;

use crate::support::Database;

/// What would have to be done, one way and the other, between a database that was built from a schema and that schema;
/// nothing where they agree. Empties the database.
pub(crate) fn disagreement(database: &Database, declared: &Schema) -> Vec<String> {
    let filter = Filter {
        schemas: Patterns::exactly(declared.schemas.keys().map(String::as_str).chain([PUBLIC])),
        roles: Roles::Matching(Patterns::exactly(declared.roles.keys())),
        linked_policies: true,
        ..Filter::default()
    };
    let (found, surroundings) = database.with_client(async |client| {
        let found = read(client, &filter).await.unwrap();
        (found, Surroundings::read(client, declared).await.unwrap())
    });
    let Compared { schema: found, left_alone: _ } = compared(found.schema, declared);
    database.clear();
    match database.with_client(async |client| in_same_form(client, found, declared, &filter, &surroundings).await) {
        Ok((found, declared)) => [statements(&found, &declared), statements(&declared, &found)].concat(),
        Err(error) => vec![format!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string))],
    }
}

fn statements(previous: &Schema, next: &Schema) -> Vec<String> {
    let resolved = resolve(previous, next, &Answers::default().create_the_rest());
    kit::plan::plan(&resolved, next).iter().flat_map(kit::sql::statements).collect()
}

/// What is read after these statements, which leave nothing behind.
fn read_after<S: AsRef<str>>(database: &Database, statements: &[S], filter: &Filter) -> Introspected {
    database.with_client(async |client| {
        let transaction = client.transaction().await.unwrap();
        for statement in statements {
            transaction
                .batch_execute(statement.as_ref())
                .await
                .unwrap_or_else(|e| panic!("{e:?} at {}", statement.as_ref()));
        }
        let introspected = read_within(&transaction, filter).await.unwrap();
        transaction.rollback().await.unwrap();
        introspected
    })
}

/// The objects that one schema has and the other has not, a line each; nothing where they are equal.
fn compare(expected: &Schema, found: &Schema) -> String {
    if expected == found {
        return String::new();
    }
    let (expected, found) = (lines(expected), lines(found));
    let gone = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("  - {line}\n"));
    let new = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("  + {line}\n"));
    format!("they differ:\n{}{}", gone.collect::<String>(), new.collect::<String>())
}

fn lines(schema: &Schema) -> Vec<String> {
    let Schema { tables, enums, schemas, sequences, roles, policies, views, objects } = schema;
    let mut lines = Vec::new();
    for (key, table) in tables {
        let Table {
            name,
            schema,
            columns,
            indexes,
            foreign_keys,
            composite_primary_keys,
            unique_constraints,
            policies,
            check_constraints,
            is_rls_enabled,
        } = table;
        lines.push(format!("table {key}: {schema} {name} {is_rls_enabled}"));
        add(key, columns, &mut lines);
        add(key, indexes, &mut lines);
        add(key, foreign_keys, &mut lines);
        add(key, composite_primary_keys, &mut lines);
        add(key, unique_constraints, &mut lines);
        add(key, policies, &mut lines);
        add(key, check_constraints, &mut lines);
    }
    add("enum", enums, &mut lines);
    add("schema", schemas, &mut lines);
    add("sequence", sequences, &mut lines);
    add("role", roles, &mut lines);
    add("policy", policies, &mut lines);
    add("view", views, &mut lines);
    lines.extend(objects.to_json().lines().map(str::to_owned));
    lines
}

fn add<T: Serialize>(of: &str, objects: &Map<T>, lines: &mut Vec<String>) {
    lines.extend(objects.iter().map(|(key, object)| {
        let json = serde_json::to_value(object).unwrap();
        format!("{of} {key}: {json}")
    }));
}
