//! Where `studio` opens, and where it does not.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use devdb::test::Database;

use crate::support::{Outcome, Project};

const EMPTY: &str = "";

fn studio(project: &Project, database: &Database, args: &[&str]) -> Command {
    let mut command = project.command(&[&["studio", "--no-open", "--port", "0"], args].concat());
    command.env("DATABASE_URL", database.url().reveal()).env_remove("STUDIO_PASSWORD").stdin(Stdio::null());
    command
}

#[tokio::test]
async fn it_prints_the_address_of_this_machine_with_a_token() {
    let (project, database) = (Project::new(EMPTY), Database::empty().await.unwrap());
    let mut child = studio(&project, &database, &[]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let (address, token) = line.trim().split_once("/?token=").unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{line}");
    assert_eq!(token.len(), 64, "{line}");
}

#[tokio::test]
async fn a_database_for_production_is_not_edited() {
    let (project, database) = (Project::new(EMPTY), Database::empty().await.unwrap());
    let client = database.connect().await.unwrap();
    let name: String = client.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    let name = schema::quote::ident(&name);
    client.batch_execute(&format!("ALTER DATABASE {name} SET drizzle.environment = 'production'")).await.unwrap();
    let refused: Outcome = studio(&project, &database, &["--write"]).output().unwrap().into();
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("is marked for production"), "{}", refused.stderr);
}

#[tokio::test]
async fn other_machines_are_let_in_by_password_alone() {
    let (project, database) = (Project::new(EMPTY), Database::empty().await.unwrap());
    let refused: Outcome = studio(&project, &database, &["--host", "0.0.0.0"]).output().unwrap().into();
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("STUDIO_PASSWORD is not set"), "{}", refused.stderr);
}
