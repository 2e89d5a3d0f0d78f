//! What has no struct: functions with `#[pg_objects]` that give it by `schema::build`.

mod comments;
mod functions;
mod relations;
mod types;

use schema::{CommentTarget, Map, PUBLIC};

use super::additions;
use super::chain::{Argument, Chain, code};
use super::module::Module;
use super::view;

/// Writes what lives in the schema of that name.
pub(super) fn of_schema(name: &str, module: &mut Module) {
    let schema = module.schema;
    let objects = &schema.objects;
    let here = |in_schema: &str| in_schema == name;
    let prefix = if name == PUBLIC || module.is_of_one_schema() { String::new() } else { format!("{name}_") };
    let named = |kind: &str| format!("{prefix}{kind}");
    let sequences = schema.sequences.values().filter(|sequence| here(&sequence.schema)).map(relations::sequence);
    list(&named("sequences"), "Sequence", sequences.collect(), module);
    let collations = objects.collations.values().filter(|collation| here(&collation.schema)).map(types::collation);
    list(&named("collations"), "Collation", collations.collect(), module);
    let domains = objects.domains.values().filter(|domain| here(&domain.schema)).map(types::domain);
    list(&named("domains"), "Domain", domains.collect(), module);
    let composites = objects.composites.values().filter(|composite| here(&composite.schema)).map(types::composite);
    list(&named("composite_types"), "Composite", composites.collect(), module);
    let ranges = objects.ranges.values().filter(|range| here(&range.schema)).map(types::range);
    list(&named("range_types"), "Range", ranges.collect(), module);
    let tables = schema.tables.values().filter(|table| here(table.schema_name()));
    let more: Vec<Chain> = tables.filter_map(|table| additions::of(table, schema)).collect();
    list(&named("additions"), "Additions", more, module);
    let partitions = objects.partitions.values().filter(|partition| here(&partition.schema));
    list(&named("partitions"), "Partition", partitions.map(relations::partition).collect(), module);
    let views = schema.views.values().filter(|declared| here(&declared.schema) && !view::is_struct(declared, schema));
    list(&named("views"), "View", views.map(|declared| view::chain(declared, schema)).collect(), module);
    let statistics = objects.statistics.values().filter(|statistics| here(&statistics.schema));
    list(&named("statistics"), "Statistics", statistics.map(relations::statistics).collect(), module);
    for function in objects.functions.values().filter(|function| here(&function.schema)) {
        functions::render(function, module);
    }
    let triggers = objects.triggers.values().filter(|trigger| here(&trigger.schema)).map(functions::trigger);
    list(&named("triggers"), "Trigger", triggers.collect(), module);
    let policies = schema.policies.values().filter(|policy| here(&linked_schema(policy))).map(relations::policy);
    list(&named("policies"), "LinkedPolicy", policies.collect(), module);
    let is_here = |on: &CommentTarget| on.schema.as_deref() == Some(name);
    let comments = objects.comments.values().filter(|comment| is_here(&comment.on));
    let comments = comments.filter(|comment| !super::comments::are_read(&comment.on, schema)).map(comments::comment);
    list(&named("comments"), "Comment", comments.collect(), module);
}

/// Writes what lives in no schema, and the schemas in which nothing lives.
pub(super) fn of_database(module: &mut Module) {
    let schema = module.schema;
    let objects = &schema.objects;
    list("extensions", "Extension", objects.extensions.values().map(types::extension).collect(), module);
    list("roles", "Role", schema.roles.values().map(relations::role).collect(), module);
    let used = schema.schemas_in_use();
    let empty = schema.schemas.values().filter(|name| !used.contains(name.as_str()));
    let named = empty.map(|name| format!("{}.to_owned()", super::text::literal(name)));
    let named = named.map(|name| Chain::new("build::Object::Schema", [code(name)]));
    list("schemas", "Object", named.collect(), module);
    let comments = objects.comments.values().filter(|comment| comment.on.schema.is_none()).map(comments::comment);
    list("database_comments", "Comment", comments.collect(), module);
}

fn linked_schema(policy: &schema::Policy) -> String {
    policy.linked_table().map_or_else(|| PUBLIC.to_owned(), |(schema, _)| schema)
}

/// Writes the function that gives these objects, all of one kind.
fn list(name: &str, kind: &str, chains: Vec<Chain>, module: &mut Module) {
    if chains.is_empty() {
        return;
    }
    let head = head(name, kind, chains.len(), module);
    let line: Vec<String> = chains.iter().map(Chain::line).collect();
    let line = format!("    [{}]\n", line.join(", "));
    let body = if !line.trim_end().contains('\n') && line.trim_end().chars().count() <= super::text::WIDTH {
        line
    } else {
        let items = chains.iter().map(|chain| format!("        {},\n", chain.render(8, 1)));
        format!("    [\n{}    ]\n", items.collect::<String>())
    };
    module.item(format!("{head}{body}}}\n"));
}

/// The function up to its body.
fn head(name: &str, kind: &str, count: usize, module: &mut Module) -> String {
    let attribute = module.import("schema", "pg_objects");
    module.import("schema", "build");
    let name = module.function(name);
    format!("#[{attribute}]\nfn {name}() -> [build::{kind}; {count}] {{\n")
}

/// `in_schema`, where it is not `public`.
fn in_schema(chain: Chain, schema: &str) -> Chain {
    if schema == PUBLIC { chain } else { chain.with("in_schema", schema) }
}

/// A type by its text.
fn sql_type(sql: &str) -> Argument {
    Chain::new("build::types::custom", [sql.into()]).into()
}

fn storage_parameters(chain: Chain, parameters: &Map<String>) -> Chain {
    parameters.iter().fold(chain, |chain, (name, value)| chain.call("storage_parameter", [name.into(), value.into()]))
}
