use schema::Enum;
use schema::quote::{ident, literal};

use crate::step::{EnumStep, Name};

pub(super) fn statements(step: &EnumStep) -> Vec<String> {
    match step {
        EnumStep::Create(declared) => vec![create(declared)],
        EnumStep::Recreate(declared) => vec![drop(&Name::of_enum(declared)), create(declared)],
        EnumStep::SetSchema { name, to, leg: _ } => vec![alter(name, &format!("SET SCHEMA {}", ident(to)))],
        EnumStep::Rename { name, to, leg: _ } => vec![alter(name, &format!("RENAME TO {}", ident(to)))],
        EnumStep::RenameValue { name, from, to } => {
            vec![alter(name, &format!("RENAME VALUE {} TO {}", literal(from), literal(to)))]
        }
        EnumStep::AddValue { name, value, before } => {
            let before = before.as_ref().map(|before| format!(" BEFORE {}", literal(before))).unwrap_or_default();
            vec![alter(name, &format!("ADD VALUE {}{before}", literal(value)))]
        }
        EnumStep::Drop { name } => vec![drop(name)],
    }
}

fn alter(name: &Name, action: &str) -> String {
    format!("ALTER TYPE {} {action};", name.qualified())
}

fn create(declared: &Enum) -> String {
    let values: Vec<String> = declared.values.iter().map(|value| literal(value)).collect();
    let name = Name::of_enum(declared).qualified();
    format!("CREATE TYPE {name} AS ENUM({});", values.join(", "))
}

fn drop(name: &Name) -> String {
    format!("DROP TYPE {};", name.qualified())
}
