//! A table as a struct that derives `PgTable`.

use std::collections::HashSet;

use schema::{
    Column, CommentKind, ForeignKey, Identity, IdentityKind, Index, IndexColumn, IndexObjects, Nulls, PUBLIC, Policy,
    PolicyKind, Schema, Table, names,
};
use serde_json::Value;

use super::attribute::Attribute;
use super::comments;
use super::constraint::{self, is_declared, is_unique_on_field, references, unique_options};
use super::default::{self, Form};
use super::ident::{is_plain, raw};
use super::module::Module;
use super::text::{docs, literal};
use super::types;

/// The constraints and indexes that stand on a field, each by its name.
#[derive(Default)]
struct OnFields<'a> {
    uniques: HashSet<&'a str>,
    foreign_keys: HashSet<&'a str>,
    indexes: HashSet<&'a str>,
}

/// Writes the struct. What it cannot say is written by `additions`.
pub(super) fn render(table: &Table, module: &mut Module) {
    let derive = module.import("schema", "PgTable");
    let on_fields = on_fields(table, module.schema);
    let keys = table.foreign_keys.values().filter(|key| !on_fields.foreign_keys.contains(key.name.as_str()));
    let keys: Vec<&ForeignKey> = keys.filter(|key| is_declared(key, table, module.schema)).collect();
    let keys: Vec<Attribute> = keys.into_iter().map(|key| constraint::foreign_key(key, table, module)).collect();
    let schema = table.schema_name();
    let comment = comments::on_object(module.schema, CommentKind::Table, schema, &table.name);
    let mut text = comment.map(|comment| docs(comment, "")).unwrap_or_default();
    text.push_str(&format!("#[derive(Clone, Debug, {derive})]\n"));
    for attribute in attributes(table, &on_fields, module).into_iter().chain(keys) {
        text.push_str(&attribute.render(""));
    }
    let name = module.names().table(&table.key());
    if table.columns.is_empty() {
        module.item(format!("{text}pub struct {name} {{}}\n"));
        return;
    }
    text.push_str(&format!("pub struct {name} {{\n"));
    for column in table.columns.values() {
        text.push_str(&field(column, table, &on_fields, module));
    }
    text.push_str("}\n");
    module.item(text);
}

/// Which constraints and indexes of one column alone stand there; of several of a kind the first.
fn on_fields<'a>(table: &'a Table, schema: &Schema) -> OnFields<'a> {
    let mut on_fields = OnFields::default();
    for column in table.columns.keys() {
        let alone = |columns: &[String]| columns.len() == 1 && columns[0] == *column;
        let mut uniques = table.unique_constraints.values();
        let unique = uniques.find(|unique| is_unique_on_field(unique, column, table, schema));
        on_fields.uniques.extend(unique.map(|unique| unique.name.as_str()));
        let mut keys = table.foreign_keys.values();
        let key = keys.find(|key| alone(&key.columns_from) && is_declared(key, table, schema));
        on_fields.foreign_keys.extend(key.map(|key| key.name.as_str()));
        let index =
            table.indexes.values().find(|index| is_on_field(index, column, objects_of_index(index, table, schema)));
        on_fields.indexes.extend(index.map(|index| index.name.as_str()));
    }
    on_fields
}

/// Whether `#[column(index)]` says all of the index.
pub(super) fn is_on_field(index: &Index, column: &str, objects: Option<&IndexObjects>) -> bool {
    let Index { name: _, columns, is_unique, predicate, concurrently, method, parameters } = index;
    let [IndexColumn { expression, is_expression: false, asc: true, nulls, opclass: None }] = columns.as_slice() else {
        return false;
    };
    expression == column
        && *nulls != Some(Nulls::First)
        && !is_unique
        && predicate.is_none()
        && !concurrently
        && method == "btree"
        && parameters.is_empty()
        && objects.is_none_or(|objects| *objects == IndexObjects::default())
}

fn objects_of_index<'a>(index: &Index, table: &Table, schema: &'a Schema) -> Option<&'a IndexObjects> {
    schema.objects.tables.get(&table.key())?.indexes.get(&index.name)
}

/// The attributes on the struct.
fn attributes(table: &Table, on_fields: &OnFields, module: &Module) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    let mut named = Attribute::new("table").argument(literal(&table.name));
    if table.schema_name() != PUBLIC {
        named = named.argument(format!("schema = {}", literal(table.schema_name())));
    }
    if table.is_rls_enabled {
        named = named.argument("rls");
    }
    if comments::are_of_table(table, module.schema) {
        named = named.argument("comments");
    }
    attributes.push(named);
    let keys = table.composite_primary_keys.values();
    attributes.extend(keys.map(|key| constraint::primary_key(key, table, module)));
    let uniques = table.unique_constraints.values();
    let uniques = uniques.filter(|unique| !on_fields.uniques.contains(unique.name.as_str()));
    attributes.extend(uniques.map(|unique| constraint::unique(unique, table, module)));
    for index in table.indexes.values().filter(|index| !on_fields.indexes.contains(index.name.as_str())) {
        if is_sayable(index) {
            let objects = objects_of_index(index, table, module.schema);
            attributes.push(index_attribute(index, objects, (&table.name, &table.key()), module));
        }
    }
    let checks = table.check_constraints.values();
    attributes.extend(checks.map(|check| constraint::check(check, table, module.schema)));
    attributes.extend(table.policies.values().map(policy));
    attributes
}

/// Whether `#[index(…)]` can say the storage parameters.
pub(super) fn is_sayable(index: &Index) -> bool {
    index.parameters.iter().all(|(name, value)| {
        let is_word = is_plain(name) && !name.starts_with(|c: char| c.is_ascii_digit()) && name != "_";
        is_word && matches!(value, Value::Bool(_) | Value::String(_) | Value::Number(_)) && !is_negative(value)
    })
}

fn is_negative(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number < 0.0)
}

/// `#[index(…)]` on the struct of the table or view of that name and key.
pub(super) fn index_attribute(
    index: &Index,
    objects: Option<&IndexObjects>,
    (table, key): (&str, &str),
    module: &Module,
) -> Attribute {
    let Index { name, columns, is_unique, predicate, concurrently, method, parameters } = index;
    let mut attribute = Attribute::new("index");
    if !has_derived_name(index, table) {
        attribute = attribute.argument(format!("name = {}", literal(name)));
    }
    let keys: Vec<String> = columns.iter().map(|column| index_key(column, key, module)).collect();
    attribute = attribute.argument(format!("on({})", keys.join(", ")));
    let IndexObjects { include, nulls_not_distinct } = objects.cloned().unwrap_or_default();
    if *is_unique {
        attribute = attribute.argument("unique");
    }
    if nulls_not_distinct {
        attribute = attribute.argument("nulls_not_distinct");
    }
    if method != "btree" {
        let is_word = is_plain(method) && !method.is_empty() && !method.starts_with(|c: char| c.is_ascii_digit());
        let method = if is_word { method.clone() } else { literal(method) };
        attribute = attribute.argument(format!("using = {method}"));
    }
    attribute = constraint::includes(&include, key, module).into_iter().fold(attribute, Attribute::argument);
    if let Some(predicate) = predicate {
        attribute = attribute.text("filter = ", predicate, "");
    }
    if !parameters.is_empty() {
        let parameters = parameters.iter().map(|(name, value)| format!("{name} = {}", json_literal(value)));
        attribute = attribute.argument(format!("with({})", parameters.collect::<Vec<_>>().join(", ")));
    }
    if *concurrently {
        attribute = attribute.argument("concurrently");
    }
    attribute
}

/// Whether the index is called as it would be without a name.
pub(super) fn has_derived_name(index: &Index, table: &str) -> bool {
    let columns: Vec<&str> = index.columns.iter().map(|column| column.expression.as_str()).collect();
    index.columns.iter().all(|column| !column.is_expression) && index.name == names::index(table, &columns)
}

fn index_key(column: &IndexColumn, table: &str, module: &Module) -> String {
    let IndexColumn { expression, is_expression, asc, nulls, opclass } = column;
    let field = module.names().field(table, expression).filter(|_| !is_expression);
    let mut key = match field {
        Some(field) => raw(field),
        None => format!("sql({})", literal(expression)),
    };
    if !asc {
        key.push_str(".desc()");
    }
    // Without a word PostgreSQL sorts NULL as the greatest value.
    if *nulls == Some(Nulls::First) || (nulls.is_none() && !asc) {
        key.push_str(".nulls_first()");
    }
    if let Some(class) = opclass {
        key.push_str(&format!(".op({})", literal(class)));
    }
    key
}

/// A JSON value as a literal of Rust.
pub(super) fn json_literal(value: &Value) -> String {
    match value {
        Value::String(text) => literal(text),
        other => other.to_string(),
    }
}

fn policy(policy: &Policy) -> Attribute {
    let Policy { name, kind, command, roles: _, using, with_check, schema: _, on: _ } = policy;
    let mut attribute = Attribute::new("policy").argument(literal(name));
    if *kind == Some(PolicyKind::Restrictive) {
        attribute = attribute.argument("as = restrictive");
    }
    let command = command.unwrap_or_default();
    if command != schema::PolicyCommand::All {
        attribute = attribute.argument(format!("for = {}", command.sql().to_lowercase()));
    }
    let roles = policy.role_names();
    if roles != ["public"] {
        let word = |role: &&str| match *role {
            "current_role" | "current_user" | "session_user" => (*role).to_owned(),
            name => literal(name),
        };
        attribute = attribute.argument(format!("to({})", roles.iter().map(word).collect::<Vec<_>>().join(", ")));
    }
    if let Some(using) = using {
        attribute = attribute.text("using = ", using, "");
    }
    if let Some(check) = with_check {
        attribute = attribute.text("with_check = ", check, "");
    }
    attribute
}

/// A column as a field.
fn field(column: &Column, table: &Table, on_fields: &OnFields, module: &mut Module) -> String {
    let comment = comments::on_column(module.schema, table.schema_name(), &table.name, &column.name);
    let mut text = comment.map(|comment| docs(comment, "    ")).unwrap_or_default();
    let rust = types::of(column, module.schema);
    let ident = module.names().field(&table.key(), &column.name).expect("each column of the table has a field");
    let mut attribute = named(column, ident, &rust);
    if column.primary_key {
        attribute = attribute.argument("primary_key");
    }
    if let Some(identity) = &column.identity {
        attribute = attribute.argument(identity_option(identity, column, table));
    }
    match default::form(column, &rust, module) {
        Some(Form::Option(option)) => attribute = attribute.argument(option),
        Some(Form::Constant(code)) => attribute = attribute.argument(format!("default = {code}")),
        Some(Form::Sql(sql)) => attribute = attribute.text("default_sql = ", &sql, ""),
        None => {}
    }
    if let Some(generated) = &column.generated {
        let beside = module.schema.objects.tables.get(&table.key()).and_then(|table| table.columns.get(&column.name));
        let is_virtual = beside.is_some_and(|beside| beside.is_virtual);
        let option = if is_virtual { "generated_virtual = " } else { "generated = " };
        attribute = attribute.text(option, &generated.expression, "");
    }
    let alone = |columns: &[String]| columns.len() == 1 && columns[0] == column.name;
    let mut uniques = table.unique_constraints.values();
    if let Some(unique) =
        uniques.find(|unique| on_fields.uniques.contains(unique.name.as_str()) && alone(&unique.columns))
    {
        attribute = attribute.argument(with_options("unique", &unique_options(unique, table, module.schema)));
    }
    let keys = table.foreign_keys.values();
    if let Some(key) =
        keys.into_iter().find(|key| on_fields.foreign_keys.contains(key.name.as_str()) && alone(&key.columns_from))
    {
        attribute = attribute.argument(references(key, table, module));
    }
    let mut indexes = table.indexes.values();
    if let Some(index) = indexes.find(|index| {
        on_fields.indexes.contains(index.name.as_str())
            && is_on_field(index, &column.name, objects_of_index(index, table, module.schema))
    }) {
        attribute = attribute.argument(index_option(index, &table.name));
    }
    if !attribute.is_empty() {
        text.push_str(&attribute.render("    "));
    }
    let is_nullable = !(column.not_null || column.primary_key || column.identity.is_some() || column.is_serial());
    let ty = module.field_type(&rust, is_nullable);
    text.push_str(&format!("    pub {}: {ty},\n", raw(ident)));
    text
}

/// What a column of a table or view says of its name and type.
pub(super) fn named(column: &Column, ident: &str, rust: &types::RustType) -> Attribute {
    let mut attribute = Attribute::new("column");
    if ident != column.name || !is_plain(ident) {
        attribute = attribute.argument(format!("name = {}", literal(&column.name)));
    }
    if let Some(option) = &rust.option {
        attribute = attribute.argument(option.clone());
    }
    match rust.array() {
        Some(array) => attribute.argument(array),
        None => attribute,
    }
}

/// `index` on a field.
pub(super) fn index_option(index: &Index, table: &str) -> String {
    let name = format!("name = {}", literal(&index.name));
    with_options("index", &if has_derived_name(index, table) { Vec::new() } else { vec![name] })
}

fn with_options(name: &str, options: &[String]) -> String {
    if options.is_empty() { name.to_owned() } else { format!("{name}({})", options.join(", ")) }
}

/// The identity with what is not PostgreSQL's default for the type.
fn identity_option(identity: &Identity, column: &Column, table: &Table) -> String {
    let Identity { kind, name, schema: _, increment, start_with, min_value, max_value, cache, cycle } = identity;
    let mut options = Vec::new();
    if *kind == IdentityKind::ByDefault {
        options.push("by_default".to_owned());
    }
    if *name != names::identity_sequence(&table.name, &column.name) {
        options.push(format!("name = {}", literal(name)));
    }
    let (least, greatest) = match column.sql_type.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let numbers = Numbers { increment, start_with, min_value, max_value, cache };
    options.extend(numbers.other_than_default(least, greatest).map(|(option, number)| format!("{option} = {number}")));
    if *cycle == Some(true) {
        options.push("cycle".to_owned());
    }
    with_options("identity", &options)
}

/// The numbers of a sequence, as decimal text.
pub(super) struct Numbers<'a> {
    pub(super) increment: &'a Option<String>,
    pub(super) start_with: &'a Option<String>,
    pub(super) min_value: &'a Option<String>,
    pub(super) max_value: &'a Option<String>,
    pub(super) cache: &'a Option<String>,
}

impl<'a> Numbers<'a> {
    /// Those that CREATE SEQUENCE would not choose by itself, with their option's name.
    pub(super) fn other_than_default(
        &self,
        least: i64,
        greatest: i64,
    ) -> impl Iterator<Item = (&'static str, &'a str)> {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok());
        let increment = number(self.increment).unwrap_or(1);
        let min = if increment < 0 { least } else { 1 };
        let max = if increment < 0 { -1 } else { greatest };
        let start =
            if increment < 0 { number(self.max_value).unwrap_or(max) } else { number(self.min_value).unwrap_or(min) };
        [
            ("increment", self.increment, 1),
            ("start_with", self.start_with, start),
            ("min_value", self.min_value, min),
            ("max_value", self.max_value, max),
            ("cache", self.cache, 1),
        ]
        .into_iter()
        .filter_map(|(option, given, default)| {
            given.as_deref().filter(|given| **given != default.to_string()).map(|given| (option, given))
        })
    }
}
