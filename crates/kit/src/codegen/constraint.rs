//! Keys, unique and check constraints and foreign keys, as attributes of a struct or of its field.

use schema::{
    Check, CheckObjects, Deferral, ForeignKey, ForeignKeyObjects, KeyObjects, Map, PrimaryKey, ReferentialAction,
    Schema, Table, TableObjects, Unique, names,
};

use super::additions::deferral_option;
use super::attribute::Attribute;
use super::ident::raw;
use super::module::Module;
use super::text::literal;
use super::types;

/// What a constraint or index has that no snapshot holds, by its name.
pub(super) fn beside<T: Clone + Default>(
    table: &Table,
    schema: &Schema,
    parts: fn(&TableObjects) -> &Map<T>,
    name: &str,
) -> T {
    let objects = schema.objects.tables.get(&table.key());
    objects.and_then(|objects| parts(objects).get(name)).cloned().unwrap_or_default()
}

/// `#[primary_key(…)]`. A word in it is a field, unless they have a place of their own.
pub(super) fn primary_key(key: &PrimaryKey, table: &Table, module: &Module) -> Attribute {
    let PrimaryKey { name, columns } = key;
    let KeyObjects { include, deferral } = beside(table, module.schema, |of| &of.composite_primary_keys, name);
    let fields = fields(table, columns, module);
    let mut attribute = Attribute::new("primary_key");
    if include.is_empty() && deferral == Deferral::NotDeferrable {
        attribute = fields.into_iter().fold(attribute, Attribute::argument);
    } else {
        attribute = attribute.argument(format!("on({})", fields.join(", ")));
    }
    if *name != names::primary_key(&table.name, columns) {
        attribute = attribute.argument(format!("name = {}", literal(name)));
    }
    attribute = includes(&include, &table.key(), module).into_iter().fold(attribute, Attribute::argument);
    deferral_option(deferral).into_iter().fold(attribute, Attribute::argument)
}

/// `include(…)`, where there is something to include.
pub(super) fn includes(columns: &[String], relation: &str, module: &Module) -> Option<String> {
    let fields = columns.iter().filter_map(|column| module.names().field(relation, column)).map(raw);
    (!columns.is_empty()).then(|| format!("include({})", fields.collect::<Vec<_>>().join(", ")))
}

/// `#[unique(…)]`.
pub(super) fn unique(unique: &Unique, table: &Table, module: &Module) -> Attribute {
    let on = format!("on({})", fields(table, &unique.columns, module).join(", "));
    let attribute = Attribute::new("unique").argument(on);
    let attribute = unique_options(unique, table, module.schema).into_iter().fold(attribute, Attribute::argument);
    let KeyObjects { include, .. } = beside(table, module.schema, |of| &of.unique_constraints, &unique.name);
    includes(&include, &table.key(), module).into_iter().fold(attribute, Attribute::argument)
}

/// Whether `#[column(unique)]` says all of the constraint.
pub(super) fn is_unique_on_field(unique: &Unique, column: &str, table: &Table, schema: &Schema) -> bool {
    let KeyObjects { include, .. } = beside(table, schema, |of| &of.unique_constraints, &unique.name);
    unique.columns.len() == 1 && unique.columns[0] == *column && include.is_empty()
}

/// What `unique` says of its constraint beside columns.
pub(super) fn unique_options(unique: &Unique, table: &Table, schema: &Schema) -> Vec<String> {
    let Unique { name, columns, nulls_not_distinct } = unique;
    let mut options = Vec::new();
    if *name != names::unique(&table.name, columns) {
        options.push(format!("name = {}", literal(name)));
    }
    if *nulls_not_distinct {
        options.push("nulls_not_distinct".to_owned());
    }
    let KeyObjects { deferral, .. } = beside(table, schema, |of| &of.unique_constraints, name);
    options.extend(deferral_option(deferral).map(str::to_owned));
    options
}

/// `#[check(…)]`.
pub(super) fn check(check: &Check, table: &Table, schema: &Schema) -> Attribute {
    let CheckObjects { is_no_inherit } = beside(table, schema, |of| &of.check_constraints, &check.name);
    let attribute = Attribute::new("check").argument(literal(&check.name)).text("", &check.value, "");
    if is_no_inherit { attribute.argument("no_inherit") } else { attribute }
}

/// Whether a struct can say the foreign key: it references a table that is declared, and between types that Rust
/// takes for one.
pub(super) fn is_declared(key: &ForeignKey, table: &Table, schema: &Schema) -> bool {
    let Some(target) = schema.tables.get(&key.references()) else { return false };
    let kind = |table: &Table, column: &String| {
        table.columns.get(column).map(|column| {
            let rust = types::of(column, schema);
            (rust.kind, rust.dimensions.len())
        })
    };
    key.columns_from.len() == key.columns_to.len()
        && key.columns_from.iter().zip(&key.columns_to).all(|(from, to)| {
            let (from, to) = (kind(table, from), kind(target, to));
            from.is_some() && from == to
        })
}

/// `#[foreign_key(…)]`.
pub(super) fn foreign_key(key: &ForeignKey, table: &Table, module: &mut Module) -> Attribute {
    let on = format!("on({})", fields(table, &key.columns_from, module).join(", "));
    let target = key.references();
    let path = module.table(&target);
    let fields = key.columns_to.iter().filter_map(|column| module.names().field(&target, column));
    let fields: Vec<String> = fields.map(|field| format!("{path}::{}", raw(field))).collect();
    let attribute = Attribute::new("foreign_key").argument(on).argument(format!("references({})", fields.join(", ")));
    key_options(key, table, module.schema).into_iter().fold(attribute, Attribute::argument)
}

/// `references(…)` of a field.
pub(super) fn references(key: &ForeignKey, table: &Table, module: &mut Module) -> String {
    let target = key.references();
    let path = module.table(&target);
    let field = module.names().field(&target, &key.columns_to[0]).map(raw).unwrap_or_default();
    let mut options = vec![format!("{path}::{field}")];
    options.extend(key_options(key, table, module.schema));
    format!("references({})", options.join(", "))
}

fn key_options(key: &ForeignKey, table: &Table, schema: &Schema) -> Vec<String> {
    let ForeignKey { name, table_from: _, table_to, schema_to: _, columns_from, columns_to, on_delete, on_update } =
        key;
    let mut options = Vec::new();
    for (option, action) in [("on_delete", on_delete), ("on_update", on_update)] {
        let action = action.unwrap_or_default();
        if action != ReferentialAction::NoAction {
            options.push(format!("{option} = {}", action.sql().replace(' ', "_")));
        }
    }
    if *name != names::foreign_key(&table.name, columns_from, table_to, columns_to) {
        options.push(format!("name = {}", literal(name)));
    }
    let ForeignKeyObjects { is_match_full, deferral } = beside(table, schema, |of| &of.foreign_keys, name);
    if is_match_full {
        options.push("match_full".to_owned());
    }
    options.extend(deferral_option(deferral).map(str::to_owned));
    options
}

/// The fields of a table's columns.
pub(super) fn fields(table: &Table, columns: &[String], module: &Module) -> Vec<String> {
    columns.iter().filter_map(|column| module.names().field(&table.key(), column)).map(raw).collect()
}
