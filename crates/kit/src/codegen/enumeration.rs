//! An enum type as an enum that derives `PgEnum`.

use std::collections::HashSet;

use schema::{CommentKind, Enum, PUBLIC};

use super::attribute::Attribute;
use super::comments;
use super::ident::{camel, first_free};
use super::module::Module;
use super::text::{docs, literal};

/// The variants of an enum, in order.
pub(super) struct Variants {
    /// The case in which most labels follow from their variant; `snake_case` goes without saying.
    case: &'static str,
    variants: Vec<Variant>,
}

struct Variant {
    ident: String,
    label: String,
}

/// The cases of `rename_all`, the likeliest first.
const CASES: &[&str] =
    &["snake_case", "UPPERCASE", "SCREAMING_SNAKE_CASE", "kebab-case", "PascalCase", "camelCase", "lowercase"];

/// Names the variants.
pub(super) fn variants(declared: &Enum) -> Variants {
    let mut taken: HashSet<String> = HashSet::new();
    let mut variants = Vec::new();
    for label in &declared.values {
        let name = camel(label, "Value");
        let ident = first_free(&[name], "", |ident| !taken.contains(ident));
        taken.insert(ident.clone());
        variants.push(Variant { ident, label: label.clone() });
    }
    let fitting =
        |case: &&str| variants.iter().filter(|variant| in_case(&variant.ident, case) == variant.label).count();
    // The first of those that fit best.
    let case = CASES.iter().rev().max_by_key(|case| fitting(case)).copied().unwrap_or("snake_case");
    Variants { case, variants }
}

impl Variants {
    /// The variant of a label.
    pub(super) fn of(&self, label: &str) -> Option<&str> {
        self.variants.iter().find(|variant| variant.label == label).map(|variant| variant.ident.as_str())
    }
}

/// Writes the enum.
pub(super) fn render(declared: &Enum, module: &mut Module) {
    module.import("schema", "PgEnum");
    let names = module.names();
    let Variants { case, variants } = names.variants(declared);
    let comment = comments::on_object(module.schema, CommentKind::Type, &declared.schema, &declared.name);
    let mut text = comment.map(|comment| docs(comment, "")).unwrap_or_default();
    text.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]\n");
    let mut attribute = Attribute::new("pg_enum").argument(literal(&declared.name));
    if declared.schema != PUBLIC {
        attribute = attribute.argument(format!("schema = {}", literal(&declared.schema)));
    }
    if comments::are_of_enum(declared, module.schema) {
        attribute = attribute.argument("comments");
    }
    if *case != "snake_case" {
        attribute = attribute.argument(format!("rename_all = \"{case}\""));
    }
    text.push_str(&attribute.render(""));
    let name = names.enumeration(declared);
    if variants.is_empty() {
        module.item(format!("{text}pub enum {name} {{}}\n"));
        return;
    }
    text.push_str(&format!("pub enum {name} {{\n"));
    for Variant { ident, label } in variants {
        if in_case(ident, case) != *label {
            text.push_str(&Attribute::new("value").argument(literal(label)).render("    "));
        }
        text.push_str(&format!("    {ident},\n"));
    }
    text.push_str("}\n");
    module.item(text);
}

/// The label of a variant in a case, as `PgEnum` has it: a word begins at each capital.
fn in_case(variant: &str, case: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for letter in variant.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let lower = |separator: &str| words.join(separator).to_lowercase();
    match case {
        "lowercase" => lower(""),
        "UPPERCASE" => lower("").to_uppercase(),
        "SCREAMING_SNAKE_CASE" => lower("_").to_uppercase(),
        "kebab-case" => lower("-"),
        "camelCase" => variant.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_lowercase() } else { c }).collect(),
        "PascalCase" => variant.to_owned(),
        _ => lower("_"),
    }
}
