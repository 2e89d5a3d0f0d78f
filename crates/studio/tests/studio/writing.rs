//! Edits: saved together or not at all, never over somebody else's, and always said.

use serde_json::{Value, json};

use crate::harness::World;

const NOTES: &str = "CREATE TABLE notes (id int PRIMARY KEY, note text, at timestamptz DEFAULT now());
    INSERT INTO notes VALUES (1, 'one'), (2, 'two')";

async fn row(world: &World, id: usize) -> Value {
    world.post("/api/rows", json!({ "schema": "public", "table": "notes" })).await.json()["rows"][id - 1].clone()
}

fn update(id: &str, version: &Value, note: &str) -> Value {
    json!({ "kind": "update", "schema": "public", "table": "notes", "key": { "id": id }, "version": version, "values": { "note": note } })
}

#[tokio::test]
async fn changes_are_saved_together_and_said() {
    let world = World::writing(NOTES).await;
    let (one, two) = (row(&world, 1).await, row(&world, 2).await);
    let changes = json!({ "changes": [
        update("1", &one["version"], "it's <b>"),
        { "kind": "delete", "schema": "public", "table": "notes", "key": { "id": "2" }, "version": two["version"] },
        { "kind": "insert", "schema": "public", "table": "notes", "values": { "id": "3", "note": null } },
    ] });
    let saved = world.post("/api/save", changes).await;
    assert_eq!((saved.status, saved.json()), (200, json!({ "saved": 3 })), "{saved}");
    let left = world.beside("SELECT string_agg(id || coalesce(note, '-'), ' ' ORDER BY id) FROM notes").await;
    assert_eq!(left.as_deref(), Some("1it's <b> 3-"));
    let audited = world.audited.lock().unwrap().clone();
    assert_eq!(audited.len(), 3);
    assert!(audited[0].starts_with("UPDATE \"public\".\"notes\" SET \"note\" = E'it\\'s <b>'"), "{audited:?}");
}

#[tokio::test]
async fn a_row_that_somebody_else_changed_is_a_conflict_and_nothing_is_saved() {
    let world = World::writing(NOTES).await;
    let (one, two) = (row(&world, 1).await, row(&world, 2).await);
    world.beside("UPDATE notes SET note = 'theirs' WHERE id = 2 RETURNING note").await;
    let changes = json!({ "changes": [update("1", &one["version"], "mine"), update("2", &two["version"], "mine")] });
    let saved = world.post("/api/save", changes).await;
    let said = saved.json();
    assert_eq!(
        (saved.status, &said["change"], &said["now"]["values"]["note"]),
        (409, &json!(2), &json!("theirs")),
        "{saved}"
    );
    let notes = world.beside("SELECT string_agg(note, ' ' ORDER BY id) FROM notes").await;
    assert_eq!(notes.as_deref(), Some("one theirs"));
    let again = json!({ "changes": [update("2", &said["now"]["version"], "mine")] });
    assert_eq!(world.post("/api/save", again).await.status, 200);
    assert!(world.audited.lock().unwrap().len() == 1);
}

#[tokio::test]
async fn a_change_that_would_touch_more_than_one_row_is_refused() {
    let world = World::writing("CREATE TABLE pairs (a int, b int); INSERT INTO pairs VALUES (1, 1), (1, 2)").await;
    let version = world.beside("SELECT xmin::text FROM pairs LIMIT 1").await;
    let change =
        json!({ "kind": "delete", "schema": "public", "table": "pairs", "key": { "a": "1" }, "version": version });
    let saved = world.post("/api/save", json!({ "changes": [change] })).await;
    assert_eq!(saved.status, 400, "{saved}");
    assert_eq!(world.beside("SELECT count(*)::text FROM pairs").await.as_deref(), Some("2"));
}

#[tokio::test]
async fn a_console_that_writes_commits_all_or_nothing() {
    let world = World::writing(NOTES).await;
    let failed = world.run("delete from notes where id = 1; select 1/0").await.json();
    assert_eq!(failed["committed"], false, "{failed}");
    assert_eq!(world.beside("SELECT count(*)::text FROM notes").await.as_deref(), Some("2"));
    let done = world.run("with gone as (delete from notes where id = 1 returning id) select * from gone; update notes set note = 'x' returning note").await.json();
    assert_eq!(
        (&done["committed"], &done["outcomes"][0]["rows"], &done["outcomes"][1]["rows"]),
        (&json!(true), &json!([["1"]]), &json!([["x"]])),
        "{done}"
    );
    assert_eq!(world.audited.lock().unwrap().len(), 1);
    assert_eq!(world.run("delete from notes; commit").await.status, 403);
    assert_eq!(world.beside("SELECT count(*)::text FROM notes").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_statement_with_parameters_that_changes_rows_gives_those_that_it_returns() {
    let world = World::writing(NOTES).await;
    let rows = async |sql: &str, parameters: Value| {
        let done = world.post("/api/sql", json!({ "sql": sql, "parameters": parameters })).await.json();
        assert_eq!(done["committed"], true, "{done}");
        done["outcomes"][0].clone()
    };
    let gone = "with gone as (delete from notes where id = $1 returning id, note) select * from gone";
    assert_eq!(rows(gone, json!(["1"])).await["rows"], json!([["1", "one"]]));
    let inserted = "insert into notes values ($1, $2), ($3, $4) returning id, note -- all";
    let inserted = rows(inserted, json!(["3", "it's \\", "4", null])).await;
    assert_eq!(inserted["rows"], json!([["3", "it's \\"], ["4", null]]));
    assert_eq!(inserted["columns"][0], json!({ "name": "id", "type": "int4" }));
    assert_eq!(rows("update notes set note = $1", json!(["x"])).await["touched"], 3);
    assert_eq!(rows("explain select * from notes where id = $1", json!(["2"])).await["error"], Value::Null);
    assert_eq!(rows("create table copied as select * from notes where id > $1", json!(["2"])).await["touched"], 2);
}

#[tokio::test]
async fn a_file_is_looked_at_and_then_imported_whole_or_not_at_all() {
    let world = World::writing(NOTES).await;
    let of = |csv: &str| json!({ "schema": "public", "table": "notes", "csv": csv, "header": true, "columns": ["id", "note"] });
    let csv = "ID,note\n10,\"a, \"\"b\"\"\"\n11,\n";
    let preview = world.post("/api/import/preview", of(csv)).await.json();
    assert_eq!(
        (&preview["header"], &preview["columns"], &preview["rows"][1]),
        (&json!(true), &json!(["id", "note"]), &json!(["10", "a, \"b\""]))
    );
    assert_eq!(world.post("/api/import", of(csv)).await.json()["rows"], 2);
    let notes = world.beside("SELECT string_agg(coalesce(note, '-'), '|' ORDER BY id) FROM notes WHERE id > 9").await;
    assert_eq!(notes.as_deref(), Some("a, \"b\"|-"));
    let broken = world.post("/api/import", of("id,note\n12,x\n1,again\n")).await;
    assert_eq!((broken.status, broken.json()["server"]["sqlstate"].as_str()), (422, Some("23505")), "{broken}");
    assert_eq!(world.beside("SELECT count(*)::text FROM notes WHERE id = 12").await.as_deref(), Some("0"));
}
