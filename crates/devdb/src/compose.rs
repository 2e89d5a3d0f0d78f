//! The repository's compose project, by the `docker` command.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::options::Options;
use crate::process::{self, ProcessError};
use crate::server::{Kind, Server};
use crate::url::Url;

/// The service in docker-compose.yml.
const SERVICE: &str = "db";

/// An engine that does not answer a question by then counts as absent.
const QUESTION_LIMIT: Duration = Duration::from_secs(5);

/// Bringing the project up may download the image.
const UP_LIMIT: Duration = Duration::from_secs(280);

/// How long a container that is up may take to become healthy.
const HEALTH_LIMIT: Duration = Duration::from_secs(60);

/// One fact per line, so that no JSON needs to be read.
const INSPECT: &str = r#"{{range .Config.Env}}env {{.}}
{{end}}{{range (index .NetworkSettings.Ports "5432/tcp")}}port {{.HostPort}}
{{end}}{{with .State.Health}}health {{.Status}}{{end}}"#;

/// What a container tells about its server.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    port: Option<u16>,
    starting: bool,
}

/// The project's server if it is up; else, as text, why not.
pub(crate) fn running(options: &Options) -> Result<Server, String> {
    let file = compose_file(options)?;
    let container = container(&file)?.ok_or("it is not up")?;
    let deadline = Instant::now() + HEALTH_LIMIT;
    let facts = loop {
        let facts = parse(&docker(&["inspect", "--format", INSPECT, &container])?);
        if !facts.starting || Instant::now() > deadline {
            break facts;
        }
        thread::sleep(Duration::from_millis(100));
    };
    let url = url(facts, &options.database)?;
    Ok(Server { url, kind: Kind::Compose { container }, started: false })
}

/// Brings the project up and waits until it is healthy. The outer error is a failure to do so;
/// the inner one says why it cannot be done here.
pub(crate) fn up(options: &Options) -> Result<Result<Server, String>, Error> {
    let file = match compose_file(options).and_then(|file| {
        docker(&["compose", "version"]).map_err(|_| "docker has no compose plugin")?;
        docker(&["version", "--format", "{{.Server.Version}}"])?;
        Ok(file)
    }) {
        Ok(file) => file,
        Err(reason) => return Ok(Err(reason)),
    };
    (options.log)("starting PostgreSQL by docker compose up -d --wait");
    let mut command = compose(&file);
    command.args(["up", "--detach", "--wait", SERVICE]);
    process::run(&mut command, UP_LIMIT, &*options.log).map_err(|source| Error::Program {
        operation: format!("bringing up the service {SERVICE} of {}", file.display()),
        source: source.into(),
    })?;
    Ok(running(options).map(|server| Server { started: true, ..server }))
}

/// Stops the project's service where `container` still runs it, and says whether it did: another
/// container was not started by us, and none is stopped already. The project's volume stays.
pub(crate) fn stop(options: &Options, container: &str) -> Result<bool, Error> {
    let Ok(file) = compose_file(options) else { return Ok(false) };
    // An engine that does not answer runs nothing.
    if !matches!(self::container(&file), Ok(Some(id)) if id == container) {
        return Ok(false);
    }
    let mut command = compose(&file);
    command.args(["stop", SERVICE]);
    process::run(&mut command, HEALTH_LIMIT, &*options.log).map_err(|source| Error::Program {
        operation: format!("stopping the service {SERVICE} of {}", file.display()),
        source: source.into(),
    })?;
    Ok(true)
}

/// `docker compose` on this file.
fn compose(file: &Path) -> Command {
    let mut command = Command::new("docker");
    command.args([OsStr::new("compose"), OsStr::new("--file"), file.as_os_str()]);
    command
}

/// Removes a container of ours with its volumes.
pub(crate) fn remove(container: &str) -> Result<(), Error> {
    let mut command = Command::new("docker");
    command.args(["rm", "--force", "--volumes", container]);
    process::run(&mut command, HEALTH_LIMIT, &|_| {}).map(drop).map_err(|source| Error::Program {
        operation: format!("removing the container {container}"),
        source: source.into(),
    })
}

/// The compose file with links resolved, as its project's label has it.
fn compose_file(options: &Options) -> Result<PathBuf, String> {
    let file = options.compose_file.as_deref();
    let file = file.ok_or("no docker-compose.yml was named")?;
    file.canonicalize().map_err(|error| format!("{}: {error}", file.display()))
}

/// The id of the container that runs the service of the project in the folder of `file`.
fn container(file: &Path) -> Result<Option<String>, String> {
    let service = format!("label=com.docker.compose.service={SERVICE}");
    let format = r#"{{.ID}} {{.Label "com.docker.compose.project.working_dir"}}"#;
    let listed = docker(&["ps", "--no-trunc", "--filter", &service, "--format", format])?;
    Ok(listed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(_, folder)| Path::new(folder).canonicalize().ok().as_deref() == file.parent())
        .map(|(id, _)| id.to_owned()))
}

fn docker(arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("docker");
    command.args(arguments);
    process::run(&mut command, QUESTION_LIMIT, &|_| {}).map_err(|error| match error {
        ProcessError::NotStarted { .. } => "there is no docker command".to_owned(),
        ProcessError::TimedOut { .. } => "the Docker engine does not answer".to_owned(),
        ProcessError::Failed { output, .. } => {
            output.lines().next().unwrap_or("the docker command fails without a word").to_owned()
        }
    })
}

fn parse(text: &str) -> Facts {
    let mut facts = Facts::default();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("env", pair)) => match pair.split_once('=') {
                Some(("POSTGRES_USER", value)) => facts.user = Some(value.to_owned()),
                Some(("POSTGRES_PASSWORD", value)) => facts.password = Some(value.to_owned()),
                Some(("POSTGRES_DB", value)) => facts.database = Some(value.to_owned()),
                _ => {}
            },
            Some(("port", port)) => facts.port = facts.port.or(port.parse().ok()),
            Some(("health", status)) => facts.starting = status == "starting",
            _ => {}
        }
    }
    facts
}

/// The container's database is the one that compose created; `asked` is a fallback.
fn url(facts: Facts, asked: &str) -> Result<Url, String> {
    let Facts { user, password, database, port, starting } = facts;
    if starting {
        return Err("its container does not become healthy; see docker compose logs".to_owned());
    }
    Ok(Url::of(
        user.as_deref().unwrap_or("postgres"),
        &password.ok_or("its container has no POSTGRES_PASSWORD")?,
        "127.0.0.1",
        port.ok_or("its container publishes no port")?,
        database.as_deref().unwrap_or(asked),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_follows_from_what_the_container_tells() {
        let facts = parse(
            "env PATH=/bin\nenv POSTGRES_USER=me\nenv POSTGRES_PASSWORD=a=b\n\
             env POSTGRES_DB=shop\nport 5433\nport 5433\nhealth healthy",
        );
        let url = url(facts, "app").unwrap();
        assert_eq!(url.reveal(), "postgres://me:a%3Db@127.0.0.1:5433/shop?sslmode=disable");
    }

    #[test]
    fn a_container_without_a_published_port_is_no_server() {
        let facts = parse("env POSTGRES_PASSWORD=x\n");
        assert_eq!(url(facts, "app").unwrap_err(), "its container publishes no port");
    }

    #[test]
    fn a_container_without_a_health_check_counts_as_up() {
        assert!(!parse("port 1\n").starting);
        assert!(parse("port 1\nhealth starting").starting);
    }
}
