/** The address bar holds what is looked at: a link or a reload comes back to it. */
import { signal } from "@preact/signals";
import type { Cursor } from "./api";

export interface Sort {
  column: string;
  descending: boolean;
}

export const comparisons = {
  equal: "=",
  "not-equal": "≠",
  less: "<",
  "less-or-equal": "≤",
  greater: ">",
  "greater-or-equal": "≥",
  contains: "contains",
  "starts-with": "starts with",
  null: "is null",
  "not-null": "is not null",
} as const;

export type Comparison = keyof typeof comparisons;

export interface Filter {
  column: string;
  is: Comparison;
  value?: string;
}

export type View = "home" | "data" | "structure" | "diagram" | "sql" | "migrations";
const views: View[] = ["home", "data", "structure", "diagram", "sql", "migrations"];

export interface Place {
  view: View;
  schema: string;
  table: string;
  sort: Sort[];
  filter: Filter[];
  find: string;
  columns: string[];
  at: Cursor | null;
  migration: string;
}

const nowhere: Place = {
  view: "home", schema: "", table: "", sort: [], filter: [], find: "", columns: [], at: null, migration: "",
};

/** What JSON in an address says, if it is of the wanted form. */
function list<T>(text: string | null, form: (item: unknown) => T | null): T[] {
  try {
    const read: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(read) ? read.map(form).filter((item) => item !== null) : [];
  } catch {
    return [];
  }
}

const text = (item: unknown): string | null => (typeof item === "string" ? item : null);

function filterOf(item: unknown): Filter | null {
  if (!Array.isArray(item) || typeof item[0] !== "string" || !(item[1] in comparisons)) return null;
  return { column: item[0], is: item[1] as Comparison, value: typeof item[2] === "string" ? item[2] : undefined };
}

function cursorOf(read: string | null): Cursor | null {
  try {
    const cursor = JSON.parse(read ?? "null");
    return cursor && typeof cursor === "object" ? (cursor as Cursor) : null;
  } catch {
    return null;
  }
}

/** Reads an address. */
export function read(search: string): Place {
  const given = new URLSearchParams(search);
  const view = given.get("view") as View;
  return {
    view: views.includes(view) ? view : "home",
    schema: given.get("schema") ?? "",
    table: given.get("table") ?? "",
    sort: list(given.get("sort"), text).map((name) =>
      name.startsWith("-") ? { column: name.slice(1), descending: true } : { column: name.replace(/^\+/, ""), descending: false },
    ),
    filter: list(given.get("filter"), filterOf),
    find: given.get("find") ?? "",
    columns: list(given.get("columns"), text),
    at: cursorOf(given.get("at")),
    migration: given.get("migration") ?? "",
  };
}

/** Writes one. */
export function written(place: Place): string {
  const out = new URLSearchParams();
  if (place.view !== "home") out.set("view", place.view);
  if (place.table) {
    out.set("schema", place.schema);
    out.set("table", place.table);
  }
  if (place.sort.length) out.set("sort", JSON.stringify(place.sort.map((sort) => (sort.descending ? "-" : "+") + sort.column)));
  if (place.filter.length) {
    out.set("filter", JSON.stringify(place.filter.map((f) => (f.value === undefined ? [f.column, f.is] : [f.column, f.is, f.value]))));
  }
  if (place.find) out.set("find", place.find);
  if (place.columns.length) out.set("columns", JSON.stringify(place.columns));
  if (place.at) out.set("at", JSON.stringify(place.at));
  if (place.migration) out.set("migration", place.migration);
  const search = out.toString();
  return search ? `/?${search}` : "/";
}

export const place = signal<Place>(read(location.search));
addEventListener("popstate", () => (place.value = read(location.search)));

/** The address of a place that is like nothing before it. */
export const hrefOf = (to: Partial<Place>): string => written({ ...nowhere, ...to });

/** Goes to a place that is like nothing before it. */
export function visit(to: Partial<Place>): void {
  place.value = { ...nowhere, ...to };
  history.pushState(null, "", written(place.value));
}

/** Changes where we are; `quietly` leaves no step to go back to. */
export function change(to: Partial<Place>, quietly = false): void {
  place.value = { ...place.value, ...to };
  const address = written(place.value);
  if (quietly) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
}

/** For a link's click: stays in the page unless another tab is wanted. */
export function follow(to: Partial<Place>) {
  return (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    visit(to);
  };
}
