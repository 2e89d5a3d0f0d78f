//! The database studio: see and edit a database in the browser, from this machine alone.
//!
//! ```no_run
//! use migrator::Server;
//! use studio::Studio;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::from_url("postgres://app:secret@localhost/app")?;
//! let studio = Studio::new(server).listen("127.0.0.1:4983".parse()?).await?;
//! println!("open {}", studio.address());
//! studio.serve().await?;
//! # Ok(())
//! # }
//! ```
//!
//! The page is in the binary, comes from the same origin as the data and asks nobody else, so that it works offline,
//! in every browser and through a tunnel. Who gets in is decided in one place (`guard`), and what the database lets
//! through in another (`sessions`, `console`): it reads, unless [`Studio::write`] is called.
//!
//! The crate reads no settings: what is known of the project around the database is asked of a [`Project`].

mod assets;
mod catalog;
mod changes;
mod console;
mod definition;
mod error;
mod guard;
mod listen;
mod project;
mod routes;
mod rows;
mod server;
mod sessions;
mod text;

use std::sync::Arc;

use axum::{Router, middleware};
use migrator::Server;

pub use guard::Hosts;
pub use listen::{ListenError, Listening};
pub use project::{Comparison, Finding, Project};

use guard::{Guard, Secret};

/// A studio that is not open yet.
pub struct Studio {
    server: Server,
    may_write: bool,
    project: Option<Arc<dyn Project>>,
    password: Option<Secret>,
    audit: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Studio {
    /// A studio that reads a database.
    pub fn new(server: Server) -> Self {
        Self { server, may_write: false, project: None, password: None, audit: Arc::new(|_| ()) }
    }

    /// Lets rows be edited and statements write.
    #[must_use]
    pub fn write(self, may_write: bool) -> Self {
        Self { may_write, ..self }
    }

    /// The project around the database.
    #[must_use]
    pub fn project(self, project: impl Project) -> Self {
        Self { project: Some(Arc::new(project)), ..self }
    }

    /// A password instead of the token: without it nothing but a loopback address is listened on.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        Self { password: Some(Secret::new(password)), ..self }
    }

    /// What is called with each statement that has written.
    #[must_use]
    pub fn audit(self, audit: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { audit: Arc::new(audit), ..self }
    }

    /// The router behind its guard, for these hosts, and the token that opens it once.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn router(self, hosts: Hosts) -> Result<(Router, String), ListenError> {
        let target = self.server.target();
        let app = routes::App {
            sessions: sessions::Sessions::new(self.server),
            runs: console::Runs::default(),
            project: self.project,
            may_write: self.may_write,
            audit: self.audit,
            target,
        };
        let (guard, token) = Guard::new(hosts, self.password).map_err(ListenError::Random)?;
        Ok((routes::router(app).layer(middleware::from_fn_with_state(guard, guard::guard)), token))
    }
}
