//! Schemathesis against the running service: what its OpenAPI document allows and what it does not,
//! one request and chains of them. No answer is a 500, or other than the document says.
#![cfg(unix)]

use std::process::Command;

use crate::binary::{Service, api};
use crate::harness::{admin, migrated};

/// The version whose checks are meant, as `.ci/run` installs it.
const VERSION: &str = "4.32.5";

/// Examples of each operation; `API_EXAMPLES=500` looks longer.
const EXAMPLES: &str = "20";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis from PyPI: cargo xtask test --peers"]
async fn no_request_that_can_be_thought_of_finds_a_fault() {
    let database = migrated().await;
    let token = admin(&database).await;
    let service = Service::start(&mut api(database.url()));
    let examples = std::env::var("API_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("schemathesis")
        // It leaves a folder of what it has found where it runs.
        .current_dir(folder.path())
        .args(["--config-file", concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis.toml"), "run"])
        .arg(format!("http://{}/openapi.json", service.address))
        .args(["--header", &format!("Authorization: Bearer {token}"), "--checks", "all", "--no-color"])
        // A key of idempotency that came before gets the answer from then, also where the row was deleted since.
        .args(["--exclude-checks", "ensure_resource_availability"])
        .args(["--max-examples", &examples, "--generation-deterministic"])
        .output()
        .unwrap_or_else(|error| panic!("`pip install schemathesis=={VERSION}` into the PATH: {error}"));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with(&format!("Schemathesis v{VERSION}")), "another version than {VERSION}: {text}");
    assert!(output.status.success() && text.contains("Tested: "), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
