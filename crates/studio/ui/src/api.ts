/** What the server is asked. Everything it says is text: it is shown, never read as markup. */

export interface ServerError {
  severity: string;
  sqlstate: string;
  message: string;
  detail: string | null;
  hint: string | null;
  where: string | null;
  position: number | null;
}

/** An answer that is no answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly context?: string,
    readonly server?: ServerError,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Asks; with a body it is a POST. */
export async function ask<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { "x-studio": "1" };
  if (body !== undefined) headers["content-type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(`/api/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "The studio does not answer. Is `cargo xtask studio` still running?");
  }
  const read = await answer.json().catch(() => ({ message: `the studio answered ${answer.status}` }));
  if (answer.ok) return read as T;
  throw new Refused(answer.status, read.message, read.context, read.server, read);
}

export interface About {
  version: string;
  user: string;
  database: string;
  host: string;
  environment: string | null;
  write: boolean;
  project: boolean;
}

export interface TableLine {
  schema: string;
  name: string;
  kind: string;
  rows: number | null;
  partition: boolean;
  comment: string | null;
}

export interface Overview {
  schemas: string[];
  tables: TableLine[];
  enums: { schema: string; name: string; labels: string[] }[];
}

export interface Column {
  name: string;
  type: string;
  base: string;
  category: string;
  labels: string[] | null;
  nullable: boolean;
  default: string | null;
  generated: boolean;
  identity: string | null;
  comment: string | null;
  sortable: boolean;
}

/** A foreign key, seen from the table that is looked at. */
export interface Reference {
  name: string;
  columns: string[];
  schema: string;
  table: string;
  to: string[];
}

export interface Table {
  kind: string;
  rows: number | null;
  comment: string | null;
  key: string[] | null;
  columns: Column[];
  references: Reference[];
  referenced: Reference[];
}

export type Cell = string | null;
export type Cursor = { after: Cell[] } | { before: Cell[] } | { from: Cell[] } | { offset: number };

export interface Row {
  cells: Cell[];
  cut?: number[];
  place: Cell[];
  key: Cell[];
  version?: string;
}

export interface Page {
  key: string[];
  rows: Row[];
  before: boolean;
  after: boolean;
}

export interface MapTable {
  schema: string;
  name: string;
  columns: { name: string; type: string; nullable: boolean; key: boolean }[];
}

export interface Map_ {
  tables: MapTable[];
  links: { name: string; from: [string, string]; to: [string, string]; columns: string[]; targets: string[] }[];
}
