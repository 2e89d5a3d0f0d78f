//! What the kit's SQL does to a real PostgreSQL: apply A, apply the migration from A to B, and
//! the catalog is that of B built from empty, with every row that was to be kept.
#![allow(clippy::unwrap_used)]

mod codegen;
mod corpus;
mod differences;
mod introspect;
mod named;
mod random;
mod rewrites;
mod safer;
mod support;
