/** What there is: pages, and tables by schema. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { follow, hrefOf, place, type View } from "./address";
import type { TableLine } from "./api";
import { Icon, IconButton, short, type IconName } from "./parts/basics";
import { about, overview, refresh, toggleTheme } from "./state";

/** Tables that are drawn; whoever has more of them finds by name. */
const SHOWN = 1500;
/** Tables that are drawn first, which is more than a screen has. */
const FIRST = 100;

export function Sidebar({ open }: { open: boolean }) {
  const find = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  const shown = useSignal(FIRST);
  const found = useComputed(() => grouped(overview.value?.tables ?? [], find.value, shown.value));
  // The page is of use before the last of a thousand tables is drawn.
  useEffect(() => {
    if (overview.value && shown.value < SHOWN) setTimeout(() => (shown.value = SHOWN), 100);
  }, [overview.value]);
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const inText = (event.composedPath()[0] as HTMLElement).closest?.("input, textarea, select, [contenteditable=true]");
      if (event.key === "/" && !inText && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    addEventListener("keydown", slash);
    return () => removeEventListener("keydown", slash);
  }, []);
  const first = found.value[0]?.tables[0];
  return (
    <aside class="side" data-open={open} aria-label="Database">
      <div class="side-head">
        <h1><span>{about.value?.database ?? "Studio"}</span>{about.value && <Mode />}</h1>
        <span class="dim">{about.value?.host}</span>
      </div>
      <nav aria-label="Pages">
        <PageLink view="sql" icon="sql" label="SQL" />
        <PageLink view="diagram" icon="diagram" label="Diagram" />
        {about.value?.project && <PageLink view="migrations" icon="migrations" label="Migrations" />}
      </nav>
      <form class="side-find" role="search" onSubmit={(event) => { event.preventDefault(); if (first) follow(to(first))(new MouseEvent("click")); }}>
        <input ref={field} type="search" aria-label="Find a table" placeholder="Find a table  /" value={find.value} onInput={(event) => (find.value = event.currentTarget.value)} />
      </form>
      <nav class="tables" aria-label="Tables">
        {found.value.map(({ schema, tables, count }) => (
          <section key={schema}>
            <h2>{schema}<span class="count">{count}</span></h2>
            <ul>{tables.map((table) => <TableLink key={table.name} table={table} />)}</ul>
          </section>
        ))}
        {overview.value && found.value.length === 0 && <p class="empty">{find.value ? "No table has this in its name." : "There are no tables yet."}</p>}
      </nav>
      <div class="side-foot">
        <span class="grow">{about.value && `PostgreSQL ${about.value.version.split(" ")[0]}`}</span>
        <IconButton icon="reload" label="Read the database again" onClick={() => void refresh()} />
        <IconButton icon="theme" label="Light or dark" onClick={toggleTheme} />
      </div>
    </aside>
  );
}

function Mode() {
  const { write, environment } = about.value!;
  return (
    <>
      {environment && <span class={`badge ${environment === "production" ? "bad" : ""}`}>{environment}</span>}
      <span class={`badge ${write ? "warn" : ""}`}>{write ? "editing" : "read-only"}</span>
    </>
  );
}

const to = (table: TableLine) => ({ view: "data" as View, schema: table.schema, table: table.name });

function PageLink({ view, icon, label }: { view: View; icon: IconName; label: string }) {
  return (
    <a class="item" href={hrefOf({ view })} aria-current={place.value.view === view ? "page" : undefined} onClick={follow({ view })}>
      <Icon name={icon} /><span class="name">{label}</span>
    </a>
  );
}

function TableLink({ table }: { table: TableLine }) {
  const here = place.value;
  const isHere = here.schema === table.schema && here.table === table.name && (here.view === "data" || here.view === "structure");
  return (
    <li>
      <a class="item" href={hrefOf(to(table))} title={table.comment ?? undefined} aria-current={isHere ? "page" : undefined} onClick={follow(to(table))}>
        <Icon name={table.kind.includes("view") ? "view" : "table"} />
        <span class="name">{table.name}</span>
        {table.rows !== null && <span class="rows" aria-label={`about ${table.rows} rows`}>{short(table.rows)}</span>}
      </a>
    </li>
  );
}

function grouped(tables: TableLine[], find: string, limit: number) {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const schemas = new Map<string, { schema: string; tables: TableLine[]; count: number }>();
  let drawn = 0;
  for (const table of tables) {
    const name = `${table.schema}.${table.name}`.toLowerCase();
    if (table.partition && words.length === 0) continue;
    if (!words.every((word) => name.includes(word))) continue;
    let group = schemas.get(table.schema);
    if (!group) schemas.set(table.schema, (group = { schema: table.schema, tables: [], count: 0 }));
    group.count += 1;
    if (drawn < limit) {
      group.tables.push(table);
      drawn += 1;
    }
  }
  return [...schemas.values()];
}
