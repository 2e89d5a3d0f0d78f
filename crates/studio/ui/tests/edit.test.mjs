import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { world } from "./harness.mjs";

let w;
before(async () => {
  w = await world();
  w.page.on("dialog", (dialog) => dialog.accept());
});
after(() => w.end());

const save = async () => {
  await w.page.getByRole("button", { name: "Review and save" }).click();
  await w.page.getByRole("dialog").getByText(/UPDATE|INSERT|DELETE/).first().waitFor();
  await w.page.getByRole("button", { name: /^Save \d/ }).click();
};

test("a cell is edited by keyboard, shown as SQL and saved", async () => {
  await w.table("public", "users");
  await w.cell(0, 2).click();
  await w.page.keyboard.press("Enter");
  await w.page.keyboard.press("Control+A");
  await w.page.keyboard.type("Ada <b>");
  await w.page.keyboard.press("Enter");
  await w.cell(0, 2).filter({ hasText: "Ada <b>" }).waitFor();
  assert.equal((await w.sql("SELECT name FROM users WHERE id = 1")).rows[0].name, "User 1", "nothing is written before it is saved");
  await save();
  await w.page.getByText("Saved 1 change.").waitFor();
  assert.equal((await w.sql("SELECT name FROM users WHERE id = 1")).rows[0].name, "Ada <b>");
  assert.match(w.served.said(), /written:.*UPDATE "public"\."users"/);
});

test("null, a choice, JSON and a new row are staged together", async () => {
  await w.table("public", "users");
  await w.cell(1, 1).click();
  await w.page.keyboard.press(" ");
  const panel = w.page.getByRole("complementary", { name: "Row" });
  await panel.getByRole("button", { name: "name: null" }).click();
  await panel.getByRole("combobox", { name: /^admin/ }).selectOption("true");
  await panel.getByRole("textbox", { name: /^settings/ }).fill("{oops");
  await panel.getByRole("alert").waitFor();
  await panel.getByRole("textbox", { name: /^settings/ }).fill('{"theme": "blue"}');
  await w.page.getByRole("button", { name: "Add row" }).click();
  await panel.getByRole("textbox", { name: /^email/ }).fill("new@example.com");
  await w.page.getByText("2 changes not saved").waitFor();
  await save();
  await w.page.getByText("Saved 2 changes.").waitFor();
  const { rows } = await w.sql("SELECT name, admin, settings->>'theme' AS theme FROM users WHERE id = 2 UNION ALL SELECT name, admin, NULL FROM users WHERE email = 'new@example.com'");
  assert.deepEqual(rows, [{ name: null, admin: true, theme: "blue" }, { name: null, admin: false, theme: null }]);
});

test("JSON is typed letter by letter, and what is not touched stays as it is written", async () => {
  await w.sql(`UPDATE users SET settings = '{"price": 1.10, "far": 1e400}' WHERE id = 4`);
  await w.table("public", "users");
  await w.cell(3, 1).click();
  await w.page.keyboard.press(" ");
  const settings = w.page.getByRole("complementary", { name: "Row" }).getByRole("textbox", { name: /^settings/ });
  const kept = await settings.inputValue();
  assert.match(kept, /"price": 1\.10\b/);
  await settings.focus();
  await w.page.keyboard.press("Control+Home");
  await w.page.keyboard.press("ArrowRight");
  await w.page.keyboard.type('"theme": ["dark"],');
  assert.equal(await settings.inputValue(), `{"theme": ["dark"],${kept.slice(1)}`);
  await save();
  await w.page.getByText("Saved 1 change.").waitFor();
  const { rows } = await w.sql("SELECT settings->'theme'->>0 AS theme, settings->>'price' AS price, length(settings->>'far') AS digits FROM users WHERE id = 4");
  assert.deepEqual(rows, [{ theme: "dark", price: "1.10", digits: 401 }]);
});

test("a text is typed past the length of a line, and the row opens at the column of the cell", async () => {
  await w.sql(`CREATE TABLE broad (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${Array.from({ length: 40 }, (_, at) => `c${at} text`).join(", ")})`);
  await w.sql("INSERT INTO broad (c39) VALUES ('short')");
  await w.table("public", "broad");
  await w.cell(0, 0).click();
  await w.page.keyboard.press("Enter");
  const panel = w.page.getByRole("complementary", { name: "Row" });
  await panel.getByText("id", { exact: true }).waitFor();
  assert.equal(await panel.getByRole("textbox", { name: /^id/ }).count(), 0, "only the database numbers the rows");
  await w.page.keyboard.press("End");
  const field = panel.getByRole("textbox", { name: "c39, text" });
  await w.page.waitForTimeout(200);
  const seen = (await field.boundingBox()).y;
  assert.ok(seen < 800, `the field of the cell is at ${seen}`);
  await field.focus();
  await w.page.keyboard.press("End");
  await w.page.keyboard.type("-".repeat(80));
  assert.equal(await field.inputValue(), `short${"-".repeat(80)}`);
  await w.page.getByRole("button", { name: "Choose columns" }).click();
  await w.page.getByRole("searchbox", { name: "Find a column" }).fill("c3");
  await w.page.getByRole("button", { name: "Only these" }).click();
  await w.page.waitForFunction(() => document.querySelector("[role=grid]").getAttribute("aria-colcount") === "11");
  await w.page.getByRole("button", { name: "Discard", exact: true }).click();
});

test("a statement that fails takes the run back, and the page says so", async () => {
  await w.open({ view: "sql" });
  await w.page.getByRole("textbox", { name: /^SQL/ }).click();
  await w.page.keyboard.insertText("update users set name = 'x'; select 1 / 0");
  await w.page.keyboard.press("Control+Enter");
  await w.page.getByText(/^Rolled back/).waitFor();
  assert.equal((await w.sql("SELECT count(*)::int AS n FROM users WHERE name = 'x'")).rows[0].n, 0);
});

test("an array is edited as a list of its elements, in the panel and in the cell", async () => {
  await w.sql("UPDATE users SET tags = '{plain,\"a, b\"}' WHERE id = 3");
  await w.table("public", "users");
  await w.cell(2, 1).click();
  await w.page.keyboard.press(" ");
  const panel = w.page.getByRole("complementary", { name: "Row" });
  const list = panel.getByRole("group", { name: /^tags/ });
  await list.getByRole("textbox", { name: "Element 2" }).fill('say "{hi}"');
  await list.getByRole("button", { name: "Add an element" }).click();
  await w.page.keyboard.type("null");
  await list.getByRole("button", { name: "Remove element 1" }).click();
  await save();
  await w.page.getByText("Saved 1 change.").waitFor();
  const tags = async () => (await w.sql("SELECT tags FROM users WHERE id = 3")).rows[0].tags;
  assert.deepEqual(await tags(), ['say "{hi}"', "null"]);
  // By keyboard alone, in the grid.
  await w.table("public", "users");
  await w.cell(2, 4).click();
  await w.page.keyboard.press("Enter");
  await w.page.keyboard.type("first");
  await w.page.keyboard.press("Tab");
  await w.page.keyboard.press("Tab");
  await w.page.keyboard.type("second");
  await w.page.keyboard.press("Enter");
  await save();
  await w.page.getByText("Saved 1 change.").waitFor();
  assert.deepEqual(await tags(), ["first", "second"]);
});

test("a row that somebody else changed is a conflict, which is solved with both values in sight", async () => {
  await w.table("public", "users");
  await w.cell(2, 2).dblclick();
  await w.page.keyboard.press("Control+A");
  await w.page.keyboard.type("Mine");
  await w.page.keyboard.press("Enter");
  await w.sql("UPDATE users SET name = 'Theirs' WHERE id = 3");
  await save();
  await w.page.getByRole("dialog").getByText("Theirs").waitFor();
  assert.equal((await w.sql("SELECT name FROM users WHERE id = 3")).rows[0].name, "Theirs");
  await w.page.getByRole("button", { name: "Keep mine" }).click();
  await w.page.getByRole("button", { name: /^Save \d/ }).click();
  await w.page.getByText("Saved 1 change.").waitFor();
  assert.equal((await w.sql("SELECT name FROM users WHERE id = 3")).rows[0].name, "Mine");
});

test("a row is deleted, and a refusal of the database is said in its words", async () => {
  await w.table("public", "events", { filter: JSON.stringify([["id", "equal", "60"]]) });
  await w.cell(0, 0).click();
  await w.page.keyboard.press("Delete");
  await save();
  await w.page.getByText("Saved 1 change.").waitFor();
  assert.equal((await w.sql("SELECT count(*)::int AS n FROM events WHERE id = 60")).rows[0].n, 0);
  await w.table("public", "users");
  await w.cell(0, 1).dblclick();
  await w.page.keyboard.press("Control+A");
  await w.page.keyboard.type("no address");
  await w.page.keyboard.press("Enter");
  await save();
  await w.page.getByRole("dialog").getByText(/violates check constraint/).waitFor();
  await w.page.keyboard.press("Escape");
  await w.page.getByRole("button", { name: "Discard" }).click();
});

test("a file is exported as filtered", async () => {
  await w.table("public", "events", { filter: JSON.stringify([["id", "less", "4"]]), columns: JSON.stringify(["id", "kind"]) });
  await w.page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([w.page.waitForEvent("download"), w.page.getByRole("link", { name: /^CSV/ }).click()]);
  assert.equal(readFileSync(await download.path(), "utf8"), "id,kind\n1,kind 1\n2,kind 2\n3,kind 3\n");
});

test("a file is looked at and imported", async () => {
  await w.table("public", "long_texts");
  await w.page.getByRole("button", { name: "Import" }).click();
  await w.page.getByLabel("CSV file").setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from('id,body\n7,"a, ""b"""\n8,\n') });
  await w.page.getByRole("cell", { name: 'a, "b"' }).waitFor();
  await w.page.getByRole("button", { name: "Import all rows" }).click();
  await w.page.getByText("Imported 2 rows.").waitFor();
  await w.page.getByRole("gridcell", { name: "7", exact: true }).waitFor();
});

test("the browser complained of nothing but the refusals that were asked for", () => {
  assert.deepEqual(w.complaints.filter((text) => !/status of (409|422)/.test(text)), []);
});
