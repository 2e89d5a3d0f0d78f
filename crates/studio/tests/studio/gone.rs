//! What the server still does for a browser that is gone: nothing.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::World;

/// A view whose rows nobody waits for.
const SLOW: &str = "CREATE VIEW slow AS SELECT n AS id FROM generate_series(1, 2) AS n, pg_sleep(40)";

/// Waits for the number of queries that read the view.
async fn until_running(world: &World, number: &str) -> bool {
    let asked = "SELECT count(*)::text FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%slow%'";
    for _ in 0..100 {
        if world.beside(asked).await.as_deref() == Some(number) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Asks until the query runs, and goes.
async fn ask_and_go(world: &World, request: Request<Body>) {
    tokio::select! {
        _ = world.router.clone().oneshot(request) => panic!("it is answered at once"),
        is_running = until_running(world, "1") => assert!(is_running, "the query never ran"),
    }
}

#[tokio::test]
async fn an_export_ends_with_its_browser() {
    let world = World::reading(SLOW).await;
    let of = "/export?of=%7B%22schema%22:%22public%22,%22table%22:%22slow%22,%22format%22:%22csv%22%7D";
    let answer = world.router.clone().oneshot(world.get(of)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(until_running(&world, "1").await);
    drop(answer);
    assert!(until_running(&world, "0").await, "the export still runs");
}

#[tokio::test]
async fn a_page_and_a_count_end_with_their_requests_and_the_next_ones_are_answered() {
    let world = World::reading(SLOW).await;
    let of = json!({ "schema": "public", "table": "slow" });
    for path in ["/api/rows", "/api/count"] {
        ask_and_go(&world, world.request("POST", path, Some(&of))).await;
        assert!(until_running(&world, "0").await, "{path} still runs");
        for _ in 0..5 {
            assert_eq!(world.ask("/api/overview").await.status, 200);
        }
    }
}
