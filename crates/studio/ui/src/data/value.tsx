/** Values in full, to be read. */
import type { Cell } from "../api";
import { elements, indented, line, type Kind } from "./kinds";

export function Value({ value, kind }: { value: Cell | undefined; kind: Kind }) {
  if (value === undefined) return <div class="value null">default</div>;
  if (value === null) return <div class="value null">null</div>;
  if (value === "") return <div class="value null">empty</div>;
  if (kind === "json") return <Json text={value} />;
  const list = kind === "array" ? elements(value) : null;
  if (list) {
    return <ul class="value chips">{list.length === 0 ? <span class="dim">no elements</span> : list.map((item, at) => <li key={at}>{item ?? "null"}</li>)}</ul>;
  }
  const whole = kind === "boolean" ? line(value, kind) : value;
  return <div class={`value ${kind === "text" ? "" : "mono"}`} tabIndex={whole.length > 600 ? 0 : undefined}>{whole}</div>;
}

function Json({ text }: { text: string }) {
  const read = faithful(text);
  if (read === undefined) return <div class="value mono">{indented(text)}</div>;
  return <div class="value json"><Node value={read} depth={0} /></div>;
}

/** What JavaScript reads of it, unless that is something else: rounded, or without a name that is there twice. */
function faithful(json: string): unknown {
  try {
    const read: unknown = JSON.parse(json);
    return indented(JSON.stringify(read)) === indented(json) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** The most members that are drawn of one object or list. */
const MEMBERS = 500;

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const key = name === undefined ? null : <span class="key">{name}: </span>;
  if (value === null || typeof value !== "object") {
    const kind = typeof value === "string" ? "string" : "number";
    return <span>{key}<span class={kind}>{JSON.stringify(value)}</span></span>;
  }
  const members = Object.entries(value);
  const says = Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`;
  if (members.length === 0) return <span>{key}{Array.isArray(value) ? "[]" : "{}"}</span>;
  return (
    <details open={depth < 2}>
      <summary>{key}<span class="dim">{says}</span></summary>
      <ul>
        {members.slice(0, MEMBERS).map(([member, inside]) => <li key={member}><Node name={member} value={inside} depth={depth + 1} /></li>)}
        {members.length > MEMBERS && <li class="dim">and {members.length - MEMBERS} more</li>}
      </ul>
    </details>
  );
}
