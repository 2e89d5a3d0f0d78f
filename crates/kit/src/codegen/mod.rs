//! A schema as Rust, as a person would have declared it: structs that derive `PgTable` and `PgView`, enums that derive
//! `PgEnum`, and functions with `#[pg_objects]` for everything that has no struct.
//!
//! [`rust`] is a function of the schema alone: the same schema gives the same bytes. What it writes declares the same
//! schema again, name by name and expression by expression; `docs/schema.md` explains each attribute that it uses.
//! A name is left out exactly where the declaration derives the same one.
//!
//! All names of structs, fields and variants are given first (`names`), so that a module may mention what another one
//! holds. A file under construction is a `Module`, to which `enumeration`, `table`, `view` and
//! `objects` add items. Lines are broken as rustfmt breaks them, and attributes, which rustfmt leaves alone, likewise.

mod additions;
mod attribute;
mod chain;
mod comments;
mod constraint;
mod default;
mod enumeration;
mod ident;
mod module;
mod names;
mod objects;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod view;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use schema::{PUBLIC, Schema};

use self::ident::raw;
use self::module::Module;
use self::names::Names;

/// How the code is spread over files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// All in one: `schema.rs`.
    #[default]
    OneFile,
    /// `schema/mod.rs`, and a file for each schema beside it.
    FilePerSchema,
}

/// A crate that the code names beside `schema`, and that its package must depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crate {
    /// Dates and times.
    Chrono,
    /// Numbers of any precision.
    RustDecimal,
    /// JSON.
    SerdeJson,
    /// UUIDs.
    Uuid,
}

impl Crate {
    /// The name of the package.
    pub fn name(self) -> &'static str {
        match self {
            Crate::Chrono => "chrono",
            Crate::RustDecimal => "rust_decimal",
            Crate::SerdeJson => "serde_json",
            Crate::Uuid => "uuid",
        }
    }

    /// The feature of the crate `schema` that knows its types, where one has to be enabled.
    pub fn feature(self) -> Option<&'static str> {
        (self != Crate::SerdeJson).then(|| self.name())
    }

    /// The crate that a path begins with, if it is one of these.
    fn of(path: &str) -> Option<Self> {
        let all = [Crate::Chrono, Crate::RustDecimal, Crate::SerdeJson, Crate::Uuid];
        all.into_iter().find(|known| path.split("::").next() == Some(known.name()))
    }
}

/// The code of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The text of each file by its path: `schema.rs`, or `schema/mod.rs` and others beside it.
    pub files: BTreeMap<String, String>,
    /// What the code depends on beside the crate `schema`.
    pub crates: BTreeSet<Crate>,
}

/// Above every file. Objects come with documentation where the database has a comment on them.
const HEAD: &str = "//! The schema. Edit a struct, run `cargo xtask generate`, read the SQL, `cargo xtask migrate`.\n\
    //! docs/schema.md has every attribute.\n\n\
    #![allow(missing_docs, reason = \"the names of the database say what it is\")]\n";

/// Writes the code.
pub fn rust(schema: &Schema, layout: Layout) -> Source {
    let names = Names::new(schema, layout);
    match layout {
        Layout::OneFile => {
            let mut module = Module::new(schema, &names, None);
            objects::of_database(&mut module);
            for name in namespaces(schema) {
                everything_in(name, &mut module);
            }
            let crates = module.crates().collect();
            Source { files: BTreeMap::from([("schema.rs".to_owned(), module.render(HEAD))]), crates }
        }
        Layout::FilePerSchema => file_per_schema(schema, &names),
    }
}

fn file_per_schema(schema: &Schema, names: &Names) -> Source {
    let mut files = BTreeMap::new();
    let mut crates = BTreeSet::new();
    let mut modules = Vec::new();
    for name in namespaces(schema) {
        let ident = names.module(name);
        let mut module = Module::new(schema, names, ident);
        everything_in(name, &mut module);
        let Some(ident) = ident.filter(|_| !module.is_empty()) else { continue };
        crates.extend(module.crates());
        files.insert(format!("schema/{ident}.rs"), module.render(&format!("//! The schema `{name}`.\n")));
        modules.push((name, raw(ident)));
    }
    let mut root = Module::new(schema, names, Some(""));
    objects::of_database(&mut root);
    let declared: String = modules.iter().map(|(_, ident)| format!("pub mod {ident};\n")).collect();
    let public = modules.iter().find(|(name, _)| *name == PUBLIC);
    let public = public.map(|(_, ident)| format!("\npub use {ident}::*;\n")).unwrap_or_default();
    files.insert("schema/mod.rs".to_owned(), root.render(&format!("{HEAD}\n{declared}{public}")));
    crates.extend(root.crates());
    Source { files, crates }
}

/// Enums, tables, views and all else of one schema.
fn everything_in(name: &str, module: &mut Module) {
    let schema = module.schema;
    for declared in schema.enums.values().filter(|declared| declared.schema == name) {
        enumeration::render(declared, module);
    }
    for declared in schema.tables.values().filter(|table| table.schema_name() == name) {
        table::render(declared, module);
    }
    for declared in schema.views.values().filter(|view| view.schema == name && view::is_struct(view, schema)) {
        view::render(declared, module);
    }
    objects::of_schema(name, module);
}

/// Every schema of which something is declared, `public` first.
fn namespaces(schema: &Schema) -> Vec<&str> {
    let mut names = schema.schemas_in_use();
    names.extend(schema.schemas.keys().map(String::as_str));
    names.extend(schema.views.values().map(|view| view.schema.as_str()));
    names.extend(schema.objects.triggers.values().map(|trigger| trigger.schema.as_str()));
    names.extend(schema.objects.comments.values().filter_map(|comment| comment.on.schema.as_deref()));
    let linked = schema.policies.values().filter_map(|policy| policy.schema.as_deref());
    names.extend(linked.filter(|name| !name.is_empty()));
    names.remove(PUBLIC);
    [PUBLIC].into_iter().chain(names).collect()
}
