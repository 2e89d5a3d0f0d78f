//! A view as a struct that derives `PgView`, or by the builder where a struct cannot say it.

use std::borrow::Cow;

use schema::{Column, ColumnDefault, Index, Map, PUBLIC, Schema, View};
use serde_json::Value;

use super::additions;
use super::attribute::Attribute;
use super::chain::{Chain, code};
use super::comments;
use super::ident::{is_plain, raw};
use super::module::Module;
use super::table::{self, json_literal};
use super::text::{docs, literal};
use super::types;

/// Whether a struct can say all of the view: its columns are names and types alone, and its options and indexes are
/// those of its kind.
pub(super) fn is_struct(view: &View, schema: &Schema) -> bool {
    let View {
        columns,
        definition,
        name: _,
        schema: _,
        is_existing: _,
        options,
        with_no_data,
        materialized,
        tablespace,
        using,
    } = view;
    let is_stored = tablespace.is_some() || using.is_some() || *with_no_data == Some(true);
    let is_optionless = options.as_ref().is_none_or(Map::is_empty) && !is_stored;
    !columns.is_empty()
        && columns.values().all(is_plain_column)
        && indexes(view, schema).all(table::is_sayable)
        && if definition.is_some() {
            (*materialized || !is_stored) && options.iter().flatten().all(|(name, value)| is_option(name, value, view))
        } else {
            is_optionless
        }
}

fn is_plain_column(column: &Column) -> bool {
    let Column { name: _, sql_type: _, type_schema: _, primary_key, not_null: _, generated, identity, default } =
        column;
    !primary_key && generated.is_none() && identity.is_none() && default.is_none() && !column.is_serial()
}

/// Whether `with(…)` takes the option, whose name is camelCase in a snapshot.
fn is_option(name: &str, value: &Value, view: &View) -> bool {
    let is_word = name.chars().all(|c| c.is_ascii_alphabetic()) && camel(&snake(name)) == name;
    let fits = match name {
        "checkOption" => matches!(value.as_str(), Some("local" | "cascaded")),
        "securityBarrier" | "securityInvoker" => value.is_boolean(),
        _ => view.materialized && (value.is_boolean() || value.is_u64() || value.is_string()),
    };
    is_word && fits
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut is_next = false;
    for c in name.chars() {
        match c {
            '_' => is_next = true,
            c if std::mem::take(&mut is_next) => out.push(c.to_ascii_uppercase()),
            c => out.push(c),
        }
    }
    out
}

/// Writes the struct.
pub(super) fn render(view: &View, module: &mut Module) {
    let derive = module.import("schema", "PgView");
    let comment = comments::on_object(module.schema, comments::kind_of_view(view), &view.schema, &view.name);
    let mut text = comment.map(|comment| docs(comment, "")).unwrap_or_default();
    text.push_str(&format!("#[derive(Clone, Debug, {derive})]\n"));
    text.push_str(&attribute(view, module.schema).render(""));
    let key = view.key();
    let indexes: Vec<&Index> = indexes(view, module.schema).collect();
    let objects = |index: &Index| module.schema.objects.views.get(&key)?.index_objects.get(&index.name);
    let on_field =
        |column: &String| indexes.iter().copied().find(|index| table::is_on_field(index, column, objects(index)));
    let on_fields: Vec<&str> = view.columns.keys().filter_map(on_field).map(|index| index.name.as_str()).collect();
    for index in indexes.iter().filter(|index| !on_fields.contains(&index.name.as_str())) {
        text.push_str(&table::index_attribute(index, objects(index), (&view.name, &key), module).render(""));
    }
    text.push_str(&format!("pub struct {} {{\n", module.names().view(&key)));
    for column in view.columns.values() {
        let comment = comments::on_column(module.schema, &view.schema, &view.name, &column.name);
        text.push_str(&comment.map(|comment| docs(comment, "    ")).unwrap_or_default());
        let rust = types::of(column, module.schema);
        let ident = module.names().field(&key, &column.name).expect("each column of the view has a field");
        let mut named = table::named(column, ident, &rust);
        if let Some(index) = on_field(&column.name) {
            named = named.argument(table::index_option(index, &view.name));
        }
        if !named.is_empty() {
            text.push_str(&named.render("    "));
        }
        let ty = module.field_type(&rust, !column.not_null);
        text.push_str(&format!("    pub {}: {ty},\n", raw(ident)));
    }
    text.push_str("}\n");
    module.item(text);
}

fn indexes<'a>(view: &View, schema: &'a Schema) -> impl Iterator<Item = &'a Index> {
    schema.objects.views.get(&view.key()).into_iter().flat_map(|beside| beside.indexes.values())
}

fn attribute(view: &View, schema: &Schema) -> Attribute {
    let mut attribute = Attribute::new("view").argument(literal(&view.name));
    if view.schema != PUBLIC {
        attribute = attribute.argument(format!("schema = {}", literal(&view.schema)));
    }
    if view.materialized {
        attribute = attribute.argument("materialized");
    }
    if comments::are_of_view(view, schema) {
        attribute = attribute.argument("comments");
    }
    let Some(definition) = &view.definition else { return attribute.argument("existing") };
    let options = view.options.iter().flatten();
    let options: Vec<String> =
        options.map(|(name, value)| format!("{} = {}", snake(name), json_literal(value))).collect();
    if !options.is_empty() {
        attribute = attribute.argument(format!("with({})", options.join(", ")));
    }
    if view.with_no_data == Some(true) {
        attribute = attribute.argument("with_no_data");
    }
    if let Some(method) = &view.using {
        let is_word = is_plain(method) && !method.starts_with(|c: char| c.is_ascii_digit());
        attribute = attribute.argument(format!("using = {}", if is_word { method.clone() } else { literal(method) }));
    }
    if let Some(tablespace) = &view.tablespace {
        attribute = attribute.argument(format!("tablespace = {}", literal(tablespace)));
    }
    attribute.text("query = ", definition, "")
}

/// The view by its builder.
pub(super) fn chain(view: &View, schema: &Schema) -> Chain {
    let mut chain = Chain::new("build::View::new", [(&view.name).into()]);
    if view.schema != PUBLIC {
        chain = chain.with("in_schema", &view.schema);
    }
    chain = chain.some("query", view.definition.as_ref()).flag("materialized", view.materialized);
    for (name, value) in view.options.iter().flatten() {
        let value = match value {
            Value::Bool(_) | Value::Number(_) | Value::String(_) => json_literal(value),
            other => format!("serde_json::json!({other})"),
        };
        chain = chain.call("option", [name.into(), code(value)]);
    }
    chain = chain.flag("with_no_data", view.with_no_data == Some(true));
    chain = chain.some("tablespace", view.tablespace.as_ref()).some("using", view.using.as_ref());
    chain = view.columns.values().fold(chain, |chain, declared| chain.with("column", column(declared)));
    let objects = |index: &Index| schema.objects.views.get(&view.key())?.index_objects.get(&index.name);
    indexes(view, schema)
        .fold(chain, |chain, index| chain.with("index", additions::index(index, objects(index), &view.name)))
}

/// A column of a view by its builder. drizzle-kit takes along what the table's column has, of which nothing is made.
fn column(column: &Column) -> Chain {
    let sql_type = match &column.type_schema {
        Some(schema) => Chain::new("build::types::enumeration_named", [schema.into(), (&column.sql_type).into()]),
        None => Chain::new("build::types::custom", [(&column.sql_type).into()]),
    };
    let mut chain = Chain::new("build::Column::new", [(&column.name).into(), sql_type.into()]);
    chain = if column.primary_key { chain.flag("primary_key", true) } else { chain.flag("not_null", column.not_null) };
    chain = match &column.default {
        Some(ColumnDefault::Literal(json)) if matches!(json.as_str(), "true" | "false") => {
            chain.with("default_bool", code(json))
        }
        Some(ColumnDefault::Literal(json)) if json.parse::<i64>().is_ok() => chain.with("default_number", code(json)),
        _ => chain.some("default_sql", column.default_sql().map(Cow::into_owned).as_ref()),
    };
    chain.some("generated", column.generated.as_ref().map(|generated| &generated.expression))
}
