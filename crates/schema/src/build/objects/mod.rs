//! What drizzle-kit has no word for: a builder an object kind.

mod comment;
mod exclusion;
mod extension;
mod function;
mod partition;
mod statistics;
mod trigger;
mod types;

pub use comment::Comment;
pub use exclusion::{Exclusion, ExclusionElement};
pub use extension::{Collation, Extension};
pub use function::Function;
pub use partition::{Partition, PartitionKey};
pub use statistics::Statistics;
pub use trigger::Trigger;
pub use types::{Composite, Domain, Range};

use super::types::Type;
use crate::quote;

/// A type as SQL writes it where it stands alone; that of a declared enum has its quotes and its schema.
fn type_text(sql_type: &Type) -> String {
    let Type { sql, schema, not_null: _ } = sql_type;
    let Some(schema) = schema else { return sql.clone() };
    let (element, dimensions) = sql.split_at(sql.find('[').unwrap_or(sql.len()));
    format!("{}.{}{dimensions}", quote::ident(schema), quote::ident(element))
}
