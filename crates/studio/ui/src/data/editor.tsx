/** Where a value is written, as its type asks for it. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Cell, Column } from "../api";
import { elements, example, indented, kindOf, mistake, type Kind } from "./kinds";
import { List } from "./list";

interface EditorProps {
  id?: string;
  column: Column;
  value: Cell | undefined;
  onChange: (value: Cell) => void;
  label: string;
}

/** A field that says each change. */
export function Field({ id, column, value, onChange, label }: EditorProps) {
  const kind = kindOf(column);
  const [wrong, setWrong] = useState<string | null>(null);
  // What is being written stands as it was typed, also while it is no value yet.
  const [typed, setTyped] = useState<string | null>(null);
  const given = useRef(value);
  const write = (text: string) => {
    const found = mistake(text, kind);
    setTyped(text);
    setWrong(found);
    if (found) return;
    given.current = text;
    onChange(text);
  };
  useEffect(() => {
    if (value === given.current) return;
    given.current = value;
    setTyped(null);
    setWrong(null);
  }, [value]);
  const text = typed ?? (kind === "json" ? indented(value ?? "") : (value ?? ""));
  // Another element would lose the focus in the middle of a word.
  const [isTall] = useState(() => isLong(kind, text));
  const common = { id, "aria-label": label, "aria-invalid": wrong ? true : undefined, title: wrong ?? undefined };
  const choices = kind === "boolean" ? ["true", "false"] : column.labels;
  if (choices) {
    return (
      <select {...common} value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value)}>
        {(value === null || value === undefined) && <option value="" disabled>{value === null ? "null" : "default"}</option>}
        {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
      </select>
    );
  }
  // A box has commas of its own, and its array another separator.
  const items = kind === "array" && column.base !== "box[]" ? elements(value ?? "{}") : null;
  if (items) return <List id={id} items={items} label={label} onChange={onChange} />;
  const placeholder = value === null ? "null" : value === undefined ? "default" : (example[kind] ?? "");
  return isTall ? (
    <div>
      <textarea {...common} rows={Math.min(14, Math.max(3, text.split("\n").length))} placeholder={placeholder} value={text}
        spellcheck={kind === "text"} onInput={(event) => write(event.currentTarget.value)} />
      {wrong && <div class="dim danger" role="alert">{wrong}</div>}
    </div>
  ) : (
    <input {...common} inputMode={kind === "number" ? "decimal" : undefined} placeholder={placeholder} value={text} spellcheck={false} autocomplete="off"
      onInput={(event) => write(event.currentTarget.value)} />
  );
}

const isLong = (kind: Kind, text: string): boolean => kind === "json" || text.length > 60 || text.includes("\n");

/** A field over a cell: Enter takes the value, Escape leaves it. */
export function CellEditor(props: { column: Column; value: Cell | undefined; onDone: (value: Cell | undefined, move: number) => void }) {
  const { column, onDone } = props;
  const [value, setValue] = useState(props.value);
  const frame = useRef<HTMLDivElement>(null);
  // Before the next key: whoever types at once types into the field.
  useLayoutEffect(() => {
    const field = frame.current?.querySelector<HTMLElement>("input, select, textarea, button");
    field?.focus();
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
  }, []);
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    // A button does what it says.
    if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return;
    const invalid = frame.current?.querySelector("[aria-invalid]");
    if (event.key === "Escape") onDone(props.value, 0);
    else if (invalid) return;
    else if (event.key === "Enter" && !event.shiftKey) onDone(value, 1);
    else if (event.key === "Tab") onDone(value, 0);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={frame} onKeyDown={keys} class="anchor">
      <Field column={column} value={value} onChange={setValue} label={`${column.name}, ${column.type}`} />
      {column.nullable && <button type="button" onClick={() => onDone(null, 0)}>null</button>}
    </div>
  );
}
