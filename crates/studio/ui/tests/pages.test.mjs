import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { world } from "./harness.mjs";

let w;
before(async () => (w = await world({ flags: [] })));
after(() => w.end());

const write = async (sql) => {
  await w.page.getByRole("textbox", { name: /^SQL/ }).click();
  await w.page.keyboard.press("Control+A");
  await w.page.keyboard.insertText(sql);
};

test("statements are run by keyboard, and each has its rows or its error", async () => {
  await w.open({ view: "sql" });
  await write("select id, email from users order by id limit 3; select 1 / 0");
  await w.page.keyboard.press("Control+Enter");
  await w.page.getByRole("gridcell", { name: "user3@example.com" }).waitFor();
  await w.page.getByText("division by zero").waitFor();
});

test("names of the schema are completed", async () => {
  await w.open({ view: "sql" });
  await write("select * from ord");
  await w.page.keyboard.press("Control+Space");
  await w.page.getByRole("listbox").waitFor();
  await write("select * from shop.");
  await w.page.keyboard.press("Control+Space");
  await w.page.getByRole("option", { name: /order_lines/ }).waitFor();
  await w.page.keyboard.press("Escape");
});

test("parameters are bound, a plan is a tree, and history brings a statement back", async () => {
  await w.open({ view: "sql" });
  await write("select email from users where id = $1");
  await w.page.getByLabel("$1").fill("7");
  await w.page.getByRole("button", { name: "Run" }).click();
  await w.page.getByRole("gridcell", { name: "user7@example.com" }).waitFor();
  await w.page.getByRole("button", { name: "Analyze" }).click();
  await w.page.getByText(/^(Seq|Index) Scan$/).waitFor();
  await write("select 1");
  await w.page.getByRole("button", { name: "History" }).click();
  await w.page.getByRole("button", { name: /where id = \$1/ }).click();
  await w.page.getByLabel("$1").waitFor();
});

test("a statement that takes long is cancelled", async () => {
  await w.open({ view: "sql" });
  await write("select pg_sleep(25)");
  await w.page.keyboard.press("Control+Enter");
  await w.page.getByText("Running…").waitFor();
  await w.page.waitForTimeout(400);
  await w.page.getByRole("button", { name: "Cancel" }).click();
  await w.page.getByText(/canceling statement due to user request/).waitFor();
});

test("a write is refused with its reason", async () => {
  await w.open({ view: "sql" });
  await write("delete from users");
  await w.page.keyboard.press("Control+Enter");
  await w.page.getByText(/DELETE is not run in a read-only studio/).waitFor();
  assert.equal((await w.sql("SELECT count(*)::int AS n FROM users")).rows[0].n, 60);
});

test("the diagram lays itself out, zooms and is saved as SVG and PNG", async () => {
  await w.open({ view: "diagram" });
  await w.page.getByRole("link", { name: "shop.orders" }).waitFor();
  const broad = await w.page.locator("svg.map .node").evaluateAll((nodes) =>
    nodes.filter((node) => node.getBoundingClientRect().width > node.querySelector(".box").getBoundingClientRect().width + 1).map((node) => node.textContent));
  assert.deepEqual(broad, [], "names stay within their boxes");
  const scale = () => w.page.locator("svg.map > g").getAttribute("transform");
  const before = await scale();
  await w.page.getByRole("button", { name: "Zoom in" }).click();
  assert.notEqual(await scale(), before);
  const saved = async (name) => {
    const [download] = await Promise.all([w.page.waitForEvent("download"), w.page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path());
  };
  const svg = (await saved("Save SVG")).toString();
  assert.match(svg, /order_lines/);
  assert.doesNotMatch(svg, /var\(--/);
  assert.equal((await saved("Save PNG")).subarray(1, 4).toString(), "PNG");
  await w.page.getByRole("link", { name: "shop.orders", exact: true }).focus();
  await w.page.keyboard.press("Enter");
  await w.page.getByRole("heading", { name: "shop.orders" }).waitFor();
});

test("the timeline has every migration with its state and SQL, and what differs", async () => {
  await w.open({ view: "migrations" });
  await w.page.getByText(/cargo xtask migrate would apply 0000_/).waitFor();
  await w.page.getByRole("link", { name: /0000_.*pending/ }).click();
  await w.page.getByText('CREATE TABLE "posts"').waitFor();
  await w.page.getByRole("button", { name: "Code, files and database" }).click();
  await w.page.getByText("table public.posts: in the code only").waitFor({ timeout: 120_000 });
});

test("the browser complained of nothing but the refusals that were asked for", () => {
  // What Chromium itself puts in for a selection in an editable text has a style; it is refused, and the editor draws anew.
  const expected = /status of 403|^Applying inline style/;
  assert.deepEqual(w.complaints.filter((text) => !expected.test(text)), []);
});
