/** A database with rows, a studio on it, and a browser before it. Each test file has its own. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../../..");
const program = process.env.STUDIO_PROGRAM ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/xtask-database");
const chrome = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The server of development, which is started where it does not run. */
const server = () => process.env.TEST_DATABASE_URL ?? execFileSync(program, ["db", "start"], { cwd: root, encoding: "utf8" }).trim().split("\n").at(-1);

async function database() {
  const url = new URL(server());
  const name = `studio_ui_${process.pid}_${Date.now()}`;
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(readFileSync(join(here, "fixture.sql"), "utf8"));
  const drop = async () => {
    await client.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  };
  return { url: url.href, sql: (text, values) => client.query(text, values), drop };
}

/** Opens a studio; its address has the one-time token. */
async function studio(url, flags) {
  const process = spawn(program, ["studio", "--no-open", "--port", "0", "--url", url, ...flags], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  process.stderr.on("data", (part) => (said += part));
  const address = await new Promise((done, failed) => {
    process.stdout.on("data", (part) => done(String(part).trim()));
    process.on("exit", () => failed(new Error(`the studio ended: ${said}`)));
  });
  return { address, said: () => said, stop: () => process.kill() };
}

/** Everything, and what takes it away again. */
export async function world({ flags = ["--write"], width = 1280, height = 800, colorScheme = "light" } = {}) {
  const data = await database();
  const served = await studio(data.url, flags);
  const profile = mkdtempSync(join(tmpdir(), "studio-ui-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chrome,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    viewport: { width, height },
    colorScheme,
    acceptDownloads: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(8000);
  const page = context.pages()[0];
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(served.address);
  await page.getByRole("navigation", { name: "Tables", includeHidden: true }).getByRole("link", { includeHidden: true }).first().waitFor({ state: "attached" });
  const origin = new URL(served.address).origin;
  return {
    ...data, served, context, page, origin,
    /** What the browser complained of: a refused style or script, an exception. */
    complaints,
    open: async (query) => {
      await page.goto(`${origin}/?${new URLSearchParams(query)}`);
      await page.getByRole("main").waitFor();
    },
    table: async (schema, table, more = {}) => {
      await page.goto(`${origin}/?${new URLSearchParams({ view: "data", schema, table, ...more })}`);
      await page.getByRole("gridcell").first().waitFor();
    },
    cell: (row, column) => page.locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 1}"]`),
    end: async () => {
      await context.close();
      served.stop();
      await data.drop();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
