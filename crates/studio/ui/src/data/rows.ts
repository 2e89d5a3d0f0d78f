/** The rows of a table as they are scrolled through: page after page, in both directions. */
import { signal } from "@preact/signals";
import { ask, type Cursor, type Page, type Refused, type Row } from "../api";
import type { Place } from "../address";
import { refused } from "../state";

const LIMIT = 200;

/** What is wanted of a table, as the server is asked for it. */
export function wanted(place: Place) {
  const { schema, table, columns, sort, filter, find } = place;
  return { schema, table, wanted: { columns, sort, filter, find: find || null } };
}

export class Rows {
  readonly rows = signal<Row[]>([]);
  readonly key = signal<string[]>([]);
  readonly before = signal(false);
  readonly after = signal(false);
  readonly loading = signal(false);
  readonly failure = signal<Refused | null>(null);
  readonly count = signal<number | null>(null);
  /** How many rows came before those that were there first. */
  readonly prepended = signal(0);
  private asking = new AbortController();
  private offset = 0;

  constructor(private readonly place: Place) {}

  async load(at: Cursor | null): Promise<void> {
    const page = await this.ask(at);
    if (!page) return;
    // The row that was first is gone, or the last one was: from the beginning.
    if (at && page.rows.length === 0) return this.load(null);
    this.offset = at && "offset" in at ? at.offset : 0;
    this.rows.value = page.rows;
    this.key.value = page.key;
    this.before.value = page.before && page.key.length > 0;
    this.after.value = page.after;
  }

  async more(): Promise<void> {
    const last = this.rows.value.at(-1);
    if (!last || !this.after.value || this.loading.value) return;
    const keyless = this.key.value.length === 0;
    const page = await this.ask(keyless ? { offset: this.offset + this.rows.value.length } : { after: last.place });
    if (!page) return;
    this.rows.value = [...this.rows.value, ...page.rows];
    this.after.value = page.after;
  }

  async earlier(): Promise<void> {
    const first = this.rows.value[0];
    if (!first || !this.before.value || this.loading.value) return;
    const page = await this.ask({ before: first.place });
    if (!page) return;
    this.rows.value = [...page.rows, ...this.rows.value];
    this.before.value = page.before;
    this.prepended.value += page.rows.length;
  }

  async countAll(): Promise<void> {
    try {
      this.count.value = (await ask<{ rows: number }>("count", wanted(this.place), this.asking.signal)).rows;
    } catch (error) {
      if (!this.asking.signal.aborted) this.failure.value = refused(error);
    }
  }

  stop(): void {
    this.asking.abort();
  }

  private async ask(at: Cursor | null): Promise<Page | null> {
    this.loading.value = true;
    this.failure.value = null;
    const { signal } = this.asking;
    try {
      return await ask<Page>("rows", { ...wanted(this.place), at, limit: LIMIT }, signal);
    } catch (error) {
      if (!signal.aborted) this.failure.value = refused(error);
      return null;
    } finally {
      this.loading.value = false;
    }
  }
}
