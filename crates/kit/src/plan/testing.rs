//! What a change comes to, for the tests of the modules that plan it.

use expect_test::Expect;
use schema::build::Object;

use crate::rename::{Answer, Answers, resolve};

/// Compares the statements from one schema to another with those that are expected. What no rename names is new.
pub(super) fn check(previous: Vec<Object>, next: Vec<Object>, renames: &[&str], expected: Expect) {
    let [previous, next] = [previous, next].map(|objects| schema::build::schema(objects).unwrap());
    let answers = Answers::new(renames.iter().map(|rename| Answer::rename(rename).unwrap())).create_the_rest();
    let steps = super::plan(&resolve(&previous, &next, &answers), &next);
    let statements: Vec<String> = steps.iter().flat_map(crate::sql::statements).collect();
    expected.assert_eq(&statements.join("\n"));
}
