/** Which rows and columns are shown, and what is done with all of them. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Table } from "../api";
import { change, comparisons, place, type Comparison, type Filter } from "../address";
import { Icon, IconButton, Popover } from "../parts/basics";
import { Import } from "./import";
import { kindOf, type Kind } from "./kinds";
import { wanted } from "./rows";

export function Toolbar(props: { meta: Table; mayEdit: boolean; onAdd: () => void; onRow: () => void; onImported: () => void }) {
  const { meta } = props;
  const { filter, find } = place.value;
  const [importing, setImporting] = useState(false);
  return (
    <div class="toolbar" role="toolbar" aria-label="Rows">
      <Find />
      <Popover label={<>Filter</>} name="Add a filter">{(close) => <FilterForm meta={meta} onDone={close} />}</Popover>
      <Popover label={<>Columns</>} name="Choose columns">{() => <ColumnChoice meta={meta} />}</Popover>
      {filter.length > 0 && (
        <ul class="filters" aria-label="Filters">
          {filter.map((one, at) => (
            <li class="filter" key={at}>
              <span class="what">{one.column} {comparisons[one.is]} {one.value !== undefined && <strong>{one.value}</strong>}</span>
              <IconButton icon="close" label={`Remove the filter on ${one.column}`} onClick={() => change({ filter: filter.filter((_, other) => other !== at), at: null })} />
            </li>
          ))}
        </ul>
      )}
      {(filter.length > 1 || (filter.length > 0 && find)) && <button type="button" class="quiet" onClick={() => change({ filter: [], find: "", at: null })}>Clear</button>}
      <span class="grow" />
      <button type="button" onClick={props.onRow}>Row</button>
      <Popover label={<>Export</>}>{() => <Exports />}</Popover>
      {props.mayEdit && <button type="button" onClick={() => setImporting(true)}>Import</button>}
      {props.mayEdit && <button type="button" class="primary" onClick={props.onAdd}><Icon name="plus" />Add row</button>}
      {importing && <Import meta={meta} onClose={() => setImporting(false)} onImported={props.onImported} />}
    </div>
  );
}

/** A text in any column, looked for when the typing pauses. */
function Find() {
  const [text, setText] = useState(place.value.find);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(place.value.find), [place.value.find]);
  const write = (to: string) => {
    setText(to);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => change({ find: to, at: null }, place.value.find !== "" && to !== ""), 350);
  };
  return <input type="search" aria-label="Find in all columns" placeholder="Find in all columns" value={text} onInput={(event) => write(event.currentTarget.value)} />;
}

function FilterForm({ meta, onDone }: { meta: Table; onDone: () => void }) {
  const [filter, setFilter] = useState<Filter>({ column: meta.columns[0]?.name ?? "", is: "equal", value: "" });
  const column = meta.columns.find((column) => column.name === filter.column);
  const kind: Kind = column ? kindOf(column) : "text";
  const choices = kind === "boolean" ? ["true", "false"] : column?.labels;
  const needs = filter.is !== "null" && filter.is !== "not-null";
  const fit = allowed(kind, column?.sortable ?? false);
  const pick = (name: string) => {
    const to = meta.columns.find((column) => column.name === name)!;
    const comparison = allowed(kindOf(to), to.sortable);
    const first = to.labels?.[0] ?? (kindOf(to) === "boolean" ? "true" : "");
    setFilter({ column: name, is: comparison.includes(filter.is) ? filter.is : comparison[0]!, value: first });
  };
  const add = (event: Event) => {
    event.preventDefault();
    const one: Filter = needs ? filter : { column: filter.column, is: filter.is };
    change({ filter: [...place.value.filter, one], at: null });
    onDone();
  };
  return (
    <form class="filter-form" onSubmit={add}>
      <select aria-label="Column" value={filter.column} onChange={(event) => pick(event.currentTarget.value)}>
        {meta.columns.map((column) => <option key={column.name}>{column.name}</option>)}
      </select>
      <select aria-label="Comparison" value={filter.is} onChange={(event) => setFilter({ ...filter, is: event.currentTarget.value as Comparison })}>
        {fit.map((comparison) => <option key={comparison} value={comparison}>{comparisons[comparison]}</option>)}
      </select>
      {needs && choices && (filter.is === "equal" || filter.is === "not-equal") ? (
        <select aria-label="Value" value={filter.value} onChange={(event) => setFilter({ ...filter, value: event.currentTarget.value })}>
          {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </select>
      ) : needs ? (
        <input aria-label="Value" value={filter.value} onInput={(event) => setFilter({ ...filter, value: event.currentTarget.value })} />
      ) : null}
      <button class="primary">Add</button>
    </form>
  );
}

function allowed(kind: Kind, sortable: boolean): Comparison[] {
  const all = Object.keys(comparisons) as Comparison[];
  if (!sortable) return ["contains", "starts-with", "null", "not-null"];
  return kind === "boolean" ? ["equal", "not-equal", "null", "not-null"] : all;
}

/** As many columns are chosen without looking for one. */
const FEW = 12;

function ColumnChoice({ meta }: { meta: Table }) {
  const { columns } = place.value;
  const [find, setFind] = useState("");
  const all = meta.columns.map((column) => column.name);
  const shown = columns.length ? columns : all;
  const toggle = (name: string) => {
    const to = all.filter((other) => (other === name ? !shown.includes(other) : shown.includes(other)));
    show(to);
  };
  const show = (names: string[]) => {
    if (names.length > 0) change({ columns: names.length === all.length ? [] : names, at: null });
  };
  const found = all.filter((name) => name.toLowerCase().includes(find.trim().toLowerCase()));
  return (
    <fieldset style={{ border: "0", margin: "0", padding: "0" }}>
      <legend class="visually-hidden">Columns that are shown</legend>
      {all.length > FEW && (
        <div class="choose">
          <input type="search" aria-label="Find a column" placeholder="Find a column" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
          <button type="button" disabled={found.length === 0} onClick={() => show(found)}>{find.trim() ? "Only these" : "All"}</button>
          <button type="button" onClick={() => show(meta.key ?? all.slice(0, 1))}>{meta.key ? "Key only" : "First only"}</button>
        </div>
      )}
      {found.map((name) => (
        <label class="choice" key={name}><input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />{name}</label>
      ))}
    </fieldset>
  );
}

function Exports() {
  const href = (format: string) => `/export?of=${encodeURIComponent(JSON.stringify({ ...wanted(place.value), format }))}`;
  return (
    <ul>
      <li><a class="item" href={href("csv")} download>CSV, as filtered and sorted</a></li>
      <li><a class="item" href={href("json")} download>JSON, as filtered and sorted</a></li>
    </ul>
  );
}
