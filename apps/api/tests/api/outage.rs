//! The database goes away and comes back under the running service.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use api::config::Mode;
use api::startup;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use devdb::{Force, Kind, Options, Purpose, dev_server};
use tempfile::TempDir;

use crate::harness::{Answer, answer, serving, token_at};

/// A server of this test's own, which it may stop. It ends with the test.
struct Own {
    folder: TempDir,
}

impl Own {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Another user than root runs it.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn options(&self) -> Options {
        Options { force: Some(Force::Binaries), ..Options::from_env(self.folder.path()).unwrap() }
    }

    /// Starts it; the port stays the same.
    fn start(&self) -> devdb::Url {
        dev_server(&self.options()).unwrap().url().clone()
    }

    fn stop(&self) -> Vec<Kind> {
        devdb::stop(&self.options(), Purpose::Dev).unwrap_or_default()
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
                let _ = std::fs::remove_dir_all(parent);
            }
        }
    }
}

/// Asks until the answer has this status.
async fn until(router: &Router, token: &str, path: &str, status: u16) -> Answer {
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

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_answers_are_503_and_nobody_restarts_the_service_when_it_is_back() {
    let server = Own::new();
    let url = server.start();
    let router = startup::start(&serving(&url, Mode::Apply)).await.unwrap().router;
    let token = token_at(&url).await;
    let paths = ["/users", "/readyz"];
    for path in paths {
        until(&router, &token, path, 200).await;
    }
    server.stop();
    for path in paths {
        let answer = until(&router, &token, path, 503).await;
        answer.assert_problem(503, &[]);
        assert_eq!(answer.headers["retry-after"], "1", "{path}");
    }
    assert_eq!(until(&router, &token, "/livez", 200).await.body["status"], "alive");
    assert_eq!(server.start(), url);
    for path in paths {
        until(&router, &token, path, 200).await;
    }
}
