//! The differ in memory: from nothing to so many tables, and one changed column among so many.

mod support;

use kit::Migration;
use kit::rename::{Answers, resolve};
use schema::Schema;
use support::tables;

fn main() {
    divan::main();
}

fn sql(previous: &Schema, next: &Schema) -> String {
    let resolved = resolve(previous, next, &Answers::default());
    Migration::new(kit::plan::plan(&resolved, next)).file(true)
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 20)]
fn create_everything(bencher: divan::Bencher, count: usize) {
    let (empty, next) = (Schema::default(), tables(count, false));
    bencher.bench(|| sql(&empty, &next));
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 20)]
fn add_one_column(bencher: divan::Bencher, count: usize) {
    let (previous, next) = (tables(count, false), tables(count, true));
    bencher.bench(|| sql(&previous, &next));
}
