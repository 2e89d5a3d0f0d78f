//! The database goes away and comes back under the running service.

use api::config::Mode;
use api::startup;

use crate::harness::{serving, token_at};
use crate::own_server::{Own, until};

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
