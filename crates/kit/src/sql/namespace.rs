use schema::quote::ident;

use crate::step::SchemaStep;

pub(super) fn statement(step: &SchemaStep) -> String {
    match step {
        SchemaStep::Create { name } => format!("CREATE SCHEMA {};\n", ident(name)),
        SchemaStep::Rename { from, to, leg: _ } => format!("ALTER SCHEMA {} RENAME TO {};\n", ident(from), ident(to)),
        SchemaStep::Drop { name } => format!("DROP SCHEMA {};\n", ident(name)),
    }
}
