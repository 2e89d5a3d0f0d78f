//! A schema in the languages of other tools: to look at, and not to read back.
//!
//! [`dbml()`] has what DBML can say, for dbdiagram.io and its kin; [`mermaid()`] an ER diagram, which Markdown shows.
//! Both are functions of the schema alone, and quote each name as their language wants it.

mod dbml;
mod mermaid;
mod relation;
#[cfg(test)]
mod tests;

pub use dbml::dbml;
pub use mermaid::mermaid;
