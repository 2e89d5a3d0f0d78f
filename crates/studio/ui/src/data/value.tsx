/** Values in full, to be read. */
import type { Cell } from "../api";
import { elements, line, type Kind } from "./kinds";

export function Value({ value, kind }: { value: Cell; kind: Kind }) {
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
  // What JavaScript would round is shown as it stands.
  if (/\d{16}/.test(text)) return <div class="value mono">{text}</div>;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return <div class="value mono">{text}</div>;
  }
  return <div class="value json"><Node value={read} depth={0} /></div>;
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
