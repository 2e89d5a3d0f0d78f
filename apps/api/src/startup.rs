//! From a configuration to a service that listens: connect, migrate, bind.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

use crate::access;
use crate::app;
use crate::config;
use crate::db::{self, Database};
use crate::migrations::Migrations;
use crate::readiness::Readiness;
use crate::server::Service;
use crate::state::AppState;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached as the service's role.
    #[error(transparent)]
    Database(#[from] db::ConnectError),

    /// The set of migrations is broken.
    #[error(transparent)]
    Set(#[from] migrator::MigrationsError),

    /// The database is not on this build's schema, and was not brought to it.
    #[error(transparent)]
    Migrations(#[from] migrator::Error),

    /// The user for development cannot be made.
    #[error("cannot make the user of DEVELOPMENT_USER and a token for it")]
    Token(#[source] db::Error),

    /// Another program listens there.
    #[error(
        "cannot listen on {address}: another program does. Stop it, or set {variable} to another number \
         (0 takes any that is free)"
    )]
    Taken {
        /// Where.
        address: SocketAddr,
        /// What the port comes from.
        variable: &'static str,
    },

    /// The operating system refuses the address.
    #[error("cannot listen on {address}. Check HOST and {variable}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the port comes from.
        variable: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// Makes everything ready to serve; the address is taken last, so that whoever can connect is answered.
///
/// # Errors
/// The database is not reachable or not on this build's schema, or the address is taken.
pub async fn start(config: &config::Serve) -> Result<Service, Error> {
    let migrations = Migrations::load(&config.migrations)?;
    let report = migrations.prepare(&config.migrations).await?;
    let db = Database::connect(&config.database).await?;
    if let Some(email) = &config.development_user {
        let token = access::token(&db, email, access::DEVELOPMENT).await.map_err(Error::Token)?;
        tracing::info!("{email} may call it with the token {}", token.reveal());
    }
    let replica = config.database.replica().map(|config| Database::new(&config));
    let readiness = Readiness::new(db.clone(), migrations);
    let state = AppState::new(db.clone(), replica, readiness, config.http.token_cache, report.as_ref());
    let aside = metrics(&state, &config.http).await?;
    let listener = listen(config.http.address, "PORT").await?;
    let readiness = state.readiness.clone();
    let router = app::router(state, &config.http);
    let config::Http { idle_timeout, shutdown_delay, shutdown_timeout, .. } = config.http;
    Ok(Service { listener, router, aside, db, readiness, idle_timeout, shutdown_delay, shutdown_timeout })
}

/// The listener of `/metrics`, if there is to be one.
#[cfg(feature = "metrics")]
async fn metrics(state: &AppState, config: &config::Http) -> Result<Option<(TcpListener, Router)>, Error> {
    let Some(port) = config.metrics_port else { return Ok(None) };
    let listener = listen(SocketAddr::new(config.address.ip(), port), "METRICS_PORT").await?;
    Ok(Some((listener, crate::metrics::routes(state.metrics.clone()))))
}

#[cfg(not(feature = "metrics"))]
async fn metrics(_: &AppState, _: &config::Http) -> Result<Option<(TcpListener, Router)>, Error> {
    Ok(None)
}

async fn listen(address: SocketAddr, variable: &'static str) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Error::Taken { address, variable },
        _ => Error::Listen { address, variable, source },
    })
}
