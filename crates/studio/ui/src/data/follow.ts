/** Along a foreign key, forth and back. */
import type { Cell, Reference, Table } from "../api";
import { visit, type Filter } from "../address";

/** The foreign key that a column is in. */
export const referenceOf = (meta: Table, column: string): Reference | undefined =>
  meta.references.find((reference) => reference.columns.includes(column));

/** The rows at the other end, as a filter; null where a value is null, since it leads nowhere. */
export function filterOf(reference: Reference, value: (column: string) => Cell): Filter[] | null {
  const filter: Filter[] = [];
  for (const [at, column] of reference.columns.entries()) {
    const found = value(column);
    if (found === null) return null;
    filter.push({ column: reference.to[at]!, is: "equal", value: found });
  }
  return filter;
}

export function visitReference(reference: Reference, value: (column: string) => Cell): void {
  const filter = filterOf(reference, value);
  if (filter) visit({ view: "data", schema: reference.schema, table: reference.table, filter });
}
