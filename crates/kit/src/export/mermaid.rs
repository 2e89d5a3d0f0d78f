//! An ER diagram of Mermaid. An entity has a name of letters and digits, and its own as a label, in which `"` has no
//! escape but that of HTML; a column's name and type are words.

use schema::{Column, PUBLIC, Schema, Table};

use super::relation::{self, Relation};

/// Words that mean something else at the place of an entity's name.
const RESERVED: [&str; 13] = [
    "accdescr",
    "acctitle",
    "class",
    "classdef",
    "direction",
    "end",
    "erdiagram",
    "many",
    "one",
    "style",
    "subgraph",
    "title",
    "to",
];

/// The schema as an ER diagram: tables with columns and keys, and how they reference one another.
pub fn mermaid(schema: &Schema) -> String {
    let mut lines = vec!["erDiagram".to_owned()];
    for (at, declared) in schema.tables.values().enumerate() {
        let (id, title) = (id(at, declared), title(declared));
        let label = if id == title { String::new() } else { format!("[\"{}\"]", label(&title)) };
        lines.push(format!("    {id}{label} {{"));
        lines.extend(declared.columns.values().map(|declared_column| column(declared_column, declared)));
        lines.push("    }".to_owned());
    }
    for (key, table, target) in relation::all(schema) {
        let relation = Relation::of(key, table);
        let one = if relation.is_optional { "|o" } else { "||" };
        let many = if relation.is_one_to_one { "o|" } else { "o{" };
        let entity = |of: &Table| id(schema.tables.get_index_of(&of.key()).unwrap_or_default(), of);
        let label = label(&key.columns_from.join(", "));
        lines.push(format!("    {} {one}--{many} {} : \"{label}\"", entity(target), entity(table)));
    }
    lines.join("\n") + "\n"
}

/// What the diagram calls a table: its name where that is a word, else its number.
fn id(at: usize, table: &Table) -> String {
    let is_word = table.schema_name() == PUBLIC && is_word(&table.name) && !table.name.starts_with("table_");
    if is_word { table.name.clone() } else { format!("table_{}", at + 1) }
}

/// What a person calls it.
fn title(table: &Table) -> String {
    match table.schema_name() {
        PUBLIC => table.name.clone(),
        schema => format!("{schema}.{}", table.name),
    }
}

fn column(column: &Column, table: &Table) -> String {
    let mut keys = Vec::new();
    let is_key = table.primary_key_columns().contains(&column.name.as_str());
    if is_key {
        keys.push("PK");
    }
    if table.foreign_keys.values().any(|key| key.columns_from.contains(&column.name)) {
        keys.push("FK");
    }
    let alone = |columns: &[String]| columns.len() == 1 && columns[0] == column.name;
    if table.unique_constraints.values().any(|unique| alone(&unique.columns)) {
        keys.push("UK");
    }
    let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
    let mut notes = Vec::new();
    if word(&column.name) != column.name {
        notes.push(column.name.clone());
    }
    if !column.not_null && !is_key {
        notes.push("null".to_owned());
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" \"{}\"", label(&notes.join(", "))) };
    format!("        {} {}{keys}{notes}", word(&column.sql_type), word(&column.name))
}

/// Whether the language takes the name of an entity as a word.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// The name, or type, as a word: what cannot stand in one is an underscore. Parentheses and brackets can.
fn word(text: &str) -> String {
    let word: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '(' | ')' | '[' | ']') { c } else { '_' })
        .collect();
    let begins = word.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    let is_key = ["PK", "FK", "UK"].iter().any(|key| begins.eq_ignore_ascii_case(key));
    let is_word = !is_key && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if is_word { word } else { format!("_{word}") }
}

/// A text between quotes. What would mean something else there stands as HTML has it, with `#` for `&`.
fn label(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' => "#quot;".to_owned(),
        '#' | '%' | '~' | '\\' => format!("#{};", u32::from(c)),
        c if c.is_control() => " ".to_owned(),
        c => c.to_string(),
    });
    escaped.collect()
}
