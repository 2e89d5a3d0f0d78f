//! What is shown: tables, pages of rows, cells, structure, files, and what the console gives.

use serde_json::{Value, json};

use crate::harness::World;

const NUMBERS: &str = "CREATE TABLE numbers (id int PRIMARY KEY, half int, note text);
    INSERT INTO numbers SELECT n, n / 2, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END FROM generate_series(1, 25) AS n";

fn ids(page: &Value) -> Vec<String> {
    let rows = page["rows"].as_array().unwrap();
    rows.iter().map(|row| row["cells"][0].as_str().unwrap().to_owned()).collect()
}

/// Walks through a table page by page, forth and back, and gives the first cells.
async fn walk(world: &World, wanted: Value) -> (Vec<String>, Vec<String>) {
    let ask = async |at: Value| {
        let body = json!({ "schema": "public", "table": "numbers", "wanted": wanted, "at": at, "limit": 4 });
        let answer = world.post("/api/rows", body).await;
        assert_eq!(answer.status, 200, "{answer}");
        answer.json()
    };
    let mut page = ask(Value::Null).await;
    let mut forth = ids(&page);
    while page["after"] == true {
        page = ask(json!({ "after": page["rows"].as_array().unwrap().last().unwrap()["place"] })).await;
        forth.extend(ids(&page));
    }
    let mut back = ids(&page);
    while page["before"] == true {
        page = ask(json!({ "before": page["rows"][0]["place"] })).await;
        back.splice(0..0, ids(&page));
    }
    (forth, back)
}

#[tokio::test]
async fn pages_forth_and_back_have_every_row_once_whatever_the_order() {
    let world = World::reading(NUMBERS).await;
    for (sort, order) in [
        (json!([]), "id"),
        (json!([{ "column": "id", "descending": true }]), "id DESC"),
        (json!([{ "column": "half" }]), "half, id"),
        (json!([{ "column": "note" }]), "note, id"),
        (json!([{ "column": "note", "descending": true }]), "note DESC, id"),
        (json!([{ "column": "half", "descending": true }, { "column": "note" }]), "half DESC, note, id"),
    ] {
        let (forth, back) = walk(&world, json!({ "sort": sort })).await;
        let expected = world.beside(&format!("SELECT string_agg(id::text, ' ' ORDER BY {order}) FROM numbers")).await;
        assert_eq!(Some(forth.join(" ")), expected, "{order}");
        assert_eq!(forth, back, "{order}");
    }
}

#[tokio::test]
async fn filters_and_find_choose_rows() {
    let world = World::reading(NUMBERS).await;
    let chosen = async |wanted: Value| {
        let page = world.post("/api/rows", json!({ "schema": "public", "table": "numbers", "wanted": wanted })).await;
        ids(&page.json()).join(" ")
    };
    let filter = |is: &str, value: Value| json!({ "filter": [{ "column": "id", "is": is, "value": value }] });
    assert_eq!(chosen(filter("less", json!("3"))).await, "1 2");
    assert_eq!(chosen(filter("greater-or-equal", json!("25"))).await, "25");
    assert_eq!(chosen(filter("starts-with", json!("2"))).await, "2 20 21 22 23 24 25");
    assert_eq!(
        chosen(
            json!({ "filter": [{ "column": "note", "is": "null" }, { "column": "id", "is": "less", "value": "9" }] })
        )
        .await,
        "3 6"
    );
    assert_eq!(
        chosen(json!({ "find": "NOTE 1", "filter": [{ "column": "id", "is": "less", "value": "12" }] })).await,
        "1 10 11"
    );
    let wrong = world
        .post(
            "/api/rows",
            json!({ "schema": "public", "table": "numbers", "wanted": filter("equal", json!("x' OR 1=1")) }),
        )
        .await;
    assert_eq!((wrong.status, wrong.json()["server"]["sqlstate"].as_str()), (422, Some("22P02")), "{wrong}");
    let count = world
        .post("/api/count", json!({ "schema": "public", "table": "numbers", "wanted": filter("less", json!("9")) }))
        .await;
    assert_eq!(count.json()["rows"], 8);
}

#[tokio::test]
async fn a_value_of_every_type_is_shown_as_postgresql_prints_it_and_a_long_one_is_cut() {
    let world = World::reading(
        "CREATE TYPE mood AS ENUM ('fine'); CREATE TYPE pair AS (a int, b text);
         CREATE TABLE kinds AS SELECT 1.50::numeric(5,2) AS n, true AS b, '{1,NULL}'::int[] AS a, 'fine'::mood AS e,
           '{\"k\": [1]}'::jsonb AS j, '\\x00ff'::bytea AS y, ROW(1, 'x')::pair AS p, '[1,3)'::int4range AS r,
           '1 day 02:00'::interval AS i, '(1,2)'::point AS o, NULL::text AS z, repeat('ü', 400) AS l, 0.1::float8 AS f",
    )
    .await;
    let page = world.post("/api/rows", json!({ "schema": "public", "table": "kinds" })).await.json();
    let cells = page["rows"][0]["cells"].as_array().unwrap();
    let expected = json!([
        "1.50",
        "true",
        "{1,NULL}",
        "fine",
        "{\"k\": [1]}",
        "\\x00ff",
        "(1,x)",
        "[1,3)",
        "1 day 02:00:00",
        "(1,2)",
        null
    ]);
    assert_eq!(cells[..11], expected.as_array().unwrap()[..]);
    assert_eq!((cells[11].as_str().unwrap().chars().count(), &page["rows"][0]["cut"]), (300, &json!([11])));
    let key = json!({ "ctid": page["rows"][0]["key"][0] });
    let whole =
        world.post("/api/cell", json!({ "schema": "public", "table": "kinds", "column": "l", "key": key })).await;
    assert_eq!(whole.json()["value"].as_str().unwrap().chars().count(), 400);
}

#[tokio::test]
async fn a_domain_is_what_it_is_based_on_in_the_end() {
    let world = World::reading(
        "CREATE TYPE mood AS ENUM ('fine', 'sad'); CREATE DOMAIN feeling AS mood; CREATE DOMAIN felt AS feeling;
         CREATE DOMAIN name AS text; CREATE DOMAIN short AS public.name; CREATE DOMAIN span AS int4range; CREATE DOMAIN doc AS json;
         CREATE TABLE d (a felt, b short, c span, d doc, e int[])",
    )
    .await;
    let columns = world.post("/api/columns", json!({ "schema": "public", "table": "d" })).await.json();
    let of = |name: &str| -> Vec<Value> {
        columns["columns"].as_array().unwrap().iter().map(|column| column[name].clone()).collect()
    };
    assert_eq!(of("base"), ["mood", "text", "int4range", "json", "integer[]"]);
    assert_eq!(of("sortable"), [true, true, true, false, true]);
    assert_eq!(of("labels")[0], json!(["fine", "sad"]));
}

#[tokio::test]
async fn what_a_table_is_made_of_is_shown() {
    let world = World::reading(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int NOT NULL REFERENCES a, CHECK (a_id > 0));
         CREATE VIEW v AS SELECT id FROM a; CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    )
    .await;
    let of = |table: &str| json!({ "schema": "public", "table": table });
    let overview = world.ask("/api/overview").await.json();
    let names: Vec<_> =
        overview["tables"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "p", "p1", "v"]);
    let a = world.post("/api/columns", of("a")).await.json();
    assert_eq!((&a["key"], &a["referenced"][0]["table"]), (&json!(["id"]), &json!("b")));
    let b = world.post("/api/structure", of("b")).await.json();
    assert_eq!(b["constraints"].as_array().unwrap().len(), 2, "{b}");
    assert!(world.post("/api/structure", of("v")).await.json()["query"].as_str().unwrap().contains("SELECT"));
    assert_eq!(world.post("/api/structure", of("p")).await.json()["partitions"][0]["name"], "p1");
    let definition = world.post("/api/definition", of("b")).await;
    assert!(definition.json()["sql"].as_str().unwrap().contains("CREATE TABLE \"b\""), "{definition}");
    assert_eq!(world.ask("/api/map").await.json()["links"][0]["to"], json!(["public", "a"]));
    assert_eq!(world.post("/api/columns", of("nowhere")).await.status, 404);
}

#[tokio::test]
async fn the_console_gives_each_statement_its_outcome() {
    let world = World::reading(NUMBERS).await;
    let answer =
        world.run("select id, note from numbers order by id limit 2; show timezone; select 1/0; select 2").await.json();
    let outcomes = answer["outcomes"].as_array().unwrap();
    assert_eq!(outcomes[0]["rows"], json!([["1", "note 1"], ["2", "note 2"]]));
    assert_eq!(outcomes[0]["columns"][0], json!({ "name": "id", "type": "int4" }));
    assert_eq!(outcomes[1]["rows"].as_array().unwrap().len(), 1);
    assert_eq!(outcomes[2]["error"]["server"]["sqlstate"], "22012");
    assert_eq!(outcomes.len(), 3, "what follows a failure is not run");
    let many = world.run("select * from generate_series(1, 1000000)").await.json();
    assert_eq!(
        (many["outcomes"][0]["rows"].as_array().unwrap().len(), &many["outcomes"][0]["more"]),
        (2000, &json!(true))
    );
    let bound = world
        .post(
            "/api/sql",
            json!({ "sql": "select id from numbers where id = $1 and note = $2", "parameters": ["2", "note 2"] }),
        )
        .await;
    assert_eq!(bound.json()["outcomes"][0]["rows"], json!([["2"]]), "{bound}");
    let plan = world.post("/api/sql", json!({ "sql": "select 1", "explain": "analyze" })).await.json();
    assert_eq!(plan["outcomes"][0]["plan"][0]["Plan"]["Node Type"], "Result");
}

#[tokio::test]
async fn what_runs_is_cancelled() {
    let world = World::reading("").await;
    let run = world.post("/api/sql", json!({ "run": 7, "sql": "select pg_sleep(20)" }));
    let cancel = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let running = world.beside("SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE '%studio_rows%' AND datname = current_database() AND pid <> pg_backend_pid()").await;
            if running.as_deref() == Some("1") {
                return world.post("/api/cancel", json!({ "run": 7 })).await;
            }
        }
    };
    let (ran, cancelled) = tokio::join!(run, cancel);
    assert_eq!(cancelled.json()["cancelled"], true);
    assert_eq!(ran.json()["outcomes"][0]["error"]["server"]["sqlstate"], "57014", "{ran}");
}

#[tokio::test]
async fn a_file_has_every_row_as_filtered_and_sorted() {
    let world = World::reading(NUMBERS).await;
    let of = |format: &str| {
        let of = json!({ "schema": "public", "table": "numbers", "format": format, "wanted": {
            "columns": ["id", "note"], "sort": [{ "column": "id", "descending": true }],
            "filter": [{ "column": "id", "is": "less", "value": "4" }] } });
        format!("/export?of={}", encoded(&of.to_string()))
    };
    let csv = world.ask(&of("csv")).await;
    assert_eq!(csv.text, "id,note\n3,\n2,note 2\n1,note 1\n", "{csv}");
    assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"numbers.csv\"");
    let json_ = world.ask(&of("json")).await;
    assert_eq!(
        json_.json(),
        json!([{ "id": 3, "note": null }, { "id": 2, "note": "note 2" }, { "id": 1, "note": "note 1" }])
    );
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
