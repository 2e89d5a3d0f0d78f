//! Declarations that must not compile, each with what the compiler says.
//!
//! The texts are those of the toolchain in rust-toolchain.toml. After a change that is meant,
//! `TRYBUILD=overwrite` writes them anew.
#![cfg(feature = "derive")]

#[test]
#[cfg(not(feature = "rows"))]
fn a_wrong_declaration_is_refused_at_the_token_that_is_wrong() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// What the lean build finds when the schema is asked for.
#[test]
#[cfg(feature = "rows")]
fn a_field_that_is_not_there_is_refused_where_it_is_named() {
    trybuild::TestCases::new().compile_fail("tests/ui/rows/*.rs");
}
