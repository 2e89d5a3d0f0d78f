//! What goes wrong in `migrate --json`, for a program: one case of each class. Drift is with the rest of it, in `agree`.

use devdb::test::Database;
use serde_json::{Value, json};

use crate::support::Project;

/// A project with these migrations, its journal among them.
fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::bare();
    let entry = |(idx, (tag, _)): (usize, &(&str, &str))| json!({"idx": idx, "version": "7", "when": idx + 1, "tag": tag, "breakpoints": true});
    let entries: Vec<Value> = files.iter().enumerate().map(entry).collect();
    let journal = json!({"version": "7", "dialect": "postgresql", "entries": entries});
    project.write("migrations/meta/_journal.json", &journal.to_string());
    for (tag, text) in files {
        project.write(&format!("migrations/{tag}.sql"), text);
    }
    project
}

/// What the command prints, after it has failed with this class.
fn error(project: &Project, url: &str, more: &[&str], class: &str) -> Value {
    let failed = project.run(&[&["migrate", "--json", "--url", url], more].concat());
    assert_eq!(failed.code, 1, "{}{}", failed.stdout, failed.stderr);
    let json: Value = serde_json::from_str(&failed.stdout).unwrap();
    assert_eq!(json["error"], class, "{json:#}");
    assert!(!json["message"].as_str().unwrap().is_empty() && json["causes"].is_array(), "{json:#}");
    json
}

#[tokio::test]
async fn every_class_of_error_is_json() {
    let database = Database::empty().await.unwrap();
    let (url, client) = (database.url().reveal(), database.connect().await.unwrap());
    let first = ("0000_a", "CREATE TABLE a (id int);");
    let good = project(&[first]);

    let broken = project(&[first]);
    std::fs::remove_file(broken.path("migrations/0000_a.sql")).unwrap();
    error(&broken, url, &[], "files");
    error(&project(&[("0000_a", "-- migrate: lock_timeout = soon")]), url, &[], "files");
    error(&good, "postgres://ann@127.0.0.1:1/app", &[], "connection");
    error(&good, "postgres://ann@127.0.0.1:1/app?sslmode=sometimes", &[], "connection");
    error(&good, url, &["--restart", "0000_a"], "nothing-to-do");

    client.batch_execute("CREATE TABLE __drizzle_migrations (id int)").await.unwrap();
    let ledger = error(&good, url, &[], "ledger");
    assert!(ledger["causes"][0].as_str().unwrap().contains("42703"), "{ledger:#}");
    client.batch_execute("DROP TABLE __drizzle_migrations").await.unwrap();

    let failed = error(&project(&[("0000_a", "SELECT oops;")]), url, &[], "failed");
    assert_eq!(failed["failure"]["cause"]["error"]["sqlstate"], "42703");
    assert_eq!(failed["failure"]["outcome"], "rolled-back");

    assert_eq!(good.run(&["migrate", "--url", url]).code, 0);
    let refused = error(&project(&[("0000_a", "SELECT 1;")]), url, &[], "refused");
    assert_eq!(refused["refusal"]["refusal"], "edited");
    assert_eq!(refused["refusal"]["migrations"][0]["tag"], "0000_a");

    let more = project(&[first, ("0001_b", "SELECT 1;")]);
    more.settings("[migrations]\ndrift = \"off\"\n");
    more.write("not_a_folder", "");
    let backup = error(&more, url, &["--backup", "not_a_folder"], "backup");
    assert!(backup["message"].as_str().unwrap().ends_with("nothing was applied"), "{backup:#}");
    let status = more.run(&["status", "--url", url]).stdout;
    assert_eq!(status, "applied       0000_a\npending       0001_b\n");

    let holder = database.connect().await.unwrap();
    let lock = "SELECT pg_advisory_lock((SELECT ('x' || substr(encode(sha256(convert_to('migration lock', 'UTF8') || '\\x00' || \
                convert_to(current_database(), 'UTF8') || '\\x00' || 'public\\000__drizzle_migrations\\000'::bytea), 'hex'), 1, 16))\
                ::bit(64)::bigint))";
    holder.batch_execute(lock).await.unwrap();
    let locked = error(&more, url, &["--lock-wait", "1"], "lock");
    assert!(locked["holders"][0]["pid"].is_number(), "{locked:#}");
}
