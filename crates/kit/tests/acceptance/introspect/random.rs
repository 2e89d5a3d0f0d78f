//! Random schemas, built and read back.

use std::cell::RefCell;

use kit::diff::is_not_null;
use kit::introspect::{Filter, Surroundings, compared, in_same_form};
use kit::step::Name;
use proptest::test_runner::{TestCaseError, TestRunner};
use schema::names::stored;
use schema::quote::ident;
use schema::{Column, ColumnDefault, Index, Map, Objects, Schema};

use super::{compare, read_after, statements};
use crate::random::{build, config, spec};
use crate::support::Database;

/// Runs the test on random schemas; the message is that of the shrunk one.
fn check(hold: impl Fn(&Database, &Schema) -> Result<(), String>) {
    let database = Database::new();
    let last_failure = RefCell::new(String::new());
    let result = TestRunner::new(config()).run(&spec::of_one_database(), |spec| {
        hold(&database, &database.understood(build::build(&spec).schema)).map_err(|why| {
            last_failure.replace(why.clone());
            TestCaseError::fail(why)
        })
    });
    assert!(result.is_ok(), "{}", last_failure.take());
}

/// The schema without what says only how it is made.
fn without_concurrently(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.indexes_mut().for_each(|index| index.concurrently = false);
    schema
}

/// The catalog of the schema built from empty, a line an object.
fn catalog(database: &Database, schema: &Schema) -> Vec<String> {
    database.run("BEGIN").unwrap();
    for statement in statements(&Schema::default(), &without_concurrently(schema)) {
        database.run(&statement).unwrap();
    }
    let catalog = database.catalog();
    database.run("ROLLBACK").unwrap();
    catalog
}

/// The lines that are in the one and not in the other.
fn only(lines: &[String], others: &[String], sign: &str) -> String {
    lines.iter().filter(|line| !others.contains(line)).map(|line| format!("  {sign} {line}\n")).collect()
}

fn built_and_read(database: &Database, schema: &Schema) -> Schema {
    let statements = statements(&Schema::default(), &without_concurrently(schema));
    read_after(database, &statements, &Filter::default()).schema
}

/// The schema as it is in the catalog, expressions aside: PostgreSQL prints those in its own words, cuts off names
/// that are too long, and says of every column that it is NOT NULL where it is.
fn without_expressions(schema: &Schema) -> Schema {
    let mut plain = without_concurrently(schema);
    for table in plain.tables.values_mut() {
        let as_it_was = table.clone();
        for column in table.columns.values_mut() {
            column.not_null = is_not_null(&as_it_was, column);
            column.default = column.default.take().map(|_| ColumnDefault::Expression(String::new()));
            column.generated.iter_mut().for_each(|generated| generated.expression.clear());
            if column.sql_type.trim_end_matches("[]") == "char" {
                column.sql_type = column.sql_type.replacen("char", "char(1)", 1);
            }
            // PostgreSQL quotes the name of a type only where it must.
            column.sql_type.retain(|c| c != '"');
        }
        table.check_constraints.values_mut().for_each(|check| check.value.clear());
        // A table with policies has row-level security.
        table.is_rls_enabled |= !table.policies.is_empty();
        let columns: Vec<String> = table.columns.keys().cloned().collect();
        table.indexes.values_mut().for_each(|index| without_expressions_in_index(index, &columns));
    }
    for policy in plain.tables.values_mut().flat_map(|table| table.policies.values_mut()) {
        policy.using.iter_mut().chain(&mut policy.with_check).for_each(String::clear);
        policy.kind = Some(policy.kind.unwrap_or_default());
        policy.command = Some(policy.command.unwrap_or_default());
        // `current_user` has become the one who made the policy.
        policy.roles = Some(vec![(policy.role_names() == ["public"]).to_string()]);
    }
    // They are hardly more than words; whether those mean the same, the comparison in canonical form tells.
    plain.objects = Objects::default();
    for view in plain.views.values_mut() {
        view.definition.iter_mut().for_each(String::clear);
        // What a query returns follows from the query.
        view.columns.clear();
    }
    stored_names(plain)
}

fn without_expressions_in_index(index: &mut Index, columns: &[String]) {
    index.predicate.iter_mut().for_each(String::clear);
    for part in index.columns.iter_mut().filter(|part| part.is_expression) {
        // A column that is declared as an expression is a column to PostgreSQL, in its own collation too.
        let expression = part.expression.trim_end_matches(" COLLATE \"C\"");
        let column = columns.iter().find(|column| ident(column) == expression).cloned();
        (part.is_expression, part.expression) = (column.is_none(), column.unwrap_or_default());
    }
}

/// The schema with every name as PostgreSQL cuts it off.
fn stored_names(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        for identity in table.columns.values_mut().filter_map(|column| column.identity.as_mut()) {
            identity.name = stored(&identity.name).to_owned();
        }
        rename(&mut table.indexes, |index| &mut index.name);
        rename(&mut table.foreign_keys, |key| &mut key.name);
        rename(&mut table.unique_constraints, |unique| &mut unique.name);
        rename(&mut table.composite_primary_keys, |key| &mut key.name);
    }
    schema
}

fn rename<T>(map: &mut Map<T>, name: impl Fn(&mut T) -> &mut String) {
    let objects = std::mem::take(map).into_values().map(|mut object| {
        let name = name(&mut object);
        *name = stored(name).to_owned();
        (name.clone(), object)
    });
    *map = objects.collect();
}

#[test]
fn what_is_read_is_what_was_declared_but_for_the_words_of_its_expressions() {
    check(|database, declared| {
        let found = without_expressions(&built_and_read(database, declared));
        let differences = compare(&without_expressions(declared), &found);
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    });
}

#[test]
fn what_is_read_builds_what_was_read() {
    check(|database, declared| {
        let once = built_and_read(database, declared);
        let differences = compare(&once, &built_and_read(database, &once));
        if !differences.is_empty() {
            return Err(differences);
        }
        let (expected, found) = (catalog(database, declared), catalog(database, &once));
        if expected == found { Ok(()) } else { Err(only(&expected, &found, "-") + &only(&found, &expected, "+")) }
    });
}

#[test]
fn what_was_declared_and_what_is_read_are_the_same_in_canonical_form() {
    check(|database, declared| {
        let found = compared(built_and_read(database, declared), declared).schema;
        let statements = statements_between(database, found, declared)?;
        if statements.is_empty() { Ok(()) } else { Err(statements.join("\n")) }
    });
}

#[test]
fn of_what_is_read_and_what_was_declared_one_column_differs_that_only_one_of_them_has() {
    check(|database, declared| {
        let mut found = compared(built_and_read(database, declared), declared).schema;
        let Some(table) = found.tables.values_mut().next() else { return Ok(()) };
        let stray = Column { name: "stray".to_owned(), sql_type: "integer".to_owned(), ..Column::default() };
        table.columns.insert(stray.name.clone(), stray);
        let table = Name::of(table);
        let statements = statements_between(database, found, declared)?;
        let expected = format!("ALTER TABLE {table} DROP COLUMN \"stray\";");
        if statements == [expected] { Ok(()) } else { Err(statements.join("\n")) }
    });
}

/// What would bring one to the other, once both are in the same form.
fn statements_between(database: &Database, found: Schema, declared: &Schema) -> Result<Vec<String>, String> {
    let (filter, surroundings) = (Filter::default(), Surroundings::default());
    let both = database.with_client(async |client| in_same_form(client, found, declared, &filter, &surroundings).await);
    let (found, declared) =
        both.map_err(|error| format!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string)))?;
    Ok(statements(&found, &declared))
}
