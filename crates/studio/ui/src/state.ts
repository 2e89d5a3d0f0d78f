/** What the whole page knows. */
import { signal } from "@preact/signals";
import { ask, Refused, type About, type Map_, type Overview } from "./api";

export const about = signal<About | null>(null);
export const overview = signal<Overview | null>(null);
export const failure = signal<Refused | null>(null);
export const said = signal("");

/** Says something for a moment; screen readers say it too. */
let quiet: ReturnType<typeof setTimeout> | undefined;
export function say(text: string): void {
  said.value = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (said.value = ""), 4000);
}

/** An error as one that can be shown. */
export const refused = (error: unknown): Refused =>
  error instanceof Refused ? error : new Refused(0, error instanceof Error ? error.message : String(error));

export async function load(): Promise<void> {
  try {
    failure.value = null;
    [about.value, overview.value] = await Promise.all([ask<About>("about"), ask<Overview>("overview")]);
  } catch (error) {
    failure.value = refused(error);
  }
}

let mapping: Promise<Map_> | null = null;
/** All columns and foreign keys, asked for once. */
export const map = (): Promise<Map_> => (mapping ??= ask<Map_>("map").catch((error) => { mapping = null; throw error; }));

/** Forgets what may have changed, and reads it again. */
export async function refresh(): Promise<void> {
  mapping = null;
  await load();
}

const theme = localStorage.getItem("studio-theme");
if (theme) document.documentElement.dataset.theme = theme;
export function toggleTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("studio-theme", root.dataset.theme);
}
