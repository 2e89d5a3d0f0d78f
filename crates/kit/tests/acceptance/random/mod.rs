//! Random schemas and random changes of them.

pub(crate) mod build;
mod edit;
pub(crate) mod spec;
mod types;

use std::cell::{Cell, RefCell};
use std::time::SystemTime;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use self::edit::Edit;
use self::spec::Spec;
use crate::support::{Case, Database, Failure, Report};

/// Which cases each test tries: as many as CI has time for, and these are always the same, so that what fails there
/// is the change; or as many as `KIT_CASES` says, which are others each time but where `KIT_SEED` says which.
#[expect(clippy::print_stderr, reason = "whoever runs many wants to run the same ones again")]
pub(crate) fn config() -> Config {
    let number = |name| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let (cases, seed) = (number("KIT_CASES"), number("KIT_SEED"));
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let seed = seed.unwrap_or(if cases.is_some() { since_epoch.as_secs() } else { 0 });
    if let Some(cases) = cases {
        eprintln!("the {cases} cases of KIT_SEED={seed}");
    }
    Config {
        cases: cases.map_or(300, |cases| cases.try_into().unwrap()),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 4096,
        // In milliseconds, of which most cases need a few thousand.
        max_shrink_time: 120_000,
        ..Config::default()
    }
}

/// Runs the test on every case, of which so many in a hundred keep rows.
#[expect(clippy::print_stderr, reason = "whoever stops a long run knows how far it came, and what failed")]
pub(crate) fn check<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, kept_rows: u32, case: impl Fn(&T) -> Case) {
    let database = Database::new();
    let (held, kept, refused) = (Cell::new(0_u32), Cell::new(0), Cell::new(0));
    let last_failure = RefCell::new(String::new());
    let config = config();
    let cases = config.cases;
    let result = TestRunner::new(config).run(&strategy, |value| match there_and_back(&case(&value), &database) {
        Ok(report) => {
            held.set(held.get() + 1);
            kept.set(kept.get() + u32::from(report.kept_rows));
            refused.set(refused.get() + u32::from(report.is_refused));
            if held.get().is_multiple_of(1000) {
                eprintln!("{} hold: {} with rows, and {} are refused, rightly", held.get(), kept.get(), refused.get());
            }
            Ok(())
        }
        Err(Failure::Fixture(why) | Failure::Migration(why)) => {
            if last_failure.replace(why.clone()).is_empty() {
                eprintln!("after {} that hold, a case fails, and is shrunk now: {why}", held.get());
            }
            Err(TestCaseError::fail(why))
        }
    });
    if let Err(error) = result {
        // The shrunk value, as what it led to.
        assert!(matches!(error, TestError::Fail(..)), "{error}");
        panic!("{}", last_failure.take());
    }
    let kept = kept.get();
    assert!(kept * 100 >= cases * kept_rows, "only {kept} of {cases} cases had rows to keep");
}

fn there_and_back(case: &Case, database: &Database) -> Result<Report, Failure> {
    let report = case.check(database)?;
    report.go_back(database)?;
    Ok(report)
}

pub(crate) fn edits() -> impl Strategy<Value = (Spec, Vec<Edit>)> {
    (spec::spec(), vec(edit::edit(), 1..8))
}

pub(crate) fn edited(spec: &Spec, edits: &[Edit]) -> Case {
    let mut changed = spec.clone();
    edits.iter().for_each(|edit| edit.apply(&mut changed));
    let (previous, next) = (build::build(spec), build::build(&changed));
    let answers = build::answers(&previous, &next);
    let precondition = vec![build::ELSEWHERE.to_owned()];
    Case { previous: previous.schema, next: next.schema, answers, precondition, ..Case::default() }
}

#[test]
fn a_changed_schema_is_reached_from_the_one_before() {
    check(edits(), 15, |(spec, edits)| edited(spec, edits));
}

#[test]
fn every_schema_is_reached_from_every_other() {
    check((spec::spec(), spec::spec()), 0, |(previous, next)| Case {
        previous: build::build(previous).schema,
        next: build::build(next).schema,
        precondition: vec![build::ELSEWHERE.to_owned()],
        ..Case::default()
    });
}
