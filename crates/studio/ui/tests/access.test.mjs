import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { world } from "./harness.mjs";

const axe = readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");

for (const [name, options] of [["light and wide", {}], ["dark and narrow", { colorScheme: "dark", width: 420, height: 800 }]]) {
  test(`axe finds nothing serious, ${name}`, async (t) => {
    const w = await world(options);
    t.after(() => w.end());
    const look = async (what) => {
      // The policy lets no page run a text; what the debugger runs is not the page's.
      await w.page.evaluate(axe);
      const { violations } = await w.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], what);
      const wide = await w.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${what} is not wider than the window`);
    };
    await look("home");
    await w.table("public", "users");
    await look("rows");
    await w.cell(0, 1).click();
    await w.page.keyboard.press(" ");
    await w.page.getByRole("complementary", { name: "Row" }).waitFor();
    await look("panel");
    await w.open({ view: "structure", schema: "shop", table: "orders" });
    await w.page.getByRole("region", { name: "Columns" }).waitFor();
    await look("structure");
    await w.open({ view: "sql" });
    await w.page.getByRole("textbox", { name: /^SQL/ }).click();
    await w.page.keyboard.insertText("select * from users; select 1/0");
    await w.page.keyboard.press("Control+Enter");
    await w.page.getByText("division by zero").waitFor();
    await look("sql");
    await w.open({ view: "diagram" });
    await w.page.getByRole("link", { name: "shop.orders" }).waitFor();
    await look("diagram");
    await w.open({ view: "migrations" });
    await w.page.getByText(/would apply/).waitFor();
    await look("migrations");
  });
}

test("everything is reached by keyboard alone", async (t) => {
  const w = await world();
  t.after(() => w.end());
  const tab = async (role, name) => {
    for (let times = 0; times < 60; times += 1) {
      await w.page.keyboard.press("Tab");
      const at = await w.page.evaluate(() => {
        const { activeElement: element } = document;
        return { role: element.getAttribute("role") ?? element.tagName.toLowerCase(), name: element.getAttribute("aria-label") ?? element.textContent };
      });
      if (at.role === role && name.test(at.name)) return;
    }
    assert.fail(`${role} ${name} is not reached`);
  };
  await w.page.keyboard.press("/");
  await w.page.keyboard.type("users");
  await w.page.keyboard.press("Enter");
  await w.page.getByRole("gridcell").first().waitFor();
  await tab("grid", /users/);
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"]) await w.page.keyboard.press(key);
  await w.page.keyboard.press("Control+A");
  await w.page.keyboard.type("Typed");
  await w.page.keyboard.press("Enter");
  await tab("button", /Review and save/);
  await w.page.keyboard.press("Enter");
  await w.page.getByRole("dialog").getByText("Typed").waitFor();
  await tab("button", /^Save 1/);
  await w.page.keyboard.press("Enter");
  await w.page.getByText("Saved 1 change.").waitFor();
  assert.equal((await w.sql("SELECT name FROM users WHERE id = 3")).rows[0].name, "Typed");
});

test("scrolling draws a frame in time", async (t) => {
  const w = await world({ flags: [] });
  t.after(() => w.end());
  await w.table("public", "events");
  const late = await w.page.getByRole("grid").evaluate(async (grid) => {
    const frames = [];
    let last = performance.now();
    for (let at = 0; at < 120; at += 1) {
      grid.scrollTop += 45;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    frames.sort((one, other) => one - other);
    return { median: frames[60], most: frames[Math.floor(frames.length * 0.95)] };
  });
  t.diagnostic(`a frame in ${late.median.toFixed(1)} ms, 95 % within ${late.most.toFixed(1)} ms`);
  // A machine that is shared may be late; one that does twice the work in each frame always is.
  assert.ok(late.median < 25, `${late.median} ms`);
});
