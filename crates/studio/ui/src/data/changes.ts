/** Changes that are not saved yet, of all tables, in the order in which they were made. */
import { computed, signal } from "@preact/signals";
import type { Cell, Row } from "../api";

export type Values = Record<string, Cell>;

interface Of {
  id: number;
  schema: string;
  table: string;
}

export interface Insert extends Of {
  kind: "insert";
  values: Values;
}

export interface Update extends Of {
  kind: "update";
  key: Values;
  version: string;
  values: Values;
}

export interface Delete extends Of {
  kind: "delete";
  key: Values;
  version: string;
}

export type Change = Insert | Update | Delete;

/** A row where it was read. */
export interface RowOf {
  schema: string;
  table: string;
  key: Values;
  version: string;
}

export const staged = signal<Change[]>([]);
let next = 1;

export const identity = (key: Values): string => JSON.stringify(Object.entries(key));

export function rowOf(schema: string, table: string, names: string[], row: Row): RowOf {
  const key = Object.fromEntries(names.map((name, at) => [name, row.key[at] ?? null]));
  return { schema, table, key, version: row.version ?? "" };
}

/** The changes of one table by the rows that they are of. */
export const changesOf = (schema: string, table: string) =>
  computed(() => {
    const here = staged.value.filter((change) => change.schema === schema && change.table === table);
    const byRow = new Map<string, Update | Delete>();
    for (const change of here) if (change.kind !== "insert") byRow.set(identity(change.key), change);
    return { inserts: here.filter((change) => change.kind === "insert"), byRow };
  });

function ofRow(row: RowOf): Update | Delete | undefined {
  const wanted = identity(row.key);
  const found = staged.value.find(
    (change) => change.kind !== "insert" && change.schema === row.schema && change.table === row.table && identity(change.key) === wanted,
  );
  return found as Update | Delete | undefined;
}

const without = (id: number): Change[] => staged.value.filter((change) => change.id !== id);

/** Another value for a cell; the one that it had takes the change back. */
export function set(row: RowOf, column: string, value: Cell, before: Cell): void {
  const there = ofRow(row);
  if (there?.kind === "delete") return;
  const values = { ...there?.values };
  if (value === before) delete values[column];
  else values[column] = value;
  const rest = there ? without(there.id) : staged.value;
  if (Object.keys(values).length === 0) staged.value = rest;
  else staged.value = [...rest, { ...row, id: there?.id ?? next++, kind: "update", values }];
}

/** Marks a row as one to delete, or no longer so. */
export function toggleDelete(row: RowOf): void {
  const there = ofRow(row);
  if (there?.kind === "delete") staged.value = without(there.id);
  else staged.value = [...(there ? without(there.id) : staged.value), { ...row, id: next++, kind: "delete" }];
}

export function insert(schema: string, table: string, values: Values = {}): void {
  staged.value = [{ id: next++, kind: "insert", schema, table, values }, ...staged.value];
}

/** A value in a new row; undefined is the column's default. */
export function setInsert(id: number, column: string, value: Cell | undefined): void {
  staged.value = staged.value.map((change) => {
    if (change.id !== id || change.kind !== "insert") return change;
    const values = { ...change.values };
    if (value === undefined) delete values[column];
    else values[column] = value;
    return { ...change, values };
  });
}

export function drop(id: number): void {
  staged.value = without(id);
}

/** Goes on with a change on the row as it is now. */
export function rebase(id: number, version: string): void {
  staged.value = staged.value.map((change) => (change.id === id && change.kind !== "insert" ? { ...change, version } : change));
}

/** As the server takes them. */
export const forServer = (changes: Change[]) => ({ changes: changes.map(({ id: _, ...change }) => change) });

// Whoever leaves the page loses them, and is asked first.
addEventListener("beforeunload", (event) => {
  if (staged.value.length > 0) event.preventDefault();
});
