/** What a column's type means for how its values are shown and edited. */
import type { Cell, Column } from "../api";

export type Kind = "number" | "boolean" | "enum" | "json" | "array" | "bytes" | "time" | "code" | "text";

export function kindOf(column: Pick<Column, "base" | "category" | "labels">): Kind {
  if (column.labels) return "enum";
  switch (column.category) {
    case "N": return "number";
    case "B": return "boolean";
    case "A": return "array";
    case "D": case "T": return "time";
  }
  if (column.base === "json" || column.base === "jsonb") return "json";
  if (column.base === "bytea") return "bytes";
  return column.category === "S" ? "text" : "code";
}

/** The same from the name of a type alone, which is all that the console's results have. */
export function kindOfType(type: string): Kind {
  if (/^(int[248]|float[48]|numeric|money|oid)$/.test(type)) return "number";
  if (type === "bool") return "boolean";
  if (type.startsWith("_")) return "array";
  if (type === "json" || type === "jsonb") return "json";
  if (type === "bytea") return "bytes";
  if (/^(date|time|timetz|timestamp|timestamptz|interval)$/.test(type)) return "time";
  return /^(text|varchar|bpchar|name)$/.test(type) ? "text" : "code";
}

/** Whether the database alone says what a column has. */
export const isMade = (column: Column): boolean => column.generated || column.identity === "always";

/** Controls, and what turns the direction of the text around it, which would then read as another value. */
const UNSEEN = /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** A cell on one line. */
export function line(cell: string, kind: Kind): string {
  if (kind === "boolean") return cell === "t" ? "true" : cell === "f" ? "false" : cell;
  return cell.slice(0, 300).replaceAll("\n", "↵").replaceAll("\r", "␍").replaceAll("\t", "⇥").replace(UNSEEN, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * JSON with each member on a line of its own. Only the space between the tokens changes: read and written again, numbers
 * would be rounded, and of a name that is there twice one would go.
 */
export function indented(json: string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const written = tokens.map((token, at) => {
    const isEmpty = (other: string | undefined) => other === (token === "{" ? "}" : token === "[" ? "]" : token === "}" ? "{" : "[");
    switch (token) {
      case "{": case "[":
        depth += 1;
        return isEmpty(tokens[at + 1]) ? token : token + line();
      case "}": case "]":
        depth = Math.max(0, depth - 1);
        return isEmpty(tokens[at - 1]) ? token : line() + token;
      case ",": return token + line();
      case ":": return ": ";
      default: return token;
    }
  });
  return written.join("");
}

/** The elements of an array as PostgreSQL prints it; null where it is no plain list. */
export function elements(literal: string): Cell[] | null {
  if (!literal.startsWith("{") || !literal.endsWith("}")) return null;
  const found: Cell[] = [];
  let at = 1;
  const end = literal.length - 1;
  while (at < end) {
    let text = "";
    if (literal[at] === "{") return null;
    if (literal[at] === '"') {
      for (at += 1; at < end && literal[at] !== '"'; at += 1) {
        if (literal[at] === "\\") at += 1;
        text += literal[at];
      }
      at += 1;
      found.push(text);
    } else {
      while (at < end && literal[at] !== ",") text += literal[at++];
      found.push(text === "NULL" ? null : text);
    }
    if (at < end && literal[at] !== ",") return null;
    at += 1;
  }
  return found;
}

/** An array as PostgreSQL reads it. */
export const literal = (items: Cell[]): string => `{${items.map(written).join(",")}}`;

function written(item: Cell): string {
  if (item === null) return "NULL";
  const isPlain = /^[^\s"\\{},]+$/.test(item) && item.toUpperCase() !== "NULL";
  return isPlain ? item : `"${item.replace(/["\\]/g, "\\$&")}"`;
}

/** How a value of this kind is written, where that is not plain. */
export const example: Partial<Record<Kind, string>> = {
  array: "{a,b}",
  bytes: "\\x00ff",
};

/** What is wrong with a value before the database is asked; null where nothing is. */
export function mistake(value: string, kind: Kind): string | null {
  if (kind !== "json") return null;
  try {
    JSON.parse(value);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
