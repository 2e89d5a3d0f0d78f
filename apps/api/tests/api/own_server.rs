//! A database server that belongs to one test: it may be stopped, or set up otherwise.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use devdb::{Force, Kind, Options, Purpose, dev_server};
use tempfile::TempDir;

use crate::harness::{Answer, answer};

/// A server of this test's own. It ends with the test.
pub(crate) struct Own {
    folder: TempDir,
}

impl Own {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Another user than root runs it.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn options(&self) -> Options {
        Options { force: Some(Force::Binaries), ..Options::from_env(self.folder.path()).unwrap() }
    }

    /// Starts it; the port stays the same.
    pub(crate) fn start(&self) -> devdb::Url {
        dev_server(&self.options()).unwrap().url().clone()
    }

    pub(crate) fn stop(&self) -> Vec<Kind> {
        devdb::stop(&self.options(), Purpose::Dev).unwrap_or_default()
    }

    /// Writes a file into the data folder of a server that runs, as the user who runs it.
    #[cfg(feature = "tls")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::{MetadataExt as _, chown};

        let server = dev_server(&self.options()).unwrap();
        let Kind::Cluster { folder, .. } = server.kind() else { panic!("{} is private", server.kind()) };
        let data = folder.join("data");
        let (path, owner) = (data.join(name), fs::metadata(&data).unwrap());
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        for kind in self.stop() {
            // Where the test's folder is out of the other user's reach, the cluster is elsewhere.
            if let Kind::Cluster { folder, .. } = kind
                && !folder.starts_with(self.folder.path())
                && let Some(parent) = folder.parent()
            {
                let _ = fs::remove_dir_all(parent);
            }
        }
    }
}

/// Asks until the answer has this status.
pub(crate) async fn until(router: &Router, token: &str, path: &str, status: u16) -> Answer {
    let started = Instant::now();
    loop {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let answer = answer(router.clone(), request.body(Body::empty()).unwrap()).await;
        if answer.status == status {
            return answer;
        }
        // Nothing else is seen on the way: no 500, and no token that is suddenly unknown.
        assert!([200, 503].contains(&answer.status), "{path}: {answer}");
        assert!(started.elapsed() < Duration::from_secs(10), "{path}: {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
