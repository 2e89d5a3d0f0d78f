/** The few parts that every page is made of. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Refused } from "../api";

const shapes = {
  table: "M2 3h12v10H2zM2 6.5h12M6.5 6.5V13",
  view: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 100-4 2 2 0 000 4",
  diagram: "M2 2.5h5v4H2zM9 9.5h5v4H9zM4.5 6.5v5H9",
  sql: "M2.5 4l3.5 4-3.5 4M8 12.5h5.5",
  migrations: "M4 2v12M4 5a3 3 0 003 3h2a3 3 0 013 3M4 2.5v0M12 11v3",
  close: "M4 4l8 8M12 4l-8 8",
  menu: "M2 4h12M2 8h12M2 12h12",
  theme: "M8 2.5a5.5 5.5 0 100 11zM8 2.5a5.5 5.5 0 010 11",
  reload: "M13 8a5 5 0 11-1.5-3.5M13 2v3h-3",
  plus: "M8 3v10M3 8h10",
  down: "M8 3v9M4.5 8.5L8 12l3.5-3.5",
  up: "M8 13V4M4.5 7.5L8 4l3.5 3.5",
  link: "M6 10l5-5M7 5h4v4",
  search: "M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.5 10.5L14 14",
  key: "M10 8a3.2 3.2 0 10-3.2-3.2c0 .5.1 1 .3 1.4L2.5 10.8v2.7h2.7l.6-1.6 1.6-.5.3-1.6 1-1c.4.1.9.2 1.3.2z",
} as const;

export type IconName = keyof typeof shapes;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon-shape" viewBox="0 0 16 16" aria-hidden="true"><path d={shapes[name]} /></svg>
);

export const IconButton = (props: { icon: IconName; label: string; onClick: () => void; disabled?: boolean; class?: string }) => (
  <button type="button" class={`icon quiet ${props.class ?? ""}`} aria-label={props.label} title={props.label} disabled={props.disabled} onClick={props.onClick}>
    <Icon name={props.icon} />
  </button>
);

/** An error with all that PostgreSQL says. */
export function Failure({ error }: { error: Refused }) {
  const { server } = error;
  const lines = server && [["DETAIL", server.detail], ["HINT", server.hint], ["WHERE", server.where]].filter(([, text]) => text);
  return (
    <div class="error" role="alert">
      <strong>{error.message}</strong>
      {server && <div>{error.context} · SQLSTATE {server.sqlstate}{server.position && ` · at character ${server.position}`}</div>}
      {lines?.map(([label, text]) => <pre key={label}>{label}: {text}</pre>)}
    </div>
  );
}

/** A dialog over the page. Escape and its button close it. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren; actions?: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={props.title} onClose={props.onClose}>
      <div class="inside">
        <header>
          <h2 class="grow">{props.title}</h2>
          <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
        </header>
        <div class="body" tabIndex={0}>{props.children}</div>
        {props.actions && <footer>{props.actions}</footer>}
      </div>
    </dialog>
  );
}

/** A button with something below it. */
export function Popover(props: { label: ComponentChildren; name?: string; children: (close: () => void) => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const outside = (event: MouseEvent) => {
      if (!anchor.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("mousedown", outside);
    anchor.current?.querySelector<HTMLElement>(".popover :is(input, select, button, a)")?.focus();
    return () => removeEventListener("mousedown", outside);
  }, [open]);
  return (
    <div
      class="anchor"
      ref={anchor}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button type="button" aria-expanded={open} aria-label={props.name} onClick={() => setOpen(!open)}>{props.label}</button>
      {open && <div class="popover">{props.children(close)}</div>}
    </div>
  );
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const full = new Intl.NumberFormat("en");
export const short = (number: number): string => (number < 10_000 ? full.format(number) : compact.format(number));
export const whole = (number: number): string => full.format(number);

export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${at === 0 ? size : size.toFixed(1)} ${units[at]}`;
}

/** Copies, and says so. */
export async function copy(text: string, say: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say("The browser does not let this page copy.");
  }
}
