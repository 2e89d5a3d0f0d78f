//! Embeds the migrations in the service, and rebuilds it when one is added, changed or gone.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const MIGRATIONS: &str = "../../drizzle/migrations";

fn main() -> io::Result<()> {
    // The schema binary embeds nothing, and must not be rebuilt after each `generate`.
    if env::var_os("CARGO_FEATURE_SERVER").is_none() {
        println!("cargo::rerun-if-changed=build.rs");
        return Ok(());
    }
    // Cargo looks at every file below a folder; relative, so that the checkout can be moved.
    println!("cargo::rerun-if-changed={MIGRATIONS}");
    let mut list = String::from("&[\n");
    for name in names(Path::new(MIGRATIONS))? {
        let text = fs::read_to_string(Path::new(MIGRATIONS).join(&name))?;
        let _ = writeln!(list, "    ({name:?}, {text:?}),");
    }
    list.push_str("]\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("migrations.rs"), list)
}

/// The SQL files and the journal, by their names in the folder. A folder that is missing has none.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    if !folder.is_dir() {
        return Ok(names);
    }
    for item in fs::read_dir(folder)? {
        let name = item?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".sql") {
            names.push(name);
        }
    }
    // Sorted, so that the binary does not depend on the file system.
    names.sort();
    let journal = "meta/_journal.json";
    if folder.join(journal).is_file() {
        names.push(journal.to_owned());
    }
    Ok(names)
}
