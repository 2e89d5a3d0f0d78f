/** One row beside the grid: every value in full, what it refers to, and what refers to it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, type Cell, type Column, type Reference, type Row, type Table } from "../api";
import { follow, hrefOf, place } from "../address";
import { copy, Icon, IconButton } from "../parts/basics";
import { say } from "../state";
import { drop, set, setInsert, toggleDelete, type Insert, type RowOf } from "./changes";
import { Field } from "./editor";
import { filterOf, referenceOf } from "./follow";
import type { GridRow } from "./grid";
import { isMade, kindOf } from "./kinds";
import { asInsert } from "./sql";
import { Value } from "./value";

interface PanelProps {
  meta: Table;
  columns: Column[];
  mayEdit: boolean;
  /** The column that the grid stands on. */
  active: number;
  row: Row | undefined;
  of: RowOf | undefined;
  added: Insert | undefined;
  shown: GridRow;
  onClose: () => void;
}

export function Panel(props: PanelProps) {
  const { meta, columns, row, of, added, shown } = props;
  const [full, setFull] = useState<Record<string, Cell>>({});
  // What the grid has only the beginning of.
  useEffect(() => {
    if (!row?.cut || !of) return;
    const key = Object.fromEntries(Object.entries(of.key).map(([name, value]) => [name, value ?? ""]));
    for (const at of row.cut) {
      const column = columns[at]!.name;
      void ask<{ value: Cell }>("cell", { schema: of.schema, table: of.table, column, key }).then(
        ({ value }) => setFull((there) => ({ ...there, [column]: value })),
        (error) => say(error.message),
      );
    }
  }, []);
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => fields.current?.children[props.active]?.scrollIntoView({ block: "nearest" }), [props.active]);
  const isRemoved = shown.state === "removed";
  const before = (at: number): Cell => full[columns[at]!.name] ?? row?.cells[at] ?? null;
  const isWhole = (at: number) => !row?.cut?.includes(at) || columns[at]!.name in full;
  const now = (at: number): Cell | undefined => (shown.changed?.has(at) || added ? shown.cells[at] : before(at));
  const valueOf = (name: string): Cell => now(columns.findIndex((column) => column.name === name)) ?? null;
  const write = (at: number, value: Cell) => {
    if (added) setInsert(added.id, columns[at]!.name, value);
    else if (of) set(of, columns[at]!.name, value, before(at));
  };
  return (
    <aside class="panel" aria-label="Row">
      <header>
        <h2 class="grow">{added ? "New row" : "Row"}</h2>
        {row && <button type="button" class="quiet" onClick={() => void copy(asInsert(place.value, columns, columns.map((_, at) => now(at))), say)}>Copy as SQL</button>}
        {props.mayEdit && of && <button type="button" class={isRemoved ? "" : "danger"} onClick={() => toggleDelete(of)}>{isRemoved ? "Keep" : "Delete"}</button>}
        {added && <button type="button" class="danger" onClick={() => drop(added.id)}>Discard</button>}
        <IconButton icon="close" label="Close the row" onClick={props.onClose} />
      </header>
      <div class="fields" tabIndex={-1} ref={fields}>
        {columns.map((column, at) => {
          const id = `field-${at}`;
          const value = now(at);
          const mayWrite = props.mayEdit && !isMade(column) && !isRemoved && isWhole(at);
          const reference = referenceOf(meta, column.name);
          return (
            <div class={`field ${shown.changed?.has(at) || (added && column.name in added.values) ? "changed" : ""}`} key={column.name}>
              <div class="label-line">
                {mayWrite ? <label for={id}>{column.name}</label> : <span class="label">{column.name}</span>}
                <span class="type grow">{column.type}{column.nullable ? "" : ", not null"}</span>
                {reference && <ReferenceLink reference={reference} value={valueOf} short />}
              </div>
              {mayWrite ? (
                <div class="edit">
                  <Field id={id} column={column} value={value} label={`${column.name}, ${column.type}`} onChange={(to) => write(at, to)} />
                  {column.nullable && value !== null && <button type="button" aria-label={`${column.name}: null`} onClick={() => write(at, null)}>null</button>}
                  {added && value !== undefined && <button type="button" aria-label={`${column.name}: default`} onClick={() => setInsert(added.id, column.name, undefined)}>default</button>}
                </div>
              ) : (
                <Value value={value} kind={kindOf(column)} />
              )}
              {column.comment && <span class="dim">{column.comment}</span>}
            </div>
          );
        })}
        {row && meta.referenced.length > 0 && (
          <div class="links">
            <h3>What refers to this row</h3>
            {meta.referenced.map((reference) => <ReferenceLink key={`${reference.schema}.${reference.table}.${reference.name}`} reference={reference} value={valueOf} />)}
          </div>
        )}
      </div>
    </aside>
  );
}

function ReferenceLink(props: { reference: Reference; value: (column: string) => Cell; short?: boolean }) {
  const { reference } = props;
  const filter = filterOf(reference, props.value);
  if (!filter) return null;
  const to = { view: "data" as const, schema: reference.schema, table: reference.table, filter };
  const says = props.short ? reference.table : `${reference.schema}.${reference.table} by ${reference.to.join(", ")}`;
  return (
    <a href={hrefOf(to)} onClick={follow(to)} title={`Go to ${reference.schema}.${reference.table}`}><Icon name="link" /> {says}</a>
  );
}
