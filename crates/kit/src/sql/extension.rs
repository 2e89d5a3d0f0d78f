use schema::quote::{ident, literal};

use crate::step::ExtensionStep;

pub(super) fn statement(step: &ExtensionStep) -> String {
    match step {
        ExtensionStep::Create(extension) => {
            // Who runs migrations may not be allowed to make one that an administrator has made before.
            let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", ident(&extension.name));
            if let Some(schema) = &extension.schema {
                sql.push_str(&format!(" WITH SCHEMA {}", ident(schema)));
            }
            if let Some(version) = &extension.version {
                sql.push_str(&format!(" VERSION {}", literal(version)));
            }
            sql.push(';');
            sql
        }
        ExtensionStep::Update { name, version } => {
            format!("ALTER EXTENSION {} UPDATE TO {};", ident(name), literal(version))
        }
        ExtensionStep::SetSchema { name, from: _, to } => {
            format!("ALTER EXTENSION {} SET SCHEMA {};", ident(name), ident(to))
        }
        ExtensionStep::Drop(extension) => format!("DROP EXTENSION {};", ident(&extension.name)),
    }
}
