import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { world } from "./harness.mjs";

let w;
before(async () => (w = await world({ flags: [] })));
after(() => w.end());

test("the address of the terminal opens once, and the address bar loses the token", async () => {
  assert.equal(w.page.url(), `${w.origin}/`);
  const fresh = await fetch(w.served.address);
  assert.equal(fresh.status, 401);
});

test("tables are listed by schema with about how many rows they have, and found by name", async () => {
  const tables = w.page.getByRole("navigation", { name: "Tables" });
  await tables.getByRole("link", { name: /^events/ }).waitFor();
  assert.match(await tables.getByRole("link", { name: /^events/ }).innerText(), /100K/);
  await w.page.keyboard.press("/");
  await w.page.keyboard.type("order");
  await tables.getByRole("link", { name: /^users/ }).waitFor({ state: "detached" });
  await w.page.keyboard.press("Enter");
  await w.page.getByRole("heading", { name: "shop.order_lines" }).waitFor();
});

test("rows come in the order of the key, and every kind of value is readable", async () => {
  await w.table("public", "users");
  assert.deepEqual(await w.page.getByRole("gridcell").first().innerText(), "1");
  assert.equal(await w.cell(1, 0).innerText(), "2");
  assert.equal(await w.cell(0, 3).innerText(), "false");
  assert.equal(await w.cell(10, 2).innerText(), "null");
});

test("sort, filter and find stand in the address, and a reload comes back to them", async () => {
  await w.table("public", "users");
  await w.page.getByRole("columnheader", { name: /^balance/ }).getByRole("button").click();
  await w.page.getByRole("columnheader", { name: /^balance/ }).getByRole("button").click();
  await w.page.waitForFunction(() => document.querySelector("[role=gridcell]")?.textContent === "60");
  await w.page.getByRole("button", { name: "Add a filter" }).click();
  await w.page.getByRole("combobox", { name: "Column" }).selectOption("admin");
  await w.page.getByRole("combobox", { name: "Value" }).selectOption("true");
  await w.page.getByRole("button", { name: "Add", exact: true }).click();
  await w.page.waitForFunction(() => document.querySelector("[role=gridcell]")?.textContent === "56");
  await w.page.getByRole("searchbox", { name: "Find in all columns" }).fill("USER 4");
  await w.page.waitForFunction(() => document.querySelector("[role=gridcell]")?.textContent === "49");
  await w.page.reload();
  await w.page.waitForFunction(() => document.querySelector("[role=gridcell]")?.textContent === "49");
  assert.equal(await w.page.getByRole("status").filter({ hasText: "rows" }).innerText(), "2 rows");
  await w.page.goBack();
  await w.page.waitForFunction(() => document.querySelector("[role=gridcell]")?.textContent === "56");
});

test("columns are chosen", async () => {
  await w.table("public", "users");
  await w.page.getByRole("button", { name: "Choose columns" }).click();
  await w.page.getByRole("checkbox", { name: "email" }).uncheck();
  await w.page.getByRole("columnheader", { name: /^email/ }).waitFor({ state: "detached" });
  assert.match(new URL(w.page.url()).searchParams.get("columns"), /"name"/);
});

test("a foreign key is followed forth and back", async () => {
  await w.table("shop", "orders");
  await w.cell(0, 1).click();
  const user = await w.cell(0, 1).innerText();
  await w.page.keyboard.press("Control+Enter");
  await w.page.getByRole("heading", { name: "public.users" }).waitFor();
  await w.page.waitForFunction((user) => document.querySelector("[role=gridcell]")?.textContent === user, user);
  await w.page.getByRole("grid").focus();
  await w.page.keyboard.press(" ");
  await w.page.getByRole("complementary", { name: "Row" }).getByRole("link", { name: /shop\.orders/ }).click();
  await w.page.getByRole("heading", { name: "shop.orders" }).waitFor();
  await w.page.getByText(`user_id = ${user}`).waitFor();
});

test("a large table is scrolled to its depth, and the address leads back to the place", async () => {
  await w.table("public", "events");
  const grid = w.page.getByRole("grid");
  for (let times = 0; times < 12; times += 1) {
    await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await w.page.waitForTimeout(120);
  }
  await w.page.waitForFunction(() => new URL(location.href).searchParams.has("at"));
  await w.page.waitForTimeout(500);
  const place = JSON.parse(new URL(w.page.url()).searchParams.get("at")).from[0];
  assert.ok(Number(place) > 600, place);
  assert.ok((await w.page.getByRole("gridcell").count()) < 600, "only what is seen is drawn");
  await w.page.reload();
  await w.page.getByRole("gridcell", { name: place, exact: true }).first().waitFor();
  await w.page.waitForTimeout(500);
  await grid.focus();
  for (let times = 0; times < 5; times += 1) await w.page.keyboard.press("ArrowUp");
  assert.equal(await w.page.locator("[role=gridcell].active").innerText(), String(Number(place) - 5));
});

test("a long text is whole in the panel", async () => {
  await w.table("public", "long_texts");
  await w.cell(0, 1).dblclick();
  await w.page.getByRole("complementary", { name: "Row" }).getByText("The end.").waitFor();
});

test("what would be markup is text", async () => {
  await w.table("public", "<img src=x onerror=alert(1)>");
  await w.page.getByText('<img src=x onerror="window.hacked=1">').first().waitFor();
  await w.open({ view: "structure", schema: "public", table: "<img src=x onerror=alert(1)>" });
  await w.page.getByRole("cell", { name: "<script>alert(2)</script>" }).waitFor();
  assert.equal(await w.page.evaluate(() => window.hacked), undefined);
});

test("a table without a key and a view are browsed as well", async () => {
  await w.table("public", "without_key");
  assert.equal(await w.cell(0, 0).innerText(), "note 1");
  await w.table("public", "admins");
  assert.equal(await w.page.getByRole("button", { name: "Add row" }).count(), 0);
});

test("structure says what belongs to a table, and its definition as SQL", async () => {
  await w.open({ view: "structure", schema: "shop", table: "orders" });
  for (const name of ["Columns", "Indexes", "Constraints", "Referenced by", "Policies", "Triggers"]) await w.page.getByRole("region", { name }).waitFor();
  await w.page.getByRole("button", { name: "Show as SQL" }).click();
  await w.page.getByText('CREATE TABLE "shop"."orders"').waitFor();
});

test("a studio that reads offers no edit", async () => {
  await w.table("public", "users");
  assert.equal(await w.page.getByRole("button", { name: "Add row" }).count(), 0);
  await w.cell(0, 2).dblclick();
  await w.page.getByRole("complementary", { name: "Row" }).waitFor();
  assert.equal(await w.page.getByRole("complementary", { name: "Row" }).getByRole("textbox").count(), 0);
});

test("the browser complained of nothing", () => assert.deepEqual(w.complaints, []));
