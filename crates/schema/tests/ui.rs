//! Declarations that must not compile, each with what the compiler says.
//!
//! The texts are those of the toolchain in rust-toolchain.toml. After a change that is meant,
//! `TRYBUILD=overwrite` writes them anew.
#![cfg(all(feature = "derive", not(feature = "rows")))]

#[test]
fn a_wrong_declaration_is_refused_at_the_token_that_is_wrong() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
