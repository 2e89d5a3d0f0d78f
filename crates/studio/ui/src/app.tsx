/** The frame around every page. */
import { useSignal } from "@preact/signals";
import { lazy, Suspense } from "./parts/lazy";
import { useEffect } from "preact/hooks";
import { follow, hrefOf, place, type View } from "./address";
import { DataView } from "./data/view";
import { Failure, IconButton } from "./parts/basics";
import { Sidebar } from "./sidebar";
import { about, failure, overview, said } from "./state";
import { Structure } from "./structure";

const Diagram = lazy(() => import("./diagram/view").then((module) => module.Diagram));
const Console = lazy(() => import("./sql/console").then((module) => module.Console));
const Migrations = lazy(() => import("./migrations").then((module) => module.Migrations));

export function App() {
  const open = useSignal(false);
  const { view, schema, table } = place.value;
  useEffect(() => {
    open.value = false;
    const what = table && (view === "data" || view === "structure") ? `${schema}.${table}` : view === "home" ? "" : view;
    document.title = [what, about.value?.database, "Studio"].filter(Boolean).join(" · ");
  }, [view, schema, table, about.value]);
  return (
    <div class="shell">
      <a class="skip" href="#main">Skip to the content</a>
      <Sidebar open={open.value} />
      <main class="main" id="main" tabIndex={-1}>
        <MenuButton onClick={() => (open.value = !open.value)} />
        {failure.value ? <div class="page"><Failure error={failure.value} /></div> : <Current view={view} />}
      </main>
      <div class="toast" role="status" aria-live="polite">{said.value}</div>
    </div>
  );
}

const MenuButton = ({ onClick }: { onClick: () => void }) => <IconButton class="menu-button" icon="menu" label="Tables and pages" onClick={onClick} />;

function Current({ view }: { view: View }) {
  if (!about.value || !overview.value) return <p class="empty" role="status">Reading the database…</p>;
  const { schema, table } = place.value;
  switch (view) {
    case "data":
    case "structure":
      return (
        <section aria-label={`${schema}.${table}`}>
          <TableHead />
          {view === "data" ? <DataView key={`${schema}.${table}`} /> : <Structure key={`${schema}.${table}`} schema={schema} table={table} />}
        </section>
      );
    case "diagram":
      return <Suspense><Diagram /></Suspense>;
    case "sql":
      return <Suspense><Console /></Suspense>;
    case "migrations":
      return <Suspense><Migrations /></Suspense>;
    case "home":
      return <Home />;
  }
}

function TableHead() {
  const { view, schema, table } = place.value;
  const line = overview.value?.tables.find((line) => line.schema === schema && line.name === table);
  const tab = (to: View, label: string) => (
    <a href={hrefOf({ view: to, schema, table })} aria-current={view === to ? "page" : undefined} onClick={follow({ view: to, schema, table })}>{label}</a>
  );
  return (
    <>
      <header class="head">
        <h1><span class="schema">{schema}.</span>{table}</h1>
        {line && line.kind !== "table" && <span class="badge">{line.kind}</span>}
        {line?.comment && <span class="dim">{line.comment}</span>}
      </header>
      <nav class="tabs" aria-label="Of this table">{tab("data", "Data")}{tab("structure", "Structure")}</nav>
    </>
  );
}

function Home() {
  const { database, host, user, version, write } = about.value!;
  const { tables, enums } = overview.value!;
  return (
    <section class="page" aria-label="Database">
      <div class="block">
        <h1>{database}</h1>
        <dl class="facts">
          <div><dt>Server</dt><dd>{host}, PostgreSQL {version}</dd></div>
          <div><dt>Role</dt><dd>{user}</dd></div>
          <div><dt>Tables and views</dt><dd>{tables.length}</dd></div>
          <div><dt>Mode</dt><dd>{write ? "editing" : "read-only"}</dd></div>
        </dl>
        <p class="dim">Choose a table on the left, or press <kbd>/</kbd> to find one.</p>
      </div>
      {enums.length > 0 && (
        <div class="block">
          <h2>Enums</h2>
          <div class="scroll" tabIndex={0} role="region" aria-label="Enums">
            <table class="list">
              <thead><tr><th>Name</th><th>Labels</th></tr></thead>
              <tbody>
                {enums.map((found) => (
                  <tr key={`${found.schema}.${found.name}`}>
                    <td class="name"><span class="dim">{found.schema}.</span>{found.name}</td>
                    <td><ul class="chips">{found.labels?.map((label) => <li key={label}>{label}</li>)}</ul></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </section>
  );
}
