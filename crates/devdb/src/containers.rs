//! One container for all tests of this checkout, by testcontainers.
//!
//! testcontainers starts a container for each process and stops it with that process; test
//! runners start a process for each test. So this one has a fixed name and is marked for reuse,
//! and it stays up until [`crate::stop`]. The purpose's lock is held meanwhile.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use testcontainers::bollard::models::PortBinding;
use testcontainers::core::{ContainerPort, IntoContainerPort, Mount};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt, ReuseDirective, TestcontainersError};
use tokio_postgres::error::SqlState;

use crate::cluster::{SUPERUSER, UNSAFE_FOR_DATA_BUT_FAST, random_password};
use crate::error::{Error, FileContext};
use crate::options::Options;
use crate::os;
use crate::server::{Kind, Server};
use crate::test::{blocking, connect};
use crate::url::Url;

/// The image of docker-compose.yml.
const IMAGE: (&str, &str) = ("postgres", "17-alpine");

const PORT: ContainerPort = ContainerPort::Tcp(5432);

/// How long the server may take from the start of its container to its first answer.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// Why a container is no server.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the container could not be started")]
    Start(#[from] TestcontainersError),
    #[error("the container does not answer within {} s", READY_LIMIT.as_secs())]
    Silent(#[source] crate::test::Error),
}

/// Makes sure that the container runs. The inner error says why that cannot be done here.
pub(crate) fn ensure_running(options: &Options) -> Result<Result<Server, String>, Error> {
    let name = name(&options.target_dir);
    let password = password(options)?;
    (options.log)(&format!(
        "starting the Docker container {name} from {}:{} (downloaded if it is not there)",
        IMAGE.0, IMAGE.1
    ));
    let database = options.database.clone();
    let started = blocking(move || async move {
        let url = start(&name, &password).await?;
        Ok::<_, Failure>((name, url))
    })
    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok(match started {
        Ok((name, url)) => {
            Ok(Server { url: url.with_database(&database), kind: Kind::Container { name }, started: true })
        }
        Err(failure) => Err(chain(&failure)),
    })
}

/// Starts the container, or takes the one of that name, and waits for the server in it.
async fn start(name: &str, password: &str) -> Result<Url, Failure> {
    let container = request(name, password).start().await?;
    let url = url_of(&container, password).await?;
    match answered(&url).await {
        Err(error) if is_other_password(&error) => {
            // Left over from a target folder that was removed, and the password with it.
            container.rm().await?;
            let container = request(name, password).start().await?;
            let url = url_of(&container, password).await?;
            answered(&url).await.map_err(Failure::Silent)?;
            Ok(url)
        }
        other => other.map(|()| url).map_err(Failure::Silent),
    }
}

fn request(name: &str, password: &str) -> ContainerRequest<GenericImage> {
    let request = GenericImage::new(IMAGE.0, IMAGE.1)
        .with_exposed_port(PORT)
        .with_container_name(name)
        .with_reuse(ReuseDirective::Always)
        .with_env_var("POSTGRES_USER", SUPERUSER)
        .with_env_var("POSTGRES_PASSWORD", password)
        .with_cmd(command())
        // Nothing is worth keeping, and no volume stays behind.
        .with_mount(Mount::tmpfs_mount("/var/lib/postgresql/data"));
    if !is_engine_local() {
        return request;
    }
    request.with_host_config_modifier(|host| {
        let loopback = PortBinding {
            host_ip: Some("127.0.0.1".to_owned()),
            host_port: None, // any free one
        };
        host.publish_all_ports = Some(false);
        host.port_bindings = Some([(PORT.to_string(), Some(vec![loopback]))].into());
    })
}

fn command() -> Vec<String> {
    let settings = [("max_connections", "200")];
    let settings = settings.into_iter().chain(UNSAFE_FOR_DATA_BUT_FAST);
    let arguments = settings.flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]);
    ["postgres".to_owned()].into_iter().chain(arguments).collect()
}

/// Whether the engine's loopback is ours. It is not if the engine is reached by network, or by a
/// socket that was handed into the container that this process runs in.
fn is_engine_local() -> bool {
    let host = std::env::var("DOCKER_HOST").unwrap_or_default();
    (host.is_empty() || host.starts_with("unix://")) && !Path::new("/.dockerenv").exists()
}

async fn url_of(container: &ContainerAsync<GenericImage>, password: &str) -> Result<Url, TestcontainersError> {
    let host = container.get_host().await?.to_string();
    let port = container.get_host_port_ipv4(5432.tcp()).await?;
    // localhost may mean ::1 first, where nothing is published.
    let host = if host == "localhost" { "127.0.0.1" } else { &host };
    Ok(Url::of(SUPERUSER, password, host, port, "postgres"))
}

/// Waits for the first answer. The image's server for its own set-up does not listen on TCP, so
/// an answer comes from the final one.
async fn answered(url: &Url) -> Result<(), crate::test::Error> {
    let deadline = Instant::now() + READY_LIMIT;
    loop {
        match connect(url).await {
            Ok(_) => return Ok(()),
            Err(error) if is_other_password(&error) || Instant::now() > deadline => {
                return Err(error);
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn is_other_password(error: &crate::test::Error) -> bool {
    error.code() == Some(&SqlState::INVALID_PASSWORD)
}

/// Another checkout, image or setting gets another container.
fn name(target_dir: &Path) -> String {
    let target_dir = target_dir.canonicalize().unwrap_or(target_dir.to_owned());
    let mut hash = Sha256::new();
    hash.update(target_dir.as_os_str().as_encoded_bytes());
    hash.update(format!("{IMAGE:?} {:?}", command()));
    let digest = hash.finalize();
    let hash: String = digest[..6].iter().map(|b| format!("{b:02x}")).collect();
    format!("devdb-test-{hash}")
}

/// The superuser's password, made once for this target folder.
fn password(options: &Options) -> Result<String, Error> {
    let path = options.devdb_dir().join("container.password");
    if let Ok(password) = fs::read_to_string(&path) {
        return Ok(password);
    }
    let password = random_password()?;
    os::write_private(&path, &password).at("writing", &path)?;
    Ok(password)
}

/// An error with all its causes on one line, for a place in a list.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_folder_has_a_container_of_its_own() {
        let (first, second) = (Path::new("/a/target"), Path::new("/b/target"));
        assert_eq!(name(first), name(first));
        assert_ne!(name(first), name(second));
    }

    #[test]
    fn the_containers_server_may_lose_data() {
        assert!(command().contains(&"fsync=off".to_owned()));
    }
}
