/** A row as SQL, to be copied. It is only text here: nothing is run from it. */
import type { Cell, Column } from "../api";

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (value: Cell | undefined): string =>
  value === undefined ? "DEFAULT" : value === null ? "NULL" : value.includes("\\") ? `E'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : `'${value.replaceAll("'", "''")}'`;

export function asInsert(of: { schema: string; table: string }, columns: Column[], cells: (Cell | undefined)[]): string {
  const taken = columns.map((column, at) => ({ column, cell: cells[at] })).filter(({ column }) => !column.generated);
  const names = taken.map(({ column }) => ident(column.name)).join(", ");
  const values = taken.map(({ cell }) => literal(cell)).join(", ");
  const overriding = taken.some(({ column }) => column.identity === "always") ? " OVERRIDING SYSTEM VALUE" : "";
  return `INSERT INTO ${ident(of.schema)}.${ident(of.table)} (${names})${overriding} VALUES (${values});\n`;
}
