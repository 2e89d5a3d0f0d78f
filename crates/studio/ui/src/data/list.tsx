/** An array as a list of its elements. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Cell } from "../api";
import { literal } from "./kinds";

interface ListProps {
  id?: string;
  items: Cell[];
  label: string;
  onChange: (literal: string) => void;
}

export function List({ id, items, label, onChange }: ListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const added = useRef(false);
  useLayoutEffect(() => {
    if (!added.current) return;
    added.current = false;
    [...frame.current!.querySelectorAll("input")].at(-1)?.focus();
  }, [items.length]);
  const change = (next: Cell[]) => onChange(literal(next));
  const add = () => {
    added.current = true;
    change([...items, ""]);
  };
  // Whoever goes on from an element comes to the next one; only from the last part the editor around it is left.
  const keys = (event: KeyboardEvent) => {
    const ends = [...frame.current!.querySelectorAll<HTMLElement>("input, button")];
    const end = event.shiftKey ? ends[0] : ends.at(-1);
    if (event.key === "Tab" && event.target !== end) event.stopPropagation();
  };
  return (
    <div ref={frame} id={id} class="elements" role="group" aria-label={label} onKeyDown={keys}>
      {items.map((item, at) => (
        <div key={at}>
          <input aria-label={`Element ${at + 1}`} placeholder={item === null ? "null" : "empty"} value={item ?? ""} spellcheck={false} autocomplete="off"
            onInput={(event) => change(items.with(at, event.currentTarget.value))} />
          <button type="button" aria-label={`Remove element ${at + 1}`} onClick={() => change(items.toSpliced(at, 1))}>×</button>
        </div>
      ))}
      <button type="button" onClick={add}>Add an element</button>
    </div>
  );
}
