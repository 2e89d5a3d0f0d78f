//! An enum type as an enum that derives `PgEnum`.

#[path = "../../../schema-macros/src/case.rs"]
mod case;

use std::collections::HashSet;

use schema::{CommentKind, Enum, PUBLIC};

use self::case::{CASES, in_case};
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
    let derive = module.import("schema", "PgEnum");
    let names = module.names();
    let Variants { case, variants } = names.variants(declared);
    let comment = comments::on_object(module.schema, CommentKind::Type, &declared.schema, &declared.name);
    let mut text = comment.map(|comment| docs(comment, "")).unwrap_or_default();
    text.push_str(&format!("#[derive(Clone, Copy, Debug, PartialEq, Eq, {derive})]\n"));
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
