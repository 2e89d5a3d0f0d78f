//! One file of Rust under construction: its items, and what they make it import.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use schema::Schema;

use super::Crate;
use super::ident::{first_free, raw, snake};
use super::names::Names;
use super::types::{Element, RustType};

/// A file.
pub(super) struct Module<'a> {
    pub(super) schema: &'a Schema,
    names: &'a Names,
    /// The module's name, where each schema has one.
    ident: Option<&'a str>,
    imports: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Modules beside this one.
    siblings: BTreeSet<String>,
    functions: HashSet<String>,
    items: Vec<String>,
    crates: BTreeSet<Crate>,
}

impl<'a> Module<'a> {
    pub(super) fn new(schema: &'a Schema, names: &'a Names, ident: Option<&'a str>) -> Self {
        Module {
            schema,
            names,
            ident,
            imports: BTreeMap::new(),
            siblings: BTreeSet::new(),
            functions: HashSet::new(),
            items: Vec::new(),
            crates: BTreeSet::new(),
        }
    }

    pub(super) fn names(&self) -> &'a Names {
        self.names
    }

    /// Whether the file has what is in one schema alone.
    pub(super) fn is_of_one_schema(&self) -> bool {
        self.ident.is_some()
    }

    /// Adds an item with the end of its last line.
    pub(super) fn item(&mut self, text: String) {
        self.items.push(text);
    }

    /// A name from elsewhere as the code writes it: imported, or by its path where something here has that name.
    pub(super) fn import(&mut self, from: &'static str, name: &'static str) -> String {
        self.need(from);
        if self.names.is_taken(self.ident, name) {
            return format!("{from}::{name}");
        }
        self.imports.entry(from).or_default().insert(name);
        name.to_owned()
    }

    /// Notes the crate that a path begins with.
    fn need(&mut self, path: &str) {
        self.crates.extend(Crate::of(path));
    }

    /// A function's name that no other here has.
    pub(super) fn function(&mut self, name: &str) -> String {
        let name = snake(name, "objects");
        let name = first_free(&[name], "_", |name| !self.functions.contains(name));
        self.functions.insert(name.clone());
        raw(&name)
    }

    /// The path to a struct or enum of a schema.
    fn path(&mut self, schema: &str, name: &str) -> String {
        match self.names.module(schema) {
            Some(module) if Some(module) != self.ident => {
                self.siblings.insert(raw(module));
                format!("{}::{name}", raw(module))
            }
            _ => name.to_owned(),
        }
    }

    /// The struct of a table.
    pub(super) fn table(&mut self, key: &str) -> String {
        let schema = self.schema.tables[key].schema_name();
        let name = self.names.table(key);
        self.path(schema, name)
    }

    /// The enum of an enum type.
    pub(super) fn enumeration(&mut self, key: &str) -> String {
        let declared = &self.schema.enums[key];
        self.path(&declared.schema, self.names.enumeration(declared))
    }

    /// The type of a field.
    pub(super) fn field_type(&mut self, rust: &RustType, is_nullable: bool) -> String {
        let mut text = match &rust.element {
            Element::Plain(name) => (*name).to_owned(),
            Element::Path(path) => {
                self.need(path);
                (*path).to_owned()
            }
            Element::Imported { from, name, argument } => {
                let name = self.import(from, name);
                match argument {
                    Some((from, argument)) => format!("{name}<{}>", self.import(from, argument)),
                    None => name,
                }
            }
            Element::Enum(key) => self.enumeration(key),
        };
        for _ in &rust.dimensions {
            text = format!("Vec<{text}>");
        }
        if is_nullable { format!("Option<{text}>") } else { text }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn crates(&self) -> impl Iterator<Item = Crate> {
        self.crates.iter().copied()
    }

    /// The text of the file below its head.
    pub(super) fn render(&self, head: &str) -> String {
        let line = |(from, names): (&&str, &BTreeSet<&str>)| match names.iter().collect::<Vec<_>>().as_slice() {
            [name] => format!("use {from}::{name};\n"),
            names => format!("use {from}::{{{}}};\n", names.iter().map(|name| **name).collect::<Vec<_>>().join(", ")),
        };
        let (std, other): (Vec<_>, Vec<_>) = self.imports.iter().partition(|(from, _)| from.starts_with("std"));
        let siblings: Vec<&str> = self.siblings.iter().map(String::as_str).collect();
        let siblings = match siblings.as_slice() {
            [] => String::new(),
            [one] => format!("use super::{one};\n"),
            several => format!("use super::{{{}}};\n", several.join(", ")),
        };
        let blocks =
            [head.to_owned(), std.into_iter().map(line).collect(), other.into_iter().map(line).collect(), siblings];
        let blocks = blocks.iter().chain(&self.items).filter(|block| !block.is_empty());
        blocks.map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
