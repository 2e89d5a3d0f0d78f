/** Runs all tests of the page, one file after another: each has a browser and a database of its own. */
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv[2] ?? "";
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs") && name.includes(wanted)).map((name) => here + name);
let failed = files.length === 0;
run({ files, concurrency: 1 })
  .on("test:fail", () => (failed = true))
  .on("end", () => (process.exitCode = failed ? 1 : 0))
  .compose(spec)
  .pipe(process.stdout);
