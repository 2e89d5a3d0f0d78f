//! The service's program: serves, or applies the migrations and ends.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use api::config::{self, Variables};
use api::db::Database;
use api::migrations::Migrations;
use api::{access, openapi, probe, startup, telemetry};
use tokio::runtime::Builder;

/// What this program is called.
const NAME: &str = env!("CARGO_PKG_NAME");

/// `{name}` is the program's.
const HELP: &str = "\
The service: what PostgreSQL keeps, over HTTP.

Usage:
  {name}              Bring the database up to date, then serve
  {name} migrate      Apply the pending migrations, print them, and end: a job before a deployment
  {name} health       Ask the service on this machine whether it is ready: an image's health check
  {name} token EMAIL  Print a new token for this user, whom it makes an admin where there is none
  {name} config       Print what each variable is, without passwords
  {name} openapi      Print the OpenAPI document
  {name} --help       Print this
  {name} --version    Print the version

Environment (a debug build reads .env, too):
  DATABASE_URL                 postgres://user:password@host:5432/database
  DATABASE_READ_URL            The same for a replica that lists are read from [none]
  MIGRATION_DATABASE_URL       The same for the role that migrates [DATABASE_URL]
  HOST, PORT                   Where to listen; port 0 takes any that is free [127.0.0.1, 3000]
  METRICS_PORT                 Where /metrics listens, for Prometheus, on HOST; or none [none]
  MIGRATIONS                   Pending ones at the start: apply, verify (refuse to serve), off [apply]
  MIGRATIONS_DIR               A folder to read them from [those in this binary]
  DEVELOPMENT_USER             In a debug build: an admin who gets a new token at the start, as in dev@example.com [none]
  RUST_LOG                     A level, or levels by module: info,tower_http=debug [info]
  LOG_FORMAT                   text or json [json where a release build logs to no terminal, else text]
  OTEL_EXPORTER_OTLP_ENDPOINT  With the feature otel: where spans go, as in http://localhost:4318, or none [none]
  TRUSTED_PROXIES              Proxies before the service, each of which adds to X-Forwarded-For [0]
  TOKEN_CACHE                  Seconds after which another process's end of a token holds; 0 asks each time [2]
  IDLE_TIMEOUT                 Seconds that a connection may be silent before a request, or take no answer [75]
  REQUEST_TIMEOUT              Seconds until a request is given up [30]
  BODY_LIMIT                   Bytes of a request's body [1048576]
  CORS_ORIGINS                 Whose pages may use the API: * or https://a.example,https://b.example [none]
  SHUTDOWN_DELAY               Seconds after SIGTERM that new connections are still taken [0]
  SHUTDOWN_TIMEOUT             Seconds that requests may take after that [10]
  DATABASE_POOL_SIZE           Connections at most [16]
  DATABASE_POOL_TIMEOUT        Seconds that a request waits for one [5]
  DATABASE_STATEMENT_TIMEOUT   Seconds after which the server gives a statement up; 0 for never [0]
  DATABASE_CONNECT_TIMEOUT     Seconds that the start waits for the server [10]
";

/// A wrong argument, as in the shell's own tools.
const USAGE: u8 = 2;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|text| text.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // To serve takes every core. Whatever else waits for one answer after the other, which a second thread would delay.
    let mut runtime = if arguments.is_empty() { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&arguments)),
        Err(failure) => {
            report(&failure);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[&str]) -> ExitCode {
    let result = match arguments {
        [] => serve().await,
        ["migrate"] => migrate().await,
        ["health"] => health(),
        ["token", email] if email.contains('@') => token(email).await,
        ["config"] => show_config(),
        ["openapi"] => print(&openapi::document()),
        ["-h" | "--help" | "help"] | [_, "-h" | "--help"] => print(&HELP.replace("{name}", NAME)),
        ["-V" | "--version"] => print(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n")),
        others => {
            complain(&format!("error: `{}` is not understood; see `{NAME} --help`", others.join(" ")));
            return ExitCode::from(USAGE);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&*failure);
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Failure> {
    config::load_dotenv()?;
    let (config, log) = config::read(Variables::from_process())?;
    let telemetry = telemetry::init(log);
    let ended = start(&config).await;
    telemetry.end().await;
    ended
}

async fn start(config: &config::Serve) -> Result<(), Failure> {
    startup::start(config).await?.run().await?;
    Ok(())
}

async fn migrate() -> Result<(), Failure> {
    config::load_dotenv()?;
    let (config::Migrate { migrations: config }, log) = config::read(Variables::from_process())?;
    telemetry::init(log);
    let migrations = Migrations::load(&config)?;
    let report = migrations.apply(&config).await?;
    for applied in &report.applied {
        print(&format!("applied {} in {:.0?}\n", applied.tag, applied.elapsed))?;
    }
    match report.applied.len() {
        0 => print(&format!("nothing is pending: the {} migrations of this build are applied\n", migrations.len())),
        _ => Ok(()),
    }
}

fn health() -> Result<(), Failure> {
    config::load_dotenv()?;
    let (http, _) = config::read::<config::Http>(Variables::from_process())?;
    Ok(probe::ready(http.address)?)
}

/// For the first admin, and for one who has lost every token.
async fn token(email: &str) -> Result<(), Failure> {
    config::load_dotenv()?;
    let (config, log) = config::read::<config::Serve>(Variables::from_process())?;
    telemetry::init(log);
    let db = Database::connect(&config.database).await?;
    print(&format!("{}\n", access::token(&db, email, access::COMMAND_LINE).await?.reveal()))
}

fn show_config() -> Result<(), Failure> {
    config::load_dotenv()?;
    for config::Setting { variable, value, given } in config::effective(Variables::from_process())? {
        let source = if given { "" } else { "  (default)" };
        print(&format!("{variable:24}  {value}{source}\n"))?;
    }
    Ok(())
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// Prints an error and its causes, each on a line.
fn report(error: &dyn Error) {
    let mut said = error.to_string();
    complain(&format!("error: {said}"));
    let mut source = error.source();
    while let Some(cause) = source {
        // Some errors end with the words of their cause.
        let text = cause.to_string();
        if !said.ends_with(&text) {
            complain(&format!("  caused by: {text}"));
        }
        said = text;
        source = cause.source();
    }
}

fn complain(text: &str) {
    // Where nobody reads stderr, the exit code is left.
    let _ = writeln!(io::stderr(), "{text}");
}
