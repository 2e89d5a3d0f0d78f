//! Ways in that are none: from elsewhere, without a session, around the path, and from a read-only session to a write.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::HeaderValue;
use serde_json::json;

use crate::harness::{HOST, World, answer};

async fn status(world: &World, change: impl FnOnce(&mut Request<Body>)) -> u16 {
    let mut request = world.get("/api/overview");
    change(&mut request);
    answer(&world.router, request).await.status
}

fn set(name: &'static str, value: &str) -> impl FnOnce(&mut Request<Body>) {
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    move |request| drop(request.headers_mut().insert(name, value))
}

#[tokio::test]
async fn a_name_that_somebody_points_here_is_not_served() {
    let world = World::reading("").await;
    assert_eq!(status(&world, |_| ()).await, 200);
    for host in [
        "evil.example",
        "evil.example:4983",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost:4983.evil.example",
        "[::1]:4983",
        "",
    ] {
        assert_eq!(status(&world, set("host", host)).await, 421, "{host}");
    }
    let missing = status(&world, |request| drop(request.headers_mut().remove("host"))).await;
    assert_eq!(missing, 421);
    let two =
        |request: &mut Request<Body>| assert!(request.headers_mut().append("host", HeaderValue::from_static(HOST)));
    assert_eq!(status(&world, two).await, 421);
    let absolute =
        |request: &mut Request<Body>| *request.uri_mut() = "http://evil.example/api/overview".parse().unwrap();
    assert_eq!(status(&world, absolute).await, 421);
}

#[tokio::test]
async fn another_page_asks_in_vain_also_one_of_this_machine() {
    let world = World::reading("").await;
    for origin in [
        "null",
        "http://evil.example",
        "http://localhost:3000",
        "https://127.0.0.1:4983",
        "http://127.0.0.1:4983.evil.example",
    ] {
        assert_eq!(status(&world, set("origin", origin)).await, 403, "{origin}");
    }
    for site in ["cross-site", "same-site", "nonsense"] {
        assert_eq!(status(&world, set("sec-fetch-site", site)).await, 403, "{site}");
    }
    let preflight = |request: &mut Request<Body>| *request.method_mut() = "OPTIONS".parse().unwrap();
    assert_eq!(status(&world, preflight).await, 405);
    let allowed = world.ask("/api/overview").await;
    assert!(!allowed.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{allowed}");
}

#[tokio::test]
async fn a_form_of_another_page_has_neither_the_header_nor_the_type() {
    let world = World::writing("CREATE TABLE a (b int)").await;
    let body = json!({ "changes": [{ "kind": "insert", "schema": "public", "table": "a", "values": { "b": "1" } }] });
    for (name, value, expected) in [
        ("content-type", Some("text/plain"), 415),
        ("content-type", Some("application/x-www-form-urlencoded"), 415),
        ("content-type", None, 415),
        ("x-studio", None, 403),
        ("x-studio", Some("0"), 403),
    ] {
        let mut request = world.request("POST", "/api/save", Some(&body));
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        assert_eq!(answer(&world.router, request).await.status, expected, "{name} {value:?}");
    }
    let mut navigation = world.get("/api/overview");
    navigation.headers_mut().remove("x-studio");
    assert_eq!(answer(&world.router, navigation).await.status, 403);
    assert_eq!(world.beside("SELECT count(*)::text FROM a").await.as_deref(), Some("0"));
}

#[tokio::test]
async fn a_token_opens_once_and_no_guess_does() {
    let world = World::outside("", |studio| studio).await;
    for path in ["/", "/?token=", "/?token=0", "/api/overview", "/export?of={}", "/index.html"] {
        let answer = answer(&world.router, world.get(path)).await;
        assert!([400, 401, 404].contains(&answer.status), "{path}: {answer}");
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
    let nearly = format!("/?token={}", &world.token[..world.token.len() - 1]);
    assert_eq!(world.ask(&nearly).await.status, 401);
    let open = format!("/?token={}", world.token);
    let opened = world.ask(&open).await;
    assert_eq!((opened.status, opened.headers["location"].to_str().unwrap()), (303, "/"));
    let cookie = opened.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(&world.token), "the cookie is another secret");
    let replayed = world.ask(&open).await;
    assert_eq!(replayed.status, 401);
    assert!(!replayed.headers.contains_key("set-cookie"));
    for cookie in ["studio_4983=", "studio_4983=0", &format!("studio_4983={}", world.token)] {
        assert_eq!(status(&world, set("cookie", cookie)).await, 401, "{cookie}");
    }
}

#[tokio::test]
async fn with_a_password_the_token_opens_nothing_and_the_password_does() {
    let world = World::outside("", |studio| studio.password("right")).await;
    assert_eq!(world.ask(&format!("/?token={}", world.token)).await.status, 401);
    let wrong = world.post("/login", json!({ "password": "wrong" })).await;
    assert_eq!(wrong.status, 401);
    let right = world.post("/login", json!({ "password": "right" })).await;
    assert_eq!(right.status, 204);
    assert!(right.headers["set-cookie"].to_str().unwrap().contains("HttpOnly"));
}

#[tokio::test]
async fn a_path_is_written_in_one_way_only() {
    let world = World::outside("", |studio| studio).await;
    for path in [
        "/%61pi/overview",
        "/api/../api/overview",
        "/assets/../api/overview",
        "/assets/%2e%2e/index.html",
        "//api/overview",
        "/assets/..%2findex.html",
        "/api/overview/.",
        "/assets/\\index.html",
    ] {
        let mut request = world.get("/");
        let Ok(uri) = path.parse() else { continue };
        *request.uri_mut() = uri;
        let answer = answer(&world.router, request).await;
        assert!([400, 401, 404].contains(&answer.status), "{path}: {answer}");
        assert!(!answer.text.contains("tables"), "{path}");
    }
    assert_eq!(world.ask("/assets/nothing.js").await.status, 404);
}

#[tokio::test]
async fn every_answer_says_what_the_browser_must_not_do() {
    let world = World::reading("").await;
    for path in ["/", "/api/overview", "/nowhere", "/api/nowhere", "/?token=0"] {
        let answer = world.ask(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let world = World::reading("").await;
    let body = json!({ "sql": "x".repeat(3 * 1024 * 1024) });
    assert_eq!(world.post("/api/sql", body).await.status, 413);
}

#[tokio::test]
async fn a_read_only_session_writes_in_no_way() {
    let world = World::reading(
        "CREATE TABLE a (b int); INSERT INTO a VALUES (1); CREATE SEQUENCE s;
         CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM a; RETURN 1; END';
         CREATE FUNCTION writes_after_setting() RETURNS int LANGUAGE plpgsql AS
           'BEGIN PERFORM set_config(''transaction_read_only'', ''off'', false); DELETE FROM a; RETURN 1; END';
         CREATE FUNCTION commits() RETURNS int LANGUAGE plpgsql AS 'BEGIN COMMIT; DELETE FROM a; RETURN 1; END';
         CREATE PROCEDURE commits_too() LANGUAGE plpgsql AS 'BEGIN COMMIT; SET transaction_read_only = off; DELETE FROM a; END'",
    )
    .await;
    for sql in [
        "DELETE FROM a",
        "WITH gone AS (DELETE FROM a RETURNING b) SELECT * FROM gone",
        "SELECT 1 INTO c",
        "EXPLAIN ANALYZE DELETE FROM a",
        "SET transaction_read_only = off",
        "SELECT set_config('transaction_read_only', 'off', false); DELETE FROM a",
        "SELECT set_config('default_transaction_read_only', 'off', false); SELECT writes()",
        "SELECT set_config('transaction_read_only', 'off', false), writes()",
        "SELECT writes()",
        "SELECT writes_after_setting()",
        "SELECT commits()",
        "CALL commits_too()",
        "DO $$ BEGIN DELETE FROM a; END $$",
        "COPY a TO PROGRAM 'touch /tmp/studio-was-here'",
        "COPY a FROM PROGRAM 'echo 1'",
        "COPY a TO '/tmp/studio-was-here'",
        "COMMIT; DELETE FROM a",
        "ROLLBACK; BEGIN READ WRITE; DELETE FROM a; COMMIT",
        "/* SELECT */ DELETE FROM a",
        "SELECT 1; COMMIT; DROP TABLE a",
        "SELECT nextval('s')",
        "SELECT lo_create(4711)",
        "SELECT query_to_xml('DELETE FROM a RETURNING 1', true, true, '')",
        // Where a setting makes the server read a backslash otherwise than whoever parts the statements.
        "SELECT set_config('standard_conforming_strings', 'off', false); SELECT '\\' , ' ; COMMIT; DELETE FROM a; --'",
        "SELECT 1 FROM a FOR UPDATE",
    ] {
        world.run(sql).await;
        let left = world.beside("SELECT count(*) || ' ' || coalesce(to_regclass('c')::text, '-') || ' ' || (SELECT is_called FROM s) || ' ' || (SELECT count(*) FROM pg_largeobject_metadata) FROM a").await;
        assert_eq!(left.as_deref(), Some("1 - false 0"), "{sql}");
    }
    assert!(!std::path::Path::new("/tmp/studio-was-here").exists());
    for (path, body) in [
        ("/api/save", json!({ "changes": [] })),
        ("/api/preview", json!({ "changes": [] })),
        ("/api/import", json!({ "schema": "public", "table": "a", "csv": "2", "columns": ["b"] })),
    ] {
        assert_eq!(world.post(path, body).await.status, 403, "{path}");
    }
    assert!(world.audited.lock().unwrap().is_empty());
}

#[tokio::test]
async fn names_values_and_errors_stay_text() {
    let world = World::reading(
        r#"CREATE TABLE "<script>""';--" ("</td>" text); INSERT INTO "<script>""';--" VALUES ('<img onerror=x>');
           CREATE TYPE odd AS ENUM ('<b>')"#,
    )
    .await;
    let rows = world.post("/api/rows", json!({ "schema": "public", "table": "<script>\"';--" })).await;
    assert_eq!(rows.json()["rows"][0]["cells"][0], "<img onerror=x>", "{rows}");
    for answer in [
        rows,
        world.ask("/api/overview").await,
        world.run("SELECT '<i>'::int").await,
        world.post("/api/rows", json!({ "schema": "<", "table": "<x>" })).await,
    ] {
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/json"), "{answer}");
    }
}
