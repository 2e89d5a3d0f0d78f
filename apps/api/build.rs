//! Rebuilds the service when the migrations that it embeds change.

fn main() {
    // Cargo watches the files that `include_bytes!` names, but only the folder tells of a new one.
    // The schema binary embeds nothing, and must not be rebuilt after each `generate`.
    let watched = if cfg!(feature = "server") { "../../drizzle/migrations" } else { "build.rs" };
    println!("cargo::rerun-if-changed={watched}");
}
