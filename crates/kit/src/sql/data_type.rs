use schema::quote::{ident, ident_if_needed, literal};
use schema::{Attribute, Check, Collation, CollationName, CollationProvider, Composite, Domain, Range, names};

use crate::step::{CompositeChange, DomainChange, Name, TypeDefinition, TypeKind, TypeStep};

pub(super) fn statements(step: &TypeStep) -> Vec<String> {
    match step {
        TypeStep::SetSchema { kind: TypeKind::Range(range), name, to, leg: _ } => move_range(name, range, to),
        TypeStep::Rename { kind: TypeKind::Range(range), name, to, leg: _ } => rename_range(name, range, to),
        other => vec![statement(other)],
    }
}

fn statement(step: &TypeStep) -> String {
    match step {
        TypeStep::Create { definition, recreated: _ } => create(definition),
        TypeStep::SetSchema { kind, name, to, leg: _ } => {
            format!("ALTER {} {} SET SCHEMA {};", word(kind), name.qualified(), ident(to))
        }
        TypeStep::Rename { kind, name, to, leg: _ } => {
            format!("ALTER {} {} RENAME TO {};", word(kind), name.qualified(), ident(to))
        }
        TypeStep::Drop { definition, recreated: _ } => {
            let kind = match definition.as_ref() {
                TypeDefinition::Domain(_) => "DOMAIN",
                TypeDefinition::Composite(_) | TypeDefinition::Range(_) => "TYPE",
                TypeDefinition::Collation(_) => "COLLATION",
            };
            format!("DROP {kind} {};", definition.name().qualified())
        }
        TypeStep::Domain { name, change } => {
            let change = match change {
                DomainChange::SetDefault(default) => format!("SET DEFAULT {default}"),
                DomainChange::DropDefault(_) => "DROP DEFAULT".to_owned(),
                DomainChange::SetNotNull => "SET NOT NULL".to_owned(),
                DomainChange::DropNotNull => "DROP NOT NULL".to_owned(),
                DomainChange::AddCheck(added) => format!("ADD {}", check(added)),
                DomainChange::DropCheck(dropped) => format!("DROP CONSTRAINT {}", ident(&dropped.name)),
            };
            format!("ALTER DOMAIN {} {change};", name.qualified())
        }
        TypeStep::Composite { name, change } => {
            let change = match change {
                CompositeChange::Add(added) => format!("ADD ATTRIBUTE {}", attribute(added)),
                CompositeChange::Drop(dropped) => format!("DROP ATTRIBUTE {}", ident(&dropped.name)),
                CompositeChange::SetType { previous: _, next } => {
                    let Attribute { name, sql_type, collation } = next;
                    format!("ALTER ATTRIBUTE {} SET DATA TYPE {sql_type}{}", ident(name), collate(collation.as_ref()))
                }
            };
            format!("ALTER TYPE {} {change};", name.qualified())
        }
    }
}

fn word(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Domain => "DOMAIN",
        TypeKind::Composite | TypeKind::Range(_) => "TYPE",
        TypeKind::Collation => "COLLATION",
    }
}

/// Moves a range type, its multirange type, and the functions that make values of both: each stays where it is
/// unless it is moved itself.
fn move_range(name: &Name, range: &Range, to: &str) -> Vec<String> {
    let many = name.sibling(&range.multirange.clone().unwrap_or_else(|| names::multirange(&name.name)));
    let action = format!("SET SCHEMA {}", ident(to));
    let moved = Name::new(to, &name.name);
    [renamed(name, &constructors(range), &action), renamed(&many, &constructors_of_many(&moved), &action)].concat()
}

/// Renames a range type and what PostgreSQL named after it.
fn rename_range(name: &Name, range: &Range, to: &str) -> Vec<String> {
    let mut statements = renamed(name, &constructors(range), &format!("RENAME TO {}", ident(to)));
    let [many, many_after] = [&name.name, to].map(names::multirange);
    if range.multirange.is_none() && many != many_after {
        let action = format!("RENAME TO {}", ident(&many_after));
        statements.extend(renamed(&name.sibling(&many), &constructors_of_many(&name.sibling(to)), &action));
    }
    statements
}

/// One statement for a type, and one for each function of its name.
fn renamed(name: &Name, constructors: &[String], action: &str) -> Vec<String> {
    let name = name.qualified();
    let functions = constructors.iter().map(|arguments| format!("ALTER FUNCTION {name}({arguments}) {action};"));
    [format!("ALTER TYPE {name} {action};")].into_iter().chain(functions).collect()
}

/// The arguments of the functions that make a range.
fn constructors(Range { subtype, .. }: &Range) -> [String; 2] {
    [format!("{subtype}, {subtype}"), format!("{subtype}, {subtype}, text")]
}

/// The arguments of the functions that make many ranges of one.
fn constructors_of_many(range: &Name) -> [String; 3] {
    let range = range.qualified();
    [String::new(), range.clone(), format!("{range}[]")]
}

fn create(definition: &TypeDefinition) -> String {
    let name = definition.name().qualified();
    match definition {
        TypeDefinition::Domain(domain) => create_domain(&name, domain),
        TypeDefinition::Composite(Composite { name: _, schema: _, attributes }) => {
            let attributes: Vec<String> = attributes.values().map(attribute).collect();
            format!("CREATE TYPE {name} AS ({});", attributes.join(", "))
        }
        TypeDefinition::Range(range) => create_range(&name, range),
        TypeDefinition::Collation(Collation { name: _, schema: _, provider, locale, is_nondeterministic }) => {
            let provider = match provider {
                CollationProvider::Libc => "libc",
                CollationProvider::Icu => "icu",
            };
            let deterministic = if *is_nondeterministic { ", deterministic = false" } else { "" };
            format!("CREATE COLLATION {name} (provider = {provider}, locale = {}{deterministic});", literal(locale))
        }
    }
}

fn create_domain(qualified: &str, domain: &Domain) -> String {
    let Domain { name: _, schema: _, base, collation, default, not_null, check_constraints } = domain;
    let mut sql = format!("CREATE DOMAIN {qualified} AS {base}{}", collate(collation.as_ref()));
    if let Some(default) = default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if *not_null {
        sql.push_str(" NOT NULL");
    }
    for constraint in check_constraints.values() {
        sql.push_str(&format!(" {}", check(constraint)));
    }
    sql.push(';');
    sql
}

fn create_range(qualified: &str, range: &Range) -> String {
    let Range { name: _, schema, subtype, subtype_opclass, collation, subtype_diff, multirange } = range;
    let mut options = vec![format!("subtype = {subtype}")];
    options.extend(subtype_opclass.as_ref().map(|class| format!("subtype_opclass = {}", ident_if_needed(class))));
    options.extend(collation.as_ref().map(|name| format!("collation = {}", collation_name(name))));
    options.extend(subtype_diff.as_ref().map(|function| format!("subtype_diff = {function}")));
    let multirange = multirange.as_ref().map(|name| Name::new(schema, name).qualified());
    options.extend(multirange.map(|name| format!("multirange_type_name = {name}")));
    format!("CREATE TYPE {qualified} AS RANGE ({});", options.join(", "))
}

fn check(check: &Check) -> String {
    format!("CONSTRAINT {} CHECK ({})", ident(&check.name), check.value)
}

fn attribute(attribute: &Attribute) -> String {
    let Attribute { name, sql_type, collation } = attribute;
    format!("{} {sql_type}{}", ident(name), collate(collation.as_ref()))
}

/// `COLLATE` with a blank before it, if there is a collation.
pub(super) fn collate(collation: Option<&CollationName>) -> String {
    collation.map(|name| format!(" COLLATE {}", collation_name(name))).unwrap_or_default()
}

fn collation_name(CollationName { schema, name }: &CollationName) -> String {
    match schema {
        Some(schema) => Name::new(schema, name).qualified(),
        None => ident(name),
    }
}
