//! A server that belongs to one test: it may be stopped, set up otherwise, or crash.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, FileContext as _};
use crate::options::{Force, Options, Purpose};
use crate::os;
use crate::server::{Kind, Server};
use crate::url::Url;

/// A private cluster that nobody else uses, from local binaries. It ends with this value.
#[derive(Debug)]
pub struct PrivateServer {
    folder: TempDir,
    server: Server,
}

impl PrivateServer {
    /// Makes and starts one.
    ///
    /// # Errors
    /// As for [`crate::dev_server`].
    pub fn start() -> Result<Self, Error> {
        let folder = tempfile::tempdir().at("creating a folder in", std::env::temp_dir())?;
        os::let_through(folder.path()).at("changing the permissions of", folder.path())?;
        let server = crate::dev_server(&options(folder.path())?)?;
        Ok(Self { folder, server })
    }

    /// Starts it again, at the same address, unless it runs.
    ///
    /// # Errors
    /// As for [`crate::dev_server`].
    pub fn start_again(&self) -> Result<(), Error> {
        crate::dev_server(&options(self.folder.path())?).map(drop)
    }

    /// Stops it in order, which its sessions do not outlive.
    ///
    /// # Errors
    /// As for [`crate::stop`].
    pub fn stop(&self) -> Result<(), Error> {
        crate::stop(&options(self.folder.path())?, Purpose::Dev).map(drop)
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of the database that it begins with.
    pub fn url(&self) -> &Url {
        self.server.url()
    }

    /// The text of a file of its data folder.
    ///
    /// # Errors
    /// There is no such file.
    pub fn read(&self, name: &str) -> Result<String, Error> {
        let path = self.data().join(name);
        fs::read_to_string(&path).at("reading", path)
    }

    /// Writes a file of its data folder, as the user who runs it and for that one alone.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let (data, path) = (self.data(), self.data().join(name));
        os::write_private(&path, text).at("writing", &path)?;
        os::owner(&data).map_or(Ok(()), |account| account.own(&path)).at("changing the owner of", path)
    }

    fn data(&self) -> PathBuf {
        self.cluster().join("data")
    }

    fn cluster(&self) -> &Path {
        match self.server.kind() {
            Kind::Cluster { folder, .. } => folder,
            kind => unreachable!("binaries were forced, and they make a cluster and not {kind}"),
        }
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // Nobody is there to tell; what is left over is a folder of the system's temporary ones.
        let _ = self.stop();
        // Where the folder is out of the reach of the user who runs the server, the cluster is elsewhere.
        if let Some(elsewhere) = self.cluster().parent().filter(|parent| !parent.starts_with(self.folder.path())) {
            let _ = fs::remove_dir_all(elsewhere);
        }
    }
}

fn options(folder: &Path) -> Result<Options, Error> {
    Ok(Options { force: Some(Force::Binaries), ..Options::from_env(folder)? })
}
