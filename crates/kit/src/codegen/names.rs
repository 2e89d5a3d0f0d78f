//! Which object is called what. All names are given before any code is written, so that whatever mentions an object
//! finds it.

use std::collections::{HashMap, HashSet};

use schema::{Enum, Map, PUBLIC, Schema, Table};

use super::Layout;
use super::enumeration::{self, Variants};
use super::ident::{camel, camel_singular, first_free, snake};

/// The names of everything that others mention.
pub(super) struct Names {
    layout: Layout,
    /// Structs and enums by the key of their object.
    tables: HashMap<String, String>,
    views: HashMap<String, String>,
    enums: HashMap<String, String>,
    variants: HashMap<String, Variants>,
    /// The fields of each table and view by column, without `r#`.
    fields: HashMap<String, HashMap<String, String>>,
    /// Modules by schema, where each schema has a file.
    modules: HashMap<String, String>,
    /// All structs and enums, by module.
    taken: HashSet<(String, String)>,
}

/// What the code that is written mentions without a path.
const PRELUDE: &[&str] = &["Option", "String", "Vec"];
/// What a module cannot be called beside the crates that the code names.
const CRATES: &[&str] = &["chrono", "core", "rust_decimal", "schema", "serde_json", "std", "uuid", "mod", "build"];

impl Names {
    pub(super) fn new(schema: &Schema, layout: Layout) -> Self {
        let mut names = Names {
            layout,
            tables: HashMap::new(),
            views: HashMap::new(),
            enums: HashMap::new(),
            variants: HashMap::new(),
            fields: HashMap::new(),
            modules: modules(schema),
            taken: HashSet::new(),
        };
        for table in in_order(schema, &schema.tables, Table::schema_name) {
            let candidates = candidates(table.schema_name(), &table.name, "Table", true);
            let name = names.take(table.schema_name(), candidates, true);
            names.tables.insert(table.key(), name);
            names.fields.insert(table.key(), fields(table.columns.keys()));
        }
        for view in in_order(schema, &schema.views, |view| &view.schema) {
            let mut candidates = candidates(&view.schema, &view.name, "View", true);
            candidates.push(camel(&format!("{} view", view.name), "View"));
            let name = names.take(&view.schema, candidates, false);
            names.views.insert(view.key(), name);
            names.fields.insert(view.key(), fields(view.columns.keys()));
        }
        for declared in in_order(schema, &schema.enums, |declared| &declared.schema) {
            let mut candidates = candidates(&declared.schema, &declared.name, "Enum", false);
            candidates.push(camel(&format!("{} enum", declared.name), "Enum"));
            let name = names.take(&declared.schema, candidates, false);
            names.enums.insert(declared.key(), name);
            names.variants.insert(declared.key(), enumeration::variants(declared));
        }
        names
    }

    /// Takes the first candidate that nothing in the module has. A table has three names: its struct's and those of
    /// what is inserted and changed.
    fn take(&mut self, schema: &str, candidates: Vec<String>, is_table: bool) -> String {
        let module = self.module(schema).unwrap_or_default().to_owned();
        let all = |name: &str| {
            let beside = [format!("New{name}"), format!("{name}Changes")].into_iter().filter(|_| is_table);
            beside.chain([name.to_owned()]).map(|name| (module.clone(), name)).collect::<Vec<_>>()
        };
        let is_free = |name: &str| !PRELUDE.contains(&name) && all(name).iter().all(|name| !self.taken.contains(name));
        let name = first_free(&candidates, "", is_free);
        self.taken.extend(all(&name));
        name
    }

    /// The module of a schema's file, where it has one.
    pub(super) fn module(&self, schema: &str) -> Option<&str> {
        match self.layout {
            Layout::OneFile => None,
            Layout::FilePerSchema => self.modules.get(schema).map(String::as_str),
        }
    }

    /// Whether a struct or enum of the module has the name, so that nothing can be imported under it.
    pub(super) fn is_taken(&self, module: Option<&str>, name: &str) -> bool {
        self.taken.contains(&(module.unwrap_or_default().to_owned(), name.to_owned()))
    }

    pub(super) fn table(&self, key: &str) -> &str {
        &self.tables[key]
    }

    pub(super) fn view(&self, key: &str) -> &str {
        &self.views[key]
    }

    pub(super) fn enumeration(&self, declared: &Enum) -> &str {
        &self.enums[&declared.key()]
    }

    pub(super) fn variants(&self, declared: &Enum) -> &Variants {
        &self.variants[&declared.key()]
    }

    /// The field of a column, without `r#`. A column that the table does not have has no field.
    pub(super) fn field(&self, table: &str, column: &str) -> Option<&str> {
        self.fields.get(table)?.get(column).map(String::as_str)
    }
}

/// Objects in the order in which they get their names: what is in `public` has the first choice.
fn in_order<'a, T>(
    schema: &'a Schema,
    objects: &'a Map<T>,
    in_schema: impl Fn(&T) -> &str,
) -> impl Iterator<Item = &'a T> {
    let mut ordered = Vec::with_capacity(objects.len());
    for name in super::namespaces(schema) {
        ordered.extend(objects.values().filter(|object| in_schema(object) == name));
    }
    ordered.into_iter()
}

/// What a struct or enum may be called, the best first.
fn candidates(schema: &str, name: &str, prefix: &str, is_plural: bool) -> Vec<String> {
    let best = if is_plural { camel_singular(name, prefix) } else { camel(name, prefix) };
    let mut candidates = vec![best.clone()];
    if schema != PUBLIC {
        candidates.push(format!("{}{best}", camel(schema, "Schema")));
    }
    let as_it_is = camel(name, prefix);
    if as_it_is != best {
        candidates.push(as_it_is);
    } else if schema == PUBLIC {
        candidates.push(format!("{best}Row"));
    }
    candidates
}

fn fields<'a>(columns: impl Iterator<Item = &'a String>) -> HashMap<String, String> {
    let mut fields = HashMap::new();
    let mut taken: HashSet<String> = HashSet::new();
    let columns: Vec<&String> = columns.collect();
    // What has its own name as a field keeps it, whatever comes before.
    let (plain, other): (Vec<_>, Vec<_>) =
        columns.iter().enumerate().partition(|(_, column)| snake(column, "column") == ***column);
    for (at, column) in plain.into_iter().chain(other) {
        let field = snake(column, &format!("column_{}", at + 1));
        let field = first_free(&[field], "_", |field| !taken.contains(field));
        taken.insert(field.clone());
        fields.insert((*column).clone(), field);
    }
    fields
}

fn modules(schema: &Schema) -> HashMap<String, String> {
    let mut modules = HashMap::new();
    let mut taken: HashSet<String> = CRATES.iter().map(|name| (*name).to_owned()).collect();
    for name in super::namespaces(schema) {
        let module = snake(name, "schema");
        let module = first_free(&[module], "_", |module| !taken.contains(module));
        taken.insert(module.clone());
        modules.insert(name.to_owned(), module);
    }
    modules
}
